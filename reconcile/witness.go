package reconcile

import (
	"context"
	"fmt"
	"time"
)

// Witness records what a webhook says of a message: it confirms or denies an attempt that
// its opaque string names, and may attach a lost message id. It moves no payment and no
// refund (reliability 5.3); evidence about a payment is for the caller to look at. It
// reports whether the evidence concerned an attempt of this state.
func Witness(ctx context.Context, w *World, e Evidence) (bool, error) {
	ref, id, ok := ParseOpaque(e.Opaque)
	if !ok || e.Delivery == Unconfirmed {
		return false, nil
	}
	known := false
	now := w.Clock.Now()
	if _, found, err := w.Store.Get(ctx, ref); err != nil || !found {
		return false, err
	}
	_, err := w.Store.Update(ctx, ref, func(o *Observed) error {
		known = o.witness(id, e, now)
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("record a webhook for %s: %w", ref, err)
	}
	return known, nil
}

// rank orders the deliveries: a message that was read was delivered.
func (d Delivery) rank() int {
	switch d {
	case SentOn:
		return 1
	case Delivered:
		return 2
	case Read:
		return 3
	case FailedOnRoute:
		return 4
	}
	return 0
}

func (o *Observed) witness(id string, e Evidence, now time.Time) bool {
	a := o.Attempt(id)
	if a == nil || a.Kind == KindRefund {
		return false
	}
	if a.Account != "" && e.Account != "" && a.Account != e.Account {
		return false // another tenant's event names our message: ignored
	}
	if e.Delivery == FailedOnRoute {
		o.failedOnRoute(a, e, now)
		return true
	}
	if e.Delivery.rank() > a.Delivery.rank() && a.Delivery != FailedOnRoute {
		a.Delivery = e.Delivery
		o.tell(now, string(e.Delivery), a, "told by a webhook")
	}
	// What carries requests may deliver one twice, and what was refused at once may arrive.
	refusedAtOnce := a.State == Rejected && a.Result == "" && a.Delivery != FailedOnRoute
	if a.State.Open() || a.State == Abandoned || a.State == Closed || refusedAtOnce {
		o.settle(a, e.MessageID, now, "a webhook says it arrived")
	} else if a.State == Settled && a.Result == "" {
		a.Result = e.MessageID
	}
	return true
}

// failedOnRoute takes an acceptance back: the platform said yes and then could not, or would
// not. For an order_status the recorded status goes back with it, since a rejected attempt
// moves nothing.
func (o *Observed) failedOnRoute(a *Attempt, e Evidence, now time.Time) {
	if a.Delivery == FailedOnRoute || a.Delivery.rank() >= Delivered.rank() {
		return
	}
	if a.Result != "" && e.MessageID != "" && a.Result != e.MessageID {
		return // an earlier try of the same intent, which was throttled and made again
	}
	if a.nothingCame() {
		return
	}
	a.Delivery = FailedOnRoute
	if e.Code == codeBadTransition && a.State.Open() && a.To.Terminal() {
		o.tell(now, "failed", a, "a webhook says that it is no legal change, which it is not either where it was delivered before")
		return
	}
	a.Code = e.Code
	if a.Result == "" {
		a.Result = e.MessageID
	}
	if e.Code == codeBadTransition && o.hadArrived(a) {
		o.settle(a, "", now, noChangeText)
		return
	}
	if a.Kind == KindSend && o.payable(a.Reference) {
		o.tell(now, "failed", a, "a webhook says it did not arrive, and a payment shows that it did")
		return
	}
	why := e.Meaning
	if why == "" {
		why = fmt.Sprintf("failed with code %d", e.Code)
	}
	if e.Class == Throttled || e.Class == Paused {
		a.NextAt = now.Add(wait(&CallError{}, 0))
		o.move(a, Ready, now, why)
	} else {
		o.move(a, Rejected, now, why)
	}
	o.neitherArrived(a, now)
}

// neitherArrived takes back what was settled since an order_status that it repeats seemed to
// have arrived, now that this one is known to have been refused: webhooks come in any order.
func (o *Observed) neitherArrived(a *Attempt, now time.Time) {
	for i := range o.Attempts {
		b := &o.Attempts[i]
		if b.State == Settled && b.Delivery == FailedOnRoute && b.movesStatus() && b.Reference == a.Reference && b.To == a.To && b.N > a.N && !o.hadArrived(b) {
			o.move(b, Rejected, now, "refused as no legal change, and "+a.ID+", which it repeats, was refused too")
		}
	}
}

// payable: a look has shown that a customer paid the bill, or began to.
func (o *Observed) payable(reference string) bool {
	switch o.Bill(reference).state() {
	case Captured, PaymentPending, Authorized:
		return true
	}
	return false
}
