package memstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync/atomic"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// Store is the journal in the hands of one process.
type Store struct {
	// Now is the clock by which approvals end; nil: they do not.
	Now func() time.Time

	disk        *Disk
	incarnation string
	ended       atomic.Bool
}

var _ reconcile.Store = (*Store)(nil)

// write lets f make the next image of the journal; nil: it stays as it is.
func (s *Store) write(ctx context.Context, f func(*image) (*image, error)) error {
	if err := s.disk.lock(ctx); err != nil {
		return err
	}
	defer s.disk.unlock()
	if err := s.usable(); err != nil {
		return err
	}
	next, err := f(s.disk.latest.Load())
	if err == nil && next != nil {
		s.disk.latest.Store(next)
	}
	return err
}

func (s *Store) usable() error {
	if s.ended.Load() {
		return fmt.Errorf("the process %s has ended and writes no more", s.incarnation)
	}
	return nil
}

// Get returns what is known under any reference the order ever had.
func (s *Store) Get(ctx context.Context, reference string) (reconcile.Observed, bool, error) {
	if err := ctx.Err(); err != nil {
		return reconcile.Observed{}, false, err
	}
	o := s.disk.latest.Load().owner(reference)
	if o == nil {
		return reconcile.Observed{}, false, nil
	}
	return *o.Clone(), true, nil
}

// All yields every order, sorted by Ref, from one snapshot. The yielded order is the
// consumer's to keep.
func (s *Store) All(ctx context.Context) iter.Seq2[*reconcile.Observed, error] {
	return func(yield func(*reconcile.Observed, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(nil, err)
			return
		}
		for _, o := range s.disk.latest.Load().orders {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(o.Clone(), nil) {
				return
			}
		}
	}
}

// Timeline returns the log of one order, oldest first. ref is its first reference.
func (s *Store) Timeline(ctx context.Context, ref string) ([]reconcile.Event, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if _, o := s.disk.latest.Load().find(ref); o != nil {
		return o.timeline(), nil
	}
	return nil, nil
}

// RefundedSince adds up the refunds claimed since then that did not provably fail.
func (s *Store) RefundedSince(ctx context.Context, since time.Time) (spec.Amount, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	var sum spec.Amount
	from := millis(since)
	for _, o := range s.disk.latest.Load().orders {
		for i := range o.Attempts {
			a := &o.Attempts[i]
			if a.Kind == reconcile.KindRefund && millis(a.ClaimedAt) >= from && o.spends(a) {
				sum += a.Amount
			}
		}
	}
	return sum, nil
}

// spends reports whether a refund may have given money back: a byte of it was sent, neither
// platform nor person said that it did not happen, and what it became did not fail.
func (o *order) spends(a *reconcile.Attempt) bool {
	switch a.State {
	case reconcile.Ready, reconcile.Rejected, reconcile.Closed:
		return false
	}
	for i := range o.Refunds {
		if r := &o.Refunds[i]; r.ID == a.Result && r.State == reconcile.RefundFailed {
			return false
		}
	}
	return true
}

// Approvals returns the approvals in force, by action id: of several for one action the
// latest.
func (s *Store) Approvals(ctx context.Context) (map[string]reconcile.Approval, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	inForce := map[string]reconcile.Approval{}
	for _, a := range s.disk.latest.Load().approvals {
		if s.Now != nil && millis(a.At) <= millis(s.Now().Add(-reconcile.ApprovalLife)) {
			continue
		}
		if b, ok := inForce[a.Action]; !ok || !a.At.Before(b.At) {
			inForce[a.Action] = a
		}
	}
	return inForce, nil
}

// Approve records approvals, all or none.
func (s *Store) Approve(ctx context.Context, as []reconcile.Approval) error {
	return s.write(ctx, func(im *image) (*image, error) {
		next := *im
		next.approvals = slices.Clone(im.approvals)
		for _, a := range as {
			if a.Action == "" {
				return nil, errors.New("an approval names no action")
			}
			round(&a.At)
			next.approvals = append(next.approvals, a)
		}
		return &next, nil
	})
}

// SpendPlan marks a saved plan as run; false: it ran before.
func (s *Store) SpendPlan(ctx context.Context, id string, _ time.Time) (first bool, err error) {
	err = s.write(ctx, func(im *image) (*image, error) {
		if id == "" {
			return nil, errors.New("a plan without an id was run")
		}
		if first = !slices.Contains(im.plans, id); !first {
			return nil, nil
		}
		next := *im
		next.plans = append(slices.Clone(im.plans), id)
		return &next, nil
	})
	return first, err
}

// Alive reports whether the process of that incarnation may still act.
func (s *Store) Alive(ctx context.Context, incarnation string) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	return s.disk.isAlive(incarnation), nil
}
