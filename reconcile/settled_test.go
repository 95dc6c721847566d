package reconcile_test

import (
	"strings"
	"testing"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// A refund that is taken and reported as failed in one answer is no success: no money went
// back, whatever way the answer was learned.
func TestARefundThatFailedAtOnce(t *testing.T) {
	for name, prepare := range map[string]func(*platform){
		"answered": func(*platform) {},
		"found":    func(p *platform) { p.actThenFail(onRefund, reconcile.Unknown) },
	} {
		s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
		s.platform.refundState = reconcile.RefundFailed
		prepare(s.platform)
		r := s.apply()
		if len(r.Failed) != 1 || r.Done.Refund != 0 || r.Done.ToRefund != 0 {
			t.Errorf("%s: %d failed, %d done", name, len(r.Failed), r.Done.Refund)
		} else if !strings.Contains(r.Failed[0].Detail, "refund_failed") {
			t.Errorf("%s: %s", name, r.Failed[0].Detail)
		}
		s.says("blocked refund loaf refund_failed")
		s.apply()
		s.expect(onRefund, "A 5000")
	}
}

// A customer who paid at the till and on the phone and got the surplus back has paid.
func TestASurplusThatWentBackHoldsNothingBack(t *testing.T) {
	s := newShop(t, anOrder("A")).paid("A")
	till := `offline_payment "till" {
    amount = 100
    date   = "2026-11-20"
    method = "cash"
  }`
	s.declare(anOrder("A", wantsStatus(spec.Shipped), till))
	s.says("blocked status overpaid")
	s.declare(anOrder("A", wantsStatus(spec.Shipped), till, refund("surplus", "100")))
	s.apply()
	s.apply()
	s.expect(onStatus, "A shipped")
}

// Looks that are throttled wait, as what they are for.
func TestAThrottledLook(t *testing.T) {
	s := newShop(t, anOrder("A"))
	s.platform.script = append(s.platform.script, fault{op: onLookup, times: 2,
		err: &reconcile.CallError{Class: reconcile.Throttled, Code: 80007, Meaning: "the rate limit"}})
	s.says("waits send throttled")
}

// A payment that was captured and that a later look does not show is not refunded on the
// strength of the earlier one: the refunds on it cannot be seen either.
func TestARefundNeedsTheLookBeforeItToShowThePayment(t *testing.T) {
	s := newShop(t, anOrder("A", wantsStatus(spec.Shipped))).paid("A")
	s.apply()
	s.declare(anOrder("A", wantsStatus(spec.Shipped), refund("loaf", "50")))
	bill := s.platform.bills["A"]
	delete(s.platform.bills, "A")
	if r := s.apply(); len(r.Waiting) != 1 || !strings.Contains(r.Waiting[0].Detail, "refund_before_capture") {
		t.Errorf("%+v", r)
	}
	s.expect(onRefund)
	s.platform.bills["A"] = bill
	s.apply()
	s.expect(onRefund, "A 5000")
}

// The cancel that begins a replace bills nothing yet.
func TestAReplaceBillsOnce(t *testing.T) {
	s := newShop(t, anOrder("A"))
	s.apply()
	s.declare(strings.Replace(anOrder("A"), "quantity    = 2", "quantity    = 3", 1))
	if r := s.apply(); r.Done.Replace != 1 || r.Done.ToCollect != 0 {
		t.Errorf("%d replaced, %d billed", r.Done.Replace, r.Done.ToCollect)
	}
}
