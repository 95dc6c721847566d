package reconcile_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// imported takes an order over that the platform knows as unpaid.
func (s *shop) imports(reference string, status spec.Status) {
	s.t.Helper()
	if _, err := reconcile.Import(context.Background(), s.world, s.spec, reference, status); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) existing(reference string) *bill {
	b := &bill{to: "919876543210", total: 21000, status: spec.Pending, payment: reconcile.Unpaid}
	s.platform.bills[reference] = b
	return b
}

func TestImportTakesAnOrderOver(t *testing.T) {
	s := newShop(t, anOrder("A", wantsStatus(spec.Shipped)))
	s.existing("A").status = spec.Processing
	s.says("blocked send exists_unmanaged")
	s.imports("A", spec.Processing)
	s.says("waits status payment_not_captured")
	s.platform.pay("A")
	s.apply()
	s.converged()
	s.expect(onBill)
	s.expect(onStatus, "A shipped")
}

// TestImportTellsNobodyOfThePast: the customer paid long ago, and is not told so now.
func TestImportTellsNobodyOfThePast(t *testing.T) {
	s := newShop(t, anOrder("A", `notify "paid" { template = template.receipt }`))
	s.existing("A")
	s.platform.pay("A")
	s.imports("A", "")
	s.clock.pass(time.Second)
	s.apply()
	s.expect(onNotice)
	s.converged()
}

func TestWhatHappensAfterAnImportIsTold(t *testing.T) {
	s := newShop(t, anOrder("A", `notify "paid" { template = template.receipt }`))
	s.existing("A")
	s.imports("A", "")
	s.clock.pass(time.Second)
	s.platform.pay("A")
	s.apply()
	s.expect(onNotice, "receipt")
}

func TestAnImportedRefundBelongsToNobodyUntilALabelClaimsIt(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50")))
	s.existing("A")
	s.platform.pay("A")
	s.platform.bills["A"].refunds = []reconcile.RefundSeen{{ID: "rfnd_0", Reference: "A", Amount: 5000, Currency: spec.INR, State: reconcile.RefundSuccess}}
	s.imports("A", "")
	if o := s.known("A"); !o.Refunds[0].Imported || o.Refunds[0].Explained() {
		t.Errorf("recorded as %+v", o.Refunds[0])
	}
	s.apply()
	s.expect(onRefund)
	s.says("blocked refund loaf refund_unexplained")
}

func TestImportsThatAreRefused(t *testing.T) {
	s := newShop(t, anOrder("A"), anOrder("B"), anOrder("C"))
	s.existing("A")
	s.platform.fail(onBill, reconcile.Unknown, 0)
	if _, err := reconcile.MakePlan(context.Background(), s.world, s.spec, reconcile.PlanOptions{}); err != nil {
		t.Fatal(err)
	}
	s.imports("A", "")
	for reference, why := range map[string]string{"A": "under management already", "B": "knows no payment", "D": "declares no order"} {
		if _, err := reconcile.Import(context.Background(), s.world, s.spec, reference, ""); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("import of %s: %v, want %q", reference, err, why)
		}
	}
}

// TestABillThatWasBegunAndExistsAfterAllIsTakenOver under the order it belongs to.
func TestABillThatWasBegunAndExistsAfterAllIsTakenOver(t *testing.T) {
	s := newShop(t, anOrder("A"))
	s.platform.fail(onBill, reconcile.Refused, 131009)
	s.apply()
	s.existing("A")
	s.imports("A", "")
	if o := s.known("A"); o.Ref != "A" || !o.Bills[0].Imported || len(o.Bills) != 1 {
		t.Errorf("known as %+v", o)
	}
	s.says("")
}
