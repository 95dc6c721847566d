package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hisab/hisab/cmd/internal/durable"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// checkOut refuses, before anything is looked at, a file that no plan can be written into, and
// one that holds something else, such as a file of the spec. The state's files are refused where
// the state is opened: then it is known where that is.
func (g *global) checkOut(out string) error {
	if out == "" {
		return nil
	}
	path := g.path(out)
	if spec.IsSpecFile(filepath.Base(path)) {
		return fmt.Errorf("--out %s: a file of that name is read as part of a spec\n\nName it otherwise, such as november.plan", out)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if folder, err := os.Stat(filepath.Dir(path)); err != nil || !folder.IsDir() || os.IsPathSeparator(out[len(out)-1]) {
			return fmt.Errorf("--out %s: there is no such folder\n\nMake it first, or name a file elsewhere", out)
		}
		return nil
	case err != nil:
		return fmt.Errorf("--out: %w", err)
	case info.IsDir():
		return fmt.Errorf("--out %s: this is a folder\n\nName a file in it", out)
	case !info.Mode().IsRegular():
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	defer file.Close()
	if info.Size() > 0 && !reconcile.IsPlan(file) { // an empty one was made for it, as mktemp does
		return fmt.Errorf("--out %s: the file is there, and is no plan\n\nName another one, or remove it first", out)
	}
	return nil
}

// keepPlan writes a plan of a folder into a file, where one is named.
func (g *global) keepPlan(p *reconcile.Plan, out, dir string) error {
	if out == "" {
		return nil
	}
	p.Folder = dir
	return durable.Write(g.path(out), 0o600, func(w io.Writer) error { return reconcile.WritePlan(w, p) })
}

// ofState reports whether a path is the state's, or of a file that goes with it, such as its
// lock or its log.
func ofState(path, state string) bool {
	folder := func(path string) string {
		dir := filepath.Dir(path)
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return real
		}
		return dir
	}
	return folder(path) == folder(state) && strings.HasPrefix(filepath.Base(path), filepath.Base(state))
}
