package wire

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// nothing is the state before there is one: it knows no order and takes no word.
type nothing struct{}

var _ reconcile.Store = nothing{}

var errNothing = errors.New("there is no state to write to")

func (nothing) Get(_ context.Context, reference string) (reconcile.Observed, bool, error) {
	return reconcile.Observed{Ref: reference}, false, nil
}

func (nothing) All(context.Context) iter.Seq2[*reconcile.Observed, error] {
	return func(func(*reconcile.Observed, error) bool) {}
}

func (nothing) Update(context.Context, string, func(*reconcile.Observed) error) (reconcile.Observed, error) {
	return reconcile.Observed{}, errNothing
}

func (nothing) Timeline(context.Context, string) ([]reconcile.Event, error) { return nil, nil }

func (nothing) RefundedSince(context.Context, time.Time) (spec.Amount, error) { return 0, nil }

func (nothing) Approvals(context.Context) (map[string]reconcile.Approval, error) { return nil, nil }

func (nothing) Approve(context.Context, []reconcile.Approval) error { return errNothing }

func (nothing) SpendPlan(context.Context, string, time.Time) (bool, error) { return false, errNothing }

func (nothing) Alive(context.Context, string) (bool, error) { return false, nil }
