package sim

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hisab/hisab/reconcile"
)

// webhooksAgain holds the journal at rest against the order, the repetition and the loss of
// webhooks (I13): those that were taken change nothing when they come again, in any order;
// those that were lost come to the same whatever their order.
func (c *checker) webhooksAgain() {
	h := c.h
	if h.restored {
		return // an old backup makes an attempt's message a second time, and both have webhooks
	}
	h.over = true
	rest, atRest := h.disk.Backup(), c.facts(nil)
	misled := c.misled()
	taken := slices.Concat(h.taken, h.taken)
	if after := c.after(taken, nil); after != atRest {
		c.h.violate("I13", "webhooks that were taken before changed\n%s\nto\n%s", atRest, after)
	}
	h.disk.Restore(rest)
	one := c.after(h.lost, misled)
	h.disk.Restore(rest)
	another := c.after(slices.Concat(h.lost, h.lost), misled)
	h.disk.Restore(rest)
	if one != another && h.struck[DeliveredTwice] == 0 { // of two deliveries one may be taken, and one refused
		c.h.violate("I13", "late webhooks come to\n%s\nor to\n%s", one, another)
	}
}

// misled are the orders of which a person said that a message did not happen, and its sender,
// which was held up, sent it later. Whether the refusal of the next one as no change speaks of
// it depends on what was known of it when the refusal came.
func (c *checker) misled() []string {
	return slices.DeleteFunc(c.h.disk.Refs(), func(ref string) bool {
		return !slices.ContainsFunc(c.h.disk.Latest(ref).Attempts, func(a reconcile.Attempt) bool {
			return a.State == reconcile.Closed && c.h.platform.effectOf(a.ID) != nil
		})
	})
}

// after delivers webhooks in some order, and says what is known then but for some orders.
func (c *checker) after(es []reconcile.Evidence, but []string) string {
	h := c.h
	es = slices.Clone(es)
	h.rng.Shuffle(len(es), func(i, j int) { es[i], es[j] = es[j], es[i] })
	left := len(es)
	for _, e := range es {
		h.begin("webhook again", false, func(ctx context.Context, p *process) {
			if _, err := reconcile.Witness(ctx, p.world, e); err != nil {
				h.violate("I13", "a webhook is not taken at rest: %v", err)
			}
			left--
		})
		for left > 0 && h.violation == nil && len(h.live) > 0 && h.next(h.now.Add(deadline)) {
		}
	}
	return c.facts(but)
}

// facts is what the journal says of what happened, without when it was told and by whom. Of
// some orders nothing is said.
func (c *checker) facts(but []string) string {
	var b strings.Builder
	for _, ref := range c.h.disk.Refs() {
		if slices.Contains(but, ref) {
			continue
		}
		o := c.h.disk.Latest(ref)
		fmt.Fprintf(&b, "%s %s\n", ref, o.Standing)
		for i := range o.Attempts {
			a := &o.Attempts[i]
			result, delivery := a.Result, string(a.Delivery)
			if a.Kind != reconcile.KindRefund && c.h.struck[DeliveredTwice] > 0 {
				result, delivery = "", "" // an intermediary made two messages of it, and either will do
			}
			fmt.Fprintf(&b, "  %s %s %s%s%s\n", a.Kind, a.ID, a.State, orNothing(" ", result), orNothing(", ", delivery))
		}
		for i := range o.Refunds {
			fmt.Fprintf(&b, "  refund %s %s of %q\n", o.Refunds[i].ID, o.Refunds[i].State, o.Refunds[i].Owner)
		}
	}
	return b.String()
}
