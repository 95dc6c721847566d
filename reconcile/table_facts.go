package reconcile

import (
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
	pay     *Bill        // the bill whose payment it is of, nil while that cannot be told
	attempt *Attempt     // its latest attempt, or nil
	fresh   spec.Amount  // what all refunds that would be sent now on that payment add up to
	id      string       // of the action it would be
}

func newFacts(want *spec.Order, have *Observed, t Terms) *facts {
	f := &facts{Terms: t, want: want, have: have, bill: have.Current(), target: want.Status}
	f.sent = have.Sent(f.bill)
	f.status = have.Status()
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
func (f *facts) newReference() bool { return f.have.Bill(f.want.ReferenceID) == nil }

// nextReference names the next bill: the declared reference where it is new, else the
// declared one with a number.
func (f *facts) nextReference() (string, bool) {
	if f.have.Bill(f.want.ReferenceID) == nil {
		return f.want.ReferenceID, true
	}
	if b := f.bill; b != nil && !f.sent && f.have.replaced(b) == nil {
		return b.Reference, true // begun, and proved not to have been sent
	}
	for n := 2; ; n++ {
		next, ok := NextReference(f.want.ReferenceID, n)
		if !ok || f.have.Bill(next) == nil {
			return next, ok
		}
	}
}

func (f *facts) state() PaymentState {
	if f.bill == nil {
		return Unpaid
	}
	return f.bill.state()
}

// unpaid: nothing came in and nothing is under way.
func (f *facts) unpaid() bool { return f.state() == Unpaid || f.state() == PaymentDead }

func (f *facts) paymentUnderWay() bool {
	return f.state() == PaymentPending || f.state() == Authorized
}

// anyCaptured: some bill of the order is paid.
func (f *facts) anyCaptured() bool { return f.have.capturedInAll() > 0 }

// offline is what was paid elsewhere, as declared.
func (f *facts) offline() spec.Amount {
	var sum spec.Amount
	for i := range f.want.OfflinePayments {
		sum += f.want.OfflinePayments[i].Amount
	}
	return sum
}

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

// surplus is how much more came in, offline and captured together, than the order asks for.
func (f *facts) surplus() spec.Amount { return f.net() + f.offline() - f.want.Total }

func (f *facts) refundedInFull() bool {
	return f.state() == Captured && f.bill.captured() > 0 && f.have.refunded(f.bill.Reference) >= f.bill.captured()
}

// strayFound: the platform knows the reference and the journal does not.
func (f *facts) strayFound() bool {
	return f.have.Stray != nil && f.have.Stray.State != NotFound && !f.sent && f.have.doubtful(f.bill) == nil
}
