package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// names are edits of a stream of their own too: refunds are called otherwise and say what they
// were, or forget to, and name the payment that they are of; and a bill is asked for anew where
// nothing of it has changed.
func (h *history) names() {
	rng := rand.New(rand.NewPCG(h.o.Seed, 0x6e616d6573)) // "names"
	for range h.o.Names {
		h.after(time.Duration(rng.Int64N(int64(h.o.Life))), func() { h.name(rng) })
	}
}

func (h *history) name(r *rand.Rand) {
	d := h.shop.orders[r.IntN(len(h.shop.orders))]
	if r.IntN(6) == 0 {
		h.tell(nil, "%s is to be billed anew", d.reference)
		h.begin("apply --replace", true, func(ctx context.Context, p *process) {
			h.planWith(ctx, p, reconcile.PlanOptions{Replace: []string{d.address()}})
		})
		return
	}
	h.tell(nil, "%s: %s", d.reference, h.call(d, r))
	h.after(h.longTail(h.o.Life/8), h.apply)
}

// call changes what one refund is called, or of which payment it is.
func (h *history) call(d *declared, r *rand.Rand) string {
	if len(d.refunds) == 0 {
		d.addRefund(r)
		return "one refund more"
	}
	d.refunds = slices.Clone(d.refunds)
	w := &d.refunds[r.IntN(len(d.refunds))]
	switch r.IntN(6) {
	case 0:
		w.was = ""
		return w.label + " says no more what it was"
	case 1:
		w.reference = ""
		return w.label + " names no payment"
	case 2, 3:
		var bills []string
		for _, b := range h.platform.order {
			if b.reference == d.reference || strings.HasPrefix(b.reference, d.reference+"-") {
				bills = append(bills, b.reference)
			}
		}
		if len(bills) > 0 {
			w.reference = bills[r.IntN(len(bills))]
		}
		return fmt.Sprintf("%s is of %q", w.label, w.reference)
	default:
		if w.was == "" || r.IntN(4) == 0 {
			w.was = w.label
		}
		w.label += "n"
		return fmt.Sprintf("%s was %s", w.label, w.was)
	}
}

// wasOf is what the spec says a refund was, where it may say so.
func (d *declared) wasOf(i int) string {
	w := &d.refunds[i]
	other := func(o wantedRefund) bool { return o.label == w.was }
	earlier := func(o wantedRefund) bool { return o.was == w.was }
	if w.id != "" || slices.ContainsFunc(d.refunds, other) || slices.ContainsFunc(d.refunds[:i], earlier) {
		return ""
	}
	return w.was
}

// calledOtherwise: a refund that the spec says was another, which was asked for and did not
// provably fail, is that one (I1).
func (c *checker) calledOtherwise(d *declared, o *reconcile.Observed, a *reconcile.Attempt) {
	i := slices.IndexFunc(d.refunds, func(w wantedRefund) bool { return w.label == a.Label })
	if i < 0 || a.N > 1 || d.wasOf(i) == "" {
		return
	}
	for j := range o.Attempts {
		b := &o.Attempts[j]
		if b.Kind == reconcile.KindRefund && b.Label == d.wasOf(i) && (b.State == reconcile.Settled || b.State == reconcile.Abandoned || b.State.Open()) {
			c.h.violate("I1", "%s is made under the label %q, which was %q, and that is %s as %s", a.ID, a.Label, b.Label, b.State, b.ID)
		}
	}
}

// has: the spec knows of a refund by the label, as what one is or was.
func (d *declared) has(label string) bool {
	for i := range d.refunds {
		if d.refunds[i].label == label || d.wasOf(i) == label {
			return true
		}
	}
	return false
}
