package reconcile

import (
	"math"
	"time"

	"github.com/hisab/hisab/spec"
)

// Bill returns the bill sent under a reference, or nil.
func (o *Observed) Bill(reference string) *Bill {
	for i := range o.Bills {
		if o.Bills[i].Reference == reference {
			return &o.Bills[i]
		}
	}
	return nil
}

// Current returns the bill that the customer is meant to pay, or nil: the last one that was
// sent or may have been. A bill that was begun and proved not to have been sent takes
// nobody's place; it is returned where there is no other.
func (o *Observed) Current() *Bill {
	for i := len(o.Bills) - 1; i >= 0; i-- {
		if b := &o.Bills[i]; o.Sent(b) || o.doubtful(b) != nil {
			return b
		}
	}
	return o.begun()
}

// begun returns the last bill, sent or not, or nil.
func (o *Observed) begun() *Bill {
	if len(o.Bills) == 0 {
		return nil
	}
	return &o.Bills[len(o.Bills)-1]
}

// Attempt returns the attempt with an id, or nil.
func (o *Observed) Attempt(id string) *Attempt {
	for i := range o.Attempts {
		if o.Attempts[i].ID == id {
			return &o.Attempts[i]
		}
	}
	return nil
}

// last returns the latest attempt that f accepts, or nil.
func (o *Observed) last(f func(*Attempt) bool) *Attempt {
	for i := len(o.Attempts) - 1; i >= 0; i-- {
		if f(&o.Attempts[i]) {
			return &o.Attempts[i]
		}
	}
	return nil
}

// ofAction returns the latest attempt of an action, or nil.
func (o *Observed) ofAction(id string) *Attempt {
	return o.last(func(a *Attempt) bool { return a.Action == id })
}

// ofRefund returns the latest attempt of a refund label, or nil.
func (o *Observed) ofRefund(label string) *Attempt {
	return o.last(func(a *Attempt) bool { return a.Kind == KindRefund && a.Label == label })
}

// Sent reports whether the bill reached the platform.
func (o *Observed) Sent(b *Bill) bool {
	if b == nil {
		return false
	}
	return b.Imported || o.last(func(a *Attempt) bool {
		return a.Kind == KindSend && a.Reference == b.Reference && a.State == Settled
	}) != nil
}

// doubtful reports whether nobody can say if the bill reached the platform.
func (o *Observed) doubtful(b *Bill) *Attempt {
	if b == nil || o.Sent(b) {
		return nil
	}
	return o.last(func(a *Attempt) bool {
		return a.Kind == KindSend && a.Reference == b.Reference && a.State.Open()
	})
}

// StatusOf is the order status of a bill: pending, or what it was taken over with, moved on
// by every order_status that was accepted and not refused afterwards. WhatsApp has no call
// that reads it, so the journal is its only record.
func (o *Observed) StatusOf(b *Bill) spec.Status {
	if b == nil {
		return spec.Pending
	}
	if a := o.lastMove(b); a != nil {
		return a.To
	}
	if b.ImportedStatus != "" {
		return b.ImportedStatus
	}
	return spec.Pending
}

// lastMove returns the order_status that brought the bill to its status, or nil.
func (o *Observed) lastMove(b *Bill) *Attempt {
	if b == nil {
		return nil
	}
	return o.last(func(a *Attempt) bool {
		return a.movesStatus() && a.Reference == b.Reference && a.State == Settled
	})
}

// Status is the order status of the current bill.
func (o *Observed) Status() spec.Status { return o.StatusOf(o.Current()) }

// movesStatus reports whether the attempt is an order_status message.
func (a *Attempt) movesStatus() bool {
	return a.Kind == KindStatus || (a.Kind == KindReplace && a.To == spec.Canceled)
}

// replaced returns the accepted cancel with which a replace of the bill began, or nil.
func (o *Observed) replaced(b *Bill) *Attempt {
	if b == nil {
		return nil
	}
	return o.last(func(a *Attempt) bool {
		return a.Kind == KindReplace && a.Reference == b.Reference && a.State == Settled
	})
}

// canceledAt is when the cancel of the bill was accepted; zero when it is not canceled.
func (o *Observed) canceledAt(b *Bill) time.Time {
	if o.StatusOf(b) != spec.Canceled {
		return time.Time{}
	}
	if a := o.lastMove(b); a != nil {
		return a.EndedAt
	}
	if b.Look != nil {
		return b.Look.At // canceled before it was imported; the first look is the nearest we know
	}
	return time.Time{}
}

// openStatus returns the order_status whose outcome is not known, or nil.
func (o *Observed) openStatus() *Attempt {
	return o.last(func(a *Attempt) bool { return a.movesStatus() && a.State.Open() })
}

// openRefund returns a refund on the payment whose outcome is not known, or nil.
func (o *Observed) openRefund(reference string) *Attempt {
	return o.last(func(a *Attempt) bool {
		return a.Kind == KindRefund && a.Reference == reference && a.State.Open()
	})
}

// state is what is known of the bill's payment.
func (b *Bill) state() PaymentState {
	if b == nil || b.Look == nil {
		return Unpaid
	}
	if b.Look.State == NotFound {
		return Unpaid
	}
	return b.Look.State
}

// expired reports whether the customer's time to pay is over.
func (b *Bill) expired(now time.Time) bool {
	return b != nil && !b.ExpiresAt.IsZero() && !now.Before(b.ExpiresAt)
}

// successes are the attempts to pay that took money.
func (b *Bill) successes() []Transaction {
	if b.Look == nil {
		return nil
	}
	var ts []Transaction
	for _, t := range b.Look.Transactions {
		if t.State == TransactionSuccess {
			ts = append(ts, t)
		}
	}
	return ts
}

// captured is how much the customer paid under the bill. Twice paid counts twice: WhatsApp
// promises at most one success, and where a platform breaks that promise each took money.
func (b *Bill) captured() spec.Amount {
	if b == nil || b.state() != Captured {
		return 0
	}
	once := b.Look.Amount
	if once == 0 {
		once = b.Total
	}
	ts := b.successes()
	if len(ts) < 2 {
		return once
	}
	var sum spec.Amount
	for _, t := range ts {
		if t.Amount != 0 {
			sum = plus(sum, t.Amount)
		} else {
			sum = plus(sum, once)
		}
	}
	return sum
}

// plus adds amounts that are not negative. A sum beyond what an Amount holds stays at the
// largest: where too much is the question, it must not come out small.
func plus(a, b spec.Amount) spec.Amount {
	if sum := a + b; sum >= a {
		return sum
	}
	return math.MaxInt64
}

// capturedInAll adds up all bills.
func (o *Observed) capturedInAll() spec.Amount {
	var sum spec.Amount
	for i := range o.Bills {
		sum = plus(sum, o.Bills[i].captured())
	}
	return sum
}

// refunded adds up what was given back, or may have been, on a payment: everything listed
// that did not fail, and every attempt that is not listed and did not provably fail.
// Unknown counts as spent, and so does pending.
func (o *Observed) refunded(reference string) spec.Amount {
	var sum spec.Amount
	for i := range o.Refunds {
		if r := &o.Refunds[i]; r.Reference == reference && r.State != RefundFailed {
			sum = plus(sum, r.Amount)
		}
	}
	for i := range o.Attempts {
		a := &o.Attempts[i]
		if a.Kind != KindRefund || a.Reference != reference {
			continue
		}
		if a.State.Open() || a.State == Abandoned || (a.State == Settled && o.refund(a.Result) == nil) {
			sum = plus(sum, a.Amount)
		}
	}
	return sum
}

// refundedInAll adds up all payments.
func (o *Observed) refundedInAll() spec.Amount {
	var sum spec.Amount
	for i := range o.Bills {
		sum = plus(sum, o.refunded(o.Bills[i].Reference))
	}
	return sum
}

// refund returns the refund with an id, or nil.
func (o *Observed) refund(id string) *RefundSeen {
	for i := range o.Refunds {
		if o.Refunds[i].ID == id {
			return &o.Refunds[i]
		}
	}
	return nil
}

// failed: it is certain that the attempt came to nothing. That a refund was taken on does not
// mean that money went back.
func (o *Observed) failed(a *Attempt) bool {
	if a.State == Rejected || a.State == Closed {
		return true
	}
	r := o.refund(a.Result)
	return a.Kind == KindRefund && a.State == Settled && r != nil && r.State == RefundFailed
}

// mark returns when something was first seen or known, and false where it was not.
func (o *Observed) mark(name string) (time.Time, bool) {
	for i := range o.Marks {
		if o.Marks[i].Name == name {
			return o.Marks[i].At, true
		}
	}
	return time.Time{}, false
}

// setMark notes a first time; a later one changes nothing.
func (o *Observed) setMark(name string, at time.Time) {
	if _, ok := o.mark(name); !ok {
		o.Marks = append(o.Marks, Mark{Name: name, At: at})
	}
}

// tell appends to the log.
func (o *Observed) tell(at time.Time, name string, a *Attempt, detail string) {
	e := Event{At: at, Ref: o.Ref, Name: name, Detail: detail}
	if a != nil {
		e.Attempt, e.Fence, e.Incarnation = a.ID, a.Fence, a.Incarnation
	}
	o.News = append(o.News, e)
}
