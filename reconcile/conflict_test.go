package reconcile_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// TestOneRefundListedUnderTwoPayments holds up neither the run nor any other order.
func TestOneRefundListedUnderTwoPayments(t *testing.T) {
	s := newShop(t, anOrder("A"), anOrder("B"), anOrder("C")).paid("A", "B")
	for _, reference := range []string{"A", "B"} {
		s.platform.bills[reference].refunds = []reconcile.RefundSeen{{ID: "rfnd_1", Reference: reference, Amount: 100, Currency: spec.INR, State: reconcile.RefundSuccess}}
	}
	s.declare(anOrder("A", wantsStatus(spec.Shipped)), anOrder("B", wantsStatus(spec.Shipped)), anOrder("C", wantsStatus(spec.Canceled)))
	r := s.apply()
	conflict := false
	for _, n := range r.Blocked {
		conflict = conflict || n.Code == "evidence_conflict" && n.ReferenceID == "B"
	}
	if !conflict {
		t.Errorf("nobody is told: %+v", r.Blocked)
	}
	s.expect(onStatus, "A shipped", "C canceled")
}

// TestASavedPlanTellsEvidenceFromARace: what the look right before an action names is another
// order's, and no other run has to do with it.
func TestASavedPlanTellsEvidenceFromARace(t *testing.T) {
	s := newShop(t, anOrder("A"), anOrder("B")).paid("A", "B")
	s.declare(anOrder("A"), anOrder("B", wantsStatus(spec.Shipped)))
	p := s.saved()
	for _, reference := range []string{"A", "B"} {
		s.platform.bills[reference].refunds = []reconcile.RefundSeen{{ID: "rfnd_1", Reference: reference, Amount: 100, Currency: spec.INR, State: reconcile.RefundSuccess}}
	}
	s.declare(anOrder("A", wantsStatus(spec.Processing)))
	s.apply()
	r := s.take(p, reconcile.ApplyOptions{Saved: true})
	if len(r.Stale) != 0 || len(r.Skipped) != 1 || !strings.HasPrefix(r.Skipped[0].Detail, "evidence_conflict: ") {
		t.Errorf("skipped %+v, stale %+v", r.Skipped, r.Stale)
	}
	if len(r.Blocked) != 1 || r.Blocked[0].Code != "evidence_conflict" {
		t.Errorf("blocked %+v", r.Blocked)
	}
	s.expect(onStatus, "A processing")
}

// TestARefundAnsweredWithAnothersID is held for a person: the answer proves nothing.
func TestARefundAnsweredWithAnothersID(t *testing.T) {
	for name, answer := range map[string]func(*shop) string{
		"another order's":  func(s *shop) string { return s.platform.bills["B"].refunds[0].ID },
		"one known before": func(*shop) string { return "rfnd_0" },
		"none":             func(*shop) string { return "" },
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, anOrder("A", `refund "old" {
    amount = 1
    id     = "rfnd_0"
  }`), anOrder("B", refund("roll", "20"))).paid("A", "B")
			s.platform.bills["A"].refunds = []reconcile.RefundSeen{{ID: "rfnd_0", Reference: "A", Amount: 100, Currency: spec.INR, State: reconcile.RefundSuccess}}
			s.apply()
			s.declare(anOrder("A", `refund "old" {
    amount = 1
    id     = "rfnd_0"
  }`, refund("loaf", "50")), anOrder("B", refund("roll", "20")), anOrder("C"))
			s.world.Providers = platforms{account: misquoting{s.platform, func() string { return answer(s) }}}
			r := s.apply()
			if len(r.Unknown) != 1 || r.Done.Send != 1 {
				t.Errorf("%d unknown, %d others done", len(r.Unknown), r.Done.Send)
			}
			if a := s.attempt("A", reconcile.KindRefund); a.State != reconcile.Held {
				t.Errorf("the refund is %s: %s", a.State, a.Meaning)
			}
		})
	}
}

// TestARefundThatWasThereBeforeIsNoEffect, whoever says so.
func TestARefundThatWasThereBeforeIsNoEffect(t *testing.T) {
	s := newShop(t, anOrder("A", wantsStatus(spec.Shipped))).paid("A")
	s.platform.bills["A"].refunds = []reconcile.RefundSeen{{ID: "rfnd_0", Reference: "A", Amount: 5000, Currency: spec.INR, State: reconcile.RefundSuccess}}
	s.apply()
	s.resolve("rfnd_0", reconcile.Decision{Verdict: reconcile.Foreign})
	s.declare(anOrder("A", wantsStatus(spec.Shipped), refund("loaf", "50")))
	s.world.Providers = platforms{account: misquoting{s.platform, func() string { return "rfnd_0" }}}
	s.apply()
	a := s.attempt("A", reconcile.KindRefund)
	if a.State != reconcile.Held || !strings.Contains(a.Meaning, "was there before") {
		t.Errorf("the refund is %s: %s", a.State, a.Meaning)
	}
	s.refuses(a.ID, reconcile.Decision{Verdict: reconcile.Succeeded, ID: "rfnd_0"}, "before this refund was asked for")
}

// misquoting answers refunds with an id of its own choice, and makes none.
type misquoting struct {
	*platform
	id func() string
}

func (m misquoting) Refund(context.Context, reconcile.RefundRequest) (reconcile.RefundAnswer, error) {
	return reconcile.RefundAnswer{ID: m.id(), State: reconcile.RefundSuccess}, nil
}

// TestARefundIsRefusedByARefusalAlone: a class that belongs to messages proves nothing about
// money.
func TestARefundIsRefusedByARefusalAlone(t *testing.T) {
	for class, want := range map[reconcile.Class]reconcile.AttemptState{
		reconcile.Refused: reconcile.Rejected, reconcile.BadTransition: reconcile.Undecided, reconcile.PaidAlready: reconcile.Undecided,
		reconcile.WindowClosed: reconcile.Undecided, reconcile.Unknown: reconcile.Undecided, "new": reconcile.Undecided,
		reconcile.Throttled: reconcile.Ready, reconcile.Paused: reconcile.Ready, reconcile.NotSent: reconcile.Ready,
	} {
		s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
		s.platform.script = []fault{{op: onRefund, times: 9, err: &reconcile.CallError{Class: class, Meaning: "scripted", RetryAfter: time.Hour}}}
		s.apply()
		if got := s.attempt("A", reconcile.KindRefund).State; got != want {
			t.Errorf("%s: the refund is %s, want %s", class, got, want)
		}
	}
}

// TestAClaimThatGrewOldIsGivenBack before anything is sent, and made anew (reliability 3.3
// step 3). The process is held up right after the commit, before it knows of it.
func TestAClaimThatGrewOldIsGivenBack(t *testing.T) {
	s := newShop(t, anOrder("A"))
	stalled := false
	s.calls.step = func(_ int, what string, before bool) error {
		if o, _, _ := s.store.Get(context.Background(), "A"); what == "update" && !before && len(o.Attempts) > 0 && !stalled {
			stalled = true
			s.clock.pass(3 * time.Second)
		}
		return nil
	}
	s.apply()
	s.expect(onBill, "A")
	events, err := s.store.Timeline(context.Background(), "A")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range events {
		names = append(names, e.Name)
	}
	if got := strings.Join(names, " "); got != "claimed ready claimed settled" {
		t.Errorf("the log says %s", got)
	}
}

// TestALookThatGrewOldIsMadeAgain: a process that is held up between its look and its claim
// sees what the customer did meanwhile (reliability 3.3 step 1).
func TestALookThatGrewOldIsMadeAgain(t *testing.T) {
	for name, c := range map[string]struct {
		declares, code string
	}{
		"a cancel":            {wantsStatus(spec.Canceled), "canceled_after_payment"},
		"a replace":           {"quick_pay = true\n  tax { amount = 10 }", "content_changed_after_payment"},
		"a status unpaid for": {"require_payment = false\n  " + wantsStatus(spec.Shipped), "paid_twice"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, anOrder("A"))
			s.apply()
			s.declare(anOrder("A", c.declares))
			looks := 0
			s.calls.step = func(_ int, what string, before bool) error {
				if what != "lookup" || before {
					return nil
				}
				if looks++; looks == 2 { // the plan's is the first
					s.platform.pay("A")
					if c.code == "paid_twice" {
						s.platform.bills["A"].tries = append(s.platform.bills["A"].tries, s.platform.bills["A"].tries[0])
						s.platform.bills["A"].tries[1].ID = "another"
					}
					s.clock.pass(2 * time.Minute)
				}
				return nil
			}
			r := s.apply()
			if looks != 3 || len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Detail, c.code) {
				t.Errorf("%d looks, and %+v", looks, r.Skipped)
			}
			s.expect(onStatus)
		})
	}
}

// TestALookThatIsAlwaysOld: a run that is held up again and again gives up, and sends nothing.
func TestALookThatIsAlwaysOld(t *testing.T) {
	s := newShop(t, anOrder("A"))
	s.calls.step = func(_ int, what string, before bool) error {
		if what == "lookup" && !before {
			s.clock.pass(2 * time.Minute)
		}
		return nil
	}
	r := s.apply()
	if len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Detail, "held up right after the look") {
		t.Errorf("%+v", r)
	}
	s.expect(onBill)
}

// beside is a Pool of four.
type beside struct{}

func (beside) Each(ctx context.Context, n int, f func(int)) {
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := w; i < n && ctx.Err() == nil; i += 4 {
				f(i)
			}
		})
	}
	wg.Wait()
}

// oneAtATime lets one request at a time reach a platform that is made for that.
type oneAtATime struct {
	*platform
	mu *sync.Mutex
}

func (o oneAtATime) Lookup(ctx context.Context, key reconcile.PaymentKey) (reconcile.Payment, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.platform.Lookup(ctx, key)
}

func (o oneAtATime) Send(ctx context.Context, m reconcile.Message) (reconcile.Receipt, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.platform.Send(ctx, m)
}

func (o oneAtATime) Refund(ctx context.Context, r reconcile.RefundRequest) (reconcile.RefundAnswer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.platform.Refund(ctx, r)
}

// TestOrdersBesideEachOther do what they do one after the other; the race detector watches.
func TestOrdersBesideEachOther(t *testing.T) {
	var orders []string
	for _, reference := range strings.Split("ABCDEFGHIJKLMNOPQRSTUVWX", "") {
		orders = append(orders, anOrder(reference, wantsStatus(spec.Shipped), refund("loaf", "50"), `notify "paid" { template = template.receipt }`))
	}
	s := newShop(t, orders...)
	s.world.Store, s.world.Clock, s.world.Pacer = s.store, s.clock, unhurried{}
	s.world.Pool = beside{}
	s.world.Providers = platforms{account: oneAtATime{s.platform, new(sync.Mutex)}}
	s.apply()
	for reference := range s.platform.bills {
		s.platform.pay(reference)
	}
	if r := s.apply(); r.Done.Status != len(orders) || r.Done.Refund != len(orders) || r.Done.Notify != len(orders) {
		t.Errorf("%+v", r.Done)
	}
	s.converged()
}
