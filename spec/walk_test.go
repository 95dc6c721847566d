package spec

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// tree makes a file system of names: contents, links where the content is "-> target", and
// folders where the name ends in a slash.
func tree(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, content := range files {
		f := &fstest.MapFile{Data: []byte(content)}
		if target, ok := strings.CutPrefix(content, "-> "); ok {
			f.Data, f.Mode = []byte(target), fs.ModeSymlink
		}
		if dir, ok := strings.CutSuffix(name, "/"); ok {
			name, f.Mode = dir, fs.ModeDir
		}
		fsys[name] = f
	}
	return fsys
}

func TestIsSpecFile(t *testing.T) {
	for name, want := range map[string]bool{
		"orders.hcl": true, "b/orders.yaml": true, "b.d/orders.yml": true,
		"": false, "hcl": false, "b.hcl/orders": false, "orders.hcl.bak": false, "orders.json": false, "pupils.csv": false,
	} {
		if got := IsSpecFile(name); got != want {
			t.Errorf("%q: %t, want %t", name, got, want)
		}
	}
}

func TestWalk(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files map[string]string
		skip  []string
		want  string // names and what they lead to
		err   string // part of the diagnostics; "" for none
	}{
		{"every file below, in any mix", map[string]string{"a.hcl": "", "b/c.yaml": "", "b/d/e.yml": "", "README.md": "", "x.csv": ""}, nil, "a.hcl b/c.yaml b/d/e.yml", ""},
		{"hidden files and folders", map[string]string{".a.hcl": "", ".git/c.hcl": "", "b/.x/c.hcl": "", "b/.hisab.yaml": "", "c.hcl": ""}, nil, "c.hcl", ""},
		{"ignored", map[string]string{".hisabignore": "old/\n# comment\n*.tmp.hcl\n!keep.tmp.hcl\n/only.yaml\r\n", "old/a.hcl": "", "b/old/a.hcl": "", "x.tmp.hcl": "", "keep.tmp.hcl": "", "only.yaml": "", "b/only.yaml": "", "z.hcl": ""}, nil, "b/only.yaml keep.tmp.hcl z.hcl", ""},
		{"var files", map[string]string{"a.hcl": "", "env/prod.hcl": "", "prod.yaml": ""}, []string{"env/prod.hcl", "./prod.yaml"}, "a.hcl", ""},
		{"Kubernetes: links through ..data", map[string]string{
			"..2026_11_20/orders.hcl": "", "..2026_11_20/b.yaml": "",
			"..data": "-> ..2026_11_20", "orders.hcl": "-> ..data/orders.hcl", "b.yaml": "-> ..data/b.yaml",
		}, nil, "b.yaml=..2026_11_20/b.yaml orders.hcl=..2026_11_20/orders.hcl", ""},
		{"git-sync: a link to a hidden worktree", map[string]string{".worktrees/abc/a.hcl": "", "current": "-> .worktrees/abc"}, nil, "current/a.hcl=.worktrees/abc/a.hcl", ""},
		{"a file and a link to it are one", map[string]string{"b.hcl": "", "a.hcl": "-> b.hcl", "c/d.hcl": "-> ../b.hcl"}, nil, "b.hcl", ""},
		{"a folder and a link to it are one", map[string]string{"b/x.hcl": "", "a": "-> b"}, nil, "b/x.hcl", ""},
		{"a cycle of links", map[string]string{"a.hcl": "-> b.hcl", "b.hcl": "-> a.hcl"}, nil, "", "cycle of links"},
		{"a link to the folder it stands in", map[string]string{"a.hcl": "", "sub/back": "-> .."}, nil, "a.hcl", "Cycle of links"},
		{"folders that lead to one another", map[string]string{"a/x": "-> ../b", "b/y": "-> ../a"}, nil, "", "Cycle of links"},
		{"a link that leads out", map[string]string{"a.hcl": "-> ../../etc/x.hcl"}, nil, "", "out of the spec folder"},
		{"an absolute link", map[string]string{"a.hcl": "-> /etc/x.hcl"}, nil, "", "out of the spec folder"},
		{"a link that leads nowhere", map[string]string{"a.hcl": "-> b.hcl", "c": "-> nothing"}, nil, "", "Link that leads nowhere"},
		{"ignored by a link within the folder", map[string]string{".hisabignore": "-> rules", "rules": "a.hcl", "a.hcl": "", "b.hcl": ""}, nil, "b.hcl", ""},
		{"rules behind a link that leads out", map[string]string{".hisabignore": "-> /dev/zero", "a.hcl": ""}, nil, "a.hcl", "out of the spec folder"},
		{"rules behind a link that leads nowhere", map[string]string{".hisabignore": "-> rules", "a.hcl": ""}, nil, "a.hcl", "leads to rules"},
		{"rules without end", map[string]string{".hisabignore": strings.Repeat("#\n", maxIgnore), "a.hcl": ""}, nil, "a.hcl", "no list of rules"},
		{"a link to a file of another name", map[string]string{"a.hcl": "-> data", "data": ""}, nil, "a.hcl=data", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files, diags := walk(tree(tt.files), tt.skip)
			var got []string
			for _, f := range files {
				if f.real != f.name {
					f.name += "=" + f.real
				}
				got = append(got, f.name)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %s, want %s", s, tt.want)
			}
			if text := shown(t, Diagnostics{Diagnostics: diags}); (tt.err == "") != (text == "") || !strings.Contains(text, tt.err) {
				t.Errorf("diagnostics %q, want %q in them", text, tt.err)
			}
		})
	}
}

// TestWalkDisk walks real links, through os.DirFS and os.Root.
func TestWalkDisk(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"..v1", "sub"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "..v1", "orders.hcl"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"..data": "..v1", "orders.hcl": "..data/orders.hcl", "sub/up": ".."} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, fsys := range []fs.FS{os.DirFS(dir), root.FS()} {
		files, diags := walk(fsys, nil)
		if !slices.Equal(files, []specFile{{"orders.hcl", "..v1/orders.hcl"}}) || len(diags) != 1 || diags[0].Summary != "Cycle of links" {
			t.Errorf("%T: %v %v", fsys, files, diags)
		}
	}
}

func TestLoadFolders(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"an empty folder is a spec without orders", map[string]string{"x.txt": ""}, ""},
		{"a folder below with a hisab block", map[string]string{"sub/a.yaml": "hisab: {id: x}"}, "A spec of its own"},
		{"an ignored one", map[string]string{"sub/a.yaml": "hisab: {id: x}", ".hisabignore": "sub"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, diags := Load(tree(tt.files), Options{})
			if text := shown(t, diags); (s == nil) != (tt.want != "") || !strings.Contains(text, tt.want) {
				t.Errorf("spec %v, %q, want %q", s, text, tt.want)
			}
		})
	}
	if s, diags := Load(os.DirFS(filepath.Join(t.TempDir(), "nothing")), Options{}); s != nil || !diags.HasErrors() {
		t.Error("a folder that is not there is an error")
	}
}

// openless opens regular files alone, as a pipe without a writer would not open for ever.
type openless struct{ fstest.MapFS }

func (o openless) Open(name string) (fs.File, error) {
	if f := o.MapFS[name]; f != nil && f.Mode&fs.ModeNamedPipe != 0 {
		panic(name + " is opened")
	}
	return o.MapFS.Open(name)
}

func (o openless) Lstat(name string) (fs.FileInfo, error) { return o.MapFS.Lstat(name) }
func (o openless) ReadLink(name string) (string, error)   { return o.MapFS.ReadLink(name) }
func (o openless) Stat(name string) (fs.FileInfo, error)  { return o.MapFS.Stat(name) }

// TestPipesAreNotOpened waits for nobody, wherever a spec names a pipe.
func TestPipesAreNotOpened(t *testing.T) {
	files := tree(map[string]string{"a.hcl": `locals { a = file("b") }`, "c.hcl": ""})
	for _, name := range []string{"b", "c.hcl", ignoreFile} {
		files[name] = &fstest.MapFile{Mode: fs.ModeNamedPipe}
	}
	s, diags := Load(openless{files}, Options{})
	text := shown(t, diags)
	if s != nil || !strings.Contains(text, "b cannot be read: it is no regular file") || !strings.Contains(text, "Not a file") {
		t.Error(text)
	}
	if !strings.Contains(text, "on "+ignoreFile+"\n\nIt is no regular file.") {
		t.Error(text)
	}
}
