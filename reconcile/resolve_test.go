package reconcile_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

func (s *shop) decide(id string, d reconcile.Decision) error {
	d.Who, d.Reason = "asha@shop", "seen in the dashboard"
	return reconcile.Resolve(context.Background(), s.world, id, d)
}

func (s *shop) resolve(id string, d reconcile.Decision) {
	s.t.Helper()
	if err := s.decide(id, d); err != nil {
		s.t.Fatal(err)
	}
	s.check()
}

// refuses checks that a decision is refused, with a way out.
func (s *shop) refuses(id string, d reconcile.Decision, why string) {
	s.t.Helper()
	err := s.decide(id, d)
	if err == nil || !strings.Contains(err.Error(), why) {
		s.t.Errorf("%s: %v, want it refused: %s", d.Verdict, err, why)
	}
}

// doubtful is a shop with a refund of unknown outcome that nobody can find.
func doubtful(t *testing.T) (*shop, string) {
	t.Helper()
	s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
	s.platform.fail(onRefund, reconcile.Unknown, 0)
	s.apply()
	return s, s.attempt("A", reconcile.KindRefund).ID
}

func TestThatARefundDidNotHappenIsHardToSay(t *testing.T) {
	s, id := doubtful(t)
	failed := reconcile.Decision{Verdict: reconcile.DidNot}
	s.refuses(id, failed, "still runs")
	s.start() // the sender is gone
	s.refuses(id, failed, "asked for 15s ago, and may still take effect; this is refused for 24 hours")
	s.clock.pass(25 * time.Hour)
	s.platform.bills["A"].refunds = []reconcile.RefundSeen{{ID: "rfnd_x", Reference: "A", Amount: 4999, Currency: spec.INR, State: reconcile.RefundSuccess}}
	s.refuses(id, failed, "rfnd_x")
	s.platform.bills["A"].refunds = nil
	s.resolve("rfnd_x", reconcile.Decision{Verdict: reconcile.Foreign})
	s.refuses(id, reconcile.Decision{Verdict: reconcile.Retry}, "could pay twice")
	s.resolve(id, failed)
	s.says("blocked refund loaf refund_failed")
	s.apply()
	s.expect(onRefund)
	s.resolve(id, reconcile.Decision{Verdict: reconcile.Retry})
	s.apply()
	s.expect(onRefund, "A 5000")
	s.refuses(id, reconcile.Decision{Verdict: reconcile.GiveUp}, "came after it")
	s.converged()
}

func TestThatItDidNotHappenNeedsLooks(t *testing.T) {
	s, id := doubtful(t)
	s.start()
	s.clock.pass(time.Hour)
	s.apply()
	o := s.known("A")
	looks := o.Attempt(id).Looks
	s.platform.fail(onLookup, reconcile.Unknown, 0)
	if err := s.decide(id, reconcile.Decision{Verdict: reconcile.DidNot}); err == nil || !strings.Contains(err.Error(), "look at A") {
		t.Errorf("a decision without a look: %v", err)
	}
	s.clock.pass(time.Minute)
	s.refuses(id, reconcile.Decision{Verdict: reconcile.DidNot}, "24 hours")
	o = s.known("A")
	if got := o.Attempt(id).Looks; got != looks+1 {
		t.Errorf("%d looks before a refused decision and %d after it; a look counts", looks, got)
	}
}

// A lookup that does not show the payment, as a proxy's 404, does not show its refunds either.
func TestLooksThatDoNotShowThePaymentAreNoEvidence(t *testing.T) {
	s, id := doubtful(t)
	s.start()
	failed := reconcile.Decision{Verdict: reconcile.DidNot}
	bill := s.platform.bills["A"]
	delete(s.platform.bills, "A")
	for range 4 {
		s.clock.pass(13 * time.Hour)
		s.apply()
	}
	s.refuses(id, failed, "complete lookups")
	s.platform.bills["A"] = bill
	for range 3 {
		s.clock.pass(13 * time.Hour)
		s.apply()
	}
	s.resolve(id, failed)
}

func TestForceNamesThePayment(t *testing.T) {
	s, id := doubtful(t)
	s.refuses(id, reconcile.Decision{Verdict: reconcile.DidNot, Force: "order.999"}, "PAYMENT_ID")
	s.resolve(id, reconcile.Decision{Verdict: reconcile.DidNot, Force: s.platform.bills["A"].tries[0].ID})
}

func TestASucceededRefundIsLookedUp(t *testing.T) {
	s, id := doubtful(t)
	succeeded := func(refund string) reconcile.Decision {
		return reconcile.Decision{Verdict: reconcile.Succeeded, ID: refund}
	}
	seen := func(id string, amount spec.Amount) reconcile.RefundSeen {
		return reconcile.RefundSeen{ID: id, Reference: "A", Amount: amount, Currency: spec.INR, State: reconcile.RefundSuccess, CreatedAt: opening.Add(-time.Hour)}
	}
	s.refuses(id, succeeded("rfnd_1"), "lists no refund")
	s.platform.bills["A"].refunds = []reconcile.RefundSeen{seen("rfnd_1", 5001), seen("rfnd_2", 5000)}
	s.refuses(id, succeeded("rfnd_1"), "50.01")
	s.platform.ledger = append(s.platform.ledger, effect{op: onRefund, reference: "A", amount: 5000, intent: id, id: "rfnd_2"})
	s.resolve(id, succeeded("rfnd_2"))
	o := s.known("A")
	if a := o.Attempt(id); a.State != reconcile.Settled || a.Result != "rfnd_2" {
		t.Errorf("%s as %q", a.State, a.Result)
	}
	s.refuses(id, succeeded("rfnd_1"), "settled already")
	s.refuses("rfnd_2", reconcile.Decision{Verdict: reconcile.Foreign}, `belongs to the refund "loaf"`)
	s.resolve(id, succeeded("rfnd_2")) // saying it twice is no contradiction
}

func TestARefundOnTheListBeforeIsNotItsEffect(t *testing.T) {
	s := newShop(t, anOrder("A", `refund "old" {
    amount = 50
    id     = "rfnd_0"
  }`, refund("loaf", "50"))).paid("A")
	s.platform.bills["A"].refunds = []reconcile.RefundSeen{{ID: "rfnd_0", Reference: "A", Amount: 5000, Currency: spec.INR, State: reconcile.RefundSuccess}}
	s.platform.fail(onRefund, reconcile.Unknown, 0)
	s.apply()
	s.declare(anOrder("A", refund("loaf", "50")))
	s.refuses(s.attempt("A", reconcile.KindRefund).ID, reconcile.Decision{Verdict: reconcile.Succeeded, ID: "rfnd_0"}, `belongs to the refund "old"`)
}

// What the second attempt came to is not the outcome of the first, although it has the label.
func TestARefundIsOneAttemptsOutcome(t *testing.T) {
	s, first := doubtful(t)
	s.resolve(first, reconcile.Decision{Verdict: reconcile.DidNot, Force: "A"})
	s.resolve(first, reconcile.Decision{Verdict: reconcile.Retry})
	s.apply()
	second := s.attempt("A", reconcile.KindRefund)
	if second.State != reconcile.Settled || second.ID == first {
		t.Fatalf("the second attempt %s is %s", second.ID, second.State)
	}
	s.refuses(first, reconcile.Decision{Verdict: reconcile.Succeeded, ID: second.Result}, "is what "+second.ID+" came to already")
}

// The effect of a refund that a person gave up on comes to light while another one of the same
// amount is in doubt: whose it is, only a person can say.
func TestALateEffectIsNotAdoptedByAnother(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
	s.platform.freeze("A")
	s.platform.actThenFail(onRefund, reconcile.Unknown)
	s.apply()
	loaf := s.attempt("A", reconcile.KindRefund).ID
	s.resolve(loaf, reconcile.Decision{Verdict: reconcile.GiveUp})
	s.declare(anOrder("A", refund("loaf", "50"), refund("twin", "50")))
	s.platform.fail(onRefund, reconcile.Unknown, 0)
	s.apply()
	s.platform.bills["A"].stale = nil
	s.apply()
	twin := s.attempt("A", reconcile.KindRefund)
	if twin.State != reconcile.Held || !strings.Contains(twin.Meaning, loaf) {
		t.Errorf("the other one is %s: %s", twin.State, twin.Meaning)
	}
	s.resolve(loaf, reconcile.Decision{Verdict: reconcile.Succeeded, ID: s.platform.bills["A"].refunds[0].ID})
	s.resolve(twin.ID, reconcile.Decision{Verdict: reconcile.DidNot, Force: "A"})
	s.resolve(twin.ID, reconcile.Decision{Verdict: reconcile.Retry})
	s.apply()
	s.expect(onRefund, "A 5000", "A 5000")
	s.converged()
}

// TestTheLatestAttemptIsTheOneToRetry: word of an earlier one would be recorded, and nothing
// would come of it.
func TestTheLatestAttemptIsTheOneToRetry(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
	s.platform.fail(onRefund, reconcile.Refused, 131009)
	s.apply()
	first := s.attempt("A", reconcile.KindRefund).ID
	s.resolve(first, reconcile.Decision{Verdict: reconcile.Retry})
	s.platform.fail(onRefund, reconcile.Refused, 131009)
	s.apply()
	s.refuses(first, reconcile.Decision{Verdict: reconcile.Retry}, "came after it")
	s.resolve(s.attempt("A", reconcile.KindRefund).ID, reconcile.Decision{Verdict: reconcile.Retry})
	s.apply()
	s.expect(onRefund, "A 5000")
}

func TestAnAbandonedRefundStaysSpent(t *testing.T) {
	s, id := doubtful(t)
	s.resolve(id, reconcile.Decision{Verdict: reconcile.GiveUp})
	s.says("")
	s.refuses(id, reconcile.Decision{Verdict: reconcile.Retry}, "definite failure")
	s.declare(anOrder("A", refund("loaf", "50"), refund("rest", "160.01")))
	s.says("blocked refund rest refund_exceeds_captured")
}

func TestDecisionsAboutMessages(t *testing.T) {
	t.Run("a bill that did not arrive is sent anew", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.platform.fail(onBill, reconcile.Unknown, 0)
		s.apply()
		id := s.attempt("A", reconcile.KindSend).ID
		s.refuses(id, reconcile.Decision{Verdict: reconcile.Retry}, "first settle it")
		s.resolve(id, reconcile.Decision{Verdict: reconcile.DidNot})
		s.apply()
		s.expect(onBill, "A")
	})
	t.Run("and found by its webhook if it did", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.platform.actThenFail(onBill, reconcile.Unknown)
		s.platform.script = append(s.platform.script, fault{op: onLookup, times: 0, err: &reconcile.CallError{Class: reconcile.Unknown, Meaning: "down"}})
		s.calls.step = func(_ int, what string, before bool) error {
			if what == "lookup" && before && len(s.platform.ledger) > 0 {
				return &reconcile.CallError{Class: reconcile.Unknown, Meaning: "down"}
			}
			return nil
		}
		s.platform.script = s.platform.script[:1]
		s.apply()
		s.calls.step = nil
		s.resolve(s.attempt("A", reconcile.KindSend).ID, reconcile.Decision{Verdict: reconcile.DidNot})
		s.deliver()
		s.says("")
		s.expect(onBill, "A")
	})
	t.Run("a status of which a person says that it happened", func(t *testing.T) {
		s := newShop(t, anOrder("A", wantsStatus(spec.Shipped))).paid("A")
		s.platform.actThenFail(onStatus, reconcile.Unknown)
		s.apply()
		s.resolve(s.attempt("A", reconcile.KindStatus).ID, reconcile.Decision{Verdict: reconcile.Succeeded, ID: "wamid.x"})
		s.converged()
	})
	t.Run("what was accepted is not abandoned", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.apply()
		s.refuses(s.attempt("A", reconcile.KindSend).ID, reconcile.Decision{Verdict: reconcile.GiveUp}, "nothing left to ask")
	})
}

func TestDecisionsThatNameNothing(t *testing.T) {
	s := newShop(t, anOrder("A"))
	s.apply()
	s.refuses("0123456789abcdef", reconcile.Decision{Verdict: reconcile.Retry}, "knows no such action")
	s.refuses("rfnd_1", reconcile.Decision{Verdict: reconcile.Foreign}, "seen no refund")
	s.refuses(s.attempt("A", reconcile.KindSend).ID, reconcile.Decision{Verdict: "maybe"}, "--succeeded")
	if err := reconcile.Resolve(context.Background(), s.world, "x", reconcile.Decision{Verdict: reconcile.Retry}); err == nil || !strings.Contains(err.Error(), "--reason") {
		t.Errorf("without a reason: %v", err)
	}
}

func TestADecisionIsOnTheRecord(t *testing.T) {
	s, id := doubtful(t)
	s.resolve(id, reconcile.Decision{Verdict: reconcile.GiveUp})
	events, err := s.store.Timeline(context.Background(), "A")
	if err != nil {
		t.Fatal(err)
	}
	last := events[len(events)-1]
	if last.Attempt != id || !strings.Contains(last.Detail, "asha@shop") || !strings.Contains(last.Detail, "seen in the dashboard") {
		t.Errorf("the log ends with %+v", last)
	}
}

// ending is a journal whose other process lives until somebody looks at the platform.
type ending struct {
	reconcile.Store
	alive *bool
}

func (e ending) Alive(context.Context, string) (bool, error) { return *e.alive, nil }

// TestWhetherItsSenderLivesIsAskedBeforeTheLook: one that ends after it may have sent the refund
// after what the look shows.
func TestWhetherItsSenderLivesIsAskedBeforeTheLook(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
	s.platform.fail(onRefund, reconcile.Unknown, 0)
	s.apply()
	for range 4 {
		s.clock.pass(9 * time.Hour)
		s.apply()
	}
	alive := true
	s.world.Store = ending{s.world.Store, &alive}
	s.calls.step = func(_ int, what string, _ bool) error {
		if what == "lookup" {
			alive = false
		}
		return nil
	}
	id := s.attempt("A", reconcile.KindRefund).ID
	failed := reconcile.Decision{Verdict: reconcile.DidNot, Who: "asha", Reason: "the dashboard has none"}
	s.refuses(id, failed, "still runs or is paused")
	s.resolve(id, failed)
}
