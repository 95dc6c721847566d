package reconcile

import (
	"context"
	"slices"
	"time"

	"github.com/hisab/hisab/spec"
)

// Look is one lookup to make.
type Look struct {
	Account string
	Key     PaymentKey
	// Patient looks wait only for the customer and may be put off to a later run.
	Patient bool
	// Beside looks are at a reference of which this order has sent nothing, made for the sake of
	// a refund. Where it is another order's by now, they are nobody's business.
	Beside bool
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
	f := newFacts(want, have, t)
	switch next, ok := f.lookNext(); {
	case !ok:
	case f.wantsBill():
		if have.doubtful(f.bill) == nil {
			looks = append(looks, next)
		}
	case f.givesBack():
		next.Beside = true
		looks = append(looks, next)
	}
	return looks
}

// lookNext is the look at the reference that the order's next bill has: before that is sent,
// and before a refund. An old copy of the state may not know that the order was billed again,
// and what was given back on that bill no other bill's list shows (contract section 4,
// Observed: a lost or old state neither bills nor refunds twice).
func (f *facts) lookNext() (Look, bool) {
	reference, ok := f.nextReference()
	return Look{Account: f.Account, Key: PaymentKey{Configuration: configuration(f.want), Reference: reference}}, ok
}

// givesBack: by what is known now, a refund follows.
func (f *facts) givesBack() bool {
	return len(f.want.Refunds) > 0 && slices.ContainsFunc(Diff(f.want, f.have, f.Terms).Actions, func(a Action) bool { return a.Kind == KindRefund })
}

// anothers reports whether a look beside an order is at what the state knows as another's.
func (w *World) anothers(ctx context.Context, ref string, l Look) (bool, error) {
	if !l.Beside {
		return false, nil
	}
	have, known, err := w.Store.Get(ctx, l.Key.Reference)
	return known && have.Ref != ref, err
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
