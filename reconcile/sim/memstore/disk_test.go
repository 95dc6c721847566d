package memstore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sim/memstore"
	"github.com/hisab/hisab/reconcile/store/storetest"
	"github.com/hisab/hisab/spec"
)

func empty() *memstore.Store { return memstore.NewDisk().Open("1") }

// pay sets what an order was paid offline, and tells the log.
func pay(t *testing.T, s *memstore.Store, ref string, amount spec.Amount) {
	t.Helper()
	_, err := s.Update(context.Background(), ref, func(o *reconcile.Observed) error {
		o.PaidOffline = amount
		o.News = append(o.News, reconcile.Event{Name: fmt.Sprint("paid ", int64(amount))})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// log is what the log of an order says.
func log(t *testing.T, s *memstore.Store, ref string) string {
	t.Helper()
	events, err := s.Timeline(context.Background(), ref)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range events {
		names = append(names, e.Name)
	}
	return strings.Join(names, ", ")
}

func TestPowerIsLost(t *testing.T) {
	d := memstore.NewDisk()
	s, other := d.Open("1"), d.Open("2")
	pay(t, s, "A", 1)
	if d.Durable("A") != nil || d.Latest("A").PaidOffline != 1 {
		t.Errorf("before a sync: %v on the disk, %v seen", d.Durable("A"), d.Latest("A"))
	}
	d.Sync()
	pay(t, other, "A", 2)
	pay(t, s, "B", 3)
	if got := d.Refs(); !slices.Equal(got, []string{"A", "B"}) {
		t.Errorf("orders seen: %v", got)
	}
	if d.Durable("A").PaidOffline != 1 || d.Durable("B") != nil || log(t, s, "A") != "paid 1, paid 2" {
		t.Errorf("A %v, B %v, log %q", d.Durable("A"), d.Durable("B"), log(t, s, "A"))
	}
	d.LosePower()
	if d.Latest("A").PaidOffline != 1 || d.Latest("B") != nil || log(t, s, "A") != "paid 1" {
		t.Errorf("after the loss: A %v, B %v, log %q", d.Latest("A"), d.Latest("B"), log(t, s, "A"))
	}
	// What is lost does not come back, and the log goes on where it was.
	pay(t, s, "A", 4)
	d.Sync()
	d.LosePower()
	if d.Latest("A").Version != 2 || log(t, s, "A") != "paid 1, paid 4" {
		t.Errorf("version %d, log %q", d.Latest("A").Version, log(t, s, "A"))
	}
}

func TestABackupIsPutBack(t *testing.T) {
	d := memstore.NewDisk()
	s := d.Open("1")
	pay(t, s, "A", 1)
	if err := s.Approve(context.Background(), []reconcile.Approval{{Action: "x", Who: "asha"}}); err != nil {
		t.Fatal(err)
	}
	old := d.Backup()
	pay(t, s, "A", 2)
	pay(t, s, "B", 2)
	if _, err := s.SpendPlan(context.Background(), "p", storetest.Now()); err != nil {
		t.Fatal(err)
	}
	d.Sync()
	newer := d.Backup()
	for range 2 {
		d.Restore(old)
		d.LosePower()
		approvals, _ := s.Approvals(context.Background())
		first, _ := s.SpendPlan(context.Background(), "p", storetest.Now())
		if d.Durable("A").PaidOffline != 1 || d.Latest("B") != nil || log(t, s, "A") != "paid 1" || approvals["x"].Who != "asha" || !first {
			t.Errorf("A %v, B %v, log %q, approvals %v, plan %v", d.Durable("A"), d.Latest("B"), log(t, s, "A"), approvals, first)
		}
		pay(t, s, "A", 5) // a history of its own, which the other never sees
	}
	d.Restore(newer)
	if log(t, s, "A") != "paid 1, paid 2" || d.Latest("B").PaidOffline != 2 {
		t.Errorf("log %q, B %v", log(t, s, "A"), d.Latest("B"))
	}
}

func TestWhatIsCommittedIsTold(t *testing.T) {
	d := memstore.NewDisk()
	s := d.Open("1")
	var told []string
	d.Committed = func(before, after *reconcile.Observed, events []reconcile.Event) {
		if after != d.Latest("A") {
			t.Error("told before it is seen")
		}
		was := "nothing"
		if before != nil {
			was = fmt.Sprint(before.Version)
		}
		told = append(told, fmt.Sprintf("%s to %d, %d events", was, after.Version, len(events)))
	}
	pay(t, s, "A", 1)
	pay(t, s, "A", 2)
	for _, f := range []func(*reconcile.Observed) error{
		func(o *reconcile.Observed) error { o.Standing = reconcile.Archived; return nil },
		func(*reconcile.Observed) error { return nil },
		func(o *reconcile.Observed) error { o.PaidOffline = 9; return fmt.Errorf("no") },
		func(o *reconcile.Observed) error { o.PaidOffline = -9; return nil },
	} {
		s.Update(context.Background(), "A", f)
	}
	want := []string{"nothing to 1, 1 events", "1 to 2, 1 events", "2 to 3, 0 events"}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

func TestAProcessEnds(t *testing.T) {
	d := memstore.NewDisk()
	s, other := d.Open("1"), d.Open("2")
	pay(t, s, "A", 1)
	d.End("1")
	for incarnation, want := range map[string]bool{"1": false, "2": true, "3": false} {
		if alive, err := other.Alive(context.Background(), incarnation); alive != want || err != nil {
			t.Errorf("%s is alive: %v, %v", incarnation, alive, err)
		}
	}
	_, update := s.Update(context.Background(), "A", func(o *reconcile.Observed) error { o.PaidOffline = 2; return nil })
	_, spend := s.SpendPlan(context.Background(), "p", storetest.Now())
	approve := s.Approve(context.Background(), []reconcile.Approval{{Action: "x"}})
	for what, err := range map[string]error{"an update": update, "a plan": spend, "an approval": approve} {
		if err == nil {
			t.Errorf("%s of a process that has ended was taken", what)
		}
	}
	pay(t, other, "A", 3)
	if got := log(t, other, "A"); got != "paid 1, paid 3" {
		t.Errorf("log %q", got)
	}
}
