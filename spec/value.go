package spec

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"gopkg.in/yaml.v3"
)

// value is one value as it was written: the one tree of which HCL and YAML are two
// spellings. Exactly one field is set.
type value struct {
	expr     hclsyntax.Expression // an HCL expression, or a YAML string with ${…} in it
	block    *hclsyntax.Block
	node     *yaml.Node
	computed *computed
}

// computed is a part of what an expression evaluated to. It has no place of its own but
// that of what it was computed from.
type computed struct {
	val  cty.Value
	from *value
}

func computedFrom(from value, val cty.Value) value {
	return value{computed: &computed{val: val, from: &from}}
}

// member is a part of v, which is computed.
func (v value) member(val cty.Value) value {
	return value{computed: &computed{val: val, from: v.computed.from}}
}

// entry is one named value of an object. Of an HCL block the name is its type.
type entry struct {
	name string
	v    value
	// Where the name stands: one of these is set, or none where it was computed.
	attr    *hclsyntax.Attribute
	keyExpr hclsyntax.Expression
	keyNode *yaml.Node
}

// label is the block's label, empty where it has none.
func (e *entry) label() string {
	if e.v.block == nil || len(e.v.block.Labels) == 0 {
		return ""
	}
	return e.v.block.Labels[0]
}

// entries appends the members of an object to buf. What is no object is reported; null has
// no members.
func (d *decoder) entries(v value, buf []entry) (es []entry, ok bool) {
	switch {
	case v.block != nil:
		return bodyEntries(v.block.Body, buf), true
	case v.node != nil:
		return d.nodeEntries(v, buf)
	case v.expr != nil:
		return d.exprEntries(v.expr, buf)
	default:
		return d.computedEntries(v, buf)
	}
}

// elements returns the members of a list. What is no list is reported; null has none.
func (d *decoder) elements(v value) (vs []value, ok bool) {
	switch {
	case v.node != nil:
		return d.nodeElements(v)
	case v.expr != nil:
		return d.exprElements(v.expr)
	case v.block != nil:
		d.wrong(v, "A list is expected", "Write it as a list: [ … ].")
		return nil, false
	default:
		return d.computedElements(v)
	}
}

// scalarKind tells what a scalar was written as.
type scalarKind uint8

const (
	broken    scalarKind = iota // already reported, or not known
	absent                      // null
	textual                     // text
	digits                      // a number; text holds it as written
	truth                       // true or false, in text
	trueish                     // yes, no, on or off without quotes, in text
	evaluated                   // a cty number in val
)

// scalar is a value without members.
type scalar struct {
	kind scalarKind
	text string
	val  cty.Value
}

// scalar reads a value without members. What has members is reported.
func (d *decoder) scalar(v value) scalar {
	d.veiled = false
	s := d.scalarOf(v)
	d.null = s.kind == absent
	return s
}

func (d *decoder) scalarOf(v value) scalar {
	switch {
	case v.node != nil:
		return d.nodeScalar(v)
	case v.expr != nil:
		return d.exprScalar(v.expr)
	case v.block != nil:
		d.wrong(v, "A single value is expected", v.block.Type+" is written with an equals sign: "+v.block.Type+" = …")
		return scalar{}
	default:
		return d.ctyScalar(v, v.computed.val)
	}
}

// null reports whether v is written as null, without evaluating anything.
func (v value) null() bool {
	if v.node != nil {
		n := resolveAlias(v.node)
		return n.Kind == yaml.ScalarNode && n.Tag == "!!null"
	}
	lit, ok := v.expr.(*hclsyntax.LiteralValueExpr)
	return ok && lit.Val.IsNull()
}
