package spec

import (
	"strconv"

	"github.com/zclconf/go-cty/cty"
	"gopkg.in/yaml.v3"
)

// order decodes an order or invoice block, once or for each element of its for_each.
func (d *decoder) order(b declared, keep func(*Order)) {
	kind, base, tab := KindOrder, d.orderBase, orderTable
	if b.kind == "invoice" {
		kind, base, tab = KindInvoice, d.invoiceBase, invoiceTable
	}
	one := oneOrder{kind: kind, base: base, tab: tab, b: &b, label: b.labels[0]}
	one.address = string(kind) + "." + OneLine(one.label)
	if forEach, ok := findForEach(b.e.v); ok {
		d.forEach(one, forEach, keep)
		return
	}
	d.decodeOrder(one, keep)
}

// oneOrder is what an order is decoded from.
type oneOrder struct {
	kind           Kind
	base           *baseOrder
	tab            *table[draft]
	b              *declared
	label, address string
}

func (d *decoder) decodeOrder(one oneOrder, keep func(*Order)) {
	d.work = one.base.draft
	t := &d.work
	t.Kind, t.Address, t.ReferenceID, t.Pos = one.kind, one.address, one.label, one.b.pos()
	d.base, d.labels, d.unknown = one.base, d.labels[:0], false
	d.blockKey, d.blockStart, d.meant = one.b.e.keyNode, len(d.diags), d.meant[:0]
	defer func() { d.base, d.blockKey = nil, nil }()
	if !decode(d, one.tab, t, one.b.e.v) {
		return
	}
	o := d.finish(t, one.b)
	if o == nil {
		return
	}
	d.check(o, one.b)
	if !d.hasError() {
		keep(o)
	}
}

// findForEach looks for for_each without listing the other fields.
func findForEach(v value) (value, bool) {
	if v.block != nil {
		attr, ok := v.block.Body.Attributes["for_each"]
		if !ok {
			return value{}, false
		}
		return value{expr: attr.Expr}, true
	}
	if v.node == nil {
		return value{}, false
	}
	n := resolveAlias(v.node)
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "for_each" {
			return value{node: n.Content[i+1]}, true
		}
	}
	return value{}, false
}

// forEach decodes the block once for each element, which it reads as each.key and
// each.value.
func (d *decoder) forEach(one oneOrder, forEach value, keep func(*Order)) {
	val, ok := d.toCty(forEach)
	if !ok || !d.expandable(forEach, val) || !d.within(forEach, d.budget.hold(val)) || !d.within(forEach, d.budget.order(int64(val.LengthInt()))) {
		return
	}
	outer := d.ctx
	defer func() { d.ctx = outer }()
	block := one.address
	var said repeats
	for it := val.ElementIterator(); it.Next(); {
		key, element := it.Element()
		if val.Type().IsSetType() {
			key = element
		}
		d.ctx = outer.NewChild()
		d.ctx.Variables = map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": key, "value": element})}
		one.label = key.AsString()
		one.address = block + "[" + strconv.Quote(one.label) + "]"
		before := len(d.diags)
		d.decodeOrder(one, keep)
		d.diags = append(d.diags[:before], said.add(d.diags[before:], one.address)...)
	}
	said.nameElements()
}

// expandable reports what for_each cannot go over.
func (d *decoder) expandable(at value, val cty.Value) bool {
	const hint = " Make a map of it by what tells the elements apart: { for r in … : r.ref => r }"
	t := val.Type()
	switch {
	case !val.IsKnown():
		return false // reported where it could not be evaluated
	case val.IsNull():
		d.wrong(at, "Invalid for_each", "for_each is null. Write a map, or {} for none.")
	case t.IsTupleType() || t.IsListType():
		d.wrong(at, "Invalid for_each", "for_each goes over a map or a set of texts, and this is a list: without keys, nothing would tell one order from the next when a line is inserted."+hint)
	case t.IsSetType() && t.ElementType() != cty.String && val.LengthInt() > 0:
		d.wrong(at, "Invalid for_each", "The elements of this set have no names."+hint)
	case !t.IsMapType() && !t.IsObjectType() && !t.IsSetType():
		detail := "for_each goes over a map or a set of texts, and this is " + article(t.FriendlyName()) + "."
		if at.node != nil && unquoted(resolveAlias(at.node)) {
			detail += " An expression stands in ${…}, such as ${local.bills}."
		}
		d.wrong(at, "Invalid for_each", detail)
	default:
		return true
	}
	return false
}
