package reconcile_test

import (
	"slices"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// message is what a webhook says of the latest attempt of a kind.
func (s *shop) message(reference string, kind reconcile.ActionKind, d reconcile.Delivery, code int) reconcile.Evidence {
	s.t.Helper()
	o, a := s.known(reference), s.attempt(reference, kind)
	return reconcile.Evidence{Account: account, Opaque: reconcile.Opaque(o.Ref, a.ID), MessageID: a.Result, Delivery: d, Code: code, Meaning: "told", At: s.clock.at}
}

func TestARefusalByWebhookTakesTheStatusBack(t *testing.T) {
	for _, code := range []int{2046, 2047} {
		s := newShop(t, anOrder("A", wantsStatus(spec.Canceled), "require_payment = false"))
		s.declare(anOrder("A"))
		s.apply()
		s.declare(anOrder("A", wantsStatus(spec.Canceled)))
		s.apply()
		if o := s.known("A"); o.Status() != spec.Canceled {
			t.Fatalf("%d: the order is %s", code, o.Status())
		}
		s.witness(s.message("A", reconcile.KindStatus, reconcile.FailedOnRoute, code))
		if o := s.known("A"); o.Status() != spec.Pending {
			t.Errorf("%d: the order is %s still", code, o.Status())
		}
		s.says("blocked status status_refused")
		s.apply()
		s.expect(onStatus, "A canceled")
		// It is looked at again, and tried again once the customer tried and failed to pay.
		b := s.platform.bills["A"]
		b.status, b.tries = spec.Pending, []reconcile.Transaction{{ID: "order_9", State: reconcile.TransactionFailed}}
		s.says("do status canceled")
	}
}

func TestWebhooksComeLateDoubledAndOutOfOrder(t *testing.T) {
	s := newShop(t, anOrder("A"))
	s.apply()
	send := reconcile.KindSend
	for _, step := range []struct{ tell, is reconcile.Delivery }{
		{reconcile.Read, reconcile.Read},
		{reconcile.SentOn, reconcile.Read},
		{reconcile.Delivered, reconcile.Read},
		{reconcile.Read, reconcile.Read},
		{reconcile.FailedOnRoute, reconcile.Read}, // what was read did not fail
	} {
		s.witness(s.message("A", send, step.tell, 131026))
		if got := s.attempt("A", send); got.Delivery != step.is || got.State != reconcile.Settled {
			t.Errorf("after %q: %q, %s", step.tell, got.Delivery, got.State)
		}
	}
	before := s.known("A").Version
	s.witness(s.message("A", send, reconcile.Delivered, 0))
	if after := s.known("A").Version; after != before {
		t.Error("a duplicate is written")
	}
}

func TestAMessageThatFailedOnItsWay(t *testing.T) {
	t.Run("is refused", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.apply()
		s.witness(s.message("A", reconcile.KindSend, reconcile.FailedOnRoute, 131026))
		s.says("blocked send refused")
	})
	t.Run("is sent once more where it was throttled", func(t *testing.T) {
		s := newShop(t, anOrder("A", wantsStatus(spec.Processing), "require_payment = false"))
		s.apply()
		e := s.message("A", reconcile.KindStatus, reconcile.FailedOnRoute, 130429)
		e.Class = reconcile.Throttled
		s.platform.bills["A"].status = spec.Pending
		s.platform.ledger = s.platform.ledger[:1]
		s.witness(e)
		s.clock.pass(time.Minute)
		s.apply()
		s.expect(onStatus, "A processing")
		s.witness(e) // late, of the first try
		s.says("")
	})
	t.Run("says nothing of the one that was sent once more", func(t *testing.T) {
		s := newShop(t, anOrder("A", `notify "paid" { template = template.receipt }`)).paid("A")
		s.apply()
		e := s.message("A", reconcile.KindNotify, reconcile.FailedOnRoute, 130429)
		e.Class = reconcile.Throttled
		s.platform.ledger = slices.DeleteFunc(s.platform.ledger, func(e effect) bool { return e.op == onNotice })
		s.witness(e)
		s.clock.pass(time.Minute)
		s.platform.actThenFail(onNotice, reconcile.Unknown)
		s.apply()
		s.witness(e) // doubled, of the first try
		if a := s.attempt("A", reconcile.KindNotify); a.State != reconcile.Undecided {
			t.Errorf("%s is %s", a.ID, a.State)
		}
		s.clock.pass(time.Minute)
		s.apply()
		s.expect(onNotice, "receipt")
	})
	t.Run("did arrive where the customer paid", func(t *testing.T) {
		s := newShop(t, anOrder("A", wantsStatus(spec.Shipped))).paid("A")
		s.apply()
		s.witness(s.message("A", reconcile.KindSend, reconcile.FailedOnRoute, 131026))
		s.converged()
	})
	t.Run("is told before its answer comes", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.calls.step = func(_ int, what string, before bool) error {
			if what == "send" && !before {
				o := s.known("A")
				s.witness(reconcile.Evidence{Account: account, Opaque: reconcile.Opaque("A", o.Attempts[0].ID), Delivery: reconcile.FailedOnRoute, Code: 131026, Meaning: "undeliverable"})
			}
			return nil
		}
		if r, p := s.apply(), s.plan(); len(r.Failed) != 1 || told(p) != "blocked send refused" {
			t.Errorf("%d failed; plan: %s", len(r.Failed), told(p))
		}
	})
	t.Run("is told as throttled before its answer comes", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.calls.step = func(_ int, what string, before bool) error {
			if what == "send" && !before {
				o := s.known("A")
				s.witness(reconcile.Evidence{Account: account, Opaque: reconcile.Opaque("A", o.Attempts[0].ID), Delivery: reconcile.FailedOnRoute,
					Class: reconcile.Throttled, Code: 130429, Meaning: "too many"})
				s.platform.ledger = nil // the customer never saw it
			}
			return nil
		}
		if r := s.apply(); len(r.Waiting) != 1 {
			t.Errorf("%+v", r)
		}
	})
}

func TestAWebhookSettlesADoubt(t *testing.T) {
	s := newShop(t, anOrder("A", wantsStatus(spec.Shipped))).paid("A")
	s.platform.actThenFail(onStatus, reconcile.Unknown)
	if r := s.apply(); len(r.Unknown) != 1 {
		t.Fatalf("%d unknown", len(r.Unknown))
	}
	s.says("unknown status")
	s.deliver()
	if a := s.attempt("A", reconcile.KindStatus); a.State != reconcile.Settled || a.Result == "" {
		t.Errorf("%s, message %q", a.State, a.Result)
	}
	s.converged()
	s.expect(onStatus, "A shipped")
}

func TestWithoutAWebhookAStatusGoesOutTwiceAtMost(t *testing.T) {
	s := newShop(t, anOrder("A", wantsStatus(spec.Shipped))).paid("A")
	s.platform.script = []fault{{op: onStatus, times: 9, act: true, err: &reconcile.CallError{Class: reconcile.Unknown, Meaning: "lost"}}}
	for range 9 {
		s.apply()
		s.clock.pass(10 * time.Minute)
	}
	s.expect(onStatus, "A shipped", "A shipped")
	s.says("unknown status")
}

// TestARefusedRepeatShowsThatTheFirstArrived, and only then: a status that was refused and
// tried again because a person said so proves nothing.
func TestARefusedRepeatShowsThatTheFirstArrived(t *testing.T) {
	t.Run("after a doubt", func(t *testing.T) {
		s := newShop(t, anOrder("A", wantsStatus(spec.Shipped))).paid("A")
		s.platform.actThenFail(onStatus, reconcile.Unknown)
		s.apply()
		s.clock.pass(10 * time.Minute)
		s.platform.fail(onStatus, reconcile.BadTransition, 2046)
		s.apply()
		s.converged()
		s.expect(onStatus, "A shipped")
	})
	t.Run("not after a refusal", func(t *testing.T) {
		s := newShop(t, anOrder("A", wantsStatus(spec.Shipped))).paid("A")
		s.platform.fail(onStatus, reconcile.BadTransition, 2046)
		s.apply()
		s.resolve(s.attempt("A", reconcile.KindStatus).ID, reconcile.Decision{Verdict: reconcile.Retry})
		s.platform.fail(onStatus, reconcile.BadTransition, 2046)
		s.apply()
		if o := s.known("A"); o.Status() != spec.Pending {
			t.Errorf("twice refused, and recorded as %s", o.Status())
		}
		s.says("blocked status status_refused")
	})
}

func TestForgedWebhooksChangeNothing(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"), `notify "paid" { template = template.receipt }`)).paid("A")
	s.platform.fail(onRefund, reconcile.Unknown, 0)
	s.apply()
	before := s.known("A").Version
	bill := s.message("A", reconcile.KindSend, reconcile.FailedOnRoute, 131026)
	bill.Account = second
	notice := s.message("A", reconcile.KindNotify, reconcile.FailedOnRoute, 131026)
	notice.Account = second
	money := s.message("A", reconcile.KindRefund, reconcile.Delivered, 0)
	for name, e := range map[string]reconcile.Evidence{
		"another account's":          bill,
		"another account's notice":   notice,
		"about a refund":             money,
		"without an intent":          {Account: account, Delivery: reconcile.Read, MessageID: "wamid.1"},
		"of an unknown order":        {Account: account, Delivery: reconcile.Read, Opaque: "B/0123456789abcdef-1"},
		"of an unknown attempt":      {Account: account, Delivery: reconcile.Read, Opaque: "A/0123456789abcdef-1"},
		"that says nothing":          {Account: account, Opaque: bill.Opaque},
		"with an intent of nonsense": {Account: account, Delivery: reconcile.Read, Opaque: "///"},
	} {
		if s.witness(e) {
			t.Errorf("one %s is believed", name)
		}
	}
	if after := s.known("A").Version; after != before {
		t.Error("something was written")
	}
}
