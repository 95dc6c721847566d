package reconcile

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Decision is a person's word on what looking could not settle.
type Decision struct {
	Verdict Verdict
	// ID of the refund or message, with Succeeded.
	ID string
	// Force is the payment id typed in by the person, with Failed.
	Force  string
	Who    string
	Reason string
}

// Verdict is what a person decides.
type Verdict string

// The verdicts of hisab resolve (contract section 4, resolve).
const (
	Succeeded Verdict = "succeeded" // it happened
	DidNot    Verdict = "failed"    // it did not happen
	Retry     Verdict = "retry"     // one new attempt
	GiveUp    Verdict = "abandon"   // stop asking; the amount stays counted as spent
	Foreign   Verdict = "foreign"   // the refund is another's
)

// When a person may declare that a refund did not happen (reliability 3.7).
const (
	failedAfter  = 24 * time.Hour
	failedLooks  = 3
	failedSpread = failedAfter / 2 // from the first look to the last; the first may come late
)

// Resolve records a person's decision about an attempt, named by its id or its action's; for
// Foreign id is a refund's. It sends nothing.
func Resolve(ctx context.Context, w *World, id string, d Decision) error {
	if d.Reason == "" {
		return &ResolveError{ID: id, Why: "a decision needs a reason: --reason TEXT"}
	}
	ref, err := findOrder(ctx, w.Store, func(o *Observed) bool {
		if d.Verdict == Foreign {
			return o.refund(id) != nil
		}
		return o.named(id) != nil
	})
	if err != nil {
		return err
	}
	if ref == "" && d.Verdict == Foreign {
		return &ResolveError{ID: id, Why: "the state has seen no refund with this id"}
	}
	if ref == "" {
		return &ResolveError{ID: id, Why: "the state knows no such action; plan and status show the ids"}
	}
	// Whether its sender lives is asked before the look: one that ends in between may have sent
	// it after what the look shows, however long this process is held up meanwhile.
	alive, err := senderAlive(ctx, w, ref, id)
	if err != nil {
		return err
	}
	looked, err := lookForPerson(ctx, w, ref, id, d)
	if err != nil {
		return err
	}
	now := w.Clock.Now()
	// What was seen is kept whatever is decided: a look counts, also one before a refusal.
	if _, err := w.Store.Update(ctx, ref, func(o *Observed) error {
		for _, p := range looked {
			Absorb(o, p)
		}
		return nil
	}); err != nil {
		return fmt.Errorf("keep what was observed: %w", err)
	}
	_, err = w.Store.Update(ctx, ref, func(o *Observed) error {
		if d.Verdict == Foreign {
			return declareForeign(o, id, d, now)
		}
		return decide(o, o.named(id), d, now, alive)
	})
	return err
}

// ResolveError says why a decision was not taken.
type ResolveError struct{ ID, Why string }

func (e *ResolveError) Error() string { return fmt.Sprintf("%s: %s", e.ID, e.Why) }

// named returns the attempt with an id, or the latest attempt of the action with that id.
func (o *Observed) named(id string) *Attempt {
	if a := o.Attempt(id); a != nil {
		return a
	}
	return o.ofAction(id)
}

func findOrder(ctx context.Context, s Store, f func(*Observed) bool) (string, error) {
	for o, err := range s.All(ctx) {
		if err != nil {
			return "", fmt.Errorf("read the state: %w", err)
		}
		if f(o) {
			return o.Ref, nil
		}
	}
	return "", nil
}

// lookForPerson looks at the payment before a decision about a refund that says what
// happened to it, or that asks for another one since it failed: of that a plan has told, and
// a plan writes nothing.
func lookForPerson(ctx context.Context, w *World, ref, id string, d Decision) ([]Payment, error) {
	if d.Verdict != Succeeded && d.Verdict != DidNot && d.Verdict != Retry {
		return nil, nil
	}
	have, _, err := w.Store.Get(ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	a := have.named(id)
	if a == nil || a.Kind != KindRefund || (d.Verdict == Retry && a.State != Settled) {
		return nil, nil
	}
	b := have.Bill(a.Reference)
	p, err := w.lookup(ctx, b.Account, PaymentKey{Configuration: b.Configuration, Reference: b.Reference})
	if err != nil {
		return nil, fmt.Errorf("look at %s before deciding: %w", b.Reference, err)
	}
	return []Payment{p}, nil
}

func senderAlive(ctx context.Context, w *World, ref, id string) (bool, error) {
	have, _, err := w.Store.Get(ctx, ref)
	if err != nil {
		return false, fmt.Errorf("read the state: %w", err)
	}
	a := have.named(id)
	if a == nil || a.Incarnation == "" {
		return false, nil
	}
	return w.Store.Alive(ctx, a.Incarnation)
}

func decide(o *Observed, a *Attempt, d Decision, now time.Time, alive bool) error {
	refuse := func(format string, args ...any) error {
		return &ResolveError{ID: a.ID, Why: fmt.Sprintf(format, args...)}
	}
	how := fmt.Sprintf("%s by %s: %s", d.Verdict, d.Who, d.Reason)
	switch d.Verdict {
	case Succeeded:
		if a.State == Settled && a.Result == d.ID {
			return nil // the look found it
		}
		if a.State == Settled {
			return refuse("it is settled already, as %s", orElse(a.Result, "found by looking"))
		}
		return attach(o, a, d, now, how)
	case DidNot:
		if !a.State.Open() {
			return refuse("it is %s; only an unknown outcome can be declared not to have happened", a.State)
		}
		if a.Kind != KindRefund && a.State == Sending && alive {
			return refuse("it is being sent right now; run again in a moment")
		}
		if a.Kind == KindRefund {
			if why := mayStillHappen(o, a, now, alive); why != "" && !forced(o, a, d.Force) {
				return refuse("%s. If you know better, type in the payment's id: --force PAYMENT_ID", why)
			}
		}
		o.move(a, Closed, now, how)
	case Retry:
		return permitRetry(o, a, now, how, refuse)
	case GiveUp:
		if a.State == Settled || a.State == Rejected {
			return refuse("it is %s; there is nothing left to ask", a.State)
		}
		if last := o.latest(a); last.ID != a.ID && !a.State.Open() {
			return refuse("%s came after it, and is %s; decide about that one", last.ID, last.State)
		}
		o.move(a, Abandoned, now, how)
		a.FollowedBy = ""    // the person's word stands, whatever becomes of what followed it
		o.doubtAgain(a, now) // what it followed is another question
	default:
		return refuse("choose one of --succeeded ID, --failed, --retry, --abandon")
	}
	return nil
}

// attach settles an attempt with the id a person gives. A refund's id must be on the list:
// same payment, same amount, owned by no other, and not there before it was asked for.
func attach(o *Observed, a *Attempt, d Decision, now time.Time, how string) error {
	if a.Kind == KindRefund {
		if why := notItsRefund(o, a, d.ID); why != "" {
			return &ResolveError{a.ID, why}
		}
		r := o.refund(d.ID)
		r.Owner, r.Foreign = a.Label, false
		o.markRefund(r, now)
	}
	o.settle(a, d.ID, now, how)
	return nil
}

// notItsRefund says why a refund cannot be the effect of an attempt; empty where it can.
func notItsRefund(o *Observed, a *Attempt, id string) string {
	r := o.refund(id)
	switch {
	case a.State == Ready:
		return "it was never sent; the next apply sends it"
	case r == nil:
		return fmt.Sprintf("the lookup of %s lists no refund %s", a.Reference, id)
	case r.Reference != a.Reference:
		return fmt.Sprintf("%s is a refund of %s, not of %s", id, r.Reference, a.Reference)
	case r.Amount != a.Amount:
		return fmt.Sprintf("%s is a refund of %s, and %s was asked for", id, money(r.Amount, r.Currency), money(a.Amount, a.Currency))
	case r.Owner != "" && r.Owner != a.Label:
		return fmt.Sprintf("%s belongs to the refund %q already", id, r.Owner)
	case slices.Contains(a.Baseline, id):
		return fmt.Sprintf("%s was on the list before this refund was asked for", id)
	}
	if b := o.last(func(b *Attempt) bool { return b.Kind == KindRefund && b.Result == id && b.ID != a.ID }); b != nil {
		return fmt.Sprintf("%s is what %s came to already", id, b.ID)
	}
	return ""
}

// roughly is a time that has passed, in the largest unit that says something.
func roughly(d time.Duration) time.Duration {
	if d < time.Minute {
		return d.Round(time.Second)
	}
	return d.Round(time.Minute)
}

// mayStillHappen says why it is too early to declare that a refund did not happen, or
// nothing (reliability 3.7).
func mayStillHappen(o *Observed, a *Attempt, now time.Time, alive bool) string {
	switch since := now.Sub(a.ClaimedAt); {
	case alive:
		return "the process that was sending it still runs or is paused"
	case since < failedAfter:
		return fmt.Sprintf("it was asked for %s ago, and may still take effect; this is refused for 24 hours", roughly(since))
	case a.Looks < failedLooks || a.LookedLast.Sub(a.LookedFirst) < failedSpread || a.LookedLast.Sub(a.ClaimedAt) < failedAfter:
		return fmt.Sprintf("%d complete lookups since then show nothing; three are needed, over half a day at the least, the last one later than 24 hours after it was asked for. hisab apply looks", a.Looks)
	}
	for i := range o.Refunds {
		if r := &o.Refunds[i]; r.Reference == a.Reference && !r.Explained() && r.State != RefundFailed {
			return fmt.Sprintf("the list has %s, which belongs to no label; it could be this one: --succeeded %s", r.ID, r.ID)
		}
	}
	return ""
}

// forced: the person typed in an id of the very payment.
func forced(o *Observed, a *Attempt, id string) bool {
	if id == "" {
		return false
	}
	b := o.Bill(a.Reference)
	if id == a.Reference {
		return true
	}
	if b == nil || b.Look == nil {
		return false
	}
	for _, t := range b.Look.Transactions {
		if id == t.ID || id == t.PGTransactionID {
			return true
		}
	}
	return false
}

// latest is the last attempt at what an attempt was for.
func (o *Observed) latest(a *Attempt) *Attempt {
	if a.Kind == KindRefund {
		return o.ofRefund(a.Label)
	}
	return o.ofAction(a.Action)
}

func permitRetry(o *Observed, a *Attempt, now time.Time, how string, refuse func(string, ...any) error) error {
	if last := o.latest(a); last.ID != a.ID {
		return refuse("%s came after it, and is %s; decide about that one", last.ID, last.State)
	}
	if !o.failed(a) {
		if a.State.Open() {
			return refuse("its outcome is not known, and a second one could pay twice; first settle it with --succeeded ID or --failed")
		}
		return refuse("it is %s; a new attempt is only for a definite failure", a.State)
	}
	a.Retry = true
	o.tell(now, "retry permitted", a, how)
	return nil
}

func declareForeign(o *Observed, id string, d Decision, now time.Time) error {
	r := o.refund(id)
	if r.Owner != "" {
		return &ResolveError{ID: id, Why: fmt.Sprintf("it belongs to the refund %q", r.Owner)}
	}
	r.Foreign = true
	o.tell(now, "foreign", nil, fmt.Sprintf("refund %s declared another's by %s: %s", id, d.Who, d.Reason))
	return nil
}
