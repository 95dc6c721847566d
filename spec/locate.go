package spec

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Places of fields are not kept: orders are many and errors are few. A rule names its field
// by a path, and the syntax is walked once more.

// locate finds the field that a path such as item[1].sale_amount leads to, or the nearest
// thing around it that is written. fallback is for where nothing of it is.
func (d *decoder) locate(v value, path string, fallback hcl.Range) hcl.Range {
	at, _ := d.find(v, path, fallback)
	return at
}

// find is locate, and says whether the field itself was found.
func (d *decoder) find(v value, path string, fallback hcl.Range) (at hcl.Range, exact bool) {
	at = fallback
	quiet := *d // defaults are looked up from many files at a time
	quiet.diags = nil
	if d.lineIndex != nil {
		index := *d.lineIndex
		quiet.lineIndex = &index
	}
	for path != "" {
		var step pathStep
		step, path = nextStep(path)
		e, ok := quiet.member(v, step)
		if !ok {
			return at, false
		}
		at = quiet.rangeOf(e.v)
		if path == "" && e.keyNode != nil && len(resolveAlias(e.v.node).Content) > 0 {
			at = quiet.keyRange(e) // of a map or list its name
		}
		v = e.v
	}
	return at, true
}

// pathStep is one part of a path: name, name[0] or name["label"].
type pathStep struct {
	name    string
	index   int // -1: none
	label   string
	labeled bool
}

func nextStep(path string) (step pathStep, rest string) {
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		return pathStep{name: path, index: -1}, ""
	}
	step = pathStep{name: path[:end], index: -1}
	rest = path[end:]
	if inside, ok := strings.CutPrefix(rest, "["); ok {
		if quoted, err := strconv.QuotedPrefix(inside); err == nil {
			step.label, _ = strconv.Unquote(quoted)
			step.labeled = true
			rest = strings.TrimPrefix(inside[len(quoted):], "]")
		} else {
			number, after, _ := strings.Cut(inside, "]")
			step.index, _ = strconv.Atoi(number)
			rest = after
		}
	}
	return step, strings.TrimPrefix(rest, ".")
}

// plurals are the keys that hold what HCL writes as repeated blocks.
var plurals = map[string]string{
	"item": "items", "beneficiary": "beneficiaries", "refund": "refunds", "notify": "notify",
	"offline_payment": "offline_payments", "status_message": "status_messages",
}

// member finds what a step leads to among the members of v.
func (d *decoder) member(v value, step pathStep) (*entry, bool) {
	es, ok := d.written(v)
	if !ok {
		return nil, false
	}
	count := 0
	for i := range es {
		e := &es[i]
		switch {
		case e.name == plurals[step.name] && e.v.block == nil && (step.index >= 0 || step.labeled):
			return d.inPlural(e, step)
		case e.name != step.name && e.name != plurals[step.name]:
			continue
		case step.index >= 0 && count < step.index:
			count++
			continue
		case step.labeled && !sameLabel(step.label, e.label()):
			continue
		}
		return e, true
	}
	return nil, false
}

func sameLabel(want, written string) bool {
	if want == written {
		return true
	}
	if written == "" {
		written = "default"
	}
	if status, ok := ParseStatus(written); ok {
		written = string(status)
	}
	return want == written
}

// inPlural finds a member of items: [ … ] or refunds: { … }.
func (d *decoder) inPlural(e *entry, step pathStep) (*entry, bool) {
	if step.labeled {
		es, _ := d.written(e.v)
		for i := range es {
			if sameLabel(step.label, es[i].name) {
				return &es[i], true
			}
		}
		return e, true
	}
	if tuple, ok := inner(e.v.expr).(*hclsyntax.TupleConsExpr); e.v.expr != nil && !ok || tuple == nil && e.v.node == nil {
		return e, true
	}
	if vs, ok := d.elements(e.v); ok && step.index < len(vs) {
		return &entry{name: step.name, v: vs[step.index]}, true
	}
	return e, true
}

// written lists the members that are written out; those that an expression would give have
// no place of their own.
func (d *decoder) written(v value) ([]entry, bool) {
	if v.computed != nil {
		return nil, false
	}
	if v.expr != nil {
		if _, ok := inner(v.expr).(*hclsyntax.ObjectConsExpr); !ok {
			return nil, false
		}
	}
	if v.node != nil && isTemplate(resolveAlias(v.node)) {
		return nil, false
	}
	return d.entries(v, nil)
}

// ruleRange finds the place of a rule's path in the order, then in its defaults, then the
// block's head.
func (d *decoder) ruleRange(b *declared, path string) (at hcl.Range, exact bool) {
	if b.kind == "invoice" {
		path = d.oneLinePath(b, path)
	}
	at, exact = d.find(b.e.v, path, b.at())
	if exact && path != "" {
		return at, true
	}
	if d.base != nil && d.base.dec != nil && path != "" {
		if there, found := d.base.dec.find(d.base.v, path, at); found {
			return there, true
		}
	}
	if path == "reference_id" && b.e.v.block != nil {
		return d.labelRange(&b.e), true
	}
	return at, path == "reference_id"
}

// oneLinePath turns the item of a one-line bill back into what is written.
func (d *decoder) oneLinePath(b *declared, path string) string {
	field, ok := strings.CutPrefix(path, "item[0].")
	if !ok {
		return path
	}
	if _, found := d.find(b.e.v, "item[0]", b.at()); found {
		return path
	}
	if field == "name" {
		return "description"
	}
	return field
}

// locateIn is the place of the first of some fields that the block has.
func (d *decoder) locateIn(b *declared, names ...string) hcl.Range {
	for _, name := range names {
		if at, exact := d.ruleRange(b, name); exact {
			return at
		}
	}
	return b.at()
}
