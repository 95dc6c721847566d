package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// forget stops managing an order that left the spec.
func (j *job) forget(ctx context.Context) {
	t := j.terms(nil)
	_, err := j.w.Store.Update(ctx, j.ref, func(o *Observed) error {
		orphans(o, t.Now, j.w.Incarnation)
		change := DiffRemoved(o, j.action.Provider, t).Change
		if change.find(j.action.ID) == nil {
			return stale(&j.action, &change)
		}
		erase(o, t.Now)
		return nil
	})
	var st *staleError
	switch {
	case errors.As(err, &st):
		j.put(j.overtaken(), ActionSkipped, Outcome{Action: j.action, Detail: st.Error()})
	case err != nil:
		j.broken(fmt.Errorf("write the journal: %w", err))
		j.put(&j.result.Failed, ActionFailed, Outcome{Action: j.action, Detail: err.Error()})
	default:
		j.putDone(j.action, "")
	}
}

// Forget stops managing an order and erases the customer's personal data. Reference, message
// ids, statuses and refunds stay, so that declaring it again goes on where it was
// (contract section 4, Removal).
func Forget(ctx context.Context, w *World, ref string) error {
	have, ok, err := w.Store.Get(ctx, ref)
	if err != nil {
		return fmt.Errorf("read the state: %w", err)
	}
	if !ok {
		return &UnknownRefError{Ref: ref}
	}
	now := w.Clock.Now()
	if _, err := w.Store.Update(ctx, have.Ref, func(o *Observed) error {
		erase(o, now)
		return nil
	}); err != nil {
		return fmt.Errorf("forget %s: %w", ref, err)
	}
	return nil
}

// erase forgets the person and keeps the account of the money.
func erase(o *Observed, now time.Time) {
	o.Standing = Forgotten
	for i := range o.Bills {
		o.Bills[i].Phone, o.Bills[i].Facets.Phone = "", ""
	}
	for i := range o.Marks {
		if o.Marks[i].Name == forgottenMark {
			o.Marks[i].At = now
		}
	}
	o.setMark(forgottenMark, now)
	o.tell(now, "forgotten", nil, "management stopped; the customer's data is erased")
}

// UnknownRefError says that the state knows nothing of a reference.
type UnknownRefError struct{ Ref string }

func (e *UnknownRefError) Error() string {
	return fmt.Sprintf("the state knows no order with the reference %s; hisab status lists those it knows", e.Ref)
}
