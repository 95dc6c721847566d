package spec

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"gopkg.in/yaml.v3"
)

// formatYAML changes the source itself, guided by where its nodes stand. The encoder of
// yaml.v3 would lose blank lines and line breaks and move comments. Each step is kept only
// if what it gives reads as the same tree; a file that some step does not understand
// still gets the others.
func formatYAML(name string, src []byte) ([]byte, hcl.Diagnostics) {
	roots, diag := parseYAML(name, src)
	if diag != nil {
		return nil, hcl.Diagnostics{diag}
	}
	f := yamlFormat{name: name, text: src, roots: roots}
	f.try(unixText(f.text))
	f.try(oneFinalNewline(f.text))
	f.try(applyEdits(f.text, yamlStatusEdits(f.text, f.roots)))
	f.layOut()
	return f.text, nil
}

// yamlFormat is a text and its tree.
type yamlFormat struct {
	name  string
	text  []byte
	roots []*yaml.Node
}

// try takes a text over if it reads as the same tree.
func (f *yamlFormat) try(text []byte) bool {
	if bytes.Equal(text, f.text) {
		return true
	}
	roots, diag := parseYAML(f.name, text)
	if diag != nil || !slices.EqualFunc(roots, f.roots, sameNode) {
		return false
	}
	f.text, f.roots = text, roots
	return true
}

// layOut indents and spaces the text. It stays as it was where the result would lose a
// character or would not be laid out as itself.
func (f *yamlFormat) layOut() {
	laidOut, ok := yamlLayout(f.text, f.roots)
	if !ok || squeezed(laidOut) != squeezed(f.text) {
		return
	}
	before := *f
	if !f.try(laidOut) {
		return
	}
	again, ok := yamlLayout(f.text, f.roots)
	ended := &yamlFormat{name: f.name, text: f.text, roots: f.roots}
	ended.try(oneFinalNewline(f.text))
	if !ok || !bytes.Equal(again, f.text) || !bytes.Equal(ended.text, f.text) {
		*f = before
	}
}

// squeezed is a text without its white space, comments included.
func squeezed(text []byte) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, string(text))
}

// sameNode reports whether two trees mean the same. Two spellings of one status do.
func sameNode(a, b *yaml.Node) bool {
	if a.Kind == yaml.AliasNode {
		return b.Kind == yaml.AliasNode && a.Value == b.Value
	}
	return a.Kind == b.Kind && a.Tag == b.Tag && a.Style == b.Style && a.Anchor == b.Anchor &&
		sameWord(a.Value, b.Value) && slices.EqualFunc(a.Content, b.Content, sameNode)
}

func sameWord(a, b string) bool {
	if a == b {
		return true
	}
	x, ok := ParseStatus(a)
	y, also := ParseStatus(b)
	return ok && also && x == y
}

// yamlStatusEdits does for YAML what hclStatusEdits does for HCL.
func yamlStatusEdits(src []byte, roots []*yaml.Node) []edit {
	var edits []edit
	where := newLines("", src)
	for _, root := range roots {
		for _, group := range []string{"orders", "invoices", "defaults"} {
			for _, order := range members(member(root, group)) {
				edits = append(edits, canonicallySpelled(writtenScalars(where, src, member(order, "status")))...)
				for _, byStatus := range []string{"status_messages", "notify"} {
					edits = append(edits, canonicallySpelled(writtenScalars(where, src, keysOf(member(order, byStatus))...))...)
				}
			}
		}
	}
	return sortEdits(edits)
}

// writtenScalars are the scalars that are written out where they stand.
func writtenScalars(where *lines, src []byte, nodes ...*yaml.Node) []writtenWord {
	var words []writtenWord
	for _, n := range nodes {
		if n == nil || n.Kind != yaml.ScalarNode || n.Anchor != "" {
			continue
		}
		at := where.node(n)
		if text := string(src[at.Start.Byte:at.End.Byte]); strings.Trim(text, `"'`) == n.Value {
			words = append(words, writtenWord{n.Value, at})
		}
	}
	return words
}

// member is a value of a mapping written out, nil where there is none.
func member(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func members(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	var values []*yaml.Node
	for i := 1; i < len(n.Content); i += 2 {
		values = append(values, n.Content[i])
	}
	return values
}

func keysOf(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	var keys []*yaml.Node
	for i := 0; i < len(n.Content); i += 2 {
		keys = append(keys, n.Content[i])
	}
	return keys
}
