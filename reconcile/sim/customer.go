package sim

import (
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// customer decides what becomes of a bill: most pay, at once or much later, some after an
// attempt that fails, some never.
func (h *history) customer(b *bill) {
	if h.rng.IntN(5) == 0 {
		return
	}
	d := h.longTail(24 * time.Hour)
	if h.o.Theme.hesitates() {
		if h.rng.IntN(2) == 0 {
			return
		}
		d = h.upTo(24 * time.Hour)
	}
	if h.fault(PaymentFails) {
		h.after(d, func() { h.tries(b, reconcile.TransactionFailed) })
		d += h.longTail(time.Hour)
	}
	h.after(d, func() { h.pays(b) })
}

// payable: the customer can still pay the bill.
func (h *history) payable(b *bill) bool {
	if b.payment != reconcile.Unpaid || (!b.expires.IsZero() && h.now.After(b.expires)) {
		return false
	}
	return b.status != spec.Canceled
}

// paysCanceled is a customer with an old payment page open.
func (h *history) paysCanceled(b *bill) {
	if b.payment == reconcile.Unpaid {
		h.tries(b, reconcile.TransactionSuccess)
	}
}

// paysNow is a customer who pays at the very moment at which a change of the order is applied.
func (h *history) paysNow(d *declared) {
	for _, b := range h.platform.order {
		if b.reference == d.reference || strings.HasPrefix(b.reference, d.reference+"-") {
			h.pays(b)
		}
	}
}

// pays takes the money at once, or after a time in which the payment is under way.
func (h *history) pays(b *bill) {
	if !h.payable(b) {
		return
	}
	h.tell(nil, "the customer pays %s", b.reference)
	switch h.rng.IntN(4) {
	case 0:
		b.payment = reconcile.PaymentPending
	case 1:
		if h.rng.IntN(3) == 0 {
			b.payment = reconcile.Authorized
		}
	}
	if b.payment == reconcile.Unpaid {
		h.tries(b, reconcile.TransactionSuccess)
		return
	}
	h.platform.changed(b)
	h.after(h.longTail(2*time.Hour), func() {
		end := reconcile.TransactionSuccess
		if h.rng.IntN(4) == 0 {
			end = reconcile.TransactionFailed
		}
		h.tries(b, end)
	})
}

// tries is how an attempt to pay ends.
func (h *history) tries(b *bill, end reconcile.TransactionState) {
	if b.payment == reconcile.Captured {
		return
	}
	h.tell(nil, "payment of %s: %s", b.reference, end)
	t := reconcile.Transaction{ID: h.platform.id("order"), State: end, Method: "upi"}
	b.payment = reconcile.Unpaid
	if end == reconcile.TransactionSuccess {
		b.payment, t.Amount = reconcile.Captured, b.total
	}
	b.tries = append(b.tries, t)
	if end == reconcile.TransactionSuccess {
		h.count.paid++
		if h.fault(PaysTwice) {
			second := t
			second.ID = h.platform.id("order")
			b.tries = append(b.tries, second)
		}
		if h.fault(HandRefund) {
			h.after(h.longTail(3*time.Hour), func() { h.refundsByHand(b) })
		}
	}
	h.platform.changed(b)
}

// refundsByHand is a person in the gateway's dashboard.
func (h *history) refundsByHand(b *bill) {
	amount := byHand
	state := reconcile.RefundSuccess
	if h.o.EqualByHand {
		amount = amounts[h.rng.IntN(len(amounts))]
		state = []reconcile.RefundState{reconcile.RefundSuccess, reconcile.RefundPending, reconcile.RefundFailed}[h.rng.IntN(3)]
	}
	h.givesByHand(b, amount, state)
}

// madeUpFor is a person who hears that a refund did not come, and makes one of the same amount
// by hand, while the program still looks for its own.
func (h *history) madeUpFor(q *request) {
	if b := h.platform.bill(q.account, q.r.Reference); b != nil {
		h.givesByHand(b, q.r.Amount, reconcile.RefundSuccess)
	}
}

func (h *history) givesByHand(b *bill, amount spec.Amount, state reconcile.RefundState) {
	if b.refunded()+amount > b.captured() {
		return
	}
	e := &effect{op: onRefund, account: b.account, reference: b.reference, amount: amount, id: h.platform.id("rfnd"), at: h.now}
	h.platform.give(b, e, reconcile.RefundSeen{ID: e.id, Reference: b.reference, Amount: amount, Currency: spec.INR,
		State: state, Speed: "normal", CreatedAt: h.now})
}

// existsAlready: some orders were billed by hand before the program came.
func (h *history) existsAlready() {
	for _, d := range h.shop.orders {
		if h.rng.IntN(12) > 0 {
			if h.rng.IntN(24) == 0 { // somebody errs
				h.after(h.longTail(h.o.Life/2), func() { h.importOrder(d.reference) })
			}
			continue
		}
		account := mainAccount
		if d.second {
			account = secondAccount
		}
		b := &bill{account: account, reference: d.reference, total: d.total, status: spec.Pending, payment: reconcile.Unpaid, byHand: true}
		h.platform.bills[billKey(account, d.reference)] = b
		h.platform.order = append(h.platform.order, b)
		h.platform.changed(b)
		h.customer(b)
		h.after(h.longTail(h.o.Life/2), func() { h.importOrder(d.reference) })
	}
}
