package sim

import (
	"slices"

	"github.com/hisab/hisab/reconcile"
)

// noteRecorded remembers under which labels refunds are known that the spec gives an id.
func (c *checker) noteRecorded(o *reconcile.Observed) {
	for i := range o.Refunds {
		r := &o.Refunds[i]
		if r.Owner == "" || c.recorded[r.ID] == r.Owner {
			continue
		}
		if c.recorded[r.ID] = r.Owner; c.byHand(r) {
			c.h.count.recorded++
		}
	}
}

// byHand: nobody here asked for the refund, and its money went back or may have.
func (c *checker) byHand(r *reconcile.RefundSeen) bool {
	e := c.h.platform.made(r.ID)
	return e != nil && e.claim == nil && r.State != reconcile.RefundFailed
}

// unrecorded: what was made elsewhere and recorded under a label is not made again under it,
// whatever has become of its line in the spec (I1).
func (c *checker) unrecorded(o *reconcile.Observed, a *reconcile.Attempt) {
	for i := range o.Refunds {
		if r := &o.Refunds[i]; c.recorded[r.ID] == a.Label && c.byHand(r) {
			c.h.violate("I1", "%s is made under the label %q, under which %s was recorded", a.ID, a.Label, r.ID)
		}
	}
}

// readBy notes what a person had before them who gave their word for an action.
func (c *checker) readBy(p *process, approvals []reconcile.Approval) {
	for i := range approvals {
		if id := approvals[i].Action; p.read != nil {
			c.agreedTo[id] = append(c.agreedTo[id], p.read)
		}
	}
}

// outdated: the word was for an earlier attempt of the refund, and had been used.
func (c *checker) outdated(word *reconcile.Approval, o *reconcile.Observed, a *reconcile.Attempt) bool {
	return a.Kind == reconcile.KindRefund && !c.clocksAreWrong() && slices.ContainsFunc(o.Attempts, func(b reconcile.Attempt) bool {
		return b.Label == a.Label && b.Kind == a.Kind && b.N == a.N-1 && word.At.Before(b.ClaimedAt)
	})
}

// asAgreed: the bill that goes out on a person's word is the one that they had before them.
func (c *checker) asAgreed(p *process, o *reconcile.Observed, a *reconcile.Attempt) {
	now, reads := p.read[o.Ref]
	seen := c.agreedTo[a.Action]
	if a.Kind != reconcile.KindSend || !reads || len(seen) == 0 {
		return
	}
	if !slices.ContainsFunc(seen, func(read map[string]declared) bool { d, ok := read[o.Ref]; return ok && d.asks() == now.asks() }) {
		c.h.violate("policy", "%s bills %s, and was approved as another bill", a.ID, now.asks())
	}
}
