package reconcile

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hisab/hisab/spec"
)

// Discover records the look that lists a refund which the state has not seen. A plan writes
// nothing, so what it shows of a refund that nobody explains is not known to the state when
// a person decides about it right after. It looks where a plan would look.
func Discover(ctx context.Context, w *World, s *spec.Spec, id string) error {
	known, err := findOrder(ctx, w.Store, func(o *Observed) bool { return o.refund(id) != nil })
	if err != nil || known != "" {
		return err
	}
	p := newPlanning(w, s, PlanOptions{})
	if err := p.look(ctx); err != nil {
		return err
	}
	for _, ref := range slices.Sorted(maps.Keys(p.looked)) {
		looked := p.looked[ref]
		if !slices.ContainsFunc(looked, func(pay Payment) bool { return pay.lists(id) }) {
			continue
		}
		_, err := w.Store.Update(ctx, ref, func(o *Observed) error {
			for _, pay := range looked {
				Absorb(o, pay)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("keep what was observed: %w", err)
		}
		return nil
	}
	why := "no lookup lists a refund with this id"
	if failed := p.plan.LookErrors; len(failed) > 0 {
		why += fmt.Sprintf(", and %s could not be looked at: %v", failed[0].ReferenceID, failed[0].Err)
	}
	return &ResolveError{ID: id, Why: why}
}

// lists reports whether the answer names a refund.
func (p *Payment) lists(id string) bool {
	return slices.ContainsFunc(p.Refunds, func(r RefundSeen) bool { return r.ID == id })
}
