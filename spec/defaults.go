package spec

import (
	"slices"
	"strings"
)

// newBase is what lies under an order where no defaults block says more.
func newBase() *baseOrder {
	base := &baseOrder{has: make(map[string]bool)}
	base.Currency, base.RequirePayment = INR, true
	return base
}

// defaultsBlocks decodes defaults "order" and defaults "invoice".
func (l *loader) defaultsBlocks(blocks []declared) {
	l.orderBase, l.invoiceBase = newBase(), newBase()
	taken := make(map[string]*declared)
	for i := range blocks {
		b := &blocks[i]
		kind := b.labels[0]
		base, tab := l.orderBase, orderTable
		switch kind {
		case "order":
		case "invoice":
			base, tab = l.invoiceBase, invoiceTable
		default:
			b.d.report(b.d.labelRange(&b.e), "Unknown defaults", `Write defaults "order" or defaults "invoice".`+didYouMean(kind, []string{"order", "invoice"}))
			continue
		}
		if first(b, "defaults."+kind, taken) {
			b.d.defaults(base, tab, b)
		}
	}
}

func (d *decoder) defaults(base *baseOrder, tab *table[draft], b *declared) {
	d.recording, d.blockKey = base.has, b.e.keyNode
	d.labels = d.labels[:0]
	before := len(d.diags)
	base.Kind, d.unknown = Kind(b.labels[0]), false
	decode(d, tab, &base.draft, b.e.v)
	// What cannot be read may be what an order lacks.
	if d.diags[before:].HasErrors() {
		d.defaultsBroken = true
	}
	if !d.unknown && !d.diags[before:].HasErrors() {
		for _, v := range checkAlone(&base.Order) {
			at, _ := d.ruleRange(b, v.Path)
			d.report(at, v.Summary, v.Detail)
			base.said = append(base.said, v)
		}
	}
	d.recording, d.blockKey = nil, nil
	slices.SortFunc(base.Notify, func(a, b Notify) int { return strings.Compare(a.Event, b.Event) })
	d.shareAddresses(base.Items)
	// Orders of many files look for places here at a time, while d goes on.
	base.v, base.dec = b.e.v, d.decoder(d.file, d.src, nil)
	if b.e.v.node != nil {
		base.dec.nodeRange(b.e.v.node) // indexes the lines while nobody reads them
	}
}
