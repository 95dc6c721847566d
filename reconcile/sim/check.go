package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// claim is a right to send, as it was committed.
type claim struct {
	ref     string
	process string
	attempt reconcile.Attempt
	repeats bool // an order_status for which the same one stood in doubt when it was claimed
	at      time.Time
}

func (c *claim) String() string {
	if c == nil {
		return "no claim"
	}
	a := &c.attempt
	return fmt.Sprintf("%s %s %s%s (%s, fence %d)", c.ref, a.Kind, a.ID, orNothing(" ", a.Label), c.process, a.Fence)
}

// checker holds the journal and the ledger against the invariants (reliability, section 7).
type checker struct {
	h        *history
	requests map[string]int                   // by attempt and fence
	effects  map[string]int                   // by attempt
	owners   map[string]string                // attempt, by refund id
	acked    map[string]string                // first reference, by action id that a run reported as done
	recorded map[string]string                // label that the spec gave a refund, by its id
	agreedTo map[string][]map[string]declared // the specs that a person had before them, by action id
	paces    map[string][]time.Time
	// claimedAt is when an attempt was claimed last, settledOnce which actions ever happened.
	claimedAt map[string]time.Time
	// shippedAt is when the journal first had an order as shipped.
	shippedAt   map[string]time.Time
	settledOnce map[string]bool
}

func newChecker(h *history) *checker {
	return &checker{
		h:           h,
		requests:    map[string]int{},
		effects:     map[string]int{},
		owners:      map[string]string{},
		acked:       map[string]string{},
		recorded:    map[string]string{},
		agreedTo:    map[string][]map[string]declared{},
		paces:       map[string][]time.Time{},
		claimedAt:   map[string]time.Time{},
		shippedAt:   map[string]time.Time{},
		settledOnce: map[string]bool{},
	}
}

// committed looks at each write to the journal.
func (c *checker) committed(before, after *reconcile.Observed, events []reconcile.Event) {
	t := c.h.current
	switch {
	case t.p.forged:
		c.h.violate("I11", "a forged webhook changed %s", after.Ref)
	case t.p.torn && (before == nil || before.Standing != after.Standing):
		c.h.violate("I18", "a spec that was half written or empty made %s %s", after.Ref, after.Standing)
	}
	c.erased(before, after)
	if before != nil && after.Version <= before.Version {
		c.h.violate("I14", "%s went from version %d to %d", after.Ref, before.Version, after.Version)
	}
	c.told(after, events)
	c.newest(before, after)
	if c.h.trace != nil {
		for i := range events {
			c.h.tell(t.p, "writes %s: %s %s %s", after.Ref, events[i].Name, events[i].Attempt, events[i].Detail)
		}
	}
	for i := range after.Attempts {
		a := &after.Attempts[i]
		var was *reconcile.Attempt
		if before != nil {
			was = before.Attempt(a.ID)
		}
		if was == nil || was.State != a.State || was.Fence != a.Fence {
			c.step(t, before, after, was, a)
		}
	}
	c.open(after)
	c.sums(after)
	c.noteRecorded(after)
}

// newest: a look that was overtaken on its way does not take the place of a newer one (I13).
func (c *checker) newest(before, after *reconcile.Observed) {
	if before == nil {
		return
	}
	for i := range before.Bills {
		old := before.Bills[i].Look
		if b := after.Bill(before.Bills[i].Reference); old != nil && b != nil && b.Look != nil && b.Look.At.Before(old.At) {
			c.h.violate("I13", "the look at %s of %v takes the place of that of %v", b.Reference, b.Look.At, old.At)
		}
	}
}

// step looks at one change of one attempt.
func (c *checker) step(t *task, before, o *reconcile.Observed, was, a *reconcile.Attempt) {
	from := reconcile.AttemptState("")
	if was != nil {
		from = was.State
	}
	c.h.count.edge(a.Kind, from, a.State)
	if c.h.trace != nil {
		c.h.tell(t.p, "%s %s %s%s: %s → %s", o.Ref, a.Kind, a.ID, orNothing(" ", a.Label), from, a.State)
	}
	if !mayMove(a.Kind, from, a.State, t.p.decides) {
		c.h.violate("I3", "%s %s went from %s to %s", a.Kind, a.ID, from, a.State)
	}
	c.fence(t, o, was, a)
	if a.State == reconcile.Settled {
		c.settledOnce[a.Action] = true
		if _, known := c.shippedAt[o.Ref]; a.To == spec.Shipped && a.Kind == reconcile.KindStatus && !known {
			c.shippedAt[o.Ref] = c.h.now
		}
	}
	switch {
	case a.State == reconcile.Sending:
		t.claim = &claim{o.Ref, t.p.name, *a, inDoubt(before, a), c.h.now}
		c.claimedAt[a.ID] = c.h.now
		c.begun(t, o, was, a)
	case a.State == reconcile.Settled && a.Kind == reconcile.KindRefund:
		c.settled(o, a)
	}
	c.messages(o, a)
}

// inDoubt: an order_status that asked for the same is not known to have failed.
func inDoubt(before *reconcile.Observed, a *reconcile.Attempt) bool {
	if before == nil {
		return false
	}
	return slices.ContainsFunc(before.Attempts, func(b reconcile.Attempt) bool {
		return b.ID != a.ID && b.Reference == a.Reference && b.To != "" && b.To == a.To && (b.State.Open() || b.State == reconcile.Abandoned)
	})
}

// mayMove is the drawing at reconcile.AttemptState. Only messages are taken back after they
// were settled: by a webhook that says they failed on their way. Of a refund a person alone
// says that nobody asks any more, and what came of it after that.
func mayMove(kind reconcile.ActionKind, from, to reconcile.AttemptState, person bool) bool {
	message := kind != reconcile.KindRefund
	if !message && !person && (from == reconcile.Closed || from == reconcile.Abandoned || to == reconcile.Closed || to == reconcile.Abandoned) {
		return false
	}
	switch from {
	case "":
		return to == reconcile.Sending
	case reconcile.Ready:
		return to == reconcile.Sending || to == reconcile.Abandoned || to == reconcile.Settled && message
	case reconcile.Sending:
		return true
	case reconcile.Undecided:
		return to != reconcile.Sending && (to != reconcile.Ready || message) && (to != reconcile.Rejected || message)
	case reconcile.Held:
		return to == reconcile.Settled || to == reconcile.Closed || to == reconcile.Abandoned || message
	case reconcile.Settled:
		return message && (to == reconcile.Rejected || to == reconcile.Ready)
	case reconcile.Rejected:
		return to == reconcile.Abandoned || message && to == reconcile.Settled
	case reconcile.Closed, reconcile.Abandoned:
		return message && (to == reconcile.Rejected || to == reconcile.Ready) || to == reconcile.Settled || to == reconcile.Abandoned ||
			from == reconcile.Abandoned && to == reconcile.Undecided && (kind == reconcile.KindStatus || kind == reconcile.KindReplace)
	}
	return false
}

// fence: claims grow, and only a claim's owner may say that nothing came of a refund (I14).
func (c *checker) fence(t *task, o *reconcile.Observed, was, a *reconcile.Attempt) {
	if a.State == reconcile.Sending && a.Fence != o.Version {
		c.h.violate("I14", "%s was claimed with fence %d at version %d", a.ID, a.Fence, o.Version)
	}
	if was == nil {
		return
	}
	if a.Fence < was.Fence || (a.Fence == was.Fence && a.State == reconcile.Sending) {
		c.h.violate("I14", "the fence of %s went from %d to %d", a.ID, was.Fence, a.Fence)
	}
	nothing := a.State == reconcile.Ready || a.State == reconcile.Rejected
	if q := t.asked; q != nil && q.attempt.ID == a.ID && q.attempt.Fence < a.Fence && was.State == reconcile.Sending && was.Incarnation != t.p.name && nothing {
		c.h.violate("I14", "the answer to %s says what became of the claim with fence %d", q, a.Fence)
	}
	if a.Kind == reconcile.KindRefund && was.State == reconcile.Sending && nothing && (was.Incarnation != t.p.name || a.Fence != was.Fence) {
		c.h.violate("I14", "%s says of the claim of %s that nothing came of it", t.p.name, was.Incarnation)
	}
}

// settled: a refund is settled as what it did (I2, I6).
func (c *checker) settled(o *reconcile.Observed, a *reconcile.Attempt) {
	if other := c.owners[a.Result]; other != "" && other != a.ID {
		c.h.violate("I6", "refund %s belongs to %s and to %s", a.Result, other, a.ID)
	}
	c.owners[a.Result] = a.ID
	e := c.h.platform.made(a.Result)
	switch {
	case e == nil:
		c.h.violate("I2", "%s is settled as %q, which never happened", a.ID, a.Result)
	case e.amount != a.Amount || e.reference != a.Reference:
		c.h.violate("I2", "%s over %d is settled as %s", a.ID, a.Amount, e)
	case e.claim == nil || e.claim.attempt.ID != a.ID:
		// An order declares the amount of what is made by hand where that was recorded.
		equals := c.h.o.EqualByHand || c.h.o.Papers > 0 && a.Amount == byHand
		if c.h.restored || e.twice || equals && c.alike(o, a, e) {
			c.h.count.misattributed++
			return
		}
		c.h.violate("I2", "%s is settled as %s", a.ID, e)
	}
}

// alike: nobody can tell which of two equal refunds is the attempt's: one was made by hand
// after the look that the claim was taken on, and the list shows no other that it could be
// (reliability 3.9).
func (c *checker) alike(o *reconcile.Observed, a *reconcile.Attempt, e *effect) bool {
	if e.claim != nil {
		return true
	}
	if e.at.Before(c.claimedAt[a.ID].Add(-2 * time.Minute)) {
		return false
	}
	return !slices.ContainsFunc(o.Refunds, func(r reconcile.RefundSeen) bool {
		return r.ID != a.Result && r.Reference == a.Reference && r.Amount == a.Amount && !r.Explained() &&
			!slices.Contains(a.Baseline, r.ID) && !r.CreatedAt.Before(a.ClaimedAt.Add(-5*time.Minute))
	})
}

// twice: the spec opted in to a second notify.
func (c *checker) twice(ref string) bool {
	return slices.ContainsFunc(c.h.shop.orders, func(d *declared) bool { return d.reference == ref && d.twice })
}

// made returns the refund with an id, or nil.
func (p *platform) made(id string) *effect {
	for _, e := range p.ledger {
		if e.op == onRefund && e.id == id {
			return e
		}
	}
	return nil
}

// open: what is undecided stands alone (I5, I9).
func (c *checker) open(o *reconcile.Observed) {
	status, refunds := 0, map[string]int(nil)
	for i := range o.Attempts {
		a := &o.Attempts[i]
		if !a.State.Open() {
			continue
		}
		switch a.Kind {
		case reconcile.KindStatus, reconcile.KindReplace:
			if status++; status > 1 {
				c.h.violate("I9", "%s has two order_status in doubt", o.Ref)
			}
		case reconcile.KindRefund:
			if refunds == nil {
				refunds = map[string]int{}
			}
			if refunds[a.Reference]++; refunds[a.Reference] > 1 {
				c.h.violate("I5", "two refunds of %s are in doubt", a.Reference)
			}
		}
	}
}

// sums: what is asked back of a payment is never more than came in (I4).
func (c *checker) sums(o *reconcile.Observed) {
	for i := range o.Bills {
		b := &o.Bills[i]
		var ours spec.Amount
		for j := range o.Attempts {
			a := &o.Attempts[j]
			if a.Kind == reconcile.KindRefund && a.Reference == b.Reference && (a.State.Open() || a.State == reconcile.Settled || a.State == reconcile.Abandoned) && !failed(o, a) {
				ours += a.Amount
			}
		}
		if ours == 0 {
			continue
		}
		if real := c.h.platform.bill(b.Account, b.Reference); real == nil || ours > real.captured() {
			c.h.violate("I4", "%d asked back on %s, of which less was paid", ours, b.Reference)
		}
	}
}

// failed: the platform says that the refund gave nothing back.
func failed(o *reconcile.Observed, a *reconcile.Attempt) bool {
	for i := range o.Refunds {
		if r := &o.Refunds[i]; r.ID == a.Result {
			return r.State == reconcile.RefundFailed
		}
	}
	return false
}

// messages: an intent has as many as section 4 of the reliability rules allows; a person may
// ask for more (I9).
func (c *checker) messages(o *reconcile.Observed, a *reconcile.Attempt) {
	if a.State != reconcile.Sending || a.Kind == reconcile.KindRefund {
		return
	}
	most, tries := 2, 0
	if a.Kind == reconcile.KindSend || a.Kind == reconcile.KindNotify && !c.twice(o.Ref) {
		most = 1
	}
	for i := range o.Attempts {
		b := &o.Attempts[i]
		if b.Action != a.Action || b.State == reconcile.Rejected || b.State == reconcile.Closed || b.State == reconcile.Ready && b.ID != a.ID {
			continue
		}
		if tries++; b.Retry {
			most++
		}
	}
	if tries > most {
		c.h.violate("I9", "the %s %s is sent for the %d. time", a.Kind, a.Action, tries)
	}
}

// told: nothing that a person or a log reads names a customer (I19).
func (c *checker) told(o *reconcile.Observed, events []reconcile.Event) {
	for i := range events {
		c.private(events[i].Detail)
	}
	for i := range o.Attempts {
		c.private(o.Attempts[i].Meaning)
	}
}

// erased: of an order that is forgotten, nothing that names its customer is kept (I19).
func (c *checker) erased(before, after *reconcile.Observed) {
	if after.Standing != reconcile.Forgotten || before != nil && before.Standing == reconcile.Forgotten {
		return
	}
	for i := range after.Bills {
		if b := &after.Bills[i]; b.Phone != "" || b.Facets.Phone != "" {
			c.h.violate("I19", "%s is forgotten, and the number of its customer is kept with %s", after.Ref, b.Reference)
		}
	}
}

func (c *checker) private(text string) {
	if strings.Contains(text, phonePrefix) {
		c.h.violate("I19", "a customer's number stands in %q", text)
	}
}

// afterLoss: what a run has reported as done is still known (I12).
func (c *checker) afterLoss() {
	clear(c.recorded)
	for _, ref := range c.h.disk.Refs() {
		c.noteRecorded(c.h.disk.Latest(ref))
	}
	for action, ref := range c.acked {
		if o := c.h.disk.Latest(ref); o == nil || !hasAction(o, action) {
			c.h.violate("I12", "%s of %s was reported as done, and the journal has lost it", action, ref)
		}
	}
}

func hasAction(o *reconcile.Observed, action string) bool {
	for i := range o.Attempts {
		if o.Attempts[i].Action == action {
			return true
		}
	}
	return false
}

// afterRestore: what the backup does not know cannot be held against it. That no money goes
// back twice still holds.
func (c *checker) afterRestore() {
	c.h.lost, c.h.taken = append(c.h.lost, c.h.taken...), nil
	clear(c.acked)
	clear(c.requests)
	clear(c.effects)
	clear(c.owners)
	clear(c.recorded)
	clear(c.agreedTo)
}
