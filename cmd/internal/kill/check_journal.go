package kill

import (
	"maps"
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
			switch a.Kind {
			case reconcile.KindRefund:
				refunds[a.Reference]++
			case reconcile.KindStatus, reconcile.KindReplace:
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

// fences: the claims of an order carry fences that strictly increase (I14).
func (c *checker) fences() {
	turns := map[string]*turn{}
	for _, o := range c.Journal {
		var last reconcile.Event
		for _, e := range c.Log[o.Ref] {
			if e.Name != "claimed" {
				continue
			}
			if e.Fence <= last.Fence {
				c.broken("I14", o.Ref, "%s was claimed with fence %d after fence %d", e.Attempt, e.Fence, last.Fence)
			}
			last = e
			if turns[e.Incarnation] == nil {
				turns[e.Incarnation] = &turn{e, e}
			}
			turns[e.Incarnation].take(e)
		}
	}
	c.oneAtATime(turns)
}

// turn is the time in which a process claimed: from its first claim to its last.
type turn struct{ first, last reconcile.Event }

func (t *turn) take(e reconcile.Event) {
	if e.At.Before(t.first.At) {
		t.first = e
	}
	if e.At.After(t.last.At) {
		t.last = e
	}
}

// oneAtATime: the lock lets one process act at a time, so no turn reaches into another.
func (c *checker) oneAtATime(turns map[string]*turn) {
	byTime := slices.SortedFunc(maps.Values(turns), func(a, b *turn) int { return a.first.At.Compare(b.first.At) })
	for i := 1; i < len(byTime); i++ {
		if a, b := byTime[i-1], byTime[i]; b.first.At.Before(a.last.At) {
			c.broken("I14", b.first.Ref, "the process %s claimed %s while %s was acting, which claimed %s afterwards",
				b.first.Incarnation, b.first.Attempt, a.last.Incarnation, a.last.Attempt)
		}
	}
}
