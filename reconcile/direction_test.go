package reconcile_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/hisab/hisab/"

// arrows are the ways that imports may not go, each with its reason. From and to are packages,
// or folders of packages where they end in a slash.
var arrows = []struct {
	from, to string
	through  bool // also not through others
	why      string
}{
	{module + "reconcile", "os", false, "the core opens nothing: what it needs comes in through World"},
	{module + "reconcile", "net", true, "a provider is an interface here; sockets are the adapters' business"},
	{module + "reconcile", "net/http", true, "a provider is an interface here; sockets are the adapters' business"},
	{module + "reconcile", "database/sql", true, "the journal is an interface here; SQL stays in the stores"},
	{module + "reconcile", "math/rand", false, "one history is one seed: randomness comes in from outside"},
	{module + "reconcile", "math/rand/v2", false, "one history is one seed: randomness comes in from outside"},
	{module + "reconcile", "crypto/rand", false, "one history is one seed: randomness comes in from outside"},
	{module + "reconcile", module + "reconcile/", true, "adapters know the core, and the core knows no adapter"},
	{module + "reconcile", module + "cmd/", true, "the core serves any command"},
	{module + "reconcile", module + "schema", true, "the published contract guards what comes in; a test holds it and spec together"},
	{module + "spec", "os", false, "a spec is read through the fs.FS that is passed in"},
	{module + "spec", "net/http", true, "reading a spec contacts nobody"},
	{module + "spec", "database/sql", true, "reading a spec needs no state"},
	{module + "spec", "math/rand", false, "two loads of the same files are equal"},
	{module + "spec", "math/rand/v2", false, "two loads of the same files are equal"},
	{module + "spec", "crypto/rand", false, "two loads of the same files are equal"},
	{module + "spec", module + "reconcile", true, "what is wanted does not depend on what is found"},
	{module + "spec", module + "reconcile/", true, "what is wanted does not depend on what is found"},
	{module + "spec", module + "cmd/", true, "a spec is read by any command"},
	{module + "schema", module, true, "the contract stands by itself, so that others can hold themselves to it"},
	{module + "reconcile/sandbox", module, true, "a stand-in that shared our code would share our errors"},
	{module + "reconcile/", module + "cmd/", true, "commands wire the rooms together, and no room knows its command"},
}

// siblings are folders whose packages do not know each other: a platform, a store or a
// gateway can be taken out without another noticing.
var siblings = []string{
	module + "reconcile/provider/", module + "reconcile/gateway/", module + "reconcile/store/",
	module + "reconcile/pace", module + "reconcile/sandbox", module + "reconcile/sim", module + "reconcile/daemon",
	module + "reconcile/webhook", module + "reconcile/web",
}

// listed is a package as the go command lists it, without its tests.
type listed struct {
	ImportPath    string
	Imports, Deps []string
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,Deps", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// within reports whether a package is the one named, or in the folder named.
func within(pkg, name string) bool {
	return pkg == name || (strings.HasSuffix(name, "/") && strings.HasPrefix(pkg, name))
}

func TestImportsGoOneWay(t *testing.T) {
	packages := listPackages(t)
	for _, a := range arrows {
		found := false
		for _, p := range packages {
			if !within(p.ImportPath, a.from) {
				continue
			}
			found = true
			list := p.Imports
			if a.through {
				list = p.Deps
			}
			for _, imported := range list {
				if within(imported, a.to) && imported != p.ImportPath {
					t.Errorf("%s reaches %s: %s", p.ImportPath, imported, a.why)
				}
			}
		}
		if !found {
			t.Errorf("there is no package %s, so this line says nothing", a.from)
		}
	}
}

func TestSiblingsDoNotKnowEachOther(t *testing.T) {
	room := func(pkg string) string {
		for _, s := range siblings {
			switch rest, in := strings.CutPrefix(pkg, s); {
			case in && strings.HasSuffix(s, "/"):
				name, _, _ := strings.Cut(rest, "/")
				return s + name
			case in && (rest == "" || rest[0] == '/'):
				return s
			}
		}
		return ""
	}
	for _, p := range listPackages(t) {
		from := room(p.ImportPath)
		for _, imported := range p.Imports {
			if to := room(imported); from != "" && to != "" && from != to {
				t.Errorf("%s imports %s: siblings do not import each other", p.ImportPath, imported)
			}
		}
	}
}

// pure are the folders whose code decides, and may not reach for the time, a goroutine or
// chance by itself: the simulator runs it on one goroutine and replays it from a seed.
var pure = []struct {
	dir    string
	except map[string]string // file → reason
}{
	{".", nil},
	{"../spec", map[string]string{
		"load_files.go": "files are parsed beside each other; each by itself, and what comes of them is sorted",
	}},
}

// clockReaders are the functions of package time that tell or wait.
var clockReaders = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer"}

func TestTheCoreDecidesWithoutClockChanceOrCompany(t *testing.T) {
	for _, p := range pure {
		files, err := filepath.Glob(filepath.Join(p.dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", p.dir, len(files), err)
		}
		for name := range p.except {
			if !slices.Contains(files, filepath.Join(p.dir, name)) {
				t.Errorf("%s is excepted and does not exist", name)
			}
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			if _, excepted := p.except[filepath.Base(file)]; !excepted {
				checkPure(t, file)
			}
		}
	}
}

func checkPure(t *testing.T, file string) {
	t.Helper()
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range tree.Imports {
		if path, _ := strconv.Unquote(i.Path.Value); slices.Contains([]string{"os", "math/rand", "math/rand/v2", "crypto/rand", "unsafe"}, path) {
			t.Errorf("%s: imports %s", set.Position(i.Pos()), path)
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			t.Errorf("%s: starts a goroutine", set.Position(n.Pos()))
		case *ast.SelectStmt:
			t.Errorf("%s: selects", set.Position(n.Pos()))
		case *ast.SendStmt, *ast.ChanType:
			t.Errorf("%s: uses a channel", set.Position(n.Pos()))
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clockReaders, n.Sel.Name) {
				t.Errorf("%s: calls time.%s", set.Position(n.Pos()), n.Sel.Name)
			}
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				t.Errorf("%s: runs before it is asked to", set.Position(n.Pos()))
			}
		}
		return true
	})
}
