package memstore_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/store/sqlite"
	"github.com/hisab/hisab/reconcile/store/storetest"
	"github.com/hisab/hisab/spec"
)

// TestAsStrictAsTheRealOne does the same things at random to this store and to the real one:
// both must take and refuse the same, and hold the same afterwards.
func TestAsStrictAsTheRealOne(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			r := rand.New(rand.NewPCG(seed, 0))
			for step := range 200 {
				p.step(r)
				if t.Failed() {
					t.Fatalf("at step %d", step)
				}
			}
			for _, what := range []string{"taken", "refused otherwise", "saved", "nothing changed"} {
				if p.seen[what] < 5 {
					t.Errorf("only %d updates ended as %q", p.seen[what], what)
				}
			}
		})
	}
}

// pair is two stores of which one is trusted.
type pair struct {
	t          *testing.T
	mine, real reconcile.Store
	seen       map[string]int
}

func newPair(t *testing.T) *pair {
	path := filepath.Join(t.TempDir(), "state.db")
	if err := sqlite.Create(context.Background(), path, sqlite.Genesis{Lineage: "l", Now: storetest.Now()}); err != nil {
		t.Fatal(err)
	}
	real, err := sqlite.Open(context.Background(), path, sqlite.Options{Operation: "apply", Incarnation: "i", Now: storetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { real.Close() })
	return &pair{t: t, mine: empty(), real: real, seen: map[string]int{}}
}

func (p *pair) step(r *rand.Rand) {
	ref := pick(r, "A", "A-2", "B", "C")
	seed := r.Uint64()
	change := func(o *reconcile.Observed) error {
		r := rand.New(rand.NewPCG(seed, 1)) // both stores are changed alike
		if r.IntN(8) == 0 {
			pick(r, illegal...)(r, o)
			return nil
		}
		for range r.IntN(4) {
			pick(r, legal...)(r, o)
		}
		return nil
	}
	ctx := context.Background()
	before, _, _ := p.real.Get(ctx, ref)
	mine, mineErr := p.mine.Update(ctx, ref, change)
	real, realErr := p.real.Update(ctx, ref, change)
	p.seen[outcome(before.Version, real.Version, realErr)]++
	if outcome(0, 1, mineErr) != outcome(0, 1, realErr) {
		p.t.Fatalf("update %s: %v; the real store: %v", ref, mineErr, realErr)
	}
	p.same("update "+ref, mine, real)
	for _, reference := range []string{"A", "A-2", "B", "C", "A-3"} {
		mine, mineOK, _ := p.mine.Get(ctx, reference)
		real, realOK, _ := p.real.Get(ctx, reference)
		p.same("found "+reference, mineOK, realOK)
		p.same("get "+reference, mine, real)
	}
	mineLog, _ := p.mine.Timeline(ctx, ref)
	realLog, _ := p.real.Timeline(ctx, ref)
	p.same("timeline of "+ref, mineLog, realLog)
	since := minute(r.IntN(20))
	mineSum, _ := p.mine.RefundedSince(ctx, since)
	realSum, _ := p.real.RefundedSince(ctx, since)
	p.same("refunded", mineSum, realSum)
}

func (p *pair) same(what string, mine, real any) {
	if diff := cmp.Diff(real, mine); diff != "" {
		p.t.Errorf("%s (-real +mine):\n%s", what, diff)
	}
}

func outcome(before, after int64, err error) string {
	switch {
	case errors.Is(err, reconcile.ErrTaken):
		return "taken"
	case err != nil:
		return "refused otherwise"
	case before == after:
		return "nothing changed"
	}
	return "saved"
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func minute(n int) time.Time {
	return storetest.Now().Add(time.Duration(n)*time.Minute + 123*time.Microsecond)
}

type change = func(*rand.Rand, *reconcile.Observed)

// legal changes may be taken or refused; what they ask for has a place in a journal.
var legal = []change{
	func(r *rand.Rand, o *reconcile.Observed) {
		reference := pick(r, o.Ref, o.Ref+"-2", "A-2", "A-3", "B")
		o.Bills = append(o.Bills, reconcile.Bill{Reference: reference, Seq: max(1, len(o.Bills)+r.IntN(2)), Total: 100, Currency: spec.INR})
	},
	func(r *rand.Rand, o *reconcile.Observed) {
		for i := range o.Bills {
			o.Bills[i].Look = &reconcile.Payment{State: pick(r, reconcile.Captured, reconcile.Unpaid), At: minute(r.IntN(3)),
				Transactions: []reconcile.Transaction{{ID: "t", CreatedAt: minute(r.IntN(2))}},
				Refunds:      []reconcile.RefundSeen{{ID: "not kept"}}}
		}
	},
	func(r *rand.Rand, o *reconcile.Observed) {
		o.Attempts = append(o.Attempts, reconcile.Attempt{
			ID:        pick(r, o.Ref, "x") + fmt.Sprint("-", r.IntN(8)),
			Kind:      pick(r, reconcile.KindRefund, reconcile.KindRefund, reconcile.KindStatus, reconcile.KindReplace, reconcile.KindSend),
			Reference: pick(r, o.Ref, o.Ref+"-2", "A-2"), To: pick(r, "", spec.Canceled, spec.Shipped), Amount: spec.Amount(r.IntN(50)),
			State: anyState(r), ClaimedAt: minute(r.IntN(20)), Baseline: []string{"b"}[:r.IntN(2)],
		})
	},
	func(r *rand.Rand, o *reconcile.Observed) {
		if len(o.Attempts) > 0 {
			o.Attempts[r.IntN(len(o.Attempts))].State = anyState(r)
		}
	},
	func(r *rand.Rand, o *reconcile.Observed) {
		for i := range o.Attempts {
			if a := &o.Attempts[i]; a.Result == "" && r.IntN(3) == 0 {
				a.Result = fmt.Sprint("rf-", r.IntN(6))
				return
			}
		}
	},
	func(r *rand.Rand, o *reconcile.Observed) {
		o.Refunds = append(o.Refunds, reconcile.RefundSeen{ID: fmt.Sprint("rf-", r.IntN(6)), Amount: 5,
			State: pick(r, reconcile.RefundFailed, reconcile.RefundSuccess), FirstSeenAt: minute(1)})
	},
	func(r *rand.Rand, o *reconcile.Observed) {
		for i := range o.Refunds {
			o.Refunds[i].State = pick(r, reconcile.RefundFailed, reconcile.RefundPending)
		}
	},
	func(r *rand.Rand, o *reconcile.Observed) {
		o.Marks = append(o.Marks, reconcile.Mark{Name: fmt.Sprint("m-", r.IntN(9)), At: minute(r.IntN(9))})
	},
	func(r *rand.Rand, o *reconcile.Observed) {
		o.News = append(o.News, reconcile.Event{Ref: "another's", Name: "looked", At: minute(r.IntN(9))})
	},
	func(r *rand.Rand, o *reconcile.Observed) { o.PaidOffline = spec.Amount(r.IntN(3)) },
	func(r *rand.Rand, o *reconcile.Observed) {
		o.Standing, o.Stray = reconcile.Managed, &reconcile.Payment{State: reconcile.Unpaid}
	},
	func(_ *rand.Rand, o *reconcile.Observed) { o.Marks = nil },
}

// illegal changes ask for what no journal holds.
var illegal = []change{
	func(_ *rand.Rand, o *reconcile.Observed) { o.PaidOffline = -1 },
	func(_ *rand.Rand, o *reconcile.Observed) { o.Kind = "quote" },
	func(_ *rand.Rand, o *reconcile.Observed) { o.Standing = "lost" },
	func(_ *rand.Rand, o *reconcile.Observed) { o.Ref = "another" },
	func(_ *rand.Rand, o *reconcile.Observed) { o.Marks = append(o.Marks, reconcile.Mark{}) },
	func(_ *rand.Rand, o *reconcile.Observed) { o.News = append(o.News, reconcile.Event{}) },
	func(_ *rand.Rand, o *reconcile.Observed) {
		o.Attempts = append(o.Attempts, reconcile.Attempt{ID: "odd"})
	},
	func(_ *rand.Rand, o *reconcile.Observed) {
		o.Refunds = append(o.Refunds, reconcile.RefundSeen{ID: "odd", Amount: -1, State: reconcile.RefundSuccess})
	},
	func(_ *rand.Rand, o *reconcile.Observed) {
		o.Bills = append(o.Bills, reconcile.Bill{Seq: 99, Reference: "odd-" + o.Ref, Total: -1})
	},
	func(_ *rand.Rand, o *reconcile.Observed) {
		o.Bills = append(o.Bills, reconcile.Bill{Seq: 99, Reference: "odd-" + o.Ref, Look: &reconcile.Payment{State: "paid"}})
	},
}

func anyState(r *rand.Rand) reconcile.AttemptState {
	return pick(r, reconcile.Ready, reconcile.Sending, reconcile.Settled, reconcile.Rejected,
		reconcile.Undecided, reconcile.Held, reconcile.Closed, reconcile.Abandoned)
}
