package reconcile_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// saved is a plan that was written to a file and read back.
func (s *shop) saved() *reconcile.Plan {
	s.t.Helper()
	var file bytes.Buffer
	if err := reconcile.WritePlan(&file, s.plan()); err != nil {
		s.t.Fatal(err)
	}
	p, err := reconcile.ReadPlan(&file)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func TestASavedPlanRunsOnce(t *testing.T) {
	s := newShop(t, anOrder("A", wantsStatus(spec.Processing), "require_payment = false"), anOrder("B", `templates {
    order_details = template.bill
    when          = "always"
  }`))
	p := s.saved()
	s.start()
	if r := s.take(p, reconcile.ApplyOptions{Saved: true}); r.Done.Send != 2 || r.Done.Status != 1 {
		t.Errorf("%+v", r.Done)
	}
	r := s.take(p, reconcile.ApplyOptions{Saved: true})
	if !r.Spent || len(r.Stale) != 3 || r.Done.Actions() != 0 {
		t.Errorf("the second time: spent %v, %d stale", r.Spent, len(r.Stale))
	}
	s.expect(onBill, "A", "B")
	s.says("")
}

func TestASavedPlanSkipsWhatChanged(t *testing.T) {
	s := newShop(t, anOrder("A", wantsStatus(spec.Canceled)), anOrder("B", refund("loaf", "50")), anOrder("C"))
	s.declare(anOrder("A"), anOrder("B", refund("loaf", "50")))
	s.paid("B")
	s.declare(anOrder("A", wantsStatus(spec.Canceled)), anOrder("B", refund("loaf", "50")), anOrder("C"))
	p := s.saved()
	s.platform.pay("A")
	r := s.take(p, reconcile.ApplyOptions{Saved: true})
	if len(r.Stale) != 1 || r.Stale[0].Action.ReferenceID != "A" || !strings.Contains(r.Stale[0].Detail, "canceled_after_payment") {
		t.Errorf("stale: %+v", r.Stale)
	}
	s.expect(onStatus)
	s.expect(onRefund, "B 5000")
	s.expect(onBill, "A", "B", "C")
}

// TestWhatFollowsAnActionThatDidNotHappenIsNotStale: the world is the one that the plan was
// made on, and what the plan's action waits for says how the run went.
func TestWhatFollowsAnActionThatDidNotHappenIsNotStale(t *testing.T) {
	order := anOrder("A", wantsStatus(spec.Shipped), "require_payment = false",
		`notify "created" { template = template.update }`, `notify "shipped" { template = template.update }`)
	slow := &reconcile.CallError{Class: reconcile.Throttled, Code: 131056, Customer: true, RetryAfter: time.Hour}
	for _, tt := range []struct {
		name   string
		policy string
		err    *reconcile.CallError
		list   func(*reconcile.Result) []reconcile.Outcome
	}{
		{"held", `policy { require_approval = ["send"] }`, nil, func(r *reconcile.Result) []reconcile.Outcome { return r.Held }},
		{"throttled", "", slow, func(r *reconcile.Result) []reconcile.Outcome { return r.Waiting }},
		{"refused", "", &reconcile.CallError{Class: reconcile.Refused, Code: 131026}, func(r *reconcile.Result) []reconcile.Outcome { return r.Failed }},
		{"not known", "", &reconcile.CallError{Class: reconcile.Unknown}, func(r *reconcile.Result) []reconcile.Outcome { return r.Unknown }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newShop(t, order, tt.policy)
			p := s.saved()
			if tt.err != nil {
				s.platform.script = []fault{{op: onBill, times: 9, err: tt.err}}
			}
			r := s.take(p, reconcile.ApplyOptions{Saved: true})
			if len(r.Stale) != 0 || len(tt.list(r)) != 1 || len(r.Skipped) != 3 {
				t.Errorf("%d %s, skipped %+v, stale %+v", len(tt.list(r)), tt.name, r.Skipped, r.Stale)
			}
			s.expect(onNotice)
		})
	}
	t.Run("the order was billed by another run", func(t *testing.T) {
		s := newShop(t, order)
		p := s.saved()
		s.apply()
		if r := s.take(p, reconcile.ApplyOptions{Saved: true}); len(r.Stale) != 4 || len(r.Skipped) != 0 {
			t.Errorf("stale %+v, skipped %+v", r.Stale, r.Skipped)
		}
	})
}

// TestASavedPlanIsAppliedAsShown: also when the spec has moved on since.
func TestASavedPlanIsAppliedAsShown(t *testing.T) {
	s := newShop(t, anOrder("A"), anOrder("B"))
	p := s.saved()
	s.declare(anOrder("B", taxed))
	s.take(p, reconcile.ApplyOptions{Saved: true})
	s.expect(onBill, "A", "B")
	if b := s.platform.bills["B"]; b.total != 21000 {
		t.Errorf("B was billed over %d, the plan said 210.00", b.total)
	}
	s.says("do forget; do replace canceled B-2")
}

// TestASavedPlanTouchesItsOwnOrdersAlone, whatever the spec says of others by now.
func TestASavedPlanTouchesItsOwnOrdersAlone(t *testing.T) {
	s := newShop(t, anOrder("B"))
	s.apply()
	s.declare(anOrder("A"), anOrder("B"))
	p := s.saved()
	s.declare(anOrder("A"), anOrder("B", cancelsOnRemove))
	before := s.known("B").Version
	s.take(p, reconcile.ApplyOptions{Saved: true})
	s.expect(onBill, "B", "A")
	if o := s.known("B"); o.Version != before || o.CancelOnRemove {
		t.Error("B has no part in the plan, and its record was changed")
	}
}

// TestThePolicyInForceIsTodays: a plan that was saved before it is held by it all the same.
func TestThePolicyInForceIsTodays(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
	p := s.saved()
	s.declare(anOrder("A", refund("loaf", "50")), "policy { max_refund = 49.99 }")
	r := s.take(p, reconcile.ApplyOptions{Saved: true})
	if len(r.Held) != 1 {
		t.Errorf("held: %+v", r.Held)
	}
	s.expect(onRefund)
}

func TestAPlanMadeBeforeANotifyWasKnownTellsWhatItSaw(t *testing.T) {
	s := newShop(t, anOrder("A"))
	s.apply()
	s.clock.pass(time.Minute)
	s.declare(anOrder("A", `notify "paid" { template = template.receipt }`))
	s.platform.pay("A")
	p := s.plan()
	if got := told(p); got != "do notify paid" {
		t.Errorf("plan: %s", got)
	}
	s.clock.pass(time.Minute) // while somebody reads the plan
	s.take(p, reconcile.ApplyOptions{})
	s.expect(onNotice, "receipt")
}

func TestApprovals(t *testing.T) {
	orders := []string{anOrder("A", refund("loaf", "50")), `policy { require_approval = ["refund"] }`}
	approve := func(s *shop, id string) {
		t.Helper()
		if err := s.store.Approve(context.Background(), []reconcile.Approval{{Action: id, Who: "asha", Reason: "fine", At: s.clock.at}}); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("bind to the action as it was shown", func(t *testing.T) {
		s := newShop(t, orders...).paid("A")
		s.says("do refund loaf (held)")
		s.apply()
		approve(s, s.plan().Actions[0].ID)
		s.declare(anOrder("A", refund("loaf", "51")), orders[1])
		s.apply()
		s.expect(onRefund)
		s.declare(orders...)
		s.apply()
		s.expect(onRefund, "A 5000")
	})
	t.Run("lapse after seven days", func(t *testing.T) {
		s := newShop(t, orders...).paid("A")
		approve(s, s.plan().Actions[0].ID)
		s.clock.pass(7*24*time.Hour + time.Second)
		s.says("do refund loaf (held)")
	})
	t.Run("come with the answer at the prompt", func(t *testing.T) {
		s := newShop(t, orders...).paid("A")
		r := s.take(s.plan(), reconcile.ApplyOptions{ApproveShown: true, Who: "asha"})
		if r.Done.Refund != 1 {
			t.Errorf("%+v", r)
		}
		as, err := s.store.Approvals(context.Background())
		if err != nil || len(as) != 1 {
			t.Errorf("%d approvals, %v", len(as), err)
		}
	})
	t.Run("a second refund of one amount needs one", func(t *testing.T) {
		s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
		s.apply()
		s.declare(anOrder("A", refund("roll", "50")))
		p := s.plan()
		if got := told(p); got != "blocked refund roll refund_renamed" {
			t.Fatalf("plan: %s", got)
		}
		words := strings.Fields(p.Blocked[0].Detail)
		approve(s, words[slices.Index(words, "approve")+1])
		s.apply()
		s.expect(onRefund, "A 5000", "A 5000")
	})
}

func TestTheDaysCapOverRuns(t *testing.T) {
	s := newShop(t, anOrder("A", refund("a", "60"), refund("b", "50")), "policy { max_refund_per_day = 100 }").paid("A")
	r := s.apply()
	if r.Done.Refund != 1 || len(r.Held) != 1 {
		t.Errorf("%d refunded, %d held", r.Done.Refund, len(r.Held))
	}
	s.says("do refund b (held)")
	s.clock.pass(24 * time.Hour)
	s.apply()
	s.expect(onRefund, "A 6000", "A 5000")
}

func TestAnUnknownRefundSpendsOfTheDay(t *testing.T) {
	s := newShop(t, anOrder("A", refund("a", "60")), anOrder("B", refund("b", "50")), "policy { max_refund_per_day = 100 }").paid("A", "B")
	s.platform.fail(onRefund, reconcile.Unknown, 0)
	s.apply()
	s.says("do refund b (held); unknown refund a")
}

// TestAPlanFromBeforeAnAttemptLetsNoFurtherOneGo: the word that a person gave was for the
// attempt that was made since, and a plan that knows nothing of that one cannot use it again.
func TestAPlanFromBeforeAnAttemptLetsNoFurtherOneGo(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50")), "policy { max_refund = 10 }").paid("A")
	before := s.saved()
	s.platform.fail(onRefund, reconcile.Refused, 100)
	s.take(s.plan(), reconcile.ApplyOptions{ApproveShown: true, Who: "asha"})
	s.resolve(s.attempt("A", reconcile.KindRefund).ID, reconcile.Decision{Verdict: reconcile.Retry, Who: "asha", Reason: "the account was topped up"})
	s.says("do refund loaf (held)")
	s.clock.pass(time.Minute)
	if r := s.take(before, reconcile.ApplyOptions{Saved: true}); len(r.Stale) != 1 {
		t.Errorf("%+v", r)
	}
	s.expect(onRefund)
	s.take(s.saved(), reconcile.ApplyOptions{Saved: true, ApproveShown: true, Who: "asha"})
	s.expect(onRefund, "A 5000")
}

// TestTargetsAreAllThatIsTaken: what is left out of a plan is left alone by its apply.
func TestTargetsAreAllThatIsTaken(t *testing.T) {
	s := newShop(t, anOrder("A"), anOrder("B"), anOrder("C"))
	s.apply()
	s.declare(anOrder("A", wantsStatus(spec.Canceled)), anOrder("B", wantsStatus(spec.Canceled), cancelsOnRemove), anOrder("C"))
	before := s.known("B").Version
	p, err := reconcile.MakePlan(context.Background(), s.world, s.spec, reconcile.PlanOptions{Targets: []string{"order.A"}})
	if err != nil {
		t.Fatal(err)
	}
	s.take(p, reconcile.ApplyOptions{})
	s.expect(onStatus, "A canceled")
	if o := s.known("B"); o.Version != before || o.CancelOnRemove {
		t.Error("B was left out, and its record was changed")
	}
	if _, err := reconcile.MakePlan(context.Background(), s.world, s.spec, reconcile.PlanOptions{Targets: []string{"order.Z"}}); err == nil || !strings.Contains(err.Error(), "order.Z") {
		t.Errorf("a target that names nothing: %v", err)
	}
}

// TestAnEditedPlanCannotPassThePolicy: whoever edits a plan can make its digest anew, and what
// the policy judged must be what is done.
func TestAnEditedPlanCannotPassThePolicy(t *testing.T) {
	for name, edit := range map[string]func(*reconcile.Action){
		"the amount":        func(a *reconcile.Action) { a.Amount = 1 },
		"the kind":          func(a *reconcile.Action) { a.Kind = reconcile.KindNotify },
		"the label":         func(a *reconcile.Action) { a.Label = "roll" },
		"the currency":      func(a *reconcile.Action) { a.Currency = "JPY" },
		"what it refers to": func(a *reconcile.Action) { a.ReferenceID = "B" },
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, anOrder("A", refund("loaf", "50")), `policy { max_refund = 10 }`).paid("A")
			p := s.saved()
			edit(&p.Actions[0])
			s.take(p, reconcile.ApplyOptions{Saved: true})
			s.expect(onRefund)
		})
	}
}
