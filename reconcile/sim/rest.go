package sim

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// rounds are the waits between the runs of the quiet phase: every wait of the rules ends in
// one of them, and of two that lie half a day apart one is outside of quiet hours.
var rounds = []time.Duration{time.Second, 11 * time.Minute, 11 * time.Minute, 16 * time.Minute, time.Hour, 12 * time.Hour,
	26 * time.Hour, 12 * time.Hour, 11 * time.Minute, 11 * time.Minute, 11 * time.Minute}

// furtherRounds is how often it may go on after them, half a day apart, as long as there was
// something to do: an order that is billed anew late in them is yet to be paid, given back and
// told of.
const furtherRounds = 8

// comeToRest is the quiet phase: no fault any more, nobody changes anything, what was paused
// goes on, what is late arrives. Then nothing may be left to do (I16), and every intent is
// final or a person's (I17).
func (h *history) comeToRest() {
	if h.violation != nil {
		return
	}
	h.tell(nil, "quiet from here on")
	h.quiet = true
	for _, p := range h.live {
		p.pausedUntil = h.now
	}
	busy := true
	for i := 0; i < len(rounds) || busy && i < len(rounds)+furtherRounds; i++ {
		wait := 12 * time.Hour
		if i < len(rounds) {
			wait = rounds[i]
		}
		h.drain(h.now.Add(wait))
		busy = h.settleDown()
		if h.violation != nil {
			return
		}
	}
	h.check.end()
}

// drain lets happen what is due until then.
func (h *history) drain(until time.Time) {
	for h.violation == nil && h.next(until) {
	}
	if h.now.Before(until) {
		h.now = until
	}
}

// settleDown runs apply once, on what the merchant means, and reports whether there was
// anything to do.
func (h *history) settleDown() (busy bool) {
	for limit := h.now.Add(48 * time.Hour); len(h.acting) > 0 && h.violation == nil && h.next(limit); {
	}
	done := false
	h.begin("apply, quiet", true, func(ctx context.Context, p *process) {
		p.skew = 0
		s := h.declares()
		p.read = h.shop.copies()
		plan, err := reconcile.MakePlan(ctx, p.world, s, reconcile.PlanOptions{})
		if err != nil {
			done = h.nothingDeclared(p, err)
			return
		}
		h.tellPlan(p, plan)
		busy = len(nobodyHolds(plan)) > 0
		if _, err := reconcile.Apply(ctx, p.world, s, plan, reconcile.ApplyOptions{}); err != nil {
			h.violate("I17", "a run without faults ends with %v", err)
		}
		done = true
	})
	limit := h.now.Add(4 * time.Hour)
	for h.violation == nil && !done && h.next(limit) {
	}
	if !done && h.violation == nil {
		h.violate("I17", "a run without faults does not end")
	}
	return busy
}

func (h *history) nothingDeclared(p *process, err error) bool {
	h.noPlan(p, err)
	if len(h.declares().Orders) > 0 {
		h.violate("I17", "a plan without faults ends with %v", err)
	}
	return true
}

// end holds the last state against what must be true when everything is at rest.
func (c *checker) end() {
	// Each plan is made by a process of its own, which knows what the journal knows.
	if first, second := c.lastPlan(), c.lastPlan(); first != second {
		c.h.violate("I22", "two plans without a change between them differ:\n%s\n%s", first, second)
	}
	c.afterLoss()
	for _, ref := range c.h.disk.Refs() {
		o := c.h.disk.Latest(ref)
		for i := range o.Attempts {
			c.final(o, &o.Attempts[i])
		}
	}
	c.tally()
	c.webhooksAgain()
}

// lastPlan makes a plan in a process of its own, and says what it would do.
func (c *checker) lastPlan() string {
	said, done := "", false
	c.h.begin("plan, at rest", false, func(ctx context.Context, p *process) {
		p.skew = 0
		done = true
		plan, err := reconcile.MakePlan(ctx, p.world, c.h.declares(), reconcile.PlanOptions{})
		if err != nil {
			done = c.h.nothingDeclared(p, err)
			return
		}
		var all []string
		for i := range plan.Actions {
			a := &plan.Actions[i]
			all = append(all, fmt.Sprintf("%s %s %s %s%s", a.ReferenceID, a.Kind, a.Label, a.Event, a.Held))
		}
		for _, a := range nobodyHolds(plan) {
			c.h.violate("I16", "at rest, and still to do: %s of %s %s%s: %s", a.Kind, a.ReferenceID, a.Label, a.Event, a.Reason)
		}
		for _, notes := range [][]reconcile.Note{plan.Waiting, plan.Blocked, plan.Unknown} {
			for i := range notes {
				n := &notes[i]
				if slices.Contains([]string{"look_failed", "throttled", "provider_paused"}, n.Code) {
					c.h.violate("I17", "at rest, and %s still waits: %s: %s", n.ReferenceID, n.Code, n.Detail)
				}
				all = append(all, fmt.Sprintf("%s %s %s %s %s", n.ReferenceID, n.Kind, n.Label, n.Event, n.Code))
			}
		}
		slices.Sort(all)
		said = strings.Join(all, "\n")
	})
	limit := c.h.now.Add(time.Hour)
	for c.h.violation == nil && c.h.next(limit) {
		if done && len(c.h.live) == 0 {
			break
		}
	}
	if !done && c.h.violation == nil {
		c.h.violate("I17", "a plan without faults does not end")
	}
	return said
}

// nobodyHolds lists what a plan would do: what waits for a person is left out, and what
// follows it.
func nobodyHolds(plan *reconcile.Plan) (free []*reconcile.Action) {
	behind := map[string]bool{}
	for i := range plan.Actions {
		a := &plan.Actions[i]
		behind[a.Ref] = behind[a.Ref] || a.Held != "" && a.Kind != reconcile.KindRefund
		if a.Held == "" && (!behind[a.Ref] || a.Kind == reconcile.KindRefund) {
			free = append(free, a)
		}
	}
	return free
}

// final: at rest an attempt is over, or a person's, or waits for what the spec no longer
// asks; and what it says agrees with the ledger.
func (c *checker) final(o *reconcile.Observed, a *reconcile.Attempt) {
	e := c.h.platform.effectOf(a.ID)
	if c.h.o.calm() && a.State.Open() {
		c.h.violate("I17", "nothing ever went wrong, and %s %s is %s", a.Kind, a.ID, a.State)
	}
	switch a.State {
	case reconcile.Sending:
		if c.declared(o.Ref) {
			c.h.violate("I17", "%s %s is still being sent", a.Kind, a.ID)
		}
	case reconcile.Undecided:
		if a.Kind == reconcile.KindRefund && c.declared(o.Ref) {
			c.h.violate("I17", "the refund %s is neither found nor a person's", a.ID)
		}
	case reconcile.Ready, reconcile.Rejected:
		if e != nil && e.claim.attempt.Fence == a.Fence && !c.h.restored && !c.doubled(a) {
			c.h.violate("I3", "%s %s is %s, and it happened: %s", a.Kind, a.ID, a.State, e)
		}
	case reconcile.Closed:
		if e != nil && a.Kind == reconcile.KindRefund && !e.failed {
			c.h.violate("I3", "the refund %s is closed, and it happened: %s", a.ID, e)
		}
	}
	if a.Kind == reconcile.KindRefund && a.State.Open() && e != nil && c.declared(o.Ref) && !c.ambiguous(a) && !early(a, e) {
		c.h.violate("I17", "the refund %s stands on the list as %s and is not found", a.ID, e)
	}
}

// doubled: an intermediary may have delivered the message twice, of which one was taken and
// one refused, and word of the refusal came first.
func (c *checker) doubled(a *reconcile.Attempt) bool {
	return a.Kind != reconcile.KindRefund && a.Delivery == reconcile.FailedOnRoute && c.h.struck[DeliveredTwice] > 0
}

// declared: the spec still has the order, so that runs look after it.
func (c *checker) declared(ref string) bool {
	return slices.ContainsFunc(c.h.shop.orders, func(d *declared) bool { return d.reference == ref && !d.absent })
}

// early: by the clock of the process that claimed it, the refund was there long before.
func early(a *reconcile.Attempt, e *effect) bool {
	return e.at.Before(a.ClaimedAt.Add(-5 * time.Minute))
}

// ambiguous: more than one refund on the payment could be the attempt's.
func (c *checker) ambiguous(a *reconcile.Attempt) bool {
	n := 0
	for _, e := range c.h.platform.ledger {
		if e.op == onRefund && e.reference == a.Reference && e.amount == a.Amount {
			n++
		}
	}
	for _, ref := range c.h.disk.Refs() {
		for _, b := range c.h.disk.Latest(ref).Attempts {
			if b.ID != a.ID && b.Reference == a.Reference && b.Amount == a.Amount && (b.State == reconcile.Abandoned || b.State == reconcile.Closed) {
				n++ // given up by a person, and perhaps what stands on the list
			}
		}
	}
	return n > 1
}

// tally counts what the history did.
func (c *checker) tally() {
	for _, e := range c.h.platform.ledger {
		switch {
		case e.claim == nil:
		case e.op == onRefund:
			c.h.count.refunds++
		case e.op == onBill:
			c.h.count.bills++
		default:
			c.h.count.messages++
		}
	}
	for _, ref := range c.h.disk.Refs() {
		for _, a := range c.h.disk.Latest(ref).Attempts {
			if a.State == reconcile.Held {
				c.h.count.held++
			}
		}
	}
}
