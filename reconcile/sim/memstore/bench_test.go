package memstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sim/memstore"
	"github.com/hisab/hisab/reconcile/store/storetest"
	"github.com/hisab/hisab/spec"
)

// typical makes an order what one is in the middle of its life: billed, looked at, paid,
// told of, with a refund under way.
func typical(o *reconcile.Observed) error {
	at := storetest.Now()
	look := &reconcile.Payment{Reference: o.Ref, State: reconcile.Captured, Raw: "captured", Amount: 21000, Currency: spec.INR, At: at,
		Transactions: []reconcile.Transaction{{ID: "order_" + o.Ref, State: reconcile.TransactionSuccess, Amount: 21000, CreatedAt: at}}}
	o.Kind, o.Standing = spec.KindOrder, reconcile.Managed
	o.Bills = []reconcile.Bill{{Reference: o.Ref, Seq: 1, Account: "whatsapp|host|1", Total: 21000, Currency: spec.INR, Look: look, CapturedAt: at}}
	o.Attempts = []reconcile.Attempt{
		{ID: "send-" + o.Ref, Kind: reconcile.KindSend, Reference: o.Ref, State: reconcile.Settled, Result: "wamid." + o.Ref, ClaimedAt: at},
		{ID: "status-" + o.Ref, Kind: reconcile.KindStatus, Reference: o.Ref, To: spec.Shipped, State: reconcile.Settled, ClaimedAt: at},
		{ID: "refund-" + o.Ref, Kind: reconcile.KindRefund, Reference: o.Ref, State: reconcile.Sending, Amount: 5000,
			Baseline: []string{"rfnd_1", "rfnd_2"}, ClaimedAt: at},
	}
	o.Refunds = []reconcile.RefundSeen{{ID: "rfnd-" + o.Ref, Reference: o.Ref, Amount: 100, State: reconcile.RefundSuccess, Owner: "x"}}
	o.Marks = []reconcile.Mark{{Name: "seen:paid", At: at}}
	o.News = []reconcile.Event{{At: at, Name: "claimed", Attempt: "refund-" + o.Ref}}
	return nil
}

func shelf(b *testing.B) *memstore.Store {
	b.Helper()
	s := memstore.NewDisk().Open("1")
	for _, ref := range []string{"A", "B", "C"} {
		if _, err := s.Update(context.Background(), ref, typical); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

// BenchmarkUpdate moves an attempt, tells the log, and ends a look, as the core does.
func BenchmarkUpdate(b *testing.B) {
	s := shelf(b)
	ctx := context.Background()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		_, err := s.Update(ctx, "B", func(o *reconcile.Observed) error {
			a := &o.Attempts[2]
			a.State, a.Looks = reconcile.Undecided, i
			a.EndedAt = storetest.Now().Add(time.Duration(i) * time.Millisecond)
			o.News = append(o.News, reconcile.Event{At: a.EndedAt, Name: "unknown", Attempt: a.ID})
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		if i%1000 == 0 { // a history is short, and so is its log
			b.StopTimer()
			s = shelf(b)
			b.StartTimer()
		}
	}
}

// BenchmarkUnchanged is an Update that finds nothing to do.
func BenchmarkUnchanged(b *testing.B) {
	s := shelf(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Update(context.Background(), "B", func(*reconcile.Observed) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	s := shelf(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok, err := s.Get(context.Background(), "B"); err != nil || !ok {
			b.Fatal(ok, err)
		}
	}
}
