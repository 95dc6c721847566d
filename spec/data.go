package spec

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"sync"
)

// dataFS is what file and fileset read through: the spec folder with links resolved inside
// it, each file read once and remembered for the spec's digest.
type dataFS struct {
	fsys fs.FS

	mu   sync.Mutex
	read map[string]*dataFile // by resolved path
}

type dataFile struct {
	content []byte
	digest  [sha256.Size]byte
}

// Open opens a file or folder below the spec folder.
func (d *dataFS) Open(name string) (fs.File, error) {
	real, err := d.resolve("open", name)
	if err != nil {
		return nil, err
	}
	return d.fsys.Open(real)
}

// ReadDir lists a folder, so that fileset sees links as what they lead to.
func (d *dataFS) ReadDir(name string) ([]fs.DirEntry, error) {
	real, err := d.resolve("readdir", name)
	if err != nil {
		return nil, err
	}
	return fs.ReadDir(d.fsys, real)
}

// ReadFile reads a file whole. The content is shared and must not be changed.
func (d *dataFS) ReadFile(name string) ([]byte, error) {
	real, err := d.resolve("read", name)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if f, known := d.read[real]; known {
		return f.content, nil
	}
	content, err := readBounded(d.fsys, real, maxDataFile)
	if errors.Is(err, errTooLarge) {
		err = fmt.Errorf("it has more than %d MiB", maxDataFile>>20)
	}
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fileReason(err)}
	}
	if d.read == nil {
		d.read = make(map[string]*dataFile)
	}
	d.read[real] = &dataFile{content: content, digest: sha256.Sum256(content)}
	return content, nil
}

func (d *dataFS) resolve(op, name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	real, err := resolveLink(d.fsys, name)
	if err != nil {
		return "", &fs.PathError{Op: op, Path: name, Err: err}
	}
	return real, nil
}

// Stat tells what a name leads to.
func (d *dataFS) Stat(name string) (fs.FileInfo, error) {
	real, err := d.resolve("stat", name)
	if err != nil {
		return nil, err
	}
	return fs.Stat(d.fsys, real)
}

var _ interface {
	fs.ReadDirFS
	fs.ReadFileFS
	fs.StatFS
} = (*dataFS)(nil)
