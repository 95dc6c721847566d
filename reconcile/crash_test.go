package reconcile_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// TestACrashAnywhere kills the process before every call that one refund, one status, one
// replace makes to its world, and starts again on what is on the disk (reliability 3.6, 7).
// To be killed after a call is to be killed before the next.
func TestACrashAnywhere(t *testing.T) {
	for name, story := range map[string]func(*testing.T) *shop{
		"a bill":   func(t *testing.T) *shop { return newShop(t, anOrder("A")) },
		"a refund": func(t *testing.T) *shop { return newShop(t, anOrder("A", refund("loaf", "50"))).paid("A") },
		"a status": func(t *testing.T) *shop { return newShop(t, anOrder("A", wantsStatus(spec.Shipped))).paid("A") },
		"a replace": func(t *testing.T) *shop {
			s := newShop(t, anOrder("A"))
			s.apply()
			s.declare(anOrder("A", "quick_pay = true", "tax { amount = 10 }"))
			return s
		},
		"the second half of a replace": func(t *testing.T) *shop {
			s := newShop(t, anOrder("A"))
			s.apply()
			s.declare(anOrder("A", "quick_pay = true", "tax { amount = 10 }"))
			s.apply()
			s.deliver()
			s.clock.pass(time.Minute)
			return s
		},
		"everything": func(t *testing.T) *shop {
			return newShop(t, anOrder("A", wantsStatus(spec.Shipped), refund("loaf", "50"), refund("roll", "20"), `notify "paid" { template = template.receipt }`)).paid("A")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := story(t)
			points := 0
			for n := 1; crashAt(t, s.copied(t), n); n++ {
				points = n
			}
			if points < 8 {
				t.Errorf("only %d points to crash at", points)
			}
		})
	}
}

// crashAt runs a shop until its n-th call, and then a new process to the end. It reports
// whether there was such a call.
func crashAt(t *testing.T, s *shop, n int) (crashed bool) {
	t.Helper()
	at := ""
	s.calls.step = func(i int, what string, before bool) error {
		if i == n && before {
			at = fmt.Sprintf("before call %d, %s", n, what)
			panic(crash{at})
		}
		return nil
	}
	crashed = s.killed()
	s.start()
	s.check()
	s.settle()
	if t.Failed() {
		t.Fatalf("killed %s", at)
	}
	return crashed
}

// killed plans and applies, and reports whether that ended in a crash.
func (s *shop) killed() (crashed bool) {
	s.t.Helper()
	defer func() {
		switch p := recover().(type) {
		case nil:
		case crash:
			crashed = true
		default:
			panic(p)
		}
	}()
	p, err := reconcile.MakePlan(context.Background(), s.world, s.spec, reconcile.PlanOptions{})
	if err == nil {
		_, err = reconcile.Apply(context.Background(), s.world, s.spec, p, reconcile.ApplyOptions{})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return false
}

// TestACrashWhileSendingIsFoundByTheRefundItMade: the effect comes to light on the list, and
// is taken for the attempt's own.
func TestACrashWhileSendingIsFoundByTheRefundItMade(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
	s.calls.step = func(_ int, what string, before bool) error {
		if what == "refund" && !before {
			panic(crash{"after the refund"})
		}
		return nil
	}
	if !s.killed() {
		t.Fatal("there was no refund")
	}
	s.start()
	s.apply()
	if a := s.attempt("A", reconcile.KindRefund); a.State != reconcile.Settled || a.Result != s.platform.bills["A"].refunds[0].ID {
		t.Errorf("the refund is %s as %q", a.State, a.Result)
	}
	s.converged()
	s.expect(onRefund, "A 5000")
}

// TestWhatADeadProcessWasSendingIsInDoubt: whoever finds it takes it for unknown.
func TestWhatADeadProcessWasSendingIsInDoubt(t *testing.T) {
	s := newShop(t, anOrder("A", wantsStatus(spec.Shipped))).paid("A")
	s.calls.step = func(_ int, what string, before bool) error {
		if what == "send" && before {
			panic(crash{"before the message"})
		}
		return nil
	}
	if !s.killed() {
		t.Fatal("there was no message")
	}
	if a := s.attempt("A", reconcile.KindStatus); a.State != reconcile.Sending {
		t.Fatalf("the status is %s", a.State)
	}
	s.start()
	s.says("unknown status")
	s.apply()
	if a := s.attempt("A", reconcile.KindStatus); a.State != reconcile.Undecided {
		t.Errorf("the status is %s", a.State)
	}
}

// TestALateEffect: the refund takes effect long after its sender died and the payment was
// closed. It is adopted when it appears, and nothing else was sent meanwhile.
func TestALateEffect(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"), refund("roll", "50"))).paid("A")
	s.platform.freeze("A")
	s.platform.actThenFail(onRefund, reconcile.Unknown)
	s.apply()
	for range 5 {
		s.clock.pass(time.Hour)
		s.apply()
	}
	s.expect(onRefund, "A 5000")
	s.platform.bills["A"].stale = nil
	s.apply()
	s.apply()
	s.expect(onRefund, "A 5000", "A 5000")
	s.converged()
}
