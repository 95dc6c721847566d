package reconcile_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// texts records what the values of template messages were.
func (s *shop) texts() *[][]string {
	var all [][]string
	s.world.Providers = platforms{account: listening{s.platform, &all}}
	return &all
}

// listening keeps the values of templates.
type listening struct {
	*platform
	texts *[][]string
}

func (l listening) Send(ctx context.Context, m reconcile.Message) (reconcile.Receipt, error) {
	if m.Kind == reconcile.TemplateOnly {
		*l.texts = append(*l.texts, m.Template.Body)
	}
	return l.platform.Send(ctx, m)
}

func TestWhatACustomerIsTold(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"), `notify "refund" { template = template.credit }`, `notify "paid" { template = template.receipt }`))
	texts := s.texts()
	s.paid("A").apply()
	s.apply()
	s.converged()
	want := [][]string{{"Asha Rao", "210.00"}, {"loaf", "50.00", s.platform.bills["A"].refunds[0].ID}}
	if !slices.EqualFunc(*texts, want, slices.Equal) {
		t.Errorf("told %q, want %q", *texts, want)
	}
}

// TestARenamedRefundIsToldByItsNewName, when it succeeded, and once.
func TestARenamedRefundIsToldByItsNewName(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
	s.platform.refundState = reconcile.RefundPending
	texts := s.texts()
	s.apply()
	s.declare(anOrder("A", `refund "bread" {
    amount = 50
    was    = "loaf"
  }`, `notify "refund" { template = template.credit }`))
	s.clock.pass(time.Minute)
	s.apply()
	if len(*texts) != 0 {
		t.Errorf("told before it succeeded: %q", *texts)
	}
	made := &s.platform.bills["A"].refunds[0]
	made.State = reconcile.RefundSuccess
	s.apply()
	s.apply()
	if want := []string{"bread", "50.00", made.ID}; len(*texts) != 1 || !slices.Equal((*texts)[0], want) {
		t.Errorf("told %q, want %q once", *texts, want)
	}
	s.converged()
	s.expect(onRefund, "A 5000")
}

func TestCashOnceIsToldOnce(t *testing.T) {
	cash := `offline_payment "till" {
    amount = 210
    date   = "2026-11-20"
    method = "cash"
  }`
	notify := `notify "offline_payment" { template = template.receipt }`
	s := newShop(t, anOrder("A", cash, notify, `notify "paid" { template = template.receipt }`))
	texts := s.texts()
	s.apply()
	s.apply()
	s.converged()
	s.expect(onBill)
	if len(*texts) != 2 {
		t.Errorf("told %q", *texts)
	}
	s.declare(anOrder("A", notify))
	s.says("blocked notify till offline_payment offline_payment_changed; do send pending")
}

// TestCashAfterTheBill: the second plan is empty, and the customer hears of it in the first.
func TestCashAfterTheBill(t *testing.T) {
	s := newShop(t, anOrder("A", wantsStatus(spec.Completed), `notify "paid" { template = template.receipt }`))
	s.apply()
	s.clock.pass(time.Minute)
	s.declare(anOrder("A", wantsStatus(spec.Completed), `notify "paid" { template = template.receipt }`, `offline_payment "till" {
    amount = 210
    date   = "2026-11-20"
  }`))
	s.says("do notify paid; do status completed")
	s.apply()
	s.converged()
	s.expect(onNotice, "receipt")
}

func TestANotifyOfUnknownOutcomeIsNeverSentAgain(t *testing.T) {
	for atLeastOnce, want := range map[string]int{"": 1, "at_least_once = true": 2} {
		s := newShop(t, anOrder("A", `notify "paid" {
    template = template.receipt
    `+atLeastOnce+`
  }`)).paid("A")
		s.platform.script = []fault{{op: onNotice, times: 9, act: true, err: &reconcile.CallError{Class: reconcile.Unknown, Meaning: "lost"}}}
		for range 6 {
			s.apply()
			s.clock.pass(10 * time.Minute)
		}
		if got := len(s.platform.happened(onNotice)); got != want {
			t.Errorf("%q: told %d times, want %d", atLeastOnce, got, want)
		}
		s.says("")
	}
}

func TestATemplateThatIsMendedIsTriedAgain(t *testing.T) {
	order := anOrder("A", `notify "paid" { template = template.thanks }`)
	thanks := func(name string) string {
		return `template "thanks" {
  provider = whatsapp.main
  name     = "` + name + `"
  language = "en"
}`
	}
	s := newShop(t, order, thanks("thanks")).paid("A")
	s.platform.fail(onNotice, reconcile.Refused, 132001)
	s.apply()
	s.says("blocked notify paid refused")
	s.declare(order, thanks("thanks_v2"))
	s.apply()
	s.expect(onNotice, "thanks_v2")
}
