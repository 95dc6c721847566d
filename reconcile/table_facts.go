package reconcile

import (
	"fmt"
	"slices"
	"time"

	"github.com/hisab/hisab/spec"
)

// Terms are what a decision depends on beyond the order itself.
type Terms struct {
	Now time.Time
	// Since is when the run began: what is first seen from then on is new.
	Since time.Time
	// Account is the provider account of the order's provider; empty where it has none.
	Account string
	// Replace asks for a new bill without a change (plan --replace).
	Replace bool
	// RetryFailedRefunds is the policy's number of new attempts after a definite failure.
	RetryFailedRefunds int
	// Approved holds the ids of actions that a person let go.
	Approved map[string]bool
	// Mine is the incarnation of this process: what it is sending right now is no doubt.
	Mine string
	// Paused says why the provider refuses the account now; empty: it does not, as far as
	// this run knows.
	Paused string
	// Forms digests what each template is on the platform, by address (Forms).
	Forms map[string]string
}

// Forms digests, for each template of a spec, what it is called on the platform. A message
// that was refused for its template is tried again when that changes.
func Forms(s *spec.Spec) map[string]string {
	forms := make(map[string]string, len(s.Templates))
	for _, t := range s.Templates {
		forms[t.Address()] = digest(4, t.Name, t.Namespace, t.Language)
	}
	return forms
}

// facts is one order, wanted and observed, with what the tables ask about.
type facts struct {
	Terms
	want *spec.Order // never nil; of an order that left the spec, what is left to want
	have *Observed
	bill *Bill // the current one, nil before the first

	sent    bool // the current bill reached the platform, or is about to in this plan
	sending bool // this plan sends or replaces
	target  spec.Status
	status  spec.Status
	changed []string // facets of the content that differ from what was sent

	refund  *spec.Refund // the one the refund table is asked about
	removed bool         // it left the spec after it was sent
	pay     *Bill        // the bill whose payment it is of, nil while that cannot be told
	attempt *Attempt     // its latest attempt, or nil
	fresh   spec.Amount  // what all refunds that would be sent now on that payment add up to
	id      string       // of the action it would be
}

func newFacts(want *spec.Order, have *Observed, t Terms) *facts {
	f := &facts{Terms: t, want: want, have: have, bill: have.Current(), target: want.Status}
	f.sent = have.Sent(f.bill)
	f.status = have.StatusOf(f.bill)
	if !slices.Contains(spec.Statuses, f.target) {
		f.target = f.status // no status is asked for; a spec that loaded never comes here
	}
	if f.sent && want.Provider != "" {
		f.changed = f.bill.Facets.changed(facetsOf(want, t.Account))
		if f.newReference() {
			f.changed = append(f.changed, "reference_id")
		}
	}
	return f
}

// newReference reports whether the user gave the order another reference_id than any it was
// billed under.
func (f *facts) newReference() bool { return f.free(f.want.ReferenceID) }

// nextReference names the next bill: the declared reference where it is free, else the
// declared one with a number.
func (f *facts) nextReference() (string, bool) {
	if f.free(f.want.ReferenceID) {
		return f.want.ReferenceID, true
	}
	for n := 2; ; n++ {
		next, ok := spec.NextReference(f.want.ReferenceID, n)
		if !ok || f.free(next) {
			return next, ok
		}
	}
}

// free: nothing was sent under the reference. One that was begun and proved not to have
// been sent is free still.
func (f *facts) free(reference string) bool {
	b := f.have.Bill(reference)
	return !f.have.Sent(b) && f.have.doubtful(b) == nil
}

func (f *facts) state() PaymentState {
	if f.bill == nil {
		return Unpaid
	}
	if f.unobservable() && !f.paidOffline() {
		return PaymentUnknown
	}
	return f.bill.state()
}

// unobservable: WhatsApp has no lookup for the way this order is paid, so what it says of the
// reference is no evidence. UPI intent and payment links are seen at the gateway alone (Meta,
// Payments API India overview).
func (f *facts) unobservable() bool {
	p := f.want.Payment
	return p != nil && (p.Gateway == "upi" || p.Gateway == "payment_link")
}

// unpaid: nothing came in and nothing is under way.
func (f *facts) unpaid() bool { return f.state() == Unpaid || f.state() == PaymentDead }

func (f *facts) paymentUnderWay() bool {
	return f.state() == PaymentPending || f.state() == Authorized
}

// billIn is the latest bill whose payment is in one of these states, or nil. A customer may
// still pay one that another has replaced: its cancel can fail on its way.
func (f *facts) billIn(states ...PaymentState) *Bill {
	for i := len(f.have.Bills) - 1; i >= 0; i-- {
		b := &f.have.Bills[i]
		state := b.state()
		if b == f.bill {
			state = f.state()
		}
		if slices.Contains(states, state) {
			return b
		}
	}
	return nil
}

// anyCaptured: some bill of the order is paid.
func (f *facts) anyCaptured() bool { return f.have.capturedInAll() > 0 }

// offline is what was paid elsewhere, as declared.
func (f *facts) offline() spec.Amount { return paidElsewhere(f.want).Amount }

func (f *facts) paidOffline() bool { return f.offline() >= f.want.Total && f.offline() > 0 }

// moneyIn: captured, or paid offline in full.
func (f *facts) moneyIn() bool { return f.state() == Captured || f.paidOffline() }

// net is what was captured and not given back.
func (f *facts) net() spec.Amount { return f.have.capturedInAll() - f.have.refundedInAll() }

// paidTwice: money came in under two references, or twice under one.
func (f *facts) paidTwice() bool {
	paid := 0
	for i := range f.have.Bills {
		b := &f.have.Bills[i]
		if b.captured() > 0 {
			paid += max(1, len(b.successes()))
		}
	}
	return paid > 1
}

// paidAfterCancel: a canceled bill was paid all the same, and the money is still here. Where
// the bill that took a canceled one's place is paid as well, that is paid twice.
func (f *facts) paidAfterCancel() bool {
	paid, canceled := 0, false
	for i := range f.have.Bills {
		b := &f.have.Bills[i]
		if b.captured() == 0 {
			continue
		}
		paid++
		kept := b.captured() > f.have.refunded(b.Reference)
		if kept && f.have.StatusOf(b) == spec.Canceled {
			canceled = true
		}
	}
	return canceled && (paid == 1 || f.status == spec.Canceled)
}

// mismatch: what was captured is not what was billed.
func (f *facts) mismatch() *Bill {
	for i := range f.have.Bills {
		b := &f.have.Bills[i]
		if b.state() != Captured || b.Total == 0 {
			continue
		}
		if (b.Look.Amount != 0 && b.Look.Amount != b.Total) || (b.Look.Currency != "" && b.Look.Currency != b.Currency) {
			return b
		}
	}
	return nil
}

// surplus is how much more came in, offline and captured together, than the order asks for. A
// payment fixes what that is: a total that is declared otherwise since is not in force.
func (f *facts) surplus() spec.Amount {
	total := f.want.Total
	if f.sent && f.bill.captured() > 0 {
		total = f.bill.Total
	}
	return f.net() + f.offline() - total
}

// refundedInFull: all that the customer paid went back. What was paid offline in full is
// still here.
func (f *facts) refundedInFull() bool {
	if f.paidOffline() {
		return false
	}
	return f.state() == Captured && f.bill.captured() > 0 && f.have.refunded(f.bill.Reference) >= f.bill.captured()
}

// unbilled: there is no bill that the customer could pay, or it was canceled to make room
// for the next one.
func (f *facts) unbilled() bool { return !f.sent || f.replacing() }

// stranger: the platform knows the reference of the order's next bill, and the journal has
// not sent it. A bill of our own that the platform took and could not deliver is known to it
// as unpaid; that is no stranger.
func (f *facts) stranger() bool {
	stray := f.have.Stray
	if stray == nil || stray.State == NotFound {
		return false
	}
	lost := f.have.last(func(a *Attempt) bool { return a.Kind == KindSend && a.Reference == stray.Reference })
	return lost == nil || lost.Delivery != FailedOnRoute || stray.State != Unpaid
}

func strangerText(f *facts) string {
	stray := f.have.Stray
	return fmt.Sprintf("%s is known to the provider (payment %s) and not to this state; nothing is sent or refunded. Take it over: hisab import %s",
		stray.Reference, stray.State, stray.Reference)
}
