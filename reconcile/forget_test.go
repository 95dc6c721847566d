package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

const cancelsOnRemove = `lifecycle { on_remove = "cancel" }`

func TestAnOrderThatLeavesTheSpec(t *testing.T) {
	t.Run("completed: archived, and nobody is bothered", func(t *testing.T) {
		s := newShop(t, anOrder("A", wantsStatus(spec.Completed)), anOrder("B")).paid("A")
		s.apply()
		s.declare(anOrder("B"))
		s.says("")
		s.apply()
		if o := s.known("A"); o.Standing != reconcile.Archived || o.Bills[0].Phone == "" {
			t.Errorf("%s, phone %q", o.Standing, o.Bills[0].Phone)
		}
	})
	t.Run("refused as completed while the plan was read: not archived", func(t *testing.T) {
		s := newShop(t, anOrder("A", wantsStatus(spec.Completed)), anOrder("B")).paid("A")
		s.apply()
		s.declare(anOrder("B"))
		p := s.plan()
		s.witness(s.message("A", reconcile.KindStatus, reconcile.FailedOnRoute, 2046))
		s.take(p, reconcile.ApplyOptions{})
		if o := s.known("A"); o.Standing != reconcile.Managed {
			t.Errorf("%s", o.Standing)
		}
	})
	t.Run("payable: forgotten, and the customer is erased", func(t *testing.T) {
		s := newShop(t, anOrder("A"), anOrder("B"))
		s.apply()
		s.declare(anOrder("B"))
		s.says("do forget")
		s.apply()
		if o := s.known("A"); o.Standing != reconcile.Forgotten || o.Bills[0].Phone != "" {
			t.Errorf("%s, phone %q", o.Standing, o.Bills[0].Phone)
		}
		s.says("")
	})
	t.Run("on_remove = cancel: canceled where the bill went, then archived", func(t *testing.T) {
		s := newShop(t, anOrder("A", cancelsOnRemove), anOrder("B"))
		s.apply()
		s.declare(anOrder("B"))
		s.says("do status canceled")
		s.apply()
		s.expect(onStatus, "A canceled")
		if e := s.platform.ledger[2]; e.to != "919876543210" {
			t.Errorf("the cancel went to %q", e.to)
		}
		s.apply()
		if o := s.known("A"); o.Standing != reconcile.Archived {
			t.Errorf("%s", o.Standing)
		}
	})
	t.Run("paid after it was archived: shown", func(t *testing.T) {
		s := newShop(t, anOrder("A", cancelsOnRemove), anOrder("B"))
		s.apply()
		s.declare(anOrder("B"))
		s.apply()
		s.apply()
		s.platform.pay("A")
		s.clock.pass(31 * time.Minute)
		s.says("blocked status paid_after_cancel")
		s.apply()
		s.says("blocked status paid_after_cancel")
		s.declare(anOrder("A", wantsStatus(spec.Canceled), refund("late", "210")), anOrder("B"))
		s.apply()
		s.expect(onRefund, "A 21000")
		s.declare(anOrder("B"))
		s.apply()
		s.says("")
	})
	t.Run("all of them: an error, not a wish", func(t *testing.T) {
		s := newShop(t, anOrder("A"))
		s.apply()
		s.declare("")
		var empty *reconcile.EmptySpecError
		if _, err := reconcile.MakePlan(context.Background(), s.world, s.spec, reconcile.PlanOptions{}); !errors.As(err, &empty) || empty.Managed != 1 {
			t.Errorf("an empty spec: %v", err)
		}
	})
}

// TestForgetAndDeclareAgain: reference, message ids, statuses and refunds stay, so nothing is
// sent or refunded anew.
func TestForgetAndDeclareAgain(t *testing.T) {
	orders := []string{anOrder("A", wantsStatus(spec.Shipped), refund("loaf", "50"), `notify "paid" { template = template.receipt }`), anOrder("B")}
	for name, forget := range map[string]func(*shop){
		"the command": func(s *shop) {
			if err := reconcile.Forget(context.Background(), s.world, "A"); err != nil {
				t.Fatal(err)
			}
		},
		"removal": func(s *shop) { s.declare(orders[1]); s.apply() },
	} {
		s := newShop(t, orders...).paid("A")
		s.apply()
		happened := len(s.platform.ledger)
		forget(s)
		if o := s.known("A"); o.Standing != reconcile.Forgotten {
			t.Errorf("%s: %s", name, o.Standing)
		}
		s.declare(orders...)
		for range 3 {
			s.apply()
		}
		s.says("")
		if len(s.platform.ledger) != happened {
			t.Errorf("%s: %+v", name, s.platform.ledger[happened:])
		}
		if o := s.known("A"); o.Standing != reconcile.Managed || o.Bills[0].Phone != "919876543210" {
			t.Errorf("%s: taken up again as %s, phone %q", name, o.Standing, o.Bills[0].Phone)
		}
	}
}

func TestForgetOfWhatNobodyKnows(t *testing.T) {
	s := newShop(t, anOrder("A"))
	var unknown *reconcile.UnknownRefError
	if err := reconcile.Forget(context.Background(), s.world, "A"); !errors.As(err, &unknown) {
		t.Errorf("%v", err)
	}
}

// TestAnAddressThatTwoOrdersHad: the one that left and the one that took its address keep
// apart, whatever is done to either.
func TestAnAddressThatTwoOrdersHad(t *testing.T) {
	slot := func(label, reference string, more ...string) string {
		return anOrder(label, append(more, `reference_id = "`+reference+`"`, cancelsOnRemove)...)
	}
	s := newShop(t, slot("a", "A"), slot("b", "B"), slot("c", "C"))
	s.apply()
	s.declare(slot("a", "B", wantsStatus(spec.Processing), "require_payment = false"), slot("b", "C"))
	s.clock.pass(time.Minute)
	s.apply()
	done := s.platform.happened(onStatus)
	if slices.Sort(done); !slices.Equal(done, []string{"A canceled", "B processing"}) {
		t.Errorf("done: %q", done)
	}
	s.apply()
	if a, b := s.known("A"), s.known("B"); a.Standing != reconcile.Archived || b.Standing != reconcile.Managed || b.Address != "order.a" {
		t.Errorf("A is %s, B is %s at %s", a.Standing, b.Standing, b.Address)
	}
	s.says("")
}

// TestOrdersThatLeftCountWhateverIsSeen: where lookups fail, the few that can be removed are
// no fewer than all that left the spec.
func TestOrdersThatLeftCountWhateverIsSeen(t *testing.T) {
	var orders []string
	for i := range 12 {
		orders = append(orders, anOrder(fmt.Sprintf("O-%02d", i)))
	}
	s := newShop(t, append(orders, anOrder("STAYS"))...)
	s.apply()
	s.declare(anOrder("STAYS"))
	for range 4 {
		s.platform.fail(onLookup, reconcile.Refused, 0)
	}
	p := s.plan()
	if len(p.Removed) >= 12 || p.Left != 12 || p.Summary.Held != len(p.Removed) || p.Summary.Held == 0 {
		t.Errorf("%d of %d orders that left can be removed, and %d are held", len(p.Removed), p.Left, p.Summary.Held)
	}
}
