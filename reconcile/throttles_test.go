package reconcile_test

import (
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/pace"
)

// An account that asks for a day's pause is asked once in a run, by its plan and by its
// actions, and nobody sits the day out.
func TestAnAccountThatAsksForTooLongAPause(t *testing.T) {
	aDay := &reconcile.CallError{Class: reconcile.Throttled, Code: 4, RetryAfter: 24 * time.Hour, Meaning: "too many calls"}
	s := newShop(t, anOrder("A"), anOrder("B"), anOrder("C"))
	asked := map[string]int{}
	s.calls.step = func(_ int, what string, before bool) error {
		if before {
			asked[what]++
		}
		return nil
	}
	began := s.clock.Now()
	s.platform.script = []fault{{op: onLookup, times: 99, err: aDay}}
	p := s.plan()
	if asked["lookup"] != 1 || len(p.LookErrors) != 3 {
		t.Errorf("%d lookups of a plan, %d of 3 failed", asked["lookup"], len(p.LookErrors))
	}
	s.platform.script = nil
	p = s.plan()
	s.platform.script = []fault{{op: onBill, times: 99, err: aDay}}
	r := s.take(p, reconcile.ApplyOptions{})
	if asked["send"] != 1 || len(r.Waiting) != 3 {
		t.Errorf("%d bills asked for, waiting: %+v", asked["send"], r.Waiting)
	}
	if passed := s.clock.Now().Sub(began); passed > time.Minute {
		t.Errorf("%s were sat out", passed)
	}
	s.platform.script = nil
	s.clock.pass(25 * time.Hour)
	s.apply()
	s.expect(onBill, "A", "B", "C")
}

// A customer who is throttled for ever costs a run the waits of one action, however many
// orders are theirs.
func TestACustomerWhoIsThrottledForEver(t *testing.T) {
	s := newShop(t, anOrder("A"), anOrder("B"), anOrder("C"))
	s.world.Pacer = pace.New(s.clock, func(string) int { return 100 })
	sent := 0
	s.calls.step = func(_ int, what string, before bool) error {
		if before && what == "send" {
			sent++
		}
		return nil
	}
	s.platform.script = []fault{{op: onBill, times: 99, err: &reconcile.CallError{
		Class: reconcile.Throttled, Code: 131056, Customer: true, Meaning: "too many messages to this customer"}}}
	began := s.clock.Now()
	r := s.apply()
	if len(r.Waiting) != 3 || sent != 4 {
		t.Errorf("%d messages were tried, waiting: %+v", sent, r.Waiting)
	}
	if passed := s.clock.Now().Sub(began); passed > 2*time.Minute {
		t.Errorf("the run took %s", passed)
	}
}
