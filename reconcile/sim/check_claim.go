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

// lookLife is how old the look may be that it is taken on.
const lookLife = time.Minute

// begun looks at a right to send at the moment it is committed.
func (c *checker) begun(t *task, o *reconcile.Observed, was, a *reconcile.Attempt) {
	if a.Kind == reconcile.KindRefund {
		c.permitted(t.p, o, was, a)
		c.unrecorded(o, a)
	}
	if b := o.Bill(a.Reference); a.To == spec.Canceled && b != nil && !b.CapturedAt.IsZero() {
		c.h.violate("I8", "%s cancels %s, and the journal has seen the money", a.ID, a.Reference)
	}
	if a.Kind == reconcile.KindSend {
		c.othersUnpaid(o, a)
	}
	c.agreed(t.p, o, was, a)
	c.withinPolicy(t, o, a)
}

// permitted: a further attempt of a refund was asked for by a person, or the policy grants it
// after one that is certain to have given nothing back (I1). Where nothing of it left, it is
// made again, also by a run that has read the spec before the policy granted it, or the refund
// otherwise.
func (c *checker) permitted(p *process, o *reconcile.Observed, was, a *reconcile.Attempt) {
	granted := func(b reconcile.Attempt) bool {
		return b.ID != a.ID && b.Label == a.Label && b.N == a.N && b.State == reconcile.Ready
	}
	if was != nil || slices.ContainsFunc(o.Attempts, granted) {
		return
	}
	if a.N == 1 || p.policy != nil && a.N-1 <= p.policy.RetryFailedRefunds && gaveNothing(o, a) {
		return
	}
	if !slices.ContainsFunc(o.Attempts, func(b reconcile.Attempt) bool { return b.Label == a.Label && b.N == a.N-1 && b.Retry }) {
		c.h.violate("I1", "%s is the %d. attempt of the refund %q, which nobody asked for", a.ID, a.N, a.Label)
	}
}

// gaveNothing: the attempt before this one was refused, or the platform says that it failed.
func gaveNothing(o *reconcile.Observed, a *reconcile.Attempt) bool {
	return slices.ContainsFunc(o.Attempts, func(b reconcile.Attempt) bool {
		return b.Label == a.Label && b.N == a.N-1 && (b.State == reconcile.Rejected || b.State == reconcile.Settled && failed(o, &b))
	})
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
	if word, ok := approved[a.Action]; err != nil || ok && !c.outdated(&word, o, a) {
		c.asAgreed(t.p, o, a)
		return
	}
	c.limits(t.p, a)
	if kind := needs(o, a); slices.Contains(p.RequireApproval, kind) {
		c.h.violate("policy", "%s %s was not approved, and require_approval names %q", a.Kind, a.ID, kind)
	}
	if a.Kind != reconcile.KindRefund {
		return
	}
	if p.MaxRefund != nil && a.Amount > *p.MaxRefund {
		c.h.violate("policy", "the refund %s of %d was not approved, and max_refund is %d", a.ID, a.Amount, *p.MaxRefund)
	}
	if p.MaxRefundPerDay == nil || !c.h.o.Locked || c.h.struck[LockLost] > 0 || c.clocksAreWrong() {
		return
	}
	y, m, d := c.h.now.In(c.h.base.spec.Settings.Location).Date()
	spent, err := t.p.store.RefundedSince(context.Background(), time.Date(y, m, d, 0, 0, 0, 0, c.h.base.spec.Settings.Location))
	spent -= c.letGo(t.p, approved)
	if err == nil && spent > *p.MaxRefundPerDay {
		c.h.violate("policy", "with the refund %s %d went back today, and max_refund_per_day is %d", a.ID, spent, *p.MaxRefundPerDay)
	}
}

// letGo adds up the refunds of this process for which a person has given their word: others
// of the same plan, which were judged before them, may be begun after them.
func (c *checker) letGo(p *process, approved map[string]reconcile.Approval) (sum spec.Amount) {
	for _, ref := range c.h.disk.Refs() {
		for _, a := range c.h.disk.Latest(ref).Attempts {
			if _, ok := approved[a.Action]; ok && a.Kind == reconcile.KindRefund && a.Incarnation == p.name {
				sum += a.Amount
			}
		}
	}
	return sum
}

// limits: no process begins more than the policy lets one plan do, nor tells customers of
// anything between its hours where it began in them as well; one that was held up may be late.
func (c *checker) limits(p *process, a *reconcile.Attempt) {
	switch {
	case a.Kind == reconcile.KindSend || a.Kind == reconcile.KindReplace:
		p.sent[a.Action] = true
	case a.To == spec.Canceled:
		p.canceled[a.Action] = true
	}
	if most := p.policy.MaxSent; most != nil && len(p.sent) > *most {
		c.h.violate("policy", "%s begins %d bills that nobody approved, and max_sent is %d", p.name, len(p.sent), *most)
	}
	if most := p.policy.MaxCanceled; most != nil && len(p.canceled) > *most {
		c.h.violate("policy", "%s begins %d cancels that nobody approved, and max_canceled is %d", p.name, len(p.canceled), *most)
	}
	if p.policy.QuietFrom == "" || a.Kind != reconcile.KindNotify || c.clocksAreWrong() {
		return
	}
	if c.night(p.began) && c.night(c.h.now) && c.h.now.Sub(p.began) < 12*time.Hour {
		c.h.violate("policy", "%s tells a customer of %s at %v, and quiet_hours are from %s to %s",
			p.name, a.Event, c.h.now, p.policy.QuietFrom, p.policy.QuietTo)
	}
}

// night: the quiet hours that shops here have, from nine to nine.
func (c *checker) night(at time.Time) bool {
	hour := at.In(c.h.base.spec.Settings.Location).Hour()
	return hour >= 21 || hour < 9
}

// clocksAreWrong: processes cannot know what time it is.
func (c *checker) clocksAreWrong() bool { return c.h.o.Rates[Skew] > 0 || c.h.o.Rates[ClockJump] > 0 }

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

// fresh: whoever is about to send checked right before that neither claim nor look is old (I7). A
// process whose clock jumped cannot know.
func (c *checker) fresh(p *process, q *claim) {
	if q == nil || p.jumped {
		return
	}
	if age := c.h.now.Sub(q.at); age > claimLife {
		c.h.violate("I7", "%s is acted on %v after it was taken", q, age)
	}
	seen, ok := c.h.current.looked[q.attempt.Reference]
	if q.attempt.Kind == reconcile.KindNotify {
		return // which depends on no look
	}
	if age := c.h.now.Sub(seen.at); ok && age > lookLife+claimLife {
		c.h.violate("I7", "%s is acted on %v after the look it was taken on", q, age)
	}
}
