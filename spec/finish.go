package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// finish completes what was decoded: what holds for every item, the sums, the order of what
// has none. It returns nil where the order cannot be judged because values are not known.
func (d *decoder) finish(t *draft, b *declared) *Order {
	if t.Status == "" {
		t.Status = Pending
		if t.Kind == KindInvoice {
			t.Status = Completed
		}
	}
	if t.StatusPos == (Pos{}) {
		t.StatusPos = t.Pos
	}
	d.oneLine(t, b)
	d.inherit(t)
	d.shareAddresses(t.Items)
	d.describeExpiration(t)
	slices.SortFunc(t.OfflinePayments, func(a, b OfflinePayment) int { return strings.Compare(a.Label, b.Label) })
	sharedNotify := d.base != nil && sameSlice(t.Notify, d.base.Notify)
	if !sharedNotify {
		slices.SortFunc(t.Notify, func(a, b Notify) int { return strings.Compare(a.Event, b.Event) })
	}
	if d.unknown {
		return nil
	}
	d.sum(t, b)
	o := new(Order)
	*o = t.Order
	return o
}

// describeExpiration says by when to pay where the order does not: WhatsApp wants both the
// time and a text about it (orders guide, order.expiration: "must define").
func (d *decoder) describeExpiration(t *draft) {
	e := t.Expiration
	if e == nil || e.Description != "" || e.Timestamp.IsZero() {
		return
	}
	t.Expiration = &Expiration{
		Timestamp:   e.Timestamp,
		Description: "Pay before " + e.Timestamp.In(d.settings.Location).Format("2 January 2006, 15:04"),
	}
}

// oneLine makes the item of a bill that is written as description and amount.
func (d *decoder) oneLine(t *draft, b *declared) {
	if t.description == "" && t.amount == nil {
		return
	}
	if len(t.Items) > 0 && (d.base == nil || !sameSlice(t.Items, d.base.Items)) {
		d.report(d.locateIn(b, "description", "amount"), "Written twice", "A bill has description and amount for one line, or items. Use one of the two.")
		return
	}
	d.meant = append(d.meant, "items") // a rule would miss them
	switch {
	case t.amount == nil:
		if !d.hasError() {
			d.report(b.at(), "Missing amount", "A bill of one line needs description and amount.")
		}
		return
	case t.description == "":
		d.report(b.at(), "Missing description", "A bill of one line needs description and amount: the customer sees the description as the name of what is paid.")
	}
	if t.description != "" {
		d.meant = d.meant[:len(d.meant)-1]
	}
	t.Items = []Item{{Name: t.description, Amount: *t.amount, Quantity: 1}}
}

// inherit gives each item what the order or the defaults say for all.
func (d *decoder) inherit(t *draft) {
	if t.country == "" && t.importer == "" && t.address == nil {
		return
	}
	if d.base != nil && sameSlice(t.Items, d.base.Items) {
		t.Items = slices.Clone(t.Items)
	}
	for i := range t.Items {
		item := &t.Items[i]
		if item.CountryOfOrigin == "" {
			item.CountryOfOrigin = t.country
		}
		if item.ImporterName == "" {
			item.ImporterName = t.importer
		}
		if item.ImporterAddress == nil {
			item.ImporterAddress = t.address
		}
	}
}

// sum computes subtotal and total, and compares what was declared.
func (d *decoder) sum(t *draft, b *declared) {
	if err := SumOrder(&t.Order); err != nil {
		d.report(b.at(), "Sum too large", "In the sum "+err.Error()+".")
		return
	}
	if d.hasError() {
		return // the sum of what is wrong compares with nothing
	}
	if t.subtotal != nil && *t.subtotal != t.Subtotal {
		d.report(d.locateIn(b, "subtotal"), "Wrong subtotal", sumDetail("subtotal", *t.subtotal, t.Subtotal, &t.Order))
	}
	if t.total != nil && *t.total != t.Total {
		d.report(d.locateIn(b, "total_amount"), "Wrong total_amount", sumDetail("total_amount", *t.total, t.Total, &t.Order))
	}
}

func sumDetail(name string, declared, computed Amount, o *Order) string {
	return fmt.Sprintf("%s is %s, and the parts come to %s: %s. Correct the parts, or leave %s out: it is computed.", name, declared, computed, ExplainTotal(o), name)
}

// hasError reports whether an error was found in the block being decoded.
func (d *decoder) hasError() bool {
	return d.diags[d.blockStart:].HasErrors()
}

// fromSums are rules that compare with amounts written elsewhere in the order: where one of
// those is wrong, they say nothing new.
var fromSums = []string{"item_sale_amount_below_amount", "refund_sum", "total_minimum", "total_positive", "upi_cap"}

// check holds the order against the rules and places what it breaks. A rule that speaks of
// what was reported already stays silent.
func (d *decoder) check(o *Order, b *declared) {
	found := Check(o, d.settings, d.opt.Now)
	if len(found) == 0 {
		return
	}
	earlier := d.diags[d.blockStart:]
	for _, v := range found {
		at, exact := d.ruleRange(b, v.Path)
		switch {
		case len(earlier) > 0 && slices.Contains(fromSums, v.Rule),
			exact && overlaps(earlier, at),
			d.misspelled(v.Path),
			!exact && saidMissing(earlier, at, v.Path),
			!exact && at == b.at() && d.base.saidOf(v),
			!exact && (d.preambleBroken || d.defaultsBroken): // the defaults may hold what is missing here
			continue
		}
		severity := hcl.DiagError
		if v.Warning {
			severity = hcl.DiagWarning
		}
		d.diags = append(d.diags, &hcl.Diagnostic{Severity: severity, Summary: v.Summary, Detail: v.Detail, Subject: &at})
	}
}

// misspelled reports whether a path leads through a name that was reported as misspelled.
func (d *decoder) misspelled(path string) bool {
	for path != "" && len(d.meant) > 0 {
		var step pathStep
		step, path = nextStep(path)
		if slices.Contains(d.meant, step.name) || slices.Contains(d.meant, plurals[step.name]) {
			return true
		}
	}
	return false
}

// saidMissing reports whether the last field of a path was reported as missing at a place.
func saidMissing(diags hcl.Diagnostics, at hcl.Range, path string) bool {
	name := path[strings.LastIndexByte(path, '.')+1:]
	return slices.ContainsFunc(diags, func(diag *hcl.Diagnostic) bool {
		return diag.Subject != nil && *diag.Subject == at && diag.Summary == "Missing "+name
	})
}

// saidOf reports whether the defaults were reported for breaking the same rule in the same
// place.
func (b *baseOrder) saidOf(v Violation) bool {
	return slices.ContainsFunc(b.said, func(said Violation) bool { return said.Rule == v.Rule && said.Path == v.Path })
}

func overlaps(diags hcl.Diagnostics, at hcl.Range) bool {
	return slices.ContainsFunc(diags, func(diag *hcl.Diagnostic) bool {
		return diag.Subject != nil && diag.Subject.Overlaps(at)
	})
}
