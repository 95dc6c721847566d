package storetest

import (
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

func at(minutes int) time.Time {
	return Now().Add(time.Duration(minutes)*time.Minute + 123*time.Millisecond)
}

// fill gives an order a value in every field that a store keeps, texts that are hard to
// quote among them.
func fill(o *reconcile.Observed) {
	ref := o.Ref
	o.Kind, o.Address, o.Standing = spec.KindOrder, `order.bill["`+ref+`"]`, reconcile.Managed
	o.CancelOnRemove, o.PaidOffline = true, 1<<53+1
	o.Bills = []reconcile.Bill{bill(ref, 1), bill(ref+"-2", 2)}
	o.Bills[0].Look = look(ref)
	o.Bills[0].CapturedAt = at(9)
	o.Attempts = []reconcile.Attempt{refund(ref, "z"), sent(ref)}
	o.Refunds = []reconcile.RefundSeen{seen(ref, "rfnd-"+ref+"-a"), seen(ref, "rfnd-"+ref+"-b")}
	o.Refunds[1].Owner, o.Refunds[1].Foreign, o.Refunds[1].Imported = "", true, true
	o.Marks = []reconcile.Mark{{Name: "knows:paid", At: at(1)}, {Name: "seen:refund/damaged ☕ 'loaf'", At: at(2)}}
	o.News = []reconcile.Event{event(ref, "claimed", 1), event(ref, "settled", 2)}
}

func bill(reference string, seq int) reconcile.Bill {
	return reconcile.Bill{
		Reference: reference, Seq: seq,
		Account: "whatsapp|graph.facebook.com|106540352242922", Configuration: "shop-razorpay",
		Phone: "919876543210", Total: 21000, Currency: spec.INR,
		Facets:    reconcile.Facets{Goods: "a1", Total: "b2", Phone: "c3", Provider: "d4", Configuration: "e5", Expiration: "f6"},
		ExpiresAt: at(600), Imported: true, ImportedStatus: spec.Shipped, ClearSince: at(30),
	}
}

func look(reference string) *reconcile.Payment {
	return &reconcile.Payment{
		Reference: reference, State: reconcile.Captured, Raw: "captured", Amount: 21000, Currency: spec.INR, At: at(10),
		Transactions: []reconcile.Transaction{
			{ID: "order_1", Gateway: "razorpay", State: reconcile.TransactionFailed, Method: "upi", ErrorCode: "E1",
				ErrorReason: `declined "by" bank`, CreatedAt: at(6), UpdatedAt: at(7)},
			{ID: "order_2", PGTransactionID: "pay_2", Gateway: "razorpay", State: reconcile.TransactionSuccess, Amount: 21000, CreatedAt: at(8)},
		},
	}
}

func refund(ref, label string) reconcile.Attempt {
	return reconcile.Attempt{
		ID: "refund-" + ref + "-" + label + "-1", Action: "refund-" + ref + "-" + label, N: 1, Kind: reconcile.KindRefund,
		Reference: ref, Label: label, Amount: 10000, Currency: spec.INR, Speed: "normal", State: reconcile.Undecided,
		Digest: "0123456789abcdef", Fence: 7, Incarnation: "host-1-abc", Baseline: []string{"rfnd 'x'", "rfnd,y"},
		ClaimedAt: at(20), EndedAt: at(21), NextAt: at(22), Code: 131000, Meaning: "no answer\nin time",
		Looks: 3, LookedFirst: at(23), LookedLast: at(24), Retry: true,
		FollowedBy: "refund-" + ref + "-" + label + "-2",
	}
}

func sent(ref string) reconcile.Attempt {
	return reconcile.Attempt{
		ID: "send-" + ref + "-1", Action: "send-" + ref, N: 1, Kind: reconcile.KindSend, Reference: ref,
		Template: "template.bill", Account: "whatsapp|graph.facebook.com|1", Amount: 21000, Currency: spec.INR, State: reconcile.Settled, Digest: "fe",
		Fence: 1, Incarnation: "host-1-abc", ClaimedAt: at(1), EndedAt: at(2), Result: "wamid.HBg=", Delivery: reconcile.Delivered,
	}
}

// status is an order_status of an order.
func status(ref string, n int, to spec.Status, state reconcile.AttemptState) reconcile.Attempt {
	id := "status-" + ref + "-" + string(to)
	return reconcile.Attempt{ID: id + "-" + string(rune('0'+n)), Action: id, N: n, Kind: reconcile.KindStatus,
		Reference: ref, To: to, State: state, ClaimedAt: at(n)}
}

func seen(reference, id string) reconcile.RefundSeen {
	return reconcile.RefundSeen{
		ID: id, Reference: reference, Transaction: "pay_2", Amount: 5000, Currency: spec.INR, State: reconcile.RefundSuccess,
		Speed: "instant", CreatedAt: at(40), FirstSeenAt: at(41), Owner: "damaged ☕ 'loaf'",
	}
}

func event(ref, name string, minute int) reconcile.Event {
	return reconcile.Event{At: at(minute), Ref: ref, Name: name, Attempt: "send-" + ref + "-1", Fence: int64(minute),
		Incarnation: "host-1-abc", Detail: "§ 'quoted' \"twice\""}
}
