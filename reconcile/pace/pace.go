// Package pace holds requests back to what a platform takes: so many a second for an
// account, and so many messages to one customer.
//
// The configured rate is a ceiling. A platform that throttles lowers it at once, by half
// each time; quiet time gives it back slowly; nothing ever raises it above what was
// configured. Waiting is done by the clock that is passed in, so a test is exact.
package pace

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/hisab/hisab/reconcile"
)

// One customer gets a message every six seconds; up to 45 within six seconds are taken and
// borrow from what is allowed later (About the platform, "Pair rate limits"). A burst of
// forty lets the bills of a family or a wholesaler through at once and leaves a little to
// the shop's own conversation with the customer, which this program does not see; where that
// was too much, the platform says so with 131056.
const (
	CustomerInterval = 6 * time.Second
	CustomerBurst    = 40
)

// Pacer is a reconcile.Pacer. It is safe for use by many callers at once.
type Pacer struct {
	clock  reconcile.Clock
	rateOf func(account string) int

	mu        sync.Mutex
	accounts  map[string]*lane
	customers map[pair]*lane
	full      int // number of customers at which the next sweep is due
}

var _ reconcile.Pacer = (*Pacer)(nil)

// pair is one customer of one account.
type pair struct{ account, customer string }

// New returns a pacer. RateOf says how many requests a second an account takes; it is asked
// once an account. Less than one a second counts as one.
func New(clock reconcile.Clock, rateOf func(account string) int) *Pacer {
	return &Pacer{
		clock:     clock,
		rateOf:    rateOf,
		accounts:  map[string]*lane{},
		customers: map[pair]*lane{},
	}
}

// Wait returns when one more request may go to the account and, with a customer, one more
// message to that customer. The customer's turn comes first: a place in the account's row
// that is not used at its time would let others through too fast later.
func (p *Pacer) Wait(ctx context.Context, account, customer string) error {
	if customer != "" {
		if err := p.pass(ctx, func() *lane { return p.customerLane(pair{account, customer}) }); err != nil {
			return err
		}
	}
	return p.pass(ctx, func() *lane { return p.accountLane(account) })
}

// pass waits for a place in a lane. Whoever holds a place when the lane is slowed takes a
// new one in the slower row.
func (p *Pacer) pass(ctx context.Context, find func() *lane) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		p.mu.Lock()
		l, now := find(), p.clock.Now()
		at, turn := l.take(now)
		l.waiting++
		p.mu.Unlock()

		err := error(nil)
		if wait := at.Sub(now); wait > 0 {
			err = p.clock.Sleep(ctx, wait)
		}

		p.mu.Lock()
		l.waiting--
		passed := l.turn == turn
		if err != nil {
			l.giveUp(at, turn)
		}
		p.mu.Unlock()
		if err != nil || passed {
			return err
		}
	}
}

// Slow tells that the platform throttled: the customer where one is named, else the whole
// account. It waits at least as long as the platform asks, within reason.
func (p *Pacer) Slow(account, customer string, retryAfter time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	if customer != "" {
		p.customerLane(pair{account, customer}).slowCustomer(now, retryAfter)
		return
	}
	p.accountLane(account).slowAccount(now, retryAfter)
}

func (p *Pacer) accountLane(account string) *lane {
	l := p.accounts[account]
	if l == nil {
		l = newLane(rate.Limit(max(p.rateOf(account), 1)), 1) // evenly spaced: no burst to be throttled for
		p.accounts[account] = l
	}
	return l
}

func (p *Pacer) customerLane(k pair) *lane {
	l := p.customers[k]
	if l == nil {
		p.sweep()
		l = newLane(rate.Every(CustomerInterval), CustomerBurst)
		p.customers[k] = l
	}
	return l
}

// sweep forgets customers who have their whole quota back, each time there are twice as
// many as it left: memory follows the customers of the last moments and not all there ever
// were, and each one costs the same.
func (p *Pacer) sweep() {
	if len(p.customers) < p.full {
		return
	}
	now := p.clock.Now()
	for k, l := range p.customers {
		if l.rested(now) {
			delete(p.customers, k)
		}
	}
	p.full = max(2*len(p.customers), fewCustomers)
}

// fewCustomers are not worth a sweep.
const fewCustomers = 1024
