package spec_test

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// FuzzAgree makes mistakes in documents and asserts that loading refuses whatever the
// schema refuses. seed says which mistakes; 0 leaves the document as it is.
func FuzzAgree(f *testing.F) {
	for _, dir := range []string{"good", "bad"} {
		all := fixtures(f, dir, ".yaml")
		for i, name := range slices.Sorted(maps.Keys(all)) {
			f.Add(all[name], uint64(0))
			f.Add(all[name], uint64(i+1))
		}
	}
	for _, src := range []string{"providers: {telegram: {}}", "gateways: {paypal: {}}", "providers: {whatsapp: {}}"} {
		f.Add([]byte(src), uint64(0))
	}
	f.Fuzz(func(t *testing.T, src []byte, seed uint64) {
		if len(src) > 1<<14 {
			return
		}
		if seed != 0 {
			src = mistaken(src, seed)
		}
		agree(t, src)
	})
}

// TestMistakesAgree is the same over a few seeds for each good fixture.
func TestMistakesAgree(t *testing.T) {
	good := fixtures(t, "good", ".yaml")
	refused := 0
	for _, name := range slices.Sorted(maps.Keys(good)) {
		for seed := range uint64(12) {
			if agree(t, mistaken(good[name], seed+1)) {
				refused++
			}
		}
	}
	if refused < 100 {
		t.Errorf("the schema refused %d mistakes only: they are too tame to show anything", refused)
	}
}

// agree reports whether the schema refuses a document, which loading must then do too.
func agree(t *testing.T, src []byte) bool {
	t.Helper()
	refusal := judge(t, src)
	_, diags := loadBeside(".yaml", src)
	if refusal != "" && !diags.HasErrors() {
		t.Errorf("the schema says %s\nand loading accepts\n%s", refusal, src)
	}
	return refusal != ""
}

// mistaken changes one to three places of a document's tree. What is no YAML stays.
func mistaken(src []byte, seed uint64) []byte {
	var doc yaml.Node
	if yaml.Unmarshal(src, &doc) != nil || len(doc.Content) == 0 {
		return src
	}
	r := rand.New(rand.NewPCG(seed, 0))
	for range 1 + r.IntN(3) {
		places := appendNodes(nil, doc.Content[0])
		mistake(r, places[r.IntN(len(places))], places)
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	if enc.Encode(&doc) != nil {
		return src
	}
	return out.Bytes()
}

// appendNodes lists a tree, each node once.
func appendNodes(list []*yaml.Node, n *yaml.Node) []*yaml.Node {
	list = append(list, n)
	for _, child := range n.Content {
		list = appendNodes(list, child)
	}
	return list
}

// mistakes are the values that take the place of others.
var mistakes = []string{
	`""`, `" "`, "x", "null", "true", "no", "0", "-1", "1.5", "2.0", "1e3", "140.005", "99999999999999999999", `"12"`, `"1,000"`,
	"[]", "{}", "[x]", "{x: 1}", "[null]", "${local.x}", `"$${x}"`, "2026-11-30", `"2026-13-01"`, "whatsapp.main", "template.receipt",
	"shipped", "cancelled", "partially-shipped", "pending", "INR", "India", "100%", `"09:00"`, "http://127.0.0.1", "HTTPS://api.razorpay.com",
	"आशा", "0x1F", "1_000", ".inf", "~", "'+91'", "file://x", `"${"`, `"%{"`,
	strings.Repeat("l", 61), strings.Repeat("l", 121), strings.Repeat("l", 300), strings.Repeat("é", 60),
}

func mistake(r *rand.Rand, n *yaml.Node, all []*yaml.Node) {
	switch r.IntN(6) {
	case 0, 1, 2:
		var other yaml.Node
		if yaml.Unmarshal([]byte(mistakes[r.IntN(len(mistakes))]), &other) == nil && len(other.Content) > 0 {
			*n = *other.Content[0]
		}
	case 3: // leave something out
		if len(n.Content) > 1 {
			at := r.IntN(len(n.Content)/2) * 2
			n.Content = slices.Delete(slices.Clone(n.Content), at, at+2)
		}
	case 4: // put something elsewhere
		if other := all[r.IntN(len(all))]; !contains(other, n) {
			*n = *other
			n.Anchor = ""
		}
	case 5: // say something more
		if n.Kind == yaml.MappingNode && len(n.Content) > 0 {
			other := all[r.IntN(len(all))]
			if other.Kind == yaml.MappingNode && len(other.Content) > 1 && !contains(other, n) {
				at := r.IntN(len(other.Content)/2) * 2
				n.Content = append(slices.Clone(n.Content), other.Content[at], other.Content[at+1])
			}
		}
	}
}

// contains reports whether a tree holds a node, so that putting it there would make a cycle.
func contains(tree, n *yaml.Node) bool {
	return slices.Contains(appendNodes(nil, tree), n)
}
