package sim

import (
	"context"
	"slices"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// claimLife is how old a claim may be when its sender checks for the last time (reliability
// 3.3 step 3).
const claimLife = 2 * time.Second

// begun looks at a right to send at the moment it is committed.
func (c *checker) begun(t *task, o *reconcile.Observed, a *reconcile.Attempt) {
	if a.Kind == reconcile.KindRefund {
		c.permitted(o, a)
	}
	if b := o.Bill(a.Reference); a.To == spec.Canceled && b != nil && !b.CapturedAt.IsZero() {
		c.h.violate("I8", "%s cancels %s, and the journal has seen the money", a.ID, a.Reference)
	}
	if a.Kind == reconcile.KindSend {
		c.othersUnpaid(o, a)
	}
	c.withinPolicy(t, o, a)
}

// permitted: a further attempt of a refund was asked for by a person; no policy here grants
// one (I1).
func (c *checker) permitted(o *reconcile.Observed, a *reconcile.Attempt) {
	if a.N == 1 {
		return
	}
	if !slices.ContainsFunc(o.Attempts, func(b reconcile.Attempt) bool { return b.Label == a.Label && b.N == a.N-1 && b.Retry }) {
		c.h.violate("I1", "%s is the %d. attempt of the refund %q, which nobody asked for", a.ID, a.N, a.Label)
	}
}

// othersUnpaid: no new bill is asked for while an earlier one of the order is being paid, as
// far as lookups show it (I9).
func (c *checker) othersUnpaid(o *reconcile.Observed, a *reconcile.Attempt) {
	for i := range o.Bills {
		b := &o.Bills[i]
		if b.Reference == a.Reference || c.h.restored {
			continue
		}
		for _, s := range []reconcile.PaymentState{reconcile.Captured, reconcile.PaymentPending, reconcile.Authorized} {
			if c.shows(b, 2*time.Minute) == s && c.shows(b, 0) == s {
				c.h.violate("I9", "%s bills %s, and %s is %s", a.ID, a.Reference, b.Reference, s)
			}
		}
	}
}

// shows is what a lookup of a bill showed so long ago.
func (c *checker) shows(b *reconcile.Bill, ago time.Duration) reconcile.PaymentState {
	return c.h.platform.lookAt(b.Account, b.Reference, c.h.now.Add(-ago)).State
}

// withinPolicy: what the policy holds is not begun without a person's word for it (contract
// section 4, Policy). How much a day has seen is known only where one process acts at a time
// and clocks agree.
func (c *checker) withinPolicy(t *task, o *reconcile.Observed, a *reconcile.Attempt) {
	p := t.p.policy
	if p == nil {
		return
	}
	approved, err := t.p.store.Approvals(context.Background())
	if _, ok := approved[a.Action]; ok || err != nil {
		return
	}
	if kind := needs(o, a); slices.Contains(p.RequireApproval, kind) {
		c.h.violate("policy", "%s %s was not approved, and require_approval names %q", a.Kind, a.ID, kind)
	}
	if a.Kind != reconcile.KindRefund {
		return
	}
	if p.MaxRefund != nil && a.Amount > *p.MaxRefund {
		c.h.violate("policy", "the refund %s of %d was not approved, and max_refund is %d", a.ID, a.Amount, *p.MaxRefund)
	}
	if p.MaxRefundPerDay == nil || !c.h.o.Locked || c.h.o.Rates[Skew] > 0 || c.h.o.Rates[ClockJump] > 0 {
		return
	}
	y, m, d := c.h.now.In(c.h.base.spec.Settings.Location).Date()
	spent, err := t.p.store.RefundedSince(context.Background(), time.Date(y, m, d, 0, 0, 0, 0, c.h.base.spec.Settings.Location))
	if err == nil && spent > *p.MaxRefundPerDay {
		c.h.violate("policy", "with the refund %s %d went back today, and max_refund_per_day is %d", a.ID, spent, *p.MaxRefundPerDay)
	}
}

// needs names an attempt as require_approval does.
func needs(o *reconcile.Observed, a *reconcile.Attempt) string {
	switch {
	case a.Kind != reconcile.KindStatus:
		return string(a.Kind)
	case a.To == spec.Canceled:
		return "cancel"
	case goesBack(o.StatusOf(o.Bill(a.Reference)), a.To):
		return "status_back"
	}
	return string(a.Kind)
}

// goesBack: from a later middle status to an earlier one.
func goesBack(from, to spec.Status) bool {
	return !from.Terminal() && !to.Terminal() && slices.Index(spec.Statuses, to) < slices.Index(spec.Statuses, from)
}

// fresh: whoever is about to send checked right before that the claim is not old (I7). A
// process whose clock jumped cannot know.
func (c *checker) fresh(p *process, q *claim) {
	if q == nil || q.skew != p.skew {
		return
	}
	if age := c.h.now.Sub(q.at); age > claimLife {
		c.h.violate("I7", "%s is acted on %v after it was taken", q, age)
	}
}
