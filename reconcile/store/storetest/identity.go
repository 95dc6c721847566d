package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// identity: what is saved comes back whole, under any reference the order ever had.
func identity(t *testing.T, f Factory) {
	s := open(t, f)
	if o, ok, err := s.Get(context.Background(), "A"); ok || err != nil {
		t.Fatalf("get of an unknown order: %+v, %v, %v", o, ok, err)
	}
	update(t, s, "A", func(o *reconcile.Observed) {
		same(t, "an unknown order", *o, reconcile.Observed{Ref: "A"})
	})
	if _, ok, _ := s.Get(context.Background(), "A"); ok {
		t.Error("an update that changed nothing made an order")
	}
	saved := update(t, s, "A", fill)
	want := reconcile.Observed{Ref: "A"}
	fill(&want)
	want.Version, want.News = 1, nil
	same(t, "update returned", saved, want)
	for _, reference := range []string{"A", "A-2"} {
		same(t, "get "+reference, get(t, s, reference), want)
	}
	for _, reference := range []string{"a", "A-", "A-3", "", "rfnd-A-a"} {
		if _, ok, err := s.Get(context.Background(), reference); ok || err != nil {
			t.Errorf("get %q: found %v, error %v", reference, ok, err)
		}
	}
	t.Run("sorted", func(t *testing.T) { sorted(t, f) })
	t.Run("smallest", func(t *testing.T) { smallest(t, f) })
	t.Run("changes", func(t *testing.T) { fieldByField(t, f) })
}

// sorted: lists come back in their documented order however they were given, and times in
// whole milliseconds.
func sorted(t *testing.T, f Factory) {
	s := open(t, f)
	saved := update(t, s, "A", func(o *reconcile.Observed) {
		fill(o)
		o.Marks[0].At = o.Marks[0].At.Add(789 * time.Microsecond).In(time.FixedZone("IST", 19800))
		o.Bills[0], o.Bills[1] = o.Bills[1], o.Bills[0]
		o.Refunds[0], o.Refunds[1] = o.Refunds[1], o.Refunds[0]
		o.Marks[0], o.Marks[1] = o.Marks[1], o.Marks[0]
	})
	want := reconcile.Observed{Ref: "A"}
	fill(&want)
	want.Version, want.News = 1, nil
	same(t, "update returned", saved, want)
	same(t, "get", get(t, s, "A"), want)

	update(t, s, "A", func(o *reconcile.Observed) {
		o.Attempts = append(o.Attempts, status("A", 1, "shipped", reconcile.Settled), refund("A-2", "a"))
	})
	want.Attempts = append(want.Attempts, status("A", 1, "shipped", reconcile.Settled), refund("A-2", "a"))
	want.Version = 2
	same(t, "attempts in the order begun", get(t, s, "A"), want)
}

// smallest: an order is one even when nothing hangs on it.
func smallest(t *testing.T, f Factory) {
	s := open(t, f)
	saved := update(t, s, "A", func(o *reconcile.Observed) { o.Standing = reconcile.Forgotten })
	want := reconcile.Observed{Ref: "A", Version: 1, Standing: reconcile.Forgotten}
	same(t, "update returned", saved, want)
	same(t, "get", get(t, s, "A"), want)
}

// fieldByField: a change of any one thing is saved, and nothing else changes with it.
func fieldByField(t *testing.T, f Factory) {
	s := open(t, f)
	want := update(t, s, "A", fill)
	for _, c := range []struct {
		name   string
		change func(*reconcile.Observed)
	}{
		{"standing", func(o *reconcile.Observed) { o.Standing = reconcile.Archived }},
		{"on remove", func(o *reconcile.Observed) { o.CancelOnRemove = false }},
		{"paid offline", func(o *reconcile.Observed) { o.PaidOffline = 0 }},
		{"phone erased", func(o *reconcile.Observed) { o.Bills[0].Phone = "" }},
		{"facets", func(o *reconcile.Observed) { o.Bills[1].Facets.Goods = "other" }},
		{"look gone", func(o *reconcile.Observed) { o.Bills[0].Look = nil }},
		{"look", func(o *reconcile.Observed) { o.Bills[1].Look = look("A-2") }},
		{"captured", func(o *reconcile.Observed) { o.Bills[1].CapturedAt = at(99) }},
		{"new bill", func(o *reconcile.Observed) { o.Bills = append(o.Bills, bill("A-3", 3)) }},
		{"attempt state", func(o *reconcile.Observed) { o.Attempts[0].State = reconcile.Settled }},
		{"attempt result", func(o *reconcile.Observed) { o.Attempts[0].Result = "rfnd-1" }},
		{"attempt baseline", func(o *reconcile.Observed) { o.Attempts[0].Baseline = nil }},
		{"delivery", func(o *reconcile.Observed) { o.Attempts[1].Delivery = reconcile.Read }},
		{"refund state", func(o *reconcile.Observed) { o.Refunds[0].State = reconcile.RefundFailed }},
		{"refund owner", func(o *reconcile.Observed) { o.Refunds[1].Owner = "z" }},
		{"mark moved", func(o *reconcile.Observed) { o.Marks[0].At = at(50) }},
		{"mark gone", func(o *reconcile.Observed) { o.Marks = o.Marks[:1] }},
	} {
		c.change(&want)
		want.Version++
		same(t, c.name+": update returned", update(t, s, "A", c.change), want)
		same(t, c.name+": get", get(t, s, "A"), want)
	}
}
