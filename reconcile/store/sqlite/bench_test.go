package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/store/sqlite"
	"github.com/hisab/hisab/spec"
	"github.com/hisab/hisab/spec/spectest"
)

// apply bills n orders as an apply does, several at a time: claim and record, each with its
// event, and the mark of a first time.
func apply(tb testing.TB, s reconcile.Store, n int) {
	tb.Helper()
	const parallel = 16
	var wg sync.WaitGroup
	next := make(chan int, parallel)
	for range parallel {
		wg.Go(func() {
			for i := range next {
				if err := bill(s, i); err != nil {
					tb.Error(err)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// bill sends one bill, with texts and digests as long as the program's.
func bill(s reconcile.Store, i int) error {
	ctx := context.Background()
	ref := fmt.Sprintf("INV-2026-11-%06d", i)
	now := time.UnixMilli(1_795_000_000_000 + int64(i))
	action := fmt.Sprintf("%016x", i*2654435761)
	if _, err := s.Update(ctx, ref, func(o *reconcile.Observed) error {
		o.Kind, o.Address, o.Standing = spec.KindInvoice, fmt.Sprintf("invoice.bill[%q]", ref), reconcile.Managed
		o.Marks = append(o.Marks, reconcile.Mark{Name: "knows:paid", At: now})
		facet := fmt.Sprintf("%012x", i)
		o.Bills = append(o.Bills, reconcile.Bill{
			Reference: ref, Seq: 1, Account: "whatsapp|graph.facebook.com|106540352242922", Configuration: "shop-razorpay",
			Phone: fmt.Sprintf("9198%08d", i), Total: 450000, Currency: spec.INR,
			Facets: reconcile.Facets{Goods: facet, Total: facet, Phone: facet, Provider: facet, Configuration: facet},
		})
		a := reconcile.Attempt{
			ID: action + "-1", Action: action, N: 1, Kind: reconcile.KindSend, Reference: ref, Amount: 450000, Currency: spec.INR,
			State: reconcile.Sending, Digest: action + action, Fence: o.Version + 1,
			Incarnation: "c2f7a1de90b34a55", ClaimedAt: now,
		}
		o.Attempts = append(o.Attempts, a)
		o.News = append(o.News, told(&a, now, "claimed", "send "+ref+" 4500.00 INR"))
		return nil
	}); err != nil {
		return err
	}
	_, err := s.Update(ctx, ref, func(o *reconcile.Observed) error {
		a := &o.Attempts[0]
		a.State, a.EndedAt, a.Result = reconcile.Settled, now.Add(time.Second), "wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSQzQ5"
		o.Marks = append(o.Marks, reconcile.Mark{Name: "seen:created", At: now})
		o.News = append(o.News, told(a, now, "settled", "accepted by the platform"))
		return nil
	})
	return err
}

func told(a *reconcile.Attempt, at time.Time, name, detail string) reconcile.Event {
	return reconcile.Event{At: at, Name: name, Attempt: a.ID, Fence: a.Fence, Incarnation: a.Incarnation, Detail: detail}
}

// cpu is the processor time this process has used.
func cpu() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkApply is what an apply costs the journal: processor time and bytes for each
// action, which must not grow with the number of orders.
func BenchmarkApply(b *testing.B) {
	for _, n := range spectest.Sizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var used time.Duration
			var grown int64
			for b.Loop() {
				path := create(b)
				before := size(b, path)
				s, err := sqlite.Open(context.Background(), path, acting())
				if err != nil {
					b.Fatal(err)
				}
				start := cpu()
				apply(b, s, n)
				used += cpu() - start
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
				grown += size(b, path) - before
			}
			actions := float64(n * b.N)
			b.ReportMetric(float64(used.Microseconds())/actions, "cpu-µs/action")
			b.ReportMetric(float64(grown)/actions, "bytes/action")
		})
	}
}

// BenchmarkAll is what reading every order costs.
func BenchmarkAll(b *testing.B) {
	for _, n := range spectest.Sizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := open(b, create(b), acting())
			apply(b, s, n)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := cpu()
			for b.Loop() {
				for _, err := range s.All(context.Background()) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
			runtime.ReadMemStats(&after)
			orders := float64(n * b.N)
			b.ReportMetric(float64((cpu()-start).Nanoseconds())/orders, "cpu-ns/order")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/orders, "allocs/order")
		})
	}
}

// size is how much disk a state takes, log and index included.
func size(tb testing.TB, path string) int64 {
	tb.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		tb.Fatal(err)
	}
	var sum int64
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			tb.Fatal(err)
		}
		sum += info.Size()
	}
	return sum
}
