package reconcile

import (
	"context"
	"fmt"

	"github.com/hisab/hisab/spec"
)

// pair is an order as declared and as observed. Want is nil for an order that left the spec.
type pair struct {
	want *spec.Order
	have *Observed
}

// eachPair matches what the spec declares with what the store knows and calls f for each
// pair. An order is known by its reference_id: moving or renaming a block changes nothing.
// A block whose reference_id changed is matched by its address, so that it becomes a
// replace and never a forget and a send (contract section 2, Names and identity).
func eachPair(ctx context.Context, store Store, s *spec.Spec, f func(pair) error) error {
	byRef := make(map[string]*spec.Order, len(s.Orders))
	for _, o := range s.Orders {
		byRef[o.ReferenceID] = o
	}
	var strangers []*Observed
	for have, err := range store.All(ctx) {
		if err != nil {
			return fmt.Errorf("read the state: %w", err)
		}
		want := byRef[have.Ref]
		if want == nil {
			strangers = append(strangers, have)
			continue
		}
		delete(byRef, have.Ref)
		if err := f(pair{want, have}); err != nil {
			return err
		}
	}
	byAddress := make(map[string]*Observed, len(strangers))
	for _, have := range strangers {
		if have.Standing == Managed {
			byAddress[have.Address] = have
		}
	}
	// A reference that a later bill of some order has is that order's, whatever its address.
	for _, have := range strangers {
		for i := range have.Bills {
			if want := byRef[have.Bills[i].Reference]; want != nil {
				byAddress[want.Address] = have
			}
		}
	}
	matched := map[*Observed]bool{}
	for _, want := range s.Orders {
		if byRef[want.ReferenceID] == nil {
			continue
		}
		have := byAddress[want.Address]
		if have == nil || matched[have] {
			have = &Observed{Ref: want.ReferenceID}
		} else {
			matched[have] = true
		}
		if err := f(pair{want, have}); err != nil {
			return err
		}
	}
	for _, have := range strangers {
		if !matched[have] {
			if err := f(pair{nil, have}); err != nil {
				return err
			}
		}
	}
	return nil
}
