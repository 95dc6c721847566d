package spec

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected output of golden tests")

// TestLoadGolden loads the files of each archive and compares what is said about them with
// its last file, want. Of a spec that is good, want lists the addresses. A file named vars
// holds values of --var, one NAME=VALUE a line; with a file named env the environment has
// what it lists, and is empty without.
func TestLoadGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/load/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			fsys, opt, want := archived(archive)
			got := outcome(t, fsys, opt)
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got != string(want.Data) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want.Data)
			}
		})
	}
}

func archived(archive *txtar.Archive) (fstest.MapFS, Options, *txtar.File) {
	fsys := fstest.MapFS{}
	opt := Options{Now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	for i := range archive.Files {
		f := &archive.Files[i]
		switch f.Name {
		case "want":
		case "vars":
			opt.Vars = pairs(f.Data)
		case "env":
			env := pairs(f.Data)
			opt.Env = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
		case "allow":
			opt.AllowHosts = strings.Fields(string(f.Data))
		default:
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	if last := &archive.Files[len(archive.Files)-1]; last.Name == "want" {
		return fsys, opt, last
	}
	archive.Files = append(archive.Files, txtar.File{Name: "want"})
	return fsys, opt, &archive.Files[len(archive.Files)-1]
}

func pairs(data []byte) map[string]string {
	m := make(map[string]string)
	for line := range strings.Lines(string(data)) {
		name, val, _ := strings.Cut(strings.TrimSpace(line), "=")
		m[name] = val
	}
	return m
}

func outcome(t *testing.T, fsys fstest.MapFS, opt Options) string {
	s, diags := Load(fsys, opt)
	var b bytes.Buffer
	if err := diags.WriteText(&b, 78, false); err != nil {
		t.Fatal(err)
	}
	if s != nil {
		for _, o := range s.Orders {
			b.WriteString(o.Address + " " + o.ReferenceID + " " + string(o.Status) + " " + o.Total.String() + "\n")
		}
	}
	return strings.ReplaceAll(strings.TrimRight(b.String(), "\n")+"\n", " \n", "\n")
}
