package reconcile_test

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

const account = "whatsapp|graph.facebook.com|106540352242922"

// clock tells a time that passes only when somebody sleeps or a test says so.
type clock struct{ at time.Time }

func (c *clock) Now() time.Time { return c.at }

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.at = c.at.Add(d)
	return nil
}

func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }

// oneByOne is a Pool without company.
type oneByOne struct{}

func (oneByOne) Each(ctx context.Context, n int, f func(int)) {
	for i := 0; i < n && ctx.Err() == nil; i++ {
		f(i)
	}
}

// unhurried is a Pacer that lets everything through.
type unhurried struct{}

func (unhurried) Wait(ctx context.Context, _, _ string) error      { return ctx.Err() }
func (unhurried) Slow(string, string, time.Duration) time.Duration { return 0 }
func (unhurried) Pair(ctx context.Context, _, _ string) (func(context.Context) error, error) {
	return context.Context.Err, ctx.Err()
}

// platforms finds the one account of a test by any address of its specs.
type platforms map[string]reconcile.Provider

func (p platforms) Account(address string) (string, bool) {
	switch address {
	case "whatsapp.main":
		return account, true
	case "whatsapp.second":
		return second, true
	}
	return "", false
}

func (p platforms) Provider(account string) (reconcile.Provider, bool) {
	found, ok := p[account]
	return found, ok
}

const second = "whatsapp|graph.facebook.com|2"

// calls counts what a run asks of its world, and lets a test step in: before each call, and
// after it took effect. An error stands for the call's own; panicking is a crash.
type calls struct {
	n    int
	step func(n int, what string, before bool) error
}

// through makes one call. Where the step gives an error before, the call is not made.
func (c *calls) through(what string, call func() error) error {
	c.n++
	n := c.n
	if c.step != nil {
		if err := c.step(n, what, true); err != nil {
			return err
		}
	}
	err := call()
	if c.step != nil {
		if late := c.step(n, what, false); late != nil {
			return late
		}
	}
	return err
}

// watchedStore is a Store of which every call is counted.
type watchedStore struct {
	reconcile.Store
	calls *calls
}

func (s watchedStore) Get(ctx context.Context, reference string) (o reconcile.Observed, ok bool, err error) {
	err = s.calls.through("get", func() (err error) {
		o, ok, err = s.Store.Get(ctx, reference)
		return err
	})
	return o, ok, err
}

func (s watchedStore) All(ctx context.Context) iter.Seq2[*reconcile.Observed, error] {
	return func(yield func(*reconcile.Observed, error) bool) {
		if err := s.calls.through("all", func() error { return nil }); err != nil {
			yield(nil, err)
			return
		}
		s.Store.All(ctx)(yield)
	}
}

func (s watchedStore) Update(ctx context.Context, ref string, f func(*reconcile.Observed) error) (o reconcile.Observed, err error) {
	err = s.calls.through("update", func() (err error) {
		o, err = s.Store.Update(ctx, ref, f)
		return err
	})
	return o, err
}

func (s watchedStore) RefundedSince(ctx context.Context, since time.Time) (sum spec.Amount, err error) {
	err = s.calls.through("refunded since", func() (err error) {
		sum, err = s.Store.RefundedSince(ctx, since)
		return err
	})
	return sum, err
}

func (s watchedStore) Approvals(ctx context.Context) (as map[string]reconcile.Approval, err error) {
	err = s.calls.through("approvals", func() (err error) {
		as, err = s.Store.Approvals(ctx)
		return err
	})
	return as, err
}

func (s watchedStore) SpendPlan(ctx context.Context, id string, at time.Time) (first bool, err error) {
	err = s.calls.through("spend plan", func() (err error) {
		first, err = s.Store.SpendPlan(ctx, id, at)
		return err
	})
	return first, err
}

// watchedPlatform is a Provider of which every call is counted. A step's error after a call
// is an answer that was lost.
type watchedPlatform struct {
	reconcile.Provider
	calls *calls
}

func (p watchedPlatform) Lookup(ctx context.Context, key reconcile.PaymentKey) (pay reconcile.Payment, err error) {
	err = p.calls.through("lookup", func() (err error) {
		pay, err = p.Provider.Lookup(ctx, key)
		return err
	})
	return pay, err
}

func (p watchedPlatform) Send(ctx context.Context, m reconcile.Message) (r reconcile.Receipt, err error) {
	err = p.calls.through("send", func() (err error) {
		r, err = p.Provider.Send(ctx, m)
		return err
	})
	return r, err
}

func (p watchedPlatform) Refund(ctx context.Context, q reconcile.RefundRequest) (a reconcile.RefundAnswer, err error) {
	err = p.calls.through("refund", func() (err error) {
		a, err = p.Provider.Refund(ctx, q)
		return err
	})
	return a, err
}

// watchedPacer and watchedClock count the waits.
type watchedPacer struct{ calls *calls }

func (p watchedPacer) Wait(ctx context.Context, account, customer string) error {
	return p.calls.through("pace", ctx.Err)
}

func (p watchedPacer) Pair(ctx context.Context, account, customer string) (func(context.Context) error, error) {
	return func(ctx context.Context) error { return p.Wait(ctx, account, "") }, p.Wait(ctx, account, customer)
}

func (p watchedPacer) Slow(string, string, time.Duration) time.Duration { return 0 }

type watchedClock struct {
	*clock
	calls *calls
}

func (c watchedClock) Sleep(ctx context.Context, d time.Duration) error {
	return c.calls.through("sleep", func() error { return c.clock.Sleep(ctx, d) })
}

var (
	_ reconcile.Store    = watchedStore{}
	_ reconcile.Provider = watchedPlatform{}
	_ reconcile.Pacer    = watchedPacer{}
	_ reconcile.Clock    = watchedClock{}
	_ reconcile.Pool     = oneByOne{}
)

// crash is the end of a process in the middle of what it does.
type crash struct{ at string }

func (c crash) String() string { return fmt.Sprintf("killed %s", c.at) }
