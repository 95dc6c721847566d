package crash

import (
	"context"
	"iter"
	"os"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// watched is the world of a process that may die before and after each call. Reading the
// clock and finding an adapter leave no trace anywhere, and are no points.
func watched(w *reconcile.World, f *fate, wal string) *reconcile.World {
	watch := w.Watch
	return &reconcile.World{
		Store: store{w.Store, f, wal}, Providers: providers{w.Providers, f}, Clock: sleeper{w.Clock, f},
		Pacer: pacer{w.Pacer, f}, Pool: pool{w.Pool, f}, Incarnation: w.Incarnation,
		Watch: func(p reconcile.Progress) { f.around("telling "+string(p.Kind), func() { watch(p) }) },
	}
}

// around makes one call.
func (f *fate) around(what string, call func()) {
	f.pass("before %s", what)
	call()
	f.pass("after %s", what)
}

type store struct {
	reconcile.Store
	fate *fate
	wal  string
}

func (s store) Get(ctx context.Context, reference string) (o reconcile.Observed, ok bool, err error) {
	s.fate.around("get", func() { o, ok, err = s.Store.Get(ctx, reference) })
	return o, ok, err
}

func (s store) All(ctx context.Context) iter.Seq2[*reconcile.Observed, error] {
	return func(yield func(*reconcile.Observed, error) bool) {
		s.fate.around("all", func() { s.Store.All(ctx)(yield) })
	}
}

func (s store) Timeline(ctx context.Context, ref string) (events []reconcile.Event, err error) {
	s.fate.around("timeline", func() { events, err = s.Store.Timeline(ctx, ref) })
	return events, err
}

func (s store) RefundedSince(ctx context.Context, since time.Time) (sum spec.Amount, err error) {
	s.fate.around("refunded since", func() { sum, err = s.Store.RefundedSince(ctx, since) })
	return sum, err
}

func (s store) Approvals(ctx context.Context) (as map[string]reconcile.Approval, err error) {
	s.fate.around("approvals", func() { as, err = s.Store.Approvals(ctx) })
	return as, err
}

func (s store) Alive(ctx context.Context, incarnation string) (alive bool, err error) {
	s.fate.around("alive", func() { alive, err = s.Store.Alive(ctx, incarnation) })
	return alive, err
}

func (s store) Update(ctx context.Context, ref string, f func(*reconcile.Observed) error) (o reconcile.Observed, err error) {
	s.commit("update", func() { o, err = s.Store.Update(ctx, ref, f) })
	return o, err
}

func (s store) Approve(ctx context.Context, as []reconcile.Approval) (err error) {
	s.commit("approve", func() { err = s.Store.Approve(ctx, as) })
	return err
}

func (s store) SpendPlan(ctx context.Context, id string, at time.Time) (first bool, err error) {
	s.commit("spend plan", func() { first, err = s.Store.SpendPlan(ctx, id, at) })
	return first, err
}

// commit makes a call that may write, inside of which a process can die too.
func (s store) commit(what string, call func()) {
	s.fate.around(what, func() {
		before := s.log()
		call()
		s.fate.tear(what, before, s.log())
	})
}

// log is the write-ahead log as it is on the disk; empty where there is none.
func (s store) log() []byte {
	b, err := os.ReadFile(s.wal)
	if err != nil && !os.IsNotExist(err) {
		panic(err)
	}
	return b
}

type providers struct {
	reconcile.Providers
	fate *fate
}

func (p providers) Provider(account string) (reconcile.Provider, bool) {
	found, ok := p.Providers.Provider(account)
	return provider{found, p.fate}, ok
}

type provider struct {
	reconcile.Provider
	fate *fate
}

func (p provider) Lookup(ctx context.Context, key reconcile.PaymentKey) (pay reconcile.Payment, err error) {
	p.fate.around("lookup", func() { pay, err = p.Provider.Lookup(ctx, key) })
	return pay, err
}

func (p provider) Send(ctx context.Context, m reconcile.Message) (r reconcile.Receipt, err error) {
	p.fate.around("send", func() { r, err = p.Provider.Send(ctx, m) })
	return r, err
}

func (p provider) Refund(ctx context.Context, q reconcile.RefundRequest) (a reconcile.RefundAnswer, err error) {
	p.fate.around("refund", func() { a, err = p.Provider.Refund(ctx, q) })
	return a, err
}

type sleeper struct {
	reconcile.Clock
	fate *fate
}

func (c sleeper) Sleep(ctx context.Context, d time.Duration) (err error) {
	c.fate.around("sleep", func() { err = c.Clock.Sleep(ctx, d) })
	return err
}

type pacer struct {
	reconcile.Pacer
	fate *fate
}

func (p pacer) Wait(ctx context.Context, account, customer string) (err error) {
	p.fate.around("pace", func() { err = p.Pacer.Wait(ctx, account, customer) })
	return err
}

func (p pacer) Pair(ctx context.Context, account, customer string) (second func(context.Context) error, err error) {
	var inner func(context.Context) error
	p.fate.around("pace", func() { inner, err = p.Pacer.Pair(ctx, account, customer) })
	return func(ctx context.Context) (err error) {
		p.fate.around("pace", func() { err = inner(ctx) })
		return err
	}, err
}

func (p pacer) Slow(account, customer string, retryAfter time.Duration) (pause time.Duration) {
	p.fate.around("slow", func() { pause = p.Pacer.Slow(account, customer, retryAfter) })
	return pause
}

type pool struct {
	reconcile.Pool
	fate *fate
}

func (p pool) Each(ctx context.Context, n int, f func(i int)) {
	p.fate.around("each", func() { p.Pool.Each(ctx, n, f) })
}
