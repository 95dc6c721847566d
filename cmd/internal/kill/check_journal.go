package kill

import (
	"slices"

	"github.com/hisab/hisab/reconcile"
)

// open counts what is undecided: one refund each payment (I5), one order_status each order
// (I9), and nothing in sending when the sender had the time to record (reliability.md 3.3
// step 5).
func (c *checker) open() {
	for _, o := range c.Journal {
		refunds, statuses := map[string]int{}, 0
		for i := range o.Attempts {
			a := &o.Attempts[i]
			if !a.State.Open() {
				continue
			}
			switch {
			case a.Kind == reconcile.KindRefund:
				refunds[a.Reference]++
			case a.Kind == reconcile.KindStatus, a.Kind == reconcile.KindReplace:
				statuses++
			}
			if !c.Clean.IsZero() && a.State == reconcile.Sending && a.ClaimedAt.After(c.Clean) {
				c.broken("I17", a.Reference, "%s is still in sending, though the process ended by itself", a.ID)
			}
		}
		for reference, n := range refunds {
			if n > 1 {
				c.broken("I5", reference, "%d refunds of the payment %s are undecided at once", n, reference)
			}
		}
		if statuses > 1 {
			c.broken("I9", o.Ref, "%d order_status of %s are undecided at once", statuses, o.Ref)
		}
	}
	c.owners()
}

// owners: a refund that was seen belongs to one order and one label (I6).
func (c *checker) owners() {
	seen := map[string]string{}
	for _, o := range c.Journal {
		for i := range o.Refunds {
			r := &o.Refunds[i]
			if other := seen[r.ID]; other != "" {
				c.broken("I6", r.Reference, "the refund %s belongs to the orders %s and %s", r.ID, other, o.Ref)
			}
			seen[r.ID] = o.Ref
		}
	}
}

// fences: the claims of an order carry fences that strictly increase (I14), and no two
// processes take turns at it, as the lock lets one of them act at a time.
func (c *checker) fences() {
	for _, o := range c.Journal {
		var last reconcile.Event
		var past []string
		for _, e := range c.Log[o.Ref] {
			if e.Name != "claimed" {
				continue
			}
			if e.Fence <= last.Fence {
				c.broken("I14", o.Ref, "%s was claimed with fence %d after fence %d", e.Attempt, e.Fence, last.Fence)
			}
			if e.Incarnation != last.Incarnation {
				if slices.Contains(past, e.Incarnation) {
					c.broken("I14", o.Ref, "the process %s claimed %s after another one had taken over", e.Incarnation, e.Attempt)
				}
				past = append(past, e.Incarnation)
			}
			last = e
		}
	}
}
