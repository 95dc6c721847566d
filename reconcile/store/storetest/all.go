package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/hisab/hisab/reconcile"
)

// all: every order once, sorted by Ref, as Get has it, from one moment.
func all(t *testing.T, f Factory) {
	s := open(t, f)
	for range s.All(context.Background()) {
		t.Fatal("an empty store yields something")
	}
	refs := []string{"B", "A-10", "a", "A", "Ä", "A-2x", "Z", "A 1", "0"}
	for i, ref := range refs {
		if i%3 == 0 {
			update(t, s, ref, func(o *reconcile.Observed) { o.Standing = reconcile.Managed })
			continue
		}
		update(t, s, ref, fill)
	}
	slices.Sort(refs)
	same(t, "orders", list(t, s), refs)
	for o, err := range s.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		same(t, "order "+o.Ref, *o, get(t, s, o.Ref))
	}
	t.Run("many", func(t *testing.T) { many(t, f) })
	t.Run("snapshot", func(t *testing.T) { snapshot(t, s, refs) })
	t.Run("stopped", func(t *testing.T) { stopped(t, s) })
}

func list(t *testing.T, s reconcile.Store) []string {
	t.Helper()
	var refs []string
	for o, err := range s.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		refs = append(refs, o.Ref)
	}
	return refs
}

// many: what hangs on an order never shows on its neighbours.
func many(t *testing.T, f Factory) {
	s := open(t, f)
	const n = 50
	for i := range n {
		update(t, s, fmt.Sprintf("R%02d", i*37%n), func(o *reconcile.Observed) {
			for j := range i % 3 {
				o.Bills = append(o.Bills, bill(fmt.Sprintf("%s-%d", o.Ref, j), j+1))
				o.Attempts = append(o.Attempts, status(o.Ref, j, "shipped", reconcile.Settled))
				o.Refunds = append(o.Refunds, seen(o.Ref, fmt.Sprintf("r-%s-%d", o.Ref, j)))
			}
			for j := range i % 2 {
				o.Marks = append(o.Marks, reconcile.Mark{Name: fmt.Sprintf("seen:%d", j), At: at(j)})
			}
			o.PaidOffline = 1
		})
	}
	count := 0
	for o, err := range s.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		same(t, "order "+o.Ref, *o, get(t, s, o.Ref))
		count++
	}
	if count != n {
		t.Errorf("%d orders, want %d", count, n)
	}
}

// snapshot: what is written during a walk is not seen by it, and the walk holds nobody up.
func snapshot(t *testing.T, s reconcile.Store, refs []string) {
	var seen []string
	for o, err := range s.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, o.Ref)
		if o.PaidOffline == 4242 {
			t.Errorf("order %s was changed after the walk began, and shows it", o.Ref)
		}
		if len(seen) > 1 {
			continue
		}
		for _, ref := range refs {
			update(t, s, ref, func(o *reconcile.Observed) { o.PaidOffline = 4242 })
		}
		update(t, s, "later", func(o *reconcile.Observed) { o.PaidOffline = 4242 })
	}
	same(t, "orders of the walk", seen, refs)
	same(t, "orders of the next", list(t, s), slices.Sorted(slices.Values(append(slices.Clone(refs), "later"))))
}

// stopped: a walk may end early, by its consumer or by its context, any number of times.
func stopped(t *testing.T, s reconcile.Store) {
	for range 100 {
		for _, err := range s.All(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	n := 0
	var last error
	for _, err := range s.All(ctx) {
		if last = err; err == nil {
			n++
		}
		stop()
	}
	if !errors.Is(last, context.Canceled) || n != 1 {
		t.Errorf("a canceled walk: %d orders, error %v", n, last)
	}
	update(t, s, "after", func(o *reconcile.Observed) { o.PaidOffline = 1 })
}
