package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/hisab/hisab/reconcile"
)

// isolation: nothing but a finished Update changes what is saved.
func isolation(t *testing.T, f Factory) {
	s := open(t, f)
	var kept *reconcile.Observed
	returned := update(t, s, "A", func(o *reconcile.Observed) { fill(o); kept = o })
	want := get(t, s, "A")
	kept.Bills[0].Phone, kept.Attempts[0].Baseline[0], kept.Bills[0].Look.Amount = "spoiled", "spoiled", 1
	same(t, "the result, after f's argument was spoiled", returned, want)

	for _, c := range []struct {
		name  string
		spoil func(*reconcile.Observed)
	}{
		{"bill", func(o *reconcile.Observed) { o.Bills[0].Phone = "spoiled" }},
		{"look", func(o *reconcile.Observed) { o.Bills[0].Look.Amount = 1 }},
		{"transaction", func(o *reconcile.Observed) { o.Bills[0].Look.Transactions[0].ID = "spoiled" }},
		{"attempt", func(o *reconcile.Observed) { o.Attempts[0].State = reconcile.Ready }},
		{"baseline", func(o *reconcile.Observed) { o.Attempts[0].Baseline[0] = "spoiled" }},
		{"refund", func(o *reconcile.Observed) { o.Refunds[0].Owner = "spoiled" }},
		{"mark", func(o *reconcile.Observed) { o.Marks[0].Name = "spoiled" }},
		{"order", func(o *reconcile.Observed) { o.Address, o.Version = "spoiled", 99 }},
	} {
		loaded := get(t, s, "A")
		for whose, o := range map[string]*reconcile.Observed{"f's argument": kept, "the result": &returned, "what get gave": &loaded} {
			c.spoil(o)
			same(t, c.name+" of "+whose+" spoiled", get(t, s, "A"), want)
		}
		_, err := s.Update(context.Background(), "A", func(o *reconcile.Observed) error {
			same(t, "f's argument", *o, want)
			c.spoil(o)
			return errSpoiled
		})
		if !errors.Is(err, errSpoiled) {
			t.Errorf("%s: the error of f came back as %v", c.name, err)
		}
		same(t, c.name+" spoiled by an f that failed", get(t, s, "A"), want)
	}
	_, err := s.Update(context.Background(), "B", func(o *reconcile.Observed) error { fill(o); return errSpoiled })
	if _, ok, _ := s.Get(context.Background(), "B"); ok || !errors.Is(err, errSpoiled) {
		t.Errorf("an f that failed made an order: %v, %v", ok, err)
	}
	if events, _ := s.Timeline(context.Background(), "B"); len(events) > 0 {
		t.Errorf("an f that failed wrote the log: %v", events)
	}
}

// panicking: an f that panics harms nobody else.
func panicking(t *testing.T, f Factory) {
	s := open(t, f)
	for range 3 {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic of f was swallowed")
				}
			}()
			s.Update(context.Background(), "A", func(o *reconcile.Observed) error { o.PaidOffline = 1; panic("spoiled") })
		}()
	}
	if o := update(t, s, "A", func(o *reconcile.Observed) { o.PaidOffline += 2 }); o.PaidOffline != 2 {
		t.Errorf("paid offline %d: an f that panicked had an effect", o.PaidOffline)
	}
}

var errSpoiled = errors.New("spoiled")

// versions: a saved change is one more; what changes nothing is none.
func versions(t *testing.T, f Factory) {
	s := open(t, f)
	for want := int64(1); want <= 5; want++ {
		o := update(t, s, "A", func(o *reconcile.Observed) {
			if o.Version != want-1 {
				t.Errorf("f sees version %d, want %d", o.Version, want-1)
			}
			o.Version = 77 // the store's alone
			o.PaidOffline++
		})
		if o.Version != want {
			t.Errorf("version %d, want %d", o.Version, want)
		}
		update(t, s, "A", func(*reconcile.Observed) {})
	}
	o := update(t, s, "A", func(o *reconcile.Observed) { o.News = append(o.News, event("A", "looked", 1)) })
	if o.Version != 6 || o.News != nil {
		t.Errorf("news alone: version %d, news %v", o.Version, o.News)
	}
	if v := get(t, s, "A").Version; v != 6 {
		t.Errorf("version %d in the end", v)
	}
}

// durability: what was saved is there for the next process.
func durability(t *testing.T, f Factory) {
	s, reopen := f(t)
	update(t, s, "A", fill)
	update(t, s, "B", func(o *reconcile.Observed) { o.Standing = reconcile.Archived })
	if err := s.Approve(context.Background(), []reconcile.Approval{{Action: "x", Who: "asha", At: Now()}}); err != nil {
		t.Fatal(err)
	}
	if first, err := s.SpendPlan(context.Background(), "p", Now()); !first || err != nil {
		t.Fatalf("spend: %v, %v", first, err)
	}
	a, b := get(t, s, "A"), get(t, s, "B")
	events, err := s.Timeline(context.Background(), "A")
	if err != nil {
		t.Fatal(err)
	}
	s = reopen()
	same(t, "A", get(t, s, "A-2"), a)
	same(t, "B", get(t, s, "B"), b)
	again, err := s.Timeline(context.Background(), "A")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "timeline", again, events)
	if first, err := s.SpendPlan(context.Background(), "p", Now()); first || err != nil {
		t.Errorf("a spent plan was spent again: %v, %v", first, err)
	}
	if as, err := s.Approvals(context.Background()); err != nil || as["x"].Who != "asha" {
		t.Errorf("approvals: %v, %v", as, err)
	}
	if o := update(t, s, "B", func(o *reconcile.Observed) { o.PaidOffline = 1 }); o.Version != 2 {
		t.Errorf("version %d goes on from 1", o.Version)
	}
}
