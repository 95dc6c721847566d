package spec

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"gopkg.in/yaml.v3"
)

// resolveAlias follows *name to what &name marks. parseYAML has refused aliases that
// contain themselves.
func resolveAlias(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// nodeEntries lists the members of a mapping.
func (d *decoder) nodeEntries(v value, buf []entry) ([]entry, bool) {
	n := resolveAlias(v.node)
	switch {
	case n.Kind == yaml.MappingNode:
		return d.mappingEntries(n, buf)
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		return buf, true
	case isTemplate(n):
		val, ok := d.evalNode(n)
		if !ok {
			return buf, false
		}
		return d.computedEntries(computedFrom(v, val), buf)
	}
	d.wrong(v, "A map is expected", "This is "+nodeKind(n)+". Write names and values below the key, or { … }.")
	return buf, false
}

func (d *decoder) mappingEntries(n *yaml.Node, buf []entry) ([]entry, bool) {
	start, ok := len(buf), true
	var seen map[string]int // only where a scan of the entries would be slow
	if len(n.Content) > 64 {
		seen = make(map[string]int, len(n.Content)/2)
	}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := resolveAlias(n.Content[i])
		if key.Tag == "!!merge" {
			merged = append(merged, n.Content[i+1])
			continue
		}
		if key.Kind != yaml.ScalarNode {
			d.wrong(value{node: n.Content[i]}, "A key is a single word", "Write a name, then a colon.")
			continue
		}
		if twin := twinEntry(buf[start:], seen, key.Value); twin != nil {
			d.duplicateKey(key.Value, d.nodeRange(n.Content[i]), d.keyRange(twin))
			continue
		}
		if seen != nil {
			seen[key.Value] = len(buf) - start
		}
		buf = append(buf, entry{name: key.Value, v: value{node: n.Content[i+1]}, keyNode: n.Content[i]})
	}
	for _, m := range merged {
		var sound bool
		buf, sound = d.mergeEntries(m, buf, start)
		ok = ok && sound
	}
	return buf, ok
}

func twinEntry(es []entry, seen map[string]int, name string) *entry {
	if seen == nil {
		return findEntry(es, name)
	}
	if i, ok := seen[name]; ok {
		return &es[i]
	}
	return nil
}

// mergeEntries adds what <<: brings and the mapping does not say itself.
func (d *decoder) mergeEntries(n *yaml.Node, buf []entry, start int) ([]entry, bool) {
	sources := []*yaml.Node{n}
	if resolved := resolveAlias(n); resolved.Kind == yaml.SequenceNode {
		sources = resolved.Content
	}
	for _, source := range sources {
		es, ok := d.nodeEntries(value{node: source}, nil)
		if !ok {
			return buf, false
		}
		for _, e := range es {
			if findEntry(buf[start:], e.name) == nil {
				buf = append(buf, e)
			}
		}
	}
	return buf, true
}

func (d *decoder) nodeElements(v value) ([]value, bool) {
	n := resolveAlias(v.node)
	switch {
	case n.Kind == yaml.SequenceNode:
		vs := make([]value, len(n.Content))
		for i, c := range n.Content {
			vs[i].node = c
		}
		return vs, true
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		return nil, true
	case isTemplate(n):
		val, ok := d.evalNode(n)
		if !ok {
			return nil, false
		}
		return d.computedElements(computedFrom(v, val))
	}
	d.wrong(v, "A list is expected", "This is "+nodeKind(n)+". Write each element on a line of its own after a dash, or [ … ].")
	return nil, false
}

// unquoted reports whether a scalar is a text without quotes, and no expression.
func unquoted(n *yaml.Node) bool { return n.Style == 0 && !isTemplate(n) }

// nodeScalar reads a scalar by its written characters: YAML's own idea of numbers and
// truth values would lose digits and turn words into booleans.
func (d *decoder) nodeScalar(v value) scalar {
	n := resolveAlias(v.node)
	if n.Kind != yaml.ScalarNode {
		d.wrong(v, "A single value is expected", "This is "+nodeKind(n)+". Write one text, number or truth value.")
		return scalar{}
	}
	switch n.Tag {
	case "!!str", "!!timestamp":
		if isTemplate(n) {
			val, ok := d.evalNode(n)
			if !ok {
				return scalar{}
			}
			return d.ctyScalar(v, val)
		}
		if n.Style == 0 && wordTrap(n.Value) {
			return scalar{kind: trueish, text: n.Value}
		}
		return scalar{kind: textual, text: cty.NormalizeString(n.Value)}
	case "!!int", "!!float":
		return scalar{kind: digits, text: n.Value}
	case "!!bool":
		return scalar{kind: truth, text: strings.ToLower(n.Value)}
	case "!!null":
		return scalar{kind: absent}
	}
	d.wrong(v, "Unknown tag", "The tag "+n.Tag+" has no meaning here. Leave it out.")
	return scalar{}
}

// wordTrap finds the words that YAML 1.1 reads as truth values and YAML 1.2 as words.
func wordTrap(s string) bool {
	if len(s) > 3 {
		return false
	}
	switch strings.ToLower(s) {
	case "yes", "no", "on", "off", "y", "n":
		return true
	}
	return false
}

// isTemplate reports whether a scalar holds ${…} or %{…}, which HCL evaluates.
func isTemplate(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!str" && hasTemplate(n.Value)
}

func hasTemplate(s string) bool {
	for rest := s; ; {
		i := strings.IndexByte(rest, '{')
		if i < 0 {
			return false
		}
		if i > 0 && (rest[i-1] == '$' || rest[i-1] == '%') {
			return true
		}
		rest = rest[i+1:]
	}
}

// evalNode evaluates a string with ${…} exactly as HCL does. Errors are placed in the
// string where its characters stand in the file as they are, else on the whole string.
func (d *decoder) evalNode(n *yaml.Node) (cty.Value, bool) {
	before := len(d.diags)
	val, ok := cty.NilVal, false
	if expr, parsed := d.nodeTemplate(n); parsed {
		val, ok = d.eval(expr)
	}
	if len(d.diags) == before {
		return val, ok
	}
	if _, exact := d.nodeText(n); !exact {
		for _, diag := range d.diags[before:] {
			diag.Subject, diag.Context = d.nodeRange(n).Ptr(), nil
		}
	}
	return val, ok
}

// nodeTemplate parses a string with ${…}. With for_each one node is evaluated many times,
// so the syntax is kept for the file.
func (d *decoder) nodeTemplate(n *yaml.Node) (hclsyntax.Expression, bool) {
	if expr, known := d.templates[n]; known {
		return expr, expr != nil
	}
	if d.templates == nil {
		d.templates = make(map[*yaml.Node]hclsyntax.Expression)
	}
	d.templates[n] = nil
	if what := templateNesting([]byte(n.Value)); what != "" {
		d.wrong(value{node: n}, "Too deeply nested", "This text "+what+".")
		return nil, false
	}
	start, _ := d.nodeText(n)
	expr, diags := hclsyntax.ParseTemplate([]byte(n.Value), d.file, start)
	d.add(diags)
	if diags.HasErrors() {
		return nil, false
	}
	d.templates[n] = expr
	return expr, true
}

// nodeText is where the characters of a scalar begin, behind its quote, and whether they
// stand in the file one by one as they are in the value.
func (d *decoder) nodeText(n *yaml.Node) (start hcl.Pos, exact bool) {
	start = d.nodeRange(n).Start
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		start.Byte++
		start.Column++
	}
	return start, start.Byte <= len(d.src) && bytes.HasPrefix(d.src[start.Byte:], []byte(n.Value))
}

// nodeKind names a node for people.
func nodeKind(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a map"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!int", n.Tag == "!!float":
		return "a number"
	case n.Tag == "!!bool":
		return "a truth value"
	}
	return "a text"
}
