package kill

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/hisab/hisab/reconcile/sandbox"
)

// public is the customers: they pay, begin to pay, fail and give up when they like.
type public struct {
	chance   *rand.Rand
	platform *platform
}

// visit is one customer looking at one bill. That a bill cannot be paid is the customer's
// disappointment, and nobody else's.
func (p *public) visit() {
	orders := p.platform.Orders()
	if len(orders) == 0 {
		return
	}
	o := &orders[p.chance.IntN(len(orders))]
	a := sandbox.Attempt{Reference: o.Reference, Force: p.chance.IntN(40) == 0}
	switch n := p.chance.IntN(20); {
	case n < 14:
		_ = p.platform.Pay(a)
	case n < 16:
		_ = p.platform.Pending(a)
	case n < 18:
		_ = p.platform.Fail(a)
	case n < 19:
		_ = p.platform.CancelByCustomer(a)
	}
}

// crowd lets customers come until ctx is done.
func (p *public) crowd(ctx context.Context) {
	for ctx.Err() == nil {
		p.visit()
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(5+p.chance.IntN(60)) * time.Millisecond):
		}
	}
}
