package main

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestGoldenTarget: go test refuses a flag that one of the packages named does not define,
// so make golden names those that define -update, and all of them.
func TestGoldenTarget(t *testing.T) {
	root := filepath.Join("..", "..")
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`\$\(GO\) test (.*) -update\n`).FindSubmatch(makefile)
	if m == nil {
		t.Fatal("no target passes -update")
	}
	var want []string
	repo := os.DirFS(root)
	err = fs.WalkDir(repo, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := fs.ReadFile(repo, name)
		if bytes.Contains(text, []byte("= flag.Bool(\"update\",")) {
			want = append(want, "./"+path.Dir(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Fields(string(m[1]))
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("make golden passes -update to %v, and %v define it", got, want)
	}
}
