package spec

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"golang.org/x/tools/txtar"
	"gopkg.in/yaml.v3"
)

// addSeeds gives the fuzzer every file of the golden archives with the extension.
func addSeeds(f *testing.F, ext string) {
	paths, err := filepath.Glob("testdata/load/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if filepath.Ext(file.Name) == ext {
				f.Add(file.Data)
			}
		}
	}
}

// checkLoad loads one file and holds the result against what Load promises.
func checkLoad(t *testing.T, name string, src []byte) {
	fsys := fstest.MapFS{name: {Data: src}, "a.csv": {Data: []byte("ref,n\nA,1\n")}}
	s, diags := Load(fsys, Options{})
	if (s == nil) != diags.HasErrors() {
		t.Fatalf("spec %v with %v", s, diags)
	}
	if len(diags.Diagnostics) > mostDiagnostics+1 {
		t.Fatalf("%d diagnostics", len(diags.Diagnostics))
	}
	for _, diag := range diags.Diagnostics {
		if diag.Summary == "" || diag.Detail == "" || diag.Expression != nil {
			t.Fatalf("incomplete: %+v", diag)
		}
		if r := diag.Subject; r != nil && (r.Start.Byte > len(src) || r.Start.Line < 1 || r.Start.Column < 1) {
			t.Fatalf("outside of the file: %+v", r)
		}
	}
	diags.JSON()
	if text := shown(t, diags); diags.HasErrors() && text == "" {
		t.Fatal("nothing is said")
	}
	if s == nil {
		return
	}
	again, _ := Load(fsys, Options{})
	if again == nil || placeless(t, s.Orders) != placeless(t, again.Orders) || s.Digest != again.Digest {
		t.Fatal("a second load differs")
	}
	for _, o := range s.Orders {
		if bad := Check(o, s.Settings, time.Time{}); hasErrors(bad) {
			t.Fatalf("a good spec holds an order that breaks %+v", bad)
		}
	}
}

func hasErrors(vs []Violation) bool {
	for _, v := range vs {
		if !v.Warning {
			return true
		}
	}
	return false
}

func FuzzLoadHCL(f *testing.F) {
	addSeeds(f, ".hcl")
	f.Add([]byte(testPreamble + spellings[0].hcl))
	f.Fuzz(func(t *testing.T, src []byte) { checkLoad(t, "a.hcl", src) })
}

func FuzzLoadYAML(f *testing.F) {
	addSeeds(f, ".yaml")
	f.Add([]byte(spellings[0].yaml))
	f.Fuzz(func(t *testing.T, src []byte) { checkLoad(t, "a.yaml", src) })
}

// FuzzPreamble holds the scan of bytes against the parsers: what they find it must expect.
func FuzzPreamble(f *testing.F) {
	addSeeds(f, ".hcl")
	addSeeds(f, ".yaml")
	for _, s := range []string{"/* */ locals /* */ {\n}", "locals{}", "policy\t{\n}", `provider/**/"a" "b" {}`, `provider a b {}`} {
		f.Add([]byte(s))
	}
	for _, s := range []string{"? hisab\n: {}", "{orders: {}, hisab: {}}", "\"hisab\": {}", "orders: {}\rhisab: {}", "orders: {}\u2028hisab: {}", "--- {hisab: {}}", "orders:\n---\nhisab: {}", "  orders: {}\n  hisab: {}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, name := range []string{"a.hcl", "a.yaml"} {
			d := newLoader(fstest.MapFS{}, Options{}).decoder(name, src, newPools())
			if checkText(name, src) != nil {
				return
			}
			roots, _ := d.parse()
			for _, root := range roots {
				d.blocks(root, func(b declared) {
					if b.kind != "order" && b.kind != "invoice" && !mayHoldPreamble(name, src) {
						t.Fatalf("%s: %s is not expected in %q", name, b.kind, src)
					}
				})
			}
		}
	})
}

// FuzzNesting holds the scan of brackets against the parser: what it lets through nests no
// deeper than it says.
func FuzzNesting(f *testing.F) {
	for _, s := range []string{"a = [", "b = \"${", "c = <<X\n${", "d = (/*(*/", "e = { for x in y : ", "f = -", "g = a ? b : ", "h = x[", "%{ if a }"} {
		f.Add(s, 300)
	}
	f.Fuzz(func(t *testing.T, unit string, n int) {
		src := []byte(strings.Repeat(unit, max(0, min(n, 3000))))
		if len(src) > 1<<17 || configNesting(src) != "" {
			return
		}
		file, _ := hclsyntax.ParseConfig(src, "a.hcl", hcl.InitialPos)
		deepest := 0
		if body, ok := file.Body.(*hclsyntax.Body); ok {
			w := &depthWalker{deepest: &deepest}
			_ = hclsyntax.Walk(body, w)
		}
		if deepest > maxHCLDepth*maxHCLOperators {
			t.Fatalf("%d levels", deepest)
		}
	})
}

// FuzzYAMLNesting holds what lines tell of nesting against the parser.
func FuzzYAMLNesting(f *testing.F) {
	for _, unit := range []string{"[", "{a: ", "- ", "? ", "[ \n", "{a: \n b: {", "  a: [x, \"]\", {", "a: {b: [\n", "- - [", "\r[", "---\n[[", "\"[\n]\": [{"} {
		for _, n := range []int{1, 90, 150, 250} {
			f.Add("orders:\n  a: ", unit, n, strings.Repeat("]", n))
			f.Add("orders: {a: ", unit, n, strings.Repeat("}", n+1))
			f.Add("", unit, n, "")
		}
	}
	for _, src := range deepYAML() {
		f.Add(src, "", 0, "")
	}
	f.Fuzz(func(t *testing.T, head, unit string, n int, tail string) {
		src := []byte(head + strings.Repeat(unit, max(0, min(n, 3000))) + tail)
		if len(src) > 1<<16 || checkText("a.yaml", src) != nil {
			return
		}
		roots, diag := parseYAML("a.yaml", src)
		if diag != nil || mayNestDeep(src, roots) {
			return
		}
		for _, root := range roots {
			if n := deepest(root); n > maxYAMLDepth {
				t.Fatalf("%q: %d levels", src, n)
			}
		}
	})
}

// deepYAML are files that nest deeper than their lines seem to tell.
func deepYAML() []string {
	open, closed := strings.Repeat("[", 190), strings.Repeat("]", 190)
	lists := "a:\n"
	for i := range 150 {
		lists += strings.Repeat(" ", i) + "k:\n" + strings.Repeat(" ", i) + "-\n"
	}
	return []string{
		"orders: {a: " + open + "\n" + open + closed + closed + ", b: 1}",
		"orders: {a: " + open + closed + ", b: \n" + open + closed + ", c: " + open + "\n" + closed + "}",
		"orders:\n  a: " + strings.Repeat("[a: ", 150) + strings.Repeat("]", 150),
		"orders:\n  a: " + strings.Repeat("{? ", 150) + strings.Repeat("}", 150),
		lists,
		"orders:\n  A:\n    ? b\n    : " + strings.Repeat("- ", 250) + "x\n",
		"\ufeff" + strings.Repeat("- ", 250) + "x\n",
	}
}

// deepest is how deep a node nests, aliases left out.
func deepest(n *yaml.Node) int {
	below := 0
	for _, c := range n.Content {
		below = max(below, 1+deepest(c))
	}
	return below
}

type depthWalker struct{ depth, deepest *int }

func (w *depthWalker) Enter(hclsyntax.Node) hcl.Diagnostics {
	if w.depth == nil {
		w.depth = new(int)
	}
	*w.depth++
	*w.deepest = max(*w.deepest, *w.depth)
	return nil
}

func (w *depthWalker) Exit(hclsyntax.Node) hcl.Diagnostics { *w.depth--; return nil }
