package wire

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Folder is a spec folder as a file system. It differs from os.DirFS in one thing: a link
// whose target is written absolute, or through the folders above, and all the same lies in
// the folder reads as a relative one. So a link back to the folder is seen as the cycle it
// is, and one to a file of the folder as that file.
func Folder(dir string) fs.FS {
	roots := []string{}
	if abs, err := filepath.Abs(dir); err == nil {
		roots = append(roots, abs)
		if real, err := filepath.EvalSymlinks(abs); err == nil && real != abs {
			roots = append(roots, real)
		}
	}
	return folder{dir: dir, roots: roots, plain: os.DirFS(dir).(plainFS)}
}

// plainFS is what os.DirFS promises to implement.
type plainFS interface {
	fs.StatFS
	fs.ReadFileFS
	fs.ReadDirFS
	fs.ReadLinkFS
}

type folder struct {
	dir   string
	roots []string // names of the folder from the top of the machine
	plain plainFS
}

func (f folder) Open(name string) (fs.File, error)          { return f.plain.Open(name) }
func (f folder) Stat(name string) (fs.FileInfo, error)      { return f.plain.Stat(name) }
func (f folder) Lstat(name string) (fs.FileInfo, error)     { return f.plain.Lstat(name) }
func (f folder) ReadFile(name string) ([]byte, error)       { return f.plain.ReadFile(name) }
func (f folder) ReadDir(name string) ([]fs.DirEntry, error) { return f.plain.ReadDir(name) }

// ReadLink returns the target of a link, relative where it lies in the folder.
func (f folder) ReadLink(name string) (string, error) {
	target, err := f.plain.ReadLink(name)
	if err != nil {
		return "", err
	}
	at := filepath.FromSlash(name)
	for _, root := range f.roots {
		whole := target
		if !filepath.IsAbs(whole) {
			whole = filepath.Join(root, filepath.Dir(at), target)
		}
		inside, err := filepath.Rel(root, whole)
		if err != nil || inside == ".." || strings.HasPrefix(inside, ".."+string(filepath.Separator)) {
			continue
		}
		if short, err := filepath.Rel(filepath.Dir(at), inside); err == nil {
			return filepath.ToSlash(short), nil
		}
	}
	return filepath.ToSlash(target), nil
}
