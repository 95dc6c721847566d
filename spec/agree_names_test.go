package spec_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hisab/hisab/schema"
)

// The names of the language stand in the schema, and the other way round. Nothing here
// knows the tables: at every place that the schema closes, every word that occurs in the
// schema or in the source of this package is offered to loading as a key.
func TestNamesAgree(t *testing.T) {
	root := schemaTree(t)
	words := words(t, root)
	places := closedPlaces(root)
	if len(places) < 60 || len(words) < 200 {
		t.Fatalf("%d places and %d words: the walk misses most", len(places), len(words))
	}
	for _, p := range places {
		t.Run(strings.Join(p.path, "/"), func(t *testing.T) {
			known := acceptedNames(p.path, words)
			for _, word := range words {
				if _, inSchema := p.fields[word]; inSchema != known[word] {
					t.Errorf("%s: the schema says %v, loading says %v", word, inSchema, known[word])
				}
			}
		})
	}
}

// refusals are the headings under which loading refuses a name.
var refusals = []string{
	"Unknown name", "Not in defaults", "Not a field of a WhatsApp template", "No message is ever sent for this status",
	"There is no such event", "WhatsApp does not carry this event", "Unsupported provider type", "Unsupported gateway type",
	"Unknown defaults",
}

// acceptedNames offers words as keys at a path, each on a line of its own, and returns
// those whose lines hold no refusal.
func acceptedNames(path, words []string) map[string]bool {
	accepted := make(map[string]bool)
	// for_each would keep loading from the rest of the order, and two spellings of one label
	// from the rest of the labels.
	apart := []string{"for_each", "cancelled", "partially-shipped"}
	together := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(apart, w) })
	chunks := slices.AppendSeq(slices.Collect(slices.Chunk(together, 100)), slices.Chunk(apart, 1))
	for _, chunk := range chunks {
		src, lines := document(path, chunk)
		for _, word := range chunk {
			accepted[word] = true
		}
		_, diags := loadBeside(".yaml", []byte(src))
		for _, d := range diags.Diagnostics {
			if d.Subject != nil && d.Subject.Filename == "fixture.yaml" && slices.Contains(refusals, d.Summary) {
				if word := lines[d.Subject.Start.Line]; word != "" {
					accepted[word] = false
				}
			}
		}
	}
	return accepted
}

// document writes words as keys at a path, and which line holds which. Beside notify and
// status_messages it writes what an order needs, because their keys are judged by rules,
// which only look at orders that could be read.
func document(path, words []string) (src string, lines map[int]string) {
	var rows []string
	indent := ""
	for _, step := range path {
		if (step == "notify" || step == "status_messages") && path[0] != "defaults" {
			rows = append(rows, indent+`customer: {phone: "+91 98765 43210"}`, indent+"items: [{name: Bread, amount: 140.00, quantity: 2}]")
		}
		if step == "[]" {
			rows = append(rows, indent+"-")
		} else {
			rows = append(rows, indent+step+":")
		}
		indent += "  "
	}
	value := ""
	if len(path) > 0 {
		value = valueAt[path[len(path)-1]]
	}
	lines = make(map[int]string)
	for _, word := range words {
		rows = append(rows, indent+strconv.Quote(word)+": "+value)
		lines[len(rows)] = word
	}
	return strings.Join(rows, "\n") + "\n", lines
}

// valueAt is what keys need to have for loading to look at them; elsewhere null will do.
var valueAt = map[string]string{
	"providers": "{main: {}}", "gateways": "{main: {}}", "notify": "{template: template.receipt}", "status_messages": "{body: x}",
}

// place is where a document may hold certain fields and no others.
type place struct {
	path   []string // keys; [] is an element of a list
	fields map[string]any
}

func schemaTree(t *testing.T) map[string]any {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(schema.JSON(), &root); err != nil {
		t.Fatal(err)
	}
	return root
}

func closedPlaces(root map[string]any) []place {
	w := placeWalk{defs: root["$defs"].(map[string]any)}
	w.walk(root, nil)
	return w.places
}

type placeWalk struct {
	defs   map[string]any
	places []place
}

func (w *placeWalk) walk(v any, path []string) {
	node, ok := v.(map[string]any)
	if !ok {
		return
	}
	if ref, ok := node["$ref"].(string); ok {
		w.walk(w.defs[strings.TrimPrefix(ref, "#/$defs/")], path)
	}
	if fields, ok := node["properties"].(map[string]any); ok {
		w.places = append(w.places, place{path: path, fields: fields})
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			w.walk(fields[name], append(slices.Clone(path), name))
		}
	}
	// Any label will do, and x is a reference too.
	labelled := node["additionalProperties"]
	if patterns, ok := node["patternProperties"].(map[string]any); ok {
		labelled = slices.Collect(maps.Values(patterns))[0]
	}
	w.walk(labelled, append(slices.Clone(path), "x"))
	w.walk(node["items"], append(slices.Clone(path), "[]"))
}

// words are the names in the schema and the words in string literals of the package.
func words(t *testing.T, root map[string]any) []string {
	t.Helper()
	found := make(map[string]bool)
	for _, p := range closedPlaces(root) {
		for name := range p.fields {
			found[name] = true
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	word := regexp.MustCompile(`^[a-z][a-z0-9]*([_-][a-z0-9]+)*$`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "functions") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil && word.MatchString(s) {
					found[s] = true
				}
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(found))
}
