package wire

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/hisab/hisab/spec"
)

// ReadPolicy reads the policy block of a file that stands outside of any spec.
func ReadPolicy(path string) (*spec.Policy, spec.Diagnostics, error) {
	if !spec.IsSpecFile(path) {
		return nil, spec.Diagnostics{}, errors.New(path + " is neither .hcl nor .yaml")
	}
	if info, err := os.Stat(path); err != nil {
		return nil, spec.Diagnostics{}, err
	} else if !info.Mode().IsRegular() {
		return nil, spec.Diagnostics{}, errors.New(path + " is no file")
	}
	s, diags := spec.Load(solo{os.DirFS(filepath.Dir(path)), filepath.Base(path)}, spec.Options{})
	switch {
	case s == nil:
		return nil, diags, nil
	case s.Policy == nil:
		return nil, diags, errors.New(path + " holds no policy block")
	case len(s.Orders)+len(s.Providers) > 0:
		return nil, diags, errors.New(path + " holds more than a policy block")
	}
	return s.Policy, diags, nil
}

// solo is a folder of which only one file is there.
type solo struct {
	fs.FS
	name string
}

// Open opens the file, or the folder that lists it alone.
func (s solo) Open(name string) (fs.File, error) {
	switch name {
	case s.name:
		return s.FS.Open(name)
	case ".":
		return &soloDir{solo: s}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

type soloDir struct {
	solo
	read bool
}

func (d *soloDir) Stat() (fs.FileInfo, error) { return dirInfo{}, nil }
func (d *soloDir) Read([]byte) (int, error)   { return 0, errors.New("it is a folder") }
func (d *soloDir) Close() error               { return nil }

// ReadDir lists the one file.
func (d *soloDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if d.read {
		if n > 0 {
			return nil, io.EOF
		}
		return nil, nil
	}
	d.read = true
	info, err := fs.Stat(d.FS, d.name)
	if err != nil {
		return nil, err
	}
	return []fs.DirEntry{fs.FileInfoToDirEntry(info)}, nil
}

// dirInfo is all there is to know of the folder.
type dirInfo struct{}

func (dirInfo) Name() string       { return "." }
func (dirInfo) Size() int64        { return 0 }
func (dirInfo) Mode() fs.FileMode  { return fs.ModeDir | 0o500 }
func (dirInfo) ModTime() time.Time { return time.Time{} }
func (dirInfo) IsDir() bool        { return true }
func (dirInfo) Sys() any           { return nil }
