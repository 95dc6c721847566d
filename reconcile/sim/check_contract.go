package sim

import (
	"slices"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// agreed holds what a process begins against the declaration that it planned from and what
// the platform has shown for long enough: rules of the contract (section 4, Behaviour) that
// no numbered invariant holds.
func (c *checker) agreed(p *process, o *reconcile.Observed, was, a *reconcile.Attempt) {
	d, ok := p.read[o.Ref]
	if !ok {
		return
	}
	switch a.Kind {
	case reconcile.KindSend, reconcile.KindReplace:
		if d.offline > 0 {
			c.h.violate("contract", "%s bills %s, which was paid in cash", a.ID, o.Ref)
		}
	case reconcile.KindStatus:
		c.moneyIn(&d, o, a)
	case reconcile.KindNotify:
		c.news(&d, o, a)
	case reconcile.KindRefund:
		if was == nil { // one that was asked for before is no other under a new label
			c.renamed(&d, o, a)
			c.calledOtherwise(&d, o, a)
		}
	}
}

// moneyIn: goods leave once the money is in, unless the order says otherwise, and only as
// much of it as was asked for.
func (c *checker) moneyIn(d *declared, o *reconcile.Observed, a *reconcile.Attempt) {
	if a.To == spec.Canceled {
		return
	}
	b := o.Bill(a.Reference)
	if b == nil {
		c.h.violate("I8", "%s is the status of %s, which was never billed", a.ID, a.Reference)
		return
	}
	real := c.h.platform.bill(b.Account, b.Reference)
	if !d.unpaidOK && d.offline < d.total && (real == nil || real.payment != reconcile.Captured) {
		c.h.violate("contract", "%s asks for %s, and %s is not paid", a.ID, a.To, a.Reference)
	}
	if paid, surplus := c.surplus(d, o, 2*time.Minute); paid > 1 && surplus > 0 {
		if paid, surplus := c.surplus(d, o, 0); paid > 1 && surplus > 0 {
			c.h.violate("contract", "%s asks for %s, and the customer paid %d times, %d too much", a.ID, a.To, paid, surplus)
		}
	}
}

// surplus is how often the customer has paid, in cash as well, and how much more than was
// asked for is still here, as lookups showed it so long ago.
func (c *checker) surplus(d *declared, o *reconcile.Observed, ago time.Duration) (paid int, surplus spec.Amount) {
	surplus = d.offline - d.total
	if d.offline > 0 {
		paid++
	}
	for i := range o.Bills {
		b := &o.Bills[i]
		if !o.Sent(b) {
			continue
		}
		shown := c.h.platform.lookAt(b.Account, b.Reference, c.h.now.Add(-ago))
		for _, t := range shown.Transactions {
			if t.State == reconcile.TransactionSuccess {
				paid, surplus = paid+1, surplus+t.Amount
			}
		}
		for _, r := range shown.Refunds {
			if r.State != reconcile.RefundFailed {
				surplus -= r.Amount
			}
		}
	}
	for i := range o.Attempts {
		if a := &o.Attempts[i]; a.Kind == reconcile.KindRefund && (a.State.Open() || a.State == reconcile.Abandoned) {
			surplus -= a.Amount // it may have gone back, and that is found out
		}
	}
	return paid, surplus
}

// renamed: a refund under a new label, when one of the same amount was made under a label that
// the spec no longer has, is most likely that one, and goes out by a person's word alone, which
// nobody gives here.
func (c *checker) renamed(d *declared, o *reconcile.Observed, a *reconcile.Attempt) {
	tried := func(b reconcile.Attempt) bool { return b.Kind == a.Kind && b.Label == a.Label && b.ID != a.ID }
	if slices.ContainsFunc(o.Attempts, tried) { // the label is not new
		return
	}
	for i := range o.Attempts {
		b := &o.Attempts[i]
		made := b.Kind == reconcile.KindRefund && (b.State == reconcile.Settled || b.State == reconcile.Abandoned)
		if made && b.Amount == a.Amount && !d.has(b.Label) {
			c.h.violate("contract", "%s is made under the label %q, and %s of the same amount has left the spec", a.ID, a.Label, b.ID)
		}
	}
	for i := range o.Refunds {
		r := &o.Refunds[i]
		if slices.ContainsFunc(d.refunds, func(w wantedRefund) bool { return w.id == r.ID }) {
			continue // a process that has read the spec long ago has it under the label of then
		}
		label, known := c.recorded[r.ID]
		if known && c.byHand(r) && r.Amount == a.Amount && !d.has(label) {
			c.h.violate("contract", "%s is made under the label %q, and %s of the same amount, recorded as %q, has left the spec", a.ID, a.Label, r.ID, label)
		}
	}
}

// news: whoever asks to be told does not have the past told.
func (c *checker) news(d *declared, o *reconcile.Observed, a *reconcile.Attempt) {
	at, known := c.shippedAt[o.Ref]
	if a.Event == spec.EventShipped && known && at.Before(d.tellsShipped) && !c.h.restored && !c.clocksAreWrong() {
		c.h.violate("contract", "%s tells of what was known at %v, and the spec asks for it since %v", a.ID, at, d.tellsShipped)
	}
}
