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
	if err := p.passCustomer(ctx, account, customer); err != nil {
		return err
	}
	return p.pass(ctx, func() *lane { return p.accountLane(account) })
}

// Pair waits for the first of two places that follow each other in the account's row; second
// waits for the other. A second request that took the row's end instead would go out long
// after the look that it relies on, and one that took no place would double the rate. A
// second place that nobody comes for stays empty.
func (p *Pacer) Pair(ctx context.Context, account, customer string) (second func(context.Context) error, err error) {
	if err := p.passCustomer(ctx, account, customer); err != nil {
		return nil, err
	}
	find := func() *lane { return p.accountLane(account) }
	for {
		places, err := p.take(ctx, find, 2)
		if err != nil {
			return nil, err
		}
		passed, err := p.await(ctx, places[0])
		if err != nil {
			p.leave(places[1])
			return nil, err
		}
		if passed {
			return func(ctx context.Context) error {
				if passed, err := p.await(ctx, places[1]); err != nil || passed {
					return err
				}
				return p.pass(ctx, find)
			}, nil
		}
	}
}

// passCustomer waits for the customer's turn, where there is one.
func (p *Pacer) passCustomer(ctx context.Context, account, customer string) error {
	if customer == "" {
		return nil
	}
	return p.pass(ctx, func() *lane { return p.customerLane(pair{account, customer}) })
}

// pass waits for a place in a lane. Whoever holds a place when the lane is slowed takes a
// new one in the slower row.
func (p *Pacer) pass(ctx context.Context, find func() *lane) error {
	for {
		places, err := p.take(ctx, find, 1)
		if err != nil {
			return err
		}
		if passed, err := p.await(ctx, places[0]); err != nil || passed {
			return err
		}
	}
}

// place is one in a lane's row, given in one of its turns.
type place struct {
	lane    *lane
	at      time.Time
	turn    int
	reached bool // when it was given: the first of a row, which is passed at once
}

// take gives the next n free places of a lane.
func (p *Pacer) take(ctx context.Context, find func() *lane, n int) ([]place, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	l, now := find(), p.clock.Now()
	places := make([]place, n)
	for i := range places {
		at, turn := l.take(now)
		places[i] = place{l, at, turn, i == 0 && !at.After(now)}
		if !places[i].reached {
			l.waiting++
		}
	}
	return places, nil
}

// await sleeps until a place is reached. It reports whether the place still held by then.
func (p *Pacer) await(ctx context.Context, q place) (passed bool, err error) {
	if q.reached {
		return true, nil
	}
	if wait := q.at.Sub(p.clock.Now()); wait > 0 {
		err = p.clock.Sleep(ctx, wait)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	q.lane.waiting--
	if err != nil {
		q.lane.giveUp(q.at, q.turn)
		return false, err
	}
	return q.lane.turn == q.turn, nil
}

// leave gives a place back before it is reached.
func (p *Pacer) leave(q place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	q.lane.waiting--
	q.lane.giveUp(q.at, q.turn)
}

// Slow tells that the platform throttled: the customer where one is named, else the whole
// account. It waits at least as long as the platform asks, within reason, and returns how long
// that is from now.
func (p *Pacer) Slow(account, customer string, retryAfter time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	if customer != "" {
		l := p.customerLane(pair{account, customer})
		l.slowCustomer(now, retryAfter)
		return l.hold.Sub(now)
	}
	l := p.accountLane(account)
	l.slowAccount(now, retryAfter)
	return l.hold.Sub(now)
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
