package bench

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hisab/hisab/spec/spectest"
)

// plant writes a tree of n orders and returns its folder.
func plant(b *testing.B, n int, s spectest.Syntax, account string) string {
	b.Helper()
	dir := b.TempDir()
	put(b, dir, "main.hcl", []byte(spectest.Preamble(account)))
	grow(b, dir, 0, n, s)
	return dir
}

// grow adds to a tree the files that make it one of n orders, the first ones left out.
func grow(b *testing.B, dir string, first, n int, s spectest.Syntax) {
	b.Helper()
	for i := first; ; i++ {
		name, content, ok := spectest.File(n, i, s)
		if !ok {
			return
		}
		put(b, dir, name, content)
	}
}

func put(b *testing.B, dir, name string, content []byte) {
	b.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		b.Fatal(err)
	}
}
