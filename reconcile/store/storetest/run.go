// Package storetest is the exam that every reconcile.Store sits. It knows the interface
// alone, so what it asks is what callers may rely on.
//
//	func TestExam(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) (reconcile.Store, func() reconcile.Store) { … })
//	}
package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hisab/hisab/reconcile"
)

// Factory makes an empty store whose clock stands at Now, open for writing. reopen closes
// it and opens what it has saved anew, as the next process would.
type Factory func(t *testing.T) (s reconcile.Store, reopen func() reconcile.Store)

// Now is what the clock of a store under examination says. A store keeps times to the
// millisecond.
func Now() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// Run examines the stores that f makes.
func Run(t *testing.T, f Factory) {
	for _, c := range []struct {
		name string
		exam func(*testing.T, Factory)
	}{
		{"Identity", identity},
		{"Isolation", isolation},
		{"Panic", panicking},
		{"Versions", versions},
		{"Durability", durability},
		{"Uniqueness", uniqueness},
		{"NothingIsForgotten", kept},
		{"All", all},
		{"Timeline", timeline},
		{"Approvals", approvals},
		{"Plans", plans},
		{"RefundedSince", refundedSince},
		{"Concurrency", concurrency},
		{"Cancel", cancel},
		{"Alive", alive},
	} {
		t.Run(c.name, func(t *testing.T) { c.exam(t, f) })
	}
}

// open makes a store that cannot be reopened.
func open(t *testing.T, f Factory) reconcile.Store {
	t.Helper()
	s, _ := f(t)
	return s
}

// update saves what change does to an order, and returns the order as saved.
func update(t *testing.T, s reconcile.Store, ref string, change func(*reconcile.Observed)) reconcile.Observed {
	t.Helper()
	o, err := s.Update(context.Background(), ref, func(o *reconcile.Observed) error { change(o); return nil })
	if err != nil {
		t.Fatalf("update %s: %v", ref, err)
	}
	return o
}

// get reads an order that must be there.
func get(t *testing.T, s reconcile.Store, reference string) reconcile.Observed {
	t.Helper()
	o, ok, err := s.Get(context.Background(), reference)
	if err != nil || !ok {
		t.Fatalf("get %s: found %v, error %v", reference, ok, err)
	}
	return o
}

// same compares in depth; times are equal when they are the same instant.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
