package wire

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

func TestFolderReadsLinksIntoItself(t *testing.T) {
	dir := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(filepath.Join(dir, "sub"), 0o755))
	must(os.WriteFile(filepath.Join(dir, "a.hcl"), []byte("locals {}\n"), 0o644))
	links := map[string]struct{ target, want string }{
		"whole":     {dir, "."},
		"sub/up":    {filepath.Join("..", "..", filepath.Base(dir)), ".."},
		"sub/file":  {filepath.Join(dir, "a.hcl"), "../a.hcl"},
		"plain":     {"a.hcl", "a.hcl"},
		"outside":   {filepath.Join(dir, "..", "elsewhere"), filepath.ToSlash(filepath.Join(filepath.Dir(dir), "elsewhere"))},
		"neighbour": {dir + "-other", filepath.ToSlash(dir + "-other")},
	}
	for name, l := range links {
		must(os.Symlink(l.target, filepath.Join(dir, name)))
	}
	fsys := Folder(dir)
	for name, l := range links {
		got, err := fs.ReadLink(fsys, name)
		if err != nil || got != l.want {
			t.Errorf("ReadLink(%s) = %q, %v; want %q", name, got, err, l.want)
		}
	}
	plain := t.TempDir()
	must(os.WriteFile(filepath.Join(plain, "a.hcl"), []byte("locals {}\n"), 0o644))
	if err := fstest.TestFS(Folder(plain), "a.hcl"); err != nil {
		t.Error(err)
	}
}
