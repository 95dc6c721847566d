// Package durable writes files that are either whole or not there: a temporary file
// beside the target, synced, renamed, and the folder synced.
package durable

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/google/renameio/v2"
)

// Write replaces the file at path by what f writes, with the given mode from its first
// byte on. An error of f leaves what was there. A device or pipe, such as /dev/null, is
// written to and stays what it is.
func Write(path string, mode fs.FileMode, f func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return writeInto(path, f)
	}
	return write(path, f, renameio.WithPermissions(mode), renameio.IgnoreUmask())
}

// Rewrite replaces the content of an existing file and keeps its mode. Through a symbolic
// link it is the file behind it that changes.
func Rewrite(path string, content []byte) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	return write(path, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}, renameio.WithExistingPermissions())
}

func writeInto(path string, f func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := errors.Join(f(file), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func write(path string, f func(io.Writer) error, options ...renameio.Option) error {
	dir := filepath.Dir(path)
	pending, err := renameio.NewPendingFile(path, append(options, renameio.WithTempDir(dir))...)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer pending.Cleanup() //nolint:errcheck // after the rename there is nothing left to clean
	if err := f(pending); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := pending.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return syncDir(dir)
}

// syncDir makes the rename itself durable. Windows has no such call, and does it by itself.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return nil
}
