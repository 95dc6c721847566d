package sim

import (
	"fmt"
	"slices"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// request looks at what leaves a process: it has a claim of its own, which is durable and of
// the same content (I7, I15), and it is the only one (I1).
func (c *checker) request(p *process, q *request) {
	if q.claim == nil {
		c.h.violate("I7", "%s sends %s without a claim", p.name, q.op)
		return
	}
	a := &q.claim.attempt
	if p.torn {
		c.h.violate("I18", "a spec that was half written or empty sends %s", q.op)
	}
	c.claimed(q)
	key := fmt.Sprintf("%s/%d", a.ID, a.Fence)
	if c.requests[key]++; c.requests[key] > 1 {
		c.h.violate("I1", "%s is requested twice under one claim", q.claim)
	}
	c.content(q)
	switch {
	case a.To == spec.Canceled:
		c.looked(q, true)
	case q.op == onRefund:
		c.looked(q, false)
	}
	if q.op == onStatus {
		c.legal(q)
	}
}

// claimed: the claim is on the disk, for good, and nobody has ended it as harmless.
func (c *checker) claimed(q *request) {
	o := c.h.disk.Durable(q.claim.ref)
	if o == nil {
		c.h.violate("I7", "%s is not durable", q.claim)
		return
	}
	a := o.Attempt(q.claim.attempt.ID)
	switch {
	case a == nil || a.Fence != q.claim.attempt.Fence:
		c.h.violate("I7", "%s is not durable", q.claim)
	case a.State == reconcile.Ready || a.State == reconcile.Rejected || a.State == reconcile.Closed:
		if a.Kind == reconcile.KindRefund {
			c.h.violate("I7", "%s is sent, and the journal has it as %s", q.claim, a.State)
		}
	}
}

// content: what leaves is what the journal has (I7, I15).
func (c *checker) content(q *request) {
	a := &q.claim.attempt
	var digest string
	var err error
	if q.op == onRefund {
		digest, err = reconcile.RequestDigest(&q.r)
		if q.r.Amount != a.Amount || q.r.Currency != a.Currency || q.r.Reference != a.Reference {
			c.h.violate("I15", "%s over %d asks for %d %s of %s", q.claim, a.Amount, q.r.Amount, q.r.Currency, q.r.Reference)
		}
	} else {
		digest, err = reconcile.RequestDigest(&q.m)
		if q.m.Opaque != reconcile.Opaque(q.claim.ref, a.ID) || q.m.Status != statusOf(a) {
			c.h.violate("I7", "%s sends %q, status %q", q.claim, q.m.Opaque, q.m.Status)
		}
	}
	if err != nil || digest != a.Digest {
		c.h.violate("I7", "%s sends what it did not write down", q.claim)
	}
}

func statusOf(a *reconcile.Attempt) spec.Status {
	if a.Kind == reconcile.KindStatus || a.Kind == reconcile.KindReplace {
		return a.To
	}
	return ""
}

// looked: money and cancels go out on a look that the same task made right before. A cancel
// needs one that shows no payment, as far as the platform could show it then.
func (c *checker) looked(q *request, clear bool) {
	seen, ok := c.h.current.looked[q.claim.attempt.Reference]
	if !ok {
		c.h.violate("I7", "%s is sent without a look of its own", q.claim)
		return
	}
	delete(c.h.current.looked, q.claim.attempt.Reference)
	if !clear && seen.state != reconcile.Captured {
		c.h.violate("I7", "%s is sent on a look that shows the payment as %s, and so no refunds", q.claim, seen.state)
	}
	shown := c.h.platform.lookAt(q.account, q.claim.attempt.Reference, seen.at.Add(-time.Minute))
	if clear && (shown.State == reconcile.Captured || shown.State == reconcile.PaymentPending || shown.State == reconcile.Authorized) &&
		c.h.platform.lookAt(q.account, q.claim.attempt.Reference, seen.at).State == shown.State {
		c.h.violate("I8", "%s cancels what the look right before shows as %s", q.claim, shown.State)
	}
}

// legal: an order_status may follow the one that the platform accepted last. One that repeats
// it is the second of two, of which the first was in doubt, or was refused as the echo of
// itself (I8).
func (c *checker) legal(q *request) {
	b := c.h.platform.bill(q.account, q.m.Reference)
	if b == nil {
		if c.h.platform.undelivered[billKey(q.account, q.m.Reference)] {
			return // the platform took the bill on, and only a webhook says what became of it
		}
		c.h.violate("I8", "%s is the status of a bill that was never sent", q.claim)
		return
	}
	follows := func(from spec.Status) bool { return mayFollow(from, q.m.Status) }
	if follows(b.status) || c.h.restored || b.unsure || slices.ContainsFunc(b.tookOn, follows) {
		return
	}
	if c.passedBy(q) {
		c.h.count.overtaken++
		return
	}
	if b.status == q.m.Status && (q.claim.repeats || b.echoed == b.status) {
		c.h.count.repeated++
		return
	}
	c.h.violate("I8", "%s asks for %s, and the platform has the order as %s", q.claim, q.m.Status, b.status)
}

// passedBy: its sender was held up between the last check and the first byte, and others went
// on meanwhile. Which of its and their order_status came last nobody can tell from then on.
func (c *checker) passedBy(q *request) bool {
	now := c.attempt(q.claim)
	return now != nil && now.State != reconcile.Sending
}

// effect looks at what happens on the platform: once for each attempt, and once for each
// declared refund unless an earlier one failed (I1, I3, I4).
func (c *checker) effect(e *effect) {
	if e.op == onRefund {
		if b := c.h.platform.bill(e.account, e.reference); b.refunded() > b.captured() {
			c.h.violate("I4", "%d given back of %d on %s", b.refunded(), b.captured(), e.reference)
		}
	}
	if e.claim == nil || e.twice {
		return
	}
	a := &e.claim.attempt
	if c.effects[a.ID]++; c.effects[a.ID] > 1 {
		c.h.violate("I1", "%s happened twice", e.claim)
	}
	if now := c.attempt(e.claim); now != nil && now.Fence == a.Fence && now.State == reconcile.Closed && e.op == onRefund {
		c.h.violate("I3", "%s happens, and the journal has it as %s", e.claim, now.State)
	}
	if e.op == onRefund {
		c.once(e)
	}
	if e.op == onBill {
		c.oneBill(e)
	}
}

// once: of one declared refund, one stands. An old copy in which another refund of the amount is
// in doubt takes the one that was made since for that, as any look would, and makes this one in
// its place: no more than is declared.
func (c *checker) once(e *effect) {
	var standing []*effect
	o := c.h.disk.Latest(e.claim.ref)
	for _, f := range c.h.platform.ledger {
		takenFor := func(a reconcile.Attempt) bool {
			return a.Kind == reconcile.KindRefund && a.Label != e.claim.attempt.Label && a.State == reconcile.Settled && a.Result == f.id
		}
		if c.h.restored && slices.ContainsFunc(o.Attempts, takenFor) {
			continue
		}
		if f.op == onRefund && f.claim != nil && !f.twice && !f.failed && f.claim.ref == e.claim.ref && f.claim.attempt.Label == e.claim.attempt.Label {
			standing = append(standing, f)
		}
	}
	if len(standing) > 1 {
		c.h.violate("I1", "the refund %q of %s was made twice: %s; %s", e.claim.attempt.Label, e.claim.ref, standing[0], standing[1])
	}
}

// oneBill: a bill that takes another's place goes out after the cancel of that one came in. One
// that was asked for earlier and takes effect hours late takes nobody's place.
func (c *checker) oneBill(e *effect) {
	for _, f := range c.h.platform.ledger {
		if f == e || f.op != onBill || f.claim == nil || f.claim.ref != e.claim.ref || f.reference == e.reference || f.claim.at.After(e.claim.at) {
			continue
		}
		b := c.h.platform.bill(f.account, f.reference)
		switch {
		case c.h.restored:
		case b.cancelAt.IsZero():
			c.h.violate("I9", "%s goes out, and %s was never canceled", e, f)
		default:
			c.replaced(b, e, f)
		}
	}
}

// attempt is what the journal has of a claim now, or nil.
func (c *checker) attempt(q *claim) *reconcile.Attempt {
	if o := c.h.disk.Latest(q.ref); o != nil {
		return o.Attempt(q.attempt.ID)
	}
	return nil
}

// longestPace is the longest time over which the requests of a process are counted.
const longestPace = 5 * time.Second

// paced counts the requests of a process to an account (I21).
func (c *checker) paced(p *process, account string) {
	key := p.name + account
	times := c.paces[key]
	times = append(times, c.h.now)
	for len(times) > 0 && c.h.now.Sub(times[0]) > longestPace {
		times = times[1:]
	}
	c.paces[key] = times
	for _, span := range []time.Duration{time.Second, longestPace} {
		first, _ := slices.BinarySearchFunc(times, c.h.now.Add(-span), time.Time.Compare)
		// Each thread may hold the places of a request and of the look before it, and go on
		// with both after a pause.
		most := c.h.o.Rate*int(span/time.Second) + 2*c.h.o.Workers
		if n := len(times) - first; n > most {
			c.h.violate("I21", "%d requests of %s within %v; %d a second are allowed", n, p.name, span, c.h.o.Rate)
		}
	}
}
