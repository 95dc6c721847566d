//go:build unix

package reconcile_test

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// generated is a spec of n orders, as a shop of that size would declare.
func generated(n int) *spec.Spec {
	s := &spec.Spec{Orders: make([]*spec.Order, n)}
	payment := &spec.Payment{Gateway: "razorpay", Configuration: "shop-razorpay"}
	for i := range s.Orders {
		reference := fmt.Sprintf("ORDER-%06d", i)
		s.Orders[i] = &spec.Order{
			Kind: spec.KindOrder, Address: "order." + reference, ReferenceID: reference, Provider: "whatsapp.main", Currency: spec.INR,
			Customer: spec.Customer{Name: "Asha Rao", Phone: "919876543210"}, Type: "digital-goods", CatalogID: "538246951",
			Items:    []spec.Item{{RetailerID: "1234567", Name: "Sourdough bread", Amount: 10500, Quantity: 2}},
			Subtotal: 21000, Total: 21000, Payment: payment, Status: spec.Shipped, RequirePayment: true,
			Refunds: []spec.Refund{{Label: "loaf", Amount: 100, Speed: "normal"}},
		}
	}
	return s
}

// memory is a Store that holds orders and is only read.
type memory struct {
	reconcile.Store
	orders []*reconcile.Observed
}

func (m memory) All(context.Context) iter.Seq2[*reconcile.Observed, error] {
	return func(yield func(*reconcile.Observed, error) bool) {
		for _, o := range m.orders {
			if !yield(o, nil) {
				return
			}
		}
	}
}

func (m memory) Approvals(context.Context) (map[string]reconcile.Approval, error) { return nil, nil }

// remembered is a state in which every order was billed, and half were paid and shipped.
func remembered(s *spec.Spec, now time.Time) memory {
	var m memory
	for i, want := range s.Orders {
		o := &reconcile.Observed{Ref: want.ReferenceID, Version: 3, Kind: want.Kind, Address: want.Address, Standing: reconcile.Managed}
		send := reconcile.Diff(want, o, reconcile.Terms{Now: now, Account: account}).Actions[0]
		o.Bills = []reconcile.Bill{{Reference: want.ReferenceID, Seq: 1, Account: account, Configuration: "shop-razorpay", Phone: "919876543210",
			Total: 21000, Currency: spec.INR}}
		o.Attempts = []reconcile.Attempt{{ID: send.ID + "-1", Action: send.ID, N: 1, Kind: reconcile.KindSend, Reference: want.ReferenceID,
			State: reconcile.Settled, Result: "wamid.1", ClaimedAt: now, EndedAt: now}}
		if i%2 == 0 {
			o.Bills[0].Look = &reconcile.Payment{Reference: want.ReferenceID, State: reconcile.Captured, Amount: 21000, Currency: spec.INR, At: now}
			o.Attempts = append(o.Attempts, reconcile.Attempt{ID: "status-1", Kind: reconcile.KindStatus, To: spec.Shipped, N: 1, State: reconcile.Settled,
				Reference: want.ReferenceID, ClaimedAt: now, EndedAt: now})
		}
		m.orders = append(m.orders, o)
	}
	return m
}

func BenchmarkDiff(b *testing.B) {
	s := generated(2)
	m := remembered(s, opening)
	t := reconcile.Terms{Now: opening, Since: opening, Account: account}
	for name, have := range map[string]*reconcile.Observed{"declared": {Ref: s.Orders[0].ReferenceID}, "paid": m.orders[0], "waiting": m.orders[1]} {
		want := s.Orders[0]
		if name == "waiting" {
			want = s.Orders[1]
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				reconcile.Diff(want, have, t)
			}
		})
	}
}

// BenchmarkMakePlan plans without lookups, of orders that are new and of orders that are
// known, and reports processor time and kept memory for each order, and the ratio of the time
// to that of a tenth of the orders.
func BenchmarkMakePlan(b *testing.B) {
	for _, known := range []bool{false, true} {
		perOrder := 0.0
		for _, n := range []int{1_000, 10_000, 100_000} {
			name := fmt.Sprintf("new/%d", n)
			if known {
				name = fmt.Sprintf("known/%d", n)
			}
			b.Run(name, func(b *testing.B) {
				s := generated(n)
				store := memory{}
				if known {
					store = remembered(s, opening)
				}
				w := &reconcile.World{Store: store, Providers: platforms{}, Clock: &clock{at: opening}, Pool: oneByOne{}, Pacer: unhurried{}}
				var p *reconcile.Plan
				before, start := heap(), processor()
				for b.Loop() {
					var err error
					if p, err = reconcile.MakePlan(context.Background(), w, s, reconcile.PlanOptions{NoRefresh: true}); err != nil {
						b.Fatal(err)
					}
				}
				ns := float64((processor() - start).Nanoseconds()) / float64(b.N) / float64(n)
				b.ReportMetric(ns, "cpu-ns/order")
				b.ReportMetric(float64(heap()-before)/float64(n), "B/order")
				if perOrder > 0 {
					b.ReportMetric(10*ns/perOrder, "×tenth")
				}
				perOrder = ns
				runtime.KeepAlive(p)
				runtime.KeepAlive(s)
				runtime.KeepAlive(store)
			})
		}
	}
}

// heap is how many bytes are in use after collecting.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// processor is the processor time that this process has used.
func processor() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
