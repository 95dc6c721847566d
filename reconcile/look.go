package reconcile

import (
	"time"

	"github.com/hisab/hisab/spec"
)

// Look is one lookup to make.
type Look struct {
	Account string
	Key     PaymentKey
	// Patient looks wait only for the customer and may be put off to a later run.
	Patient bool
	// Last is when the payment was last looked at; zero: never.
	Last time.Time
}

// again are the ages at which an order that is over is looked at once more (contract section
// 4, Observed).
var again = []time.Duration{30 * time.Minute, 24 * time.Hour, 7 * 24 * time.Hour}

// Looks says which lookups an order needs now. A converged order needs none. want is nil for
// an order that left the spec.
func Looks(want *spec.Order, have *Observed, t Terms) []Look {
	var looks []Look
	for i := range have.Bills {
		b := &have.Bills[i]
		l := Look{Account: b.Account, Key: PaymentKey{Configuration: b.Configuration, Reference: b.Reference}}
		if b.Look != nil {
			l.Last = b.Look.At
		}
		due, patient := lookDue(want, have, b, t)
		if due {
			l.Patient = patient
			looks = append(looks, l)
		}
	}
	if want == nil || want.Provider == "" {
		return looks
	}
	if l, ok := lookFirst(want, have, t); ok {
		looks = append(looks, l)
	}
	return looks
}

// lookFirst is the look at a reference before anything is sent under it.
func lookFirst(want *spec.Order, have *Observed, t Terms) (Look, bool) {
	f := newFacts(want, have, t)
	reference, ok := f.nextReference()
	if !ok || !f.wantsBill() || have.doubtful(f.bill) != nil {
		return Look{}, false
	}
	return Look{Account: t.Account, Key: PaymentKey{Configuration: configuration(want), Reference: reference}}, true
}

// wantsBill: a bill is still to be sent.
func (f *facts) wantsBill() bool {
	if !f.unbilled() || f.want.Status == spec.Canceled {
		return false
	}
	_, recorded := f.have.mark(seen + spec.EventPaid)
	return !recorded || !f.paidOffline()
}

func configuration(want *spec.Order) string {
	if want.Payment == nil {
		return ""
	}
	return want.Payment.Configuration
}

// lookDue decides about one bill, and whether the look can wait for a later run.
func lookDue(want *spec.Order, have *Observed, b *Bill, t Terms) (due, patient bool) {
	if have.doubtful(b) != nil || have.openRefund(b.Reference) != nil {
		return true, false
	}
	if !have.Sent(b) {
		return false, false
	}
	if b.Look == nil {
		return true, false
	}
	current := b == have.Current()
	if want != nil && have.Standing != Forgotten && current {
		if c := Diff(want, have, t); len(c.Actions) > 0 {
			return true, false
		}
	}
	if !refundsSettled(have, b) || armed(want, have, b) {
		return true, false
	}
	if over := overSince(have, b, t.Now); !over.IsZero() {
		if current && want != nil && newFacts(want, have, t).replaceOpen() {
			return true, false
		}
		return onceMore(over, b.Look.At, t.Now), true
	}
	if have.StatusOf(b) == spec.Completed {
		return false, false
	}
	switch b.state() {
	case Captured:
		return want != nil && waitsFor(want, have), false
	default:
		return have.Standing != Forgotten || onceMore(b.Look.At, b.Look.At, t.Now), true
	}
}

// replaceOpen: the bill was canceled to make room for one that is still to be sent.
func (f *facts) replaceOpen() bool { return f.replacing() && f.wantsBill() }

// armed: a refund is declared on the bill's payment that has not been sent.
func armed(want *spec.Order, have *Observed, b *Bill) bool {
	if want == nil || b.state() != Captured {
		return false
	}
	for i := range want.Refunds {
		r := &want.Refunds[i]
		if r.ID != "" {
			if seenRefund := have.refund(r.ID); seenRefund == nil || seenRefund.Owner == "" {
				return true
			}
			continue
		}
		if have.ofRefund(refundLabel(have, r)) == nil {
			return true
		}
	}
	return false
}

// waitsFor: the declared status is not reached.
func waitsFor(want *spec.Order, have *Observed) bool {
	return want.Status != spec.Pending && want.Status != have.Status()
}

// refundsSettled: no refund of the bill is on its way.
func refundsSettled(have *Observed, b *Bill) bool {
	for i := range have.Refunds {
		r := &have.Refunds[i]
		if r.Reference == b.Reference && r.State != RefundSuccess && r.State != RefundFailed {
			return false
		}
	}
	for i := range have.Attempts {
		a := &have.Attempts[i]
		if a.Kind == KindRefund && a.Reference == b.Reference && a.State == Settled && have.refund(a.Result) == nil {
			return false
		}
	}
	return true
}

// overSince is when the bill stopped being payable: canceled, expired or forgotten; zero
// while it is not.
func overSince(have *Observed, b *Bill, now time.Time) time.Time {
	if b.state() == Captured {
		return time.Time{}
	}
	if at := have.canceledAt(b); !at.IsZero() {
		return at
	}
	if b.expired(now) {
		return b.ExpiresAt
	}
	if at, ok := have.mark(forgottenMark); ok && have.Standing == Forgotten {
		return at
	}
	return time.Time{}
}

// forgottenMark is when an order was last forgotten.
const forgottenMark = "forgotten"

// onceMore reports whether one of the ages has passed since the last look.
func onceMore(over, last, now time.Time) bool {
	for _, age := range again {
		at := over.Add(age)
		if last.Before(at) && !now.Before(at) {
			return true
		}
	}
	return false
}
