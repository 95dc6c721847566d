package sim

import (
	"slices"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// billedAgain: before a bill goes out the platform is asked whether it knows the reference, so
// a customer has one message of it, also when the journal has forgotten (I9). A person
// who says that the first never left, or stops asking, may be wrong; and to a journal that knows
// its bill as undelivered, one that another made under the same reference looks the same: a
// person by hand, too late for lookups to show it, or the process before an old backup was
// restored.
func (c *checker) billedAgain(b *bill, e *effect) {
	if e.twice || e.claim.at.Sub(b.past[0].at) < 2*time.Minute || c.personSaid(e.claim.ref, b.reference) ||
		(c.h.restored || b.byHand) && c.undelivered(e.claim.ref, b.reference) {
		return
	}
	c.h.violate("I9", "%s bills %s for the second time", e.claim, b.reference)
}

func (c *checker) personSaid(ref, reference string) bool {
	o := c.h.disk.Latest(ref)
	return o != nil && slices.ContainsFunc(o.Attempts, func(a reconcile.Attempt) bool {
		return a.Kind == reconcile.KindSend && a.Reference == reference && (a.State == reconcile.Closed || a.State == reconcile.Abandoned || a.Retry)
	})
}

// replaced: a bill that takes another's place goes out once the cancel of that one is known
// to hold, or ten minutes of looks have shown nobody paying (I9). Clocks that disagree cannot
// tell ten minutes.
func (c *checker) replaced(b *bill, e, f *effect) {
	if b.status == spec.Canceled || c.clocksAreWrong() {
		return
	}
	if c.h.now.Sub(b.cancelAt) < 10*time.Minute {
		c.h.violate("I9", "%s goes out, and the customer can still pay %s", e, f)
	}
}

// undelivered: the journal has a message of this bill that failed on its way.
func (c *checker) undelivered(ref, reference string) bool {
	o := c.h.disk.Latest(ref)
	return slices.ContainsFunc(o.Attempts, func(a reconcile.Attempt) bool {
		return a.Kind == reconcile.KindSend && a.Reference == reference && a.Delivery == reconcile.FailedOnRoute
	})
}
