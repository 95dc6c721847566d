package sqlite

import (
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// These read what rows.go writes. Each gives the ref of the order a row belongs to, and
// what the row holds. Calls in a composite literal run in the order they are written.

func readOrder(c *cells) (string, reconcile.Observed) {
	o := reconcile.Observed{
		Ref: c.text(), Version: c.int(), Kind: spec.Kind(c.text()), Address: c.text(),
		Standing: reconcile.Standing(c.text()), CancelOnRemove: c.flag(), PaidOffline: spec.Amount(c.int()),
	}
	return o.Ref, o
}

func readBill(c *cells) (string, reconcile.Bill) {
	ref := c.text()
	b := reconcile.Bill{
		Seq: int(c.int()), Reference: c.text(), Account: c.name(), Configuration: c.name(), Phone: c.text(),
		Total: spec.Amount(c.int()), Currency: c.text(),
		Facets: reconcile.Facets{
			Goods: c.text(), Total: c.text(), Phone: c.text(), Provider: c.text(),
			Configuration: c.text(), Expiration: c.text(),
		},
		ExpiresAt: c.time(), Imported: c.flag(), ImportedStatus: spec.Status(c.text()),
	}
	look := reconcile.Payment{
		Reference: b.Reference, Raw: c.text(), Amount: spec.Amount(c.int()), Currency: c.text(),
		Transactions: list[reconcile.Transaction](c), At: c.time(),
	}
	if !c.null() {
		latest := look
		latest.State = reconcile.PaymentState(c.text())
		b.Look = &latest
	}
	b.CapturedAt, b.ClearSince = c.time(), c.time()
	return ref, b
}

// placed is an attempt with its place among those of its order.
type placed struct {
	reconcile.Attempt
	position int64
}

func readAttempt(c *cells) (string, placed) {
	ref := c.text()
	return ref, placed{Attempt: reconcile.Attempt{
		ID: c.text(), Action: c.text(), N: int(c.int()), Kind: reconcile.ActionKind(c.text()),
		Reference: c.text(), To: spec.Status(c.text()), Label: c.text(), Event: c.text(),
		Template: c.name(), Account: c.name(), Amount: spec.Amount(c.int()), Currency: c.text(), Speed: c.text(),
		State: reconcile.AttemptState(c.text()), Digest: c.text(), Fence: c.int(), Incarnation: c.name(),
		Baseline: list[string](c), ClaimedAt: c.time(), EndedAt: c.time(), NextAt: c.time(),
		Result: c.text(), Code: int(c.int()), Meaning: c.text(), Delivery: reconcile.Delivery(c.text()),
		Retry: c.flag(), Looks: int(c.int()), LookedFirst: c.time(), LookedLast: c.time(), FollowedBy: c.text(),
	}, position: c.int()}
}

func readRefund(c *cells) (string, reconcile.RefundSeen) {
	ref := c.text()
	return ref, reconcile.RefundSeen{
		ID: c.text(), Reference: c.text(), Transaction: c.text(), Amount: spec.Amount(c.int()), Currency: c.text(),
		State: reconcile.RefundState(c.text()), Speed: c.text(), CreatedAt: c.time(), FirstSeenAt: c.time(),
		Owner: c.text(), Foreign: c.flag(), Imported: c.flag(),
	}
}

func readMark(c *cells) (string, reconcile.Mark) {
	return c.text(), reconcile.Mark{Name: c.text(), At: c.time()}
}

func readEvent(c *cells) reconcile.Event {
	return reconcile.Event{
		Ref: c.text(), At: c.time(), Name: c.text(), Attempt: c.text(), Fence: c.int(), Incarnation: c.name(),
		Detail: c.text(),
	}
}
