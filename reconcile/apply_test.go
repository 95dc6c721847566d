package reconcile_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

func TestAnOrderFromDeclaredToDone(t *testing.T) {
	s := newShop(t, anOrder("A", wantsStatus(spec.Shipped), refund("loaf", "50"), `notify "paid" { template = template.receipt }`))
	s.apply()
	s.says("waits refund loaf refund_before_capture; waits status payment_not_captured")
	s.platform.pay("A")
	s.apply()
	s.converged()
	s.expect(onBill, "A")
	s.expect(onStatus, "A shipped")
	s.expect(onRefund, "A 5000")
	s.expect(onNotice, "receipt")
}

func TestALostAnswerIsFoundOutAndNothingSentTwice(t *testing.T) {
	for _, op := range []operation{onBill, onRefund} {
		s := newShop(t, anOrder("A"))
		if op == onRefund {
			s.paid("A")
			s.declare(anOrder("A", refund("loaf", "50")))
		}
		s.platform.actThenFail(op, reconcile.Unknown)
		r := s.apply()
		if len(r.Unknown) != 0 || r.Done.Actions() != 1 {
			t.Errorf("%s: %d unknown, %d done; a look finds it", op, len(r.Unknown), r.Done.Actions())
		}
		s.apply()
		if got := s.platform.happened(op); len(got) != 1 {
			t.Errorf("%s happened %d times", op, len(got))
		}
	}
}

func TestARefundThatNobodyCanFindIsLeftToAPerson(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"), refund("roll", "20"))).paid("A")
	s.platform.fail(onRefund, reconcile.Unknown, 0)
	r := s.apply()
	if len(r.Unknown) != 1 || len(r.Skipped) != 1 {
		t.Errorf("%d unknown and %d left out, want the first unknown and the second not begun", len(r.Unknown), len(r.Skipped))
	}
	s.says("unknown refund loaf; waits refund roll refund_undecided")
	s.clock.pass(16 * time.Minute)
	s.apply()
	if got := s.attempt("A", reconcile.KindRefund).State; got != reconcile.Held {
		t.Errorf("after a quarter of an hour the refund is %s", got)
	}
	s.clock.pass(365 * 24 * time.Hour)
	s.apply()
	s.expect(onRefund)
}

func TestAnswersThatProveThatNothingHappened(t *testing.T) {
	t.Run("a throttle is sat out", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.platform.fail(onBill, reconcile.Throttled, 130429)
		s.platform.fail(onBill, reconcile.Throttled, 130429)
		s.apply()
		s.expect(onBill, "A")
		if got := s.clock.at.Sub(opening); got != 5*time.Second {
			t.Errorf("waited %s, want one second and then four", got)
		}
		if o := s.known("A"); len(o.Attempts) != 1 || o.Attempts[0].N != 1 {
			t.Errorf("%d attempts; what was not sent after all is made again under its number", len(o.Attempts))
		}
	})
	t.Run("a long one waits for the next run", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.platform.script = append(s.platform.script, fault{op: onBill, err: &reconcile.CallError{Class: reconcile.Throttled, Code: 4, RetryAfter: time.Hour, Meaning: "too many calls"}})
		if r := s.apply(); len(r.Waiting) != 1 {
			t.Errorf("%d waiting", len(r.Waiting))
		}
		s.says("waits send throttled")
		s.clock.pass(time.Hour)
		s.apply()
		s.expect(onBill, "A")
	})
	t.Run("what was not sent is tried once more, and then in the next run", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.platform.script = append(s.platform.script, fault{op: onBill, times: 2, err: &reconcile.CallError{Class: reconcile.NotSent, Meaning: "dial refused"}})
		if r := s.apply(); len(r.Failed) != 1 {
			t.Errorf("%d failed", len(r.Failed))
		}
		s.apply()
		s.expect(onBill, "A")
	})
	t.Run("a refused message is not tried again until it changes", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.platform.fail(onBill, reconcile.Refused, 131026)
		s.apply()
		s.says("blocked send refused")
		s.apply()
		s.declare(anOrder("A", `footer = "Sharma Stores"`))
		s.apply()
		s.expect(onBill, "A")
	})
}

func TestARefusedAccountPausesAllOfItsOrders(t *testing.T) {
	s := newShop(t, anOrder("A"), anOrder("B"), anOrder("C"))
	s.platform.fail(onBill, reconcile.Paused, 190)
	r := s.apply()
	if !r.Paused || len(r.Waiting) != 3 || s.platform.ids != 0 {
		t.Errorf("paused %v, %d waiting, %d sent", r.Paused, len(r.Waiting), s.platform.ids)
	}
	s.platform.fail(onLookup, reconcile.Paused, 190)
	lookups := 0
	s.calls.step = func(_ int, what string, before bool) error {
		if what == "lookup" && before {
			lookups++
		}
		return nil
	}
	s.says("waits send provider_paused; waits send provider_paused; waits send provider_paused")
	if lookups != 1 {
		t.Errorf("%d lookups at an account that is refused; one probe is enough", lookups)
	}
	s.apply()
	s.expect(onBill, "A", "B", "C")
}

func TestAClosedWindow(t *testing.T) {
	t.Run("has a template form", func(t *testing.T) {
		s := newShop(t, anOrder("A", `templates { order_details = template.bill }`))
		s.platform.fail(onBill, reconcile.WindowClosed, 131047)
		s.apply()
		s.expect(onBill, "A")
		if e := s.platform.ledger[0]; e.template != "bill" {
			t.Errorf("sent as %q", e.template)
		}
		s.says("")
	})
	t.Run("or blocks", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.platform.fail(onBill, reconcile.WindowClosed, 131047)
		s.apply()
		s.says("blocked send outside_service_window")
		s.declare(anOrder("A", `templates { order_details = template.bill }`))
		s.platform.fail(onBill, reconcile.WindowClosed, 131047)
		s.apply()
		s.expect(onBill, "A")
	})
}

func TestOneOrdersFailureStopsNoOther(t *testing.T) {
	s := newShop(t, anOrder("A", wantsStatus(spec.Processing), "require_payment = false"), anOrder("B"), anOrder("C"))
	s.platform.fail(onBill, reconcile.Refused, 131026)
	r := s.apply()
	if len(r.Failed) != 1 || len(r.Skipped) != 1 || r.Done.Send != 2 {
		t.Errorf("%d failed, %d left out, %d sent", len(r.Failed), len(r.Skipped), r.Done.Send)
	}
	s.expect(onBill, "B", "C")
	s.expect(onStatus)
}

// TestWhatFollowsAnActionWaitsForIt: neither a status nor a notify goes out for a bill that
// did not, whatever kept it.
func TestWhatFollowsAnActionWaitsForIt(t *testing.T) {
	for _, class := range []reconcile.Class{reconcile.NotSent, reconcile.Throttled, reconcile.Refused, reconcile.Paused, reconcile.Unknown} {
		s := newShop(t, anOrder("A", wantsStatus(spec.Processing), "require_payment = false", `notify "created" { template = template.receipt }`, `notify "processing" { template = template.receipt }`))
		s.platform.script = append(s.platform.script, fault{op: onBill, times: 9, err: &reconcile.CallError{Class: class, Code: 1, Meaning: "scripted", RetryAfter: time.Hour}})
		s.apply()
		if len(s.platform.ledger) != 0 {
			t.Errorf("%s: %+v", class, s.platform.ledger)
		}
	}
}

func TestALookBeforeEveryAction(t *testing.T) {
	t.Run("a bill that somebody sent meanwhile is not sent", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		p := s.plan()
		s.platform.bills["A"] = &bill{to: "elsewhere", total: 21000, status: spec.Pending, payment: reconcile.Unpaid}
		r := s.take(p, reconcile.ApplyOptions{})
		if len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Detail, "exists_unmanaged") {
			t.Errorf("left out: %+v", r.Skipped)
		}
		s.expect(onBill)
	})
	t.Run("a customer who pays meanwhile is not canceled", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.apply()
		s.declare(anOrder("A", wantsStatus(spec.Canceled)))
		p := s.plan()
		s.platform.pay("A")
		r := s.take(p, reconcile.ApplyOptions{})
		if len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Detail, "canceled_after_payment") {
			t.Errorf("left out: %+v", r.Skipped)
		}
		s.expect(onStatus)
	})
	t.Run("a refund made by hand meanwhile holds ours", func(t *testing.T) {
		s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
		p := s.plan()
		s.platform.bills["A"].refunds = []reconcile.RefundSeen{{ID: "by-hand", Reference: "A", Amount: 5000, Currency: spec.INR, State: reconcile.RefundSuccess}}
		if r := s.take(p, reconcile.ApplyOptions{}); len(r.Skipped) != 1 {
			t.Errorf("left out: %+v", r.Skipped)
		}
		s.expect(onRefund)
		s.says("blocked refund loaf refund_unexplained")
	})
	t.Run("a look that fails keeps the action back", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		p := s.plan()
		s.platform.fail(onLookup, reconcile.Unknown, 0)
		if r := s.take(p, reconcile.ApplyOptions{}); len(r.Failed) != 1 {
			t.Errorf("failed: %+v", r.Failed)
		}
		s.expect(onBill)
	})
}

// TestALostState: the world is looked at before a first send and before each refund, so that
// a state that was lost, or is older, neither bills nor refunds again.
func TestALostState(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
	s.apply()
	s.expect(onRefund, "A 5000")

	lost := newShop(t, anOrder("A", refund("loaf", "50")))
	lost.platform.bills = s.platform.bills
	lost.says("blocked send exists_unmanaged")
	lost.apply()
	if len(lost.platform.ledger) != 0 {
		t.Errorf("after the state was lost: %+v", lost.platform.ledger)
	}
	if _, err := reconcile.Import(context.Background(), lost.world, lost.spec, "A", spec.Pending); err != nil {
		t.Fatal(err)
	}
	lost.says("blocked refund loaf refund_unexplained")
	lost.apply()
	lost.declare(anOrder("A", `refund "loaf" {
    amount = 50
    id     = "`+s.platform.bills["A"].refunds[0].ID+`"
  }`))
	lost.apply()
	lost.converged()
	lost.expect(onRefund)
}

// TestAnOlderStateThatDoesNotKnowTheLaterBill: the customer paid both bills, and the refund went
// back on the later one, of which a copy of the state from before it knows nothing.
func TestAnOlderStateThatDoesNotKnowTheLaterBill(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
	p := s.saved() // made before anything told of the later bill
	s.platform.bills["A-2"] = &bill{total: s.platform.bills["A"].total, payment: reconcile.Captured, refunds: []reconcile.RefundSeen{
		{ID: "rfnd_lost", Reference: "A-2", Amount: 5000, Currency: spec.INR, State: reconcile.RefundSuccess},
	}}
	if r := s.take(p, reconcile.ApplyOptions{Saved: true}); len(r.Stale) != 1 {
		t.Errorf("stale: %+v", r.Stale)
	}
	s.says("blocked refund loaf exists_unmanaged")
	s.apply()
	if _, err := reconcile.Import(context.Background(), s.world, s.spec, "A-2", spec.Pending); err != nil {
		t.Fatal(err)
	}
	s.says("blocked refund loaf refund_unexplained; blocked status paid_twice")
	s.apply()
	s.expect(onRefund)
}

// TestARefundBesideAnOrderWithANumberOfItsOwn: A-2 was an order like A, and no later bill of it.
func TestARefundBesideAnOrderWithANumberOfItsOwn(t *testing.T) {
	s := newShop(t, anOrder("A-2")).paid("A-2")
	s.declare(anOrder("A", refund("loaf", "50")))
	s.paid("A").apply()
	s.expect(onRefund, "A 5000")
	s.converged()
}

func TestTwoApplysOfOnePlan(t *testing.T) {
	s := newShop(t, anOrder("A", wantsStatus(spec.Shipped), refund("loaf", "50"))).paid("A")
	p := s.plan()
	s.take(p, reconcile.ApplyOptions{})
	again := s.take(p, reconcile.ApplyOptions{})
	if len(again.Skipped) != 2 || again.Done.Actions() != 0 {
		t.Errorf("the second time %d done, %d stale", again.Done.Actions(), len(again.Skipped))
	}
	s.expect(onStatus, "A shipped")
	s.expect(onRefund, "A 5000")
}

func TestAStoppedRunFinishesWhatIsInFlight(t *testing.T) {
	orders := []string{anOrder("A"), anOrder("B"), anOrder("C")}
	for stop := 1; ; stop++ {
		s := newShop(t, orders...)
		p := s.plan()
		ctx, cancel := context.WithCancel(context.Background())
		s.calls.n, s.calls.step = 0, func(n int, _ string, before bool) error {
			if n == stop && before {
				cancel()
			}
			return nil
		}
		r, err := reconcile.Apply(ctx, s.world, s.spec, p, reconcile.ApplyOptions{})
		stopped := ctx.Err() != nil
		cancel()
		if err != nil {
			t.Fatalf("stopped at call %d: %v", stop, err)
		}
		s.check()
		if got := r.Done.Actions() + len(r.Skipped); got != 3 || r.Stopped != stopped {
			t.Errorf("stopped at call %d: %d done, %d skipped, stopped %v", stop, r.Done.Actions(), len(r.Skipped), r.Stopped)
		}
		if r.Done.Send != len(s.platform.ledger) {
			t.Errorf("stopped at call %d: %d done, %d happened", stop, r.Done.Send, len(s.platform.ledger))
		}
		s.calls.step = nil
		s.apply()
		if got := s.platform.happened(onBill); len(got) != 3 {
			t.Errorf("stopped at call %d, and then went on to %q", stop, got)
		}
		if !stopped {
			return
		}
	}
}

// TestAStopRightAfterAClaim gives the claim back: nothing was sent, and the next run sends.
func TestAStopRightAfterAClaim(t *testing.T) {
	s := newShop(t, anOrder("A"))
	p := s.plan()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s.calls.step = func(_ int, what string, before bool) error {
		if what == "update" && !before {
			cancel()
		}
		return nil
	}
	r, err := reconcile.Apply(ctx, s.world, s.spec, p, reconcile.ApplyOptions{})
	if err != nil || len(r.Skipped) != 1 {
		t.Errorf("%d skipped, %v", len(r.Skipped), err)
	}
	s.expect(onBill)
	if a := s.attempt("A", reconcile.KindSend); a.State != reconcile.Ready {
		t.Errorf("the claim is %s", a.State)
	}
	s.calls.step = nil
	s.apply()
	s.expect(onBill, "A")
}

// TestAStateThatCannotBeWritten fails each call to the store once, before it does anything
// and after: what is not in the journal is not sent, and what was sent is not sent again.
func TestAStateThatCannotBeWritten(t *testing.T) {
	full := errors.New("the disk is full")
	for _, late := range []bool{false, true} {
		for nth := 1; ; nth++ {
			s := newShop(t, anOrder("A", wantsStatus(spec.Shipped), refund("loaf", "50"))).paid("A")
			failed := false
			n := 0
			s.calls.step = func(_ int, what string, before bool) error {
				if what != "update" || before == late {
					return nil
				}
				if n++; n == nth {
					failed = true
					return full
				}
				return nil
			}
			p, err := reconcile.MakePlan(context.Background(), s.world, s.spec, reconcile.PlanOptions{})
			if err != nil {
				t.Fatal(err)
			}
			r, err := reconcile.Apply(context.Background(), s.world, s.spec, p, reconcile.ApplyOptions{})
			if failed != errors.Is(err, full) {
				t.Fatalf("write %d failed (after it was done: %v): %v", nth, late, err)
			}
			if got := r.Done.Actions() + len(r.Failed) + len(r.Unknown) + len(r.Skipped) + len(r.Stale); got != 2 {
				t.Errorf("write %d failed: %d of 2 actions are accounted for", nth, got)
			}
			s.check()
			s.start()
			s.settle()
			if !failed {
				break
			}
		}
	}
}

// settle runs on, with webhooks and time, until nothing changes any more, and checks that
// what then is left is nothing, or unknown and shown.
func (s *shop) settle() {
	s.t.Helper()
	for range 4 {
		s.apply()
		s.deliver()
		s.clock.pass(11 * time.Minute)
	}
	p := s.plan()
	if len(p.Actions)+len(p.Blocked) > 0 {
		s.t.Errorf("it does not come to an end: %s", told(p))
	}
	unknown := map[string]bool{}
	for _, n := range p.Unknown {
		unknown[n.Ref] = true
	}
	if i := slices.IndexFunc(p.Waiting, func(n reconcile.Note) bool { return !unknown[n.Ref] }); i >= 0 {
		s.t.Errorf("%s waits for nothing", p.Waiting[i].Address)
	}
}

// Whoever watches hears of looks before the first is answered, which may take as long as a
// platform is silent.
func TestLooksAreToldBeforeTheyAreAnswered(t *testing.T) {
	s := newShop(t, anOrder("A"), anOrder("B"))
	var told []reconcile.Progress
	s.world.Watch = func(p reconcile.Progress) { told = append(told, p) }
	s.plan()
	if len(told) != 3 || told[0] != (reconcile.Progress{Kind: reconcile.Looked, Total: 2}) {
		t.Errorf("told %+v", told)
	}
}
