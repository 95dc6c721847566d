package view_test

import (
	"bytes"
	"iter"
	"testing"
	"time"

	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// busy is an order to which nearly everything happened.
func busy() *reconcile.Observed {
	at := func(m int) time.Time { return now.Add(time.Duration(m-600) * time.Minute) }
	return &reconcile.Observed{
		Ref: "BUSY", Kind: spec.KindOrder, Address: "order.BUSY", Standing: reconcile.Managed, PaidOffline: 1000,
		Bills: []reconcile.Bill{
			{Reference: "BUSY", Seq: 1, Account: "whatsapp|graph.facebook.com|1", Phone: "919876543210", Total: 21000, Currency: "INR",
				ExpiresAt: at(0), Look: &reconcile.Payment{State: reconcile.Unpaid, At: at(1), Transactions: []reconcile.Transaction{
					{ID: "t0", State: reconcile.TransactionFailed, Method: "upi", ErrorReason: "incorrect_pin"}}}},
			{Reference: "BUSY-2", Seq: 2, Account: "whatsapp|graph.facebook.com|1", Phone: "919876543210", Total: 22000, Currency: "INR",
				Look: &reconcile.Payment{State: reconcile.Captured, Amount: 22000, Currency: "INR", At: at(3), Transactions: []reconcile.Transaction{
					{ID: "t1", State: reconcile.TransactionSuccess, Method: "upi", Amount: 22000}}}},
		},
		Attempts: []reconcile.Attempt{
			{ID: "s1-1", Action: "s1", N: 1, Kind: reconcile.KindSend, Reference: "BUSY", State: reconcile.Settled, Delivery: reconcile.Read,
				ClaimedAt: at(0), EndedAt: at(0), Result: "wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSAAAA", Amount: 21000, Currency: "INR"},
			{ID: "r1-1", Action: "r1", N: 1, Kind: reconcile.KindReplace, Reference: "BUSY", To: spec.Canceled, State: reconcile.Settled, ClaimedAt: at(1)},
			{ID: "s2-1", Action: "s2", N: 1, Kind: reconcile.KindSend, Reference: "BUSY-2", State: reconcile.Settled, ClaimedAt: at(2), Result: "wamid.2"},
			{ID: "n1-1", Action: "n1", N: 1, Kind: reconcile.KindNotify, Reference: "BUSY-2", Event: "paid", State: reconcile.Rejected, Code: 132015,
				Meaning: "template paused", ClaimedAt: at(3)},
			{ID: "f1-1", Action: "f1", N: 1, Kind: reconcile.KindRefund, Reference: "BUSY-2", Label: "loaf", State: reconcile.Undecided, Amount: 5000,
				Currency: "INR", Meaning: "no answer within 20 s", ClaimedAt: at(4)},
		},
		Refunds: []reconcile.RefundSeen{
			{ID: "rfnd_1", Reference: "BUSY-2", Amount: 1000, State: reconcile.RefundSuccess, Owner: "crumb", FirstSeenAt: at(3)},
			{ID: "rfnd_2", Reference: "BUSY-2", Amount: 2000, State: reconcile.RefundPending, Foreign: true, FirstSeenAt: at(3)},
			{ID: "rfnd_3", Reference: "BUSY-2", Amount: 9000, State: reconcile.RefundFailed, FirstSeenAt: at(3)},
		},
	}
}

func orders() []*reconcile.Observed {
	return []*reconcile.Observed{
		busy(),
		{Ref: "CASH", Kind: spec.KindInvoice, Standing: reconcile.Managed, PaidOffline: 450000},
		{Ref: "GONE", Kind: spec.KindOrder, Standing: reconcile.Forgotten,
			Bills: []reconcile.Bill{{Reference: "GONE", Seq: 1, Imported: true, Total: 100, Currency: "INR"}}},
		{Ref: "ODD", Kind: spec.KindOrder, Standing: reconcile.Managed, Bills: []reconcile.Bill{{Reference: "ODD", Seq: 1, Imported: true,
			ImportedStatus: spec.Shipped, Look: &reconcile.Payment{State: reconcile.PaymentUnknown, Raw: "suspended", At: now.Add(-72 * time.Hour)}}}},
	}
}

func all(list []*reconcile.Observed) iter.Seq2[*reconcile.Observed, error] {
	return func(yield func(*reconcile.Observed, error) bool) {
		for _, o := range list {
			if !yield(o, nil) {
				return
			}
		}
	}
}

func timeline() []reconcile.Event {
	return []reconcile.Event{
		{At: now.Add(-10 * time.Hour), Ref: "BUSY", Name: "claimed", Attempt: "s1-1", Detail: "send BUSY"},
		{At: now.Add(-10 * time.Hour), Ref: "BUSY", Name: "settled", Attempt: "s1-1", Detail: "as wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSAAAA"},
		{At: now.Add(-9 * time.Hour), Ref: "BUSY", Name: "payment", Detail: "BUSY-2: payment captured"},
	}
}

func TestStatus(t *testing.T) {
	o := options()
	o.Location = time.FixedZone("IST", 19800)
	open := o
	open.ShowPII = true
	for name, write := range map[string]func(*bytes.Buffer) error{
		"status.txt":       func(b *bytes.Buffer) error { return view.StatusTable(b, all(orders()), o) },
		"status.json":      func(b *bytes.Buffer) error { return view.StatusTableJSON(b, all(orders())) },
		"status-none.txt":  func(b *bytes.Buffer) error { return view.StatusTable(b, all(nil), o) },
		"status-none.json": func(b *bytes.Buffer) error { return view.StatusTableJSON(b, all(nil)) },
		"order.txt":        func(b *bytes.Buffer) error { return view.Order(b, busy(), timeline(), o) },
		"order-pii.txt":    func(b *bytes.Buffer) error { return view.Order(b, busy(), timeline(), open) },
		"order.json":       func(b *bytes.Buffer) error { return view.OrderJSON(b, busy(), timeline(), o) },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.Bytes())
		})
	}
}

func TestExplanation(t *testing.T) {
	want := &spec.Order{Address: "order.A", ReferenceID: "A", Status: spec.Shipped,
		Pos: spec.Pos{File: "orders.hcl", Line: 4}, StatusPos: spec.Pos{File: "orders.hcl", Line: 9}}
	moves := []reconcile.MoveAnswer{
		{To: spec.Pending, Result: reconcile.Nothing, Detail: "it is pending now"},
		{To: spec.Processing, Result: reconcile.Act, Source: "order status guide"},
		{To: spec.Shipped, Result: reconcile.Wait, Code: "payment_not_captured", Detail: "shipped goes out once the customer has paid"},
		{To: spec.Completed, Result: reconcile.Doubt, Detail: "the last status is not settled"},
		{To: spec.Canceled, Result: reconcile.Block, Code: "canceled_after_payment", Detail: "declare a refund", Source: "order status guide, canceling"},
	}
	for name, c := range map[string]struct {
		x    reconcile.Explanation
		want *spec.Order
	}{
		"explain.txt": {reconcile.Explanation{Ref: "A", Reference: "A-2", Desired: spec.Shipped, Status: spec.Pending, Sent: true,
			Payment: reconcile.Unpaid, Moves: moves, Change: reconcile.Change{Waiting: shop().Waiting, Actions: shop().Actions[:1]}}, want},
		"explain-one.txt": {reconcile.Explanation{Ref: "A", Reference: "A", Desired: spec.Shipped, Status: spec.Pending, Sent: true,
			Payment: reconcile.Captured, Moves: moves[4:], Change: reconcile.Change{Waiting: shop().Waiting}}, want},
		"explain-unsent.txt":     {reconcile.Explanation{Ref: "A", Reference: "A", Desired: spec.Shipped, Status: spec.Pending, Moves: moves}, want},
		"explain-undeclared.txt": {reconcile.Explanation{Ref: "A", Reference: "A", Status: spec.Shipped, Sent: true, Payment: reconcile.Captured}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := view.Explanation(&b, &c.x, c.want, options()); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.Bytes())
		})
	}
}
