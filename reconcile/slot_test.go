package reconcile_test

import (
	"context"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// throttledOnce is a Pacer whose account is throttled once, between a look and the deed that
// was to follow it.
type throttledOnce struct {
	unhurried
	meanwhile func()
}

func (p *throttledOnce) Pair(context.Context, string, string) (func(context.Context) error, error) {
	return func(context.Context) error {
		if p.meanwhile != nil {
			p.meanwhile()
			p.meanwhile = nil
		}
		return nil
	}, nil
}

// TestWhatWasSeenLongAgoIsLookedAtAgain: while a refund waits for its turn at a throttled
// account, somebody makes one by hand. It is seen, and nothing is sent.
func TestWhatWasSeenLongAgoIsLookedAtAgain(t *testing.T) {
	s := newShop(t, anOrder("A", refund("loaf", "50"))).paid("A")
	p := s.plan()
	s.world.Pacer = &throttledOnce{meanwhile: func() {
		s.clock.pass(10 * time.Minute)
		s.platform.bills["A"].refunds = []reconcile.RefundSeen{{ID: "rfnd_hand", Reference: "A", Amount: 5000, Currency: spec.INR, State: reconcile.RefundSuccess}}
	}}
	s.take(p, reconcile.ApplyOptions{})
	s.expect(onRefund)
	s.says("blocked refund loaf refund_unexplained")
}
