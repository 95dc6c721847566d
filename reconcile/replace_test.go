package reconcile_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// taxed changes what the customer agreed to.
const taxed = "tax { amount = 10 }"

// replaced is a shop whose bill A was canceled to make room for A-2.
func replaced(t *testing.T, more ...string) *shop {
	t.Helper()
	s := newShop(t, anOrder("A"))
	s.apply()
	s.declare(anOrder("A", append(more, taxed)...))
	s.clock.pass(time.Minute)
	s.apply()
	s.expect(onStatus, "A canceled")
	s.clock.pass(time.Minute)
	return s
}

func TestReplaceIsConfirmedByAWebhook(t *testing.T) {
	s := replaced(t)
	s.says("waits replace replace_unconfirmed")
	s.deliver()
	s.says("do send pending")
	s.apply()
	s.expect(onBill, "A", "A-2")
	if b := s.platform.bills["A-2"]; b.total != 22000 {
		t.Errorf("the new bill is over %d", b.total)
	}
	s.platform.pay("A-2")
	s.apply()
	if o := s.known("A-2"); o.Ref != "A" || o.Current().Reference != "A-2" {
		t.Errorf("A-2 is known as %s, its current bill is %s", o.Ref, o.Current().Reference)
	}
}

// TestACancelThatIsMadeAgainIsTheLatest: a status that went out after its first, throttled try
// came before it all the same.
func TestACancelThatIsMadeAgainIsTheLatest(t *testing.T) {
	s := newShop(t, anOrder("A"))
	s.apply()
	unpaid := []string{wantsStatus(spec.Processing), "require_payment = false"}
	s.declare(anOrder("A", taxed))
	s.platform.script = append(s.platform.script, fault{op: onStatus, err: &reconcile.CallError{
		Class: reconcile.Throttled, Code: 131056, RetryAfter: time.Hour, Meaning: "too many messages"}})
	s.apply()
	s.expect(onStatus)
	s.declare(anOrder("A", unpaid...))
	s.clock.pass(2 * time.Hour)
	s.apply()
	s.declare(anOrder("A", append(unpaid, taxed)...))
	s.clock.pass(time.Minute)
	s.apply()
	s.expect(onStatus, "A processing", "A canceled")
	s.says("waits replace replace_unconfirmed")
}

func TestReplaceIsConfirmedByTwoLooksOverTenMinutes(t *testing.T) {
	s := replaced(t)
	s.apply() // the first look
	s.clock.pass(10*time.Minute - time.Second)
	s.apply()
	s.expect(onBill, "A")
	s.clock.pass(time.Second)
	s.apply()
	s.expect(onBill, "A", "A-2")
}

func TestAPlanIsNoLookThatConfirms(t *testing.T) {
	s := replaced(t)
	s.plan()
	s.clock.pass(time.Hour)
	s.apply()
	s.expect(onBill, "A") // what plan saw was not recorded
}

func TestACustomerWhoPaysDuringAReplace(t *testing.T) {
	t.Run("before the cancel: it is refused, and the bill stays", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.apply()
		s.declare(anOrder("A", taxed))
		s.platform.freeze("A") // a lookup that lags behind
		s.platform.pay("A")
		s.apply()
		s.platform.bills["A"].stale = nil
		s.deliver()
		s.says("blocked replace content_changed_after_payment")
		s.apply()
		s.expect(onBill, "A")
	})
	t.Run("after the cancel: no new bill goes out", func(t *testing.T) {
		s := replaced(t)
		s.deliver()
		s.platform.pay("A")
		s.says("blocked replace paid_after_cancel")
		s.apply()
		s.expect(onBill, "A")
	})
	t.Run("between the plan and the new bill", func(t *testing.T) {
		s := replaced(t)
		s.deliver()
		p := s.plan()
		s.platform.pay("A")
		if r := s.take(p, reconcile.ApplyOptions{}); len(r.Skipped) != 1 {
			t.Errorf("left out: %+v", r.Skipped)
		}
		s.expect(onBill, "A")
	})
	for state, code := range map[reconcile.PaymentState]string{reconcile.Captured: "paid_after_cancel", reconcile.PaymentPending: "payment_pending"} {
		t.Run("two bills ago, whose cancel got lost, is "+string(state), func(t *testing.T) {
			s := replaced(t)
			s.deliver()
			s.apply()
			s.declare(anOrder("A", "tax { amount = 30 }"))
			s.apply() // cancels A-2
			s.deliver()
			p := s.plan()
			s.platform.bills["A"].payment = state
			if r := s.take(p, reconcile.ApplyOptions{}); len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Detail, code) {
				t.Errorf("left out: %+v", r.Skipped)
			}
			s.expect(onBill, "A", "A-2")
		})
	}
	t.Run("after the new bill: paid twice, until one is given back", func(t *testing.T) {
		s := replaced(t)
		s.deliver()
		s.apply()
		s.platform.pay("A-2")
		s.platform.pay("A")
		s.clock.pass(30 * time.Minute)
		s.says("blocked status paid_twice")
		s.declare(anOrder("A", taxed, `refund "twice" {
    amount       = 210
    reference_id = "A"
  }`))
		s.apply()
		s.expect(onRefund, "A 21000")
		s.converged()
	})
}

// TestANewBillThatIsRefusedTakesNobodysPlace: the old one can still be paid, and then nothing
// more is billed.
func TestANewBillThatIsRefusedTakesNobodysPlace(t *testing.T) {
	s := replaced(t)
	s.deliver()
	s.platform.fail(onBill, reconcile.Refused, 131009)
	s.apply()
	s.says("blocked send refused")
	s.declare(anOrder("A", taxed, `footer = "GSTIN 29ABCDE1234F1Z5"`))
	s.says("do send pending")
	s.platform.pay("A")
	s.says("blocked replace paid_after_cancel")
	s.apply()
	s.expect(onBill, "A")
}

func TestAReplaceNeverTakesAReferenceThatIsKnown(t *testing.T) {
	s := replaced(t)
	s.deliver()
	s.platform.bills["A-2"] = &bill{to: "919876543210", total: 22000, status: spec.Pending, payment: reconcile.Unpaid}
	s.says("blocked replace exists_unmanaged")
	s.apply()
	s.expect(onBill, "A")
}

func TestTheCancelOfAReplaceGoesWhereTheBillWent(t *testing.T) {
	s := newShop(t, anOrder("A"))
	s.apply()
	moved := anOrder("A", "provider = whatsapp.second")
	s.declare(replacePhone(moved))
	s.clock.pass(time.Minute)
	s.apply()
	s.expect(onStatus, "A canceled")
	if e := s.platform.ledger[1]; e.to != "919876543210" {
		t.Errorf("the cancel went to %s", e.to)
	}
	s.deliver()
	s.apply()
	if b := s.platform.bills["A-2"]; b == nil || b.to != "919876543211" {
		t.Errorf("the new bill is %+v", b)
	}
	if o := s.known("A"); o.Bills[0].Account != account || o.Bills[1].Account != second {
		t.Errorf("billed by %s and %s", o.Bills[0].Account, o.Bills[1].Account)
	}
}

func replacePhone(order string) string {
	const old, changed = "+919876543210", "+919876543211"
	for i := range order {
		if len(order)-i >= len(old) && order[i:i+len(old)] == old {
			return order[:i] + changed + order[i+len(old):]
		}
	}
	panic("the order names no phone")
}

func TestReplaceOnDemand(t *testing.T) {
	s := newShop(t, anOrder("A"))
	s.apply()
	s.clock.pass(time.Minute)
	p, err := reconcile.MakePlan(context.Background(), s.world, s.spec, reconcile.PlanOptions{Replace: []string{"order.A"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := told(p); got != "do replace canceled A-2" {
		t.Errorf("plan: %s", got)
	}
	s.take(p, reconcile.ApplyOptions{})
	s.deliver()
	s.apply()
	s.expect(onBill, "A", "A-2")
	s.apply()
	s.expect(onBill, "A", "A-2")
}

func TestADesiredCancelEndsAReplace(t *testing.T) {
	s := replaced(t)
	s.deliver()
	s.declare(anOrder("A", taxed, wantsStatus(spec.Canceled)))
	s.apply()
	s.expect(onBill, "A")
	s.says("")
}

// TestAnotherReferenceAtOneAddressIsAReplace: never a forget and a send.
func TestAnotherReferenceAtOneAddressIsAReplace(t *testing.T) {
	order := func(reference string) string { return anOrder("rent", `reference_id = "`+reference+`"`) }
	s := newShop(t, order("R-1"))
	s.apply()
	s.declare(order("R-9"))
	s.says("do replace canceled R-9")
	s.apply()
	s.deliver()
	s.apply()
	s.expect(onBill, "R-1", "R-9")
	if o := s.known("R-9"); o.Ref != "R-1" {
		t.Errorf("R-9 is an order of its own")
	}
	s.says("")
}

func TestABlockThatMovesChangesNothing(t *testing.T) {
	order := func(label string) string { return anOrder(label, `reference_id = "R-1"`) }
	s := newShop(t, order("rent"), anOrder("B"))
	s.apply()
	s.declare(order("lease"), anOrder("B"))
	s.says("")
	s.apply()
	if o := s.known("R-1"); o.Address != "order.lease" {
		t.Errorf("the state knows it as %s", o.Address)
	}
}
