package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Refund is money given back.
type Refund struct {
	ID        string    `json:"id"`
	Amount    int64     `json:"amount"` // paise
	Speed     string    `json:"speed_processed"`
	Status    string    `json:"status"` // pending, success, failed
	By        string    `json:"by"`     // api, or gateway: made there by hand
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Entry is one movement of money, as the bank sees it. Entries are only ever added.
type Entry struct {
	Kind      string    `json:"kind"` // capture, refund, refund_failed
	Number    string    `json:"phone_number_id"`
	Reference string    `json:"reference_id"`
	ID        string    `json:"id"`     // of the payment or the refund
	Amount    int64     `json:"amount"` // paise
	Currency  string    `json:"currency"`
	By        string    `json:"by"` // customer, api, gateway
	At        time.Time `json:"at"`
}

func (w *world) enter(e Entry) { w.Ledger = append(w.Ledger, e) }

// minRefund is Razorpay's smallest refund, ₹1.00.
const minRefund = 100

var amountText = pattern(`^[1-9][0-9]{0,14}$`)

// refundRequest is a valid body of POST /{phone-number-id}/payments_refund.
type refundRequest struct {
	reference, configuration, speed, currency string
	amount                                    int64
}

func readRefund(body []byte) (refundRequest, *graphError) {
	n, err := parseObject(body)
	if err != nil {
		return refundRequest{}, err
	}
	n.only("reference_id", "speed", "payment_config_id", "amount", "messaging_product")
	r := refundRequest{reference: checkReference(n), speed: "normal"}
	r.configuration = n.needText("payment_config_id", maxLine)
	if n.has("speed") {
		r.speed = n.oneOf("speed", "normal", "instant")
	}
	a := n.required("amount")
	a.only("currency", "value", "offset")
	r.currency = a.oneOf("currency", "INR")
	a.oneOf("offset", "100")
	value := a.matching("value", amountText, "must be paise as a string, more than zero")
	r.amount, _ = strconv.ParseInt(value, 10, 64) // the pattern leaves nothing that fails
	return r, n.err()
}

// refund gives money back. There is no idempotency: the same request again is another
// refund.
func (w *world) refund(number string, r refundRequest, now time.Time) (*Refund, *graphError) {
	o, ok := w.orders[orderKey{number, r.reference}]
	if !ok || o.Payment.Gateway == "" {
		return nil, refuse(100, "there is no payment with reference_id %s", r.reference)
	}
	if o.Payment.Configuration != r.configuration {
		return nil, refuse(100, "the payment %s is not of configuration %s", r.reference, r.configuration)
	}
	if o.Payment.Status != payCaptured {
		return nil, refuse(100, "the payment %s is not captured", r.reference)
	}
	t, err := refundable(o, r.amount)
	if err != nil {
		return nil, err
	}
	return w.giveBack(o, t, r.amount, r.speed, "api", now), nil
}

// refundable returns the attempt to pay that has the amount left.
func refundable(o *Order, amount int64) (*Transaction, *graphError) {
	if o.Payment.Gateway == "razorpay" && amount < minRefund {
		return nil, refuse(100, "the refund of %d is below the least amount of %d", amount, minRefund)
	}
	i := slices.IndexFunc(o.Payment.Transactions, func(t *Transaction) bool {
		return t.Status == stateSuccess && t.Amount-t.refunded() >= amount
	})
	if i < 0 {
		left := o.Payment.Captured() - o.Payment.Refunded()
		return nil, refuse(100, "the refund of %d is more than what is left of the payment, %d", amount, left)
	}
	return o.Payment.Transactions[i], nil
}

func (w *world) giveBack(o *Order, t *Transaction, amount int64, speed, by string, now time.Time) *Refund {
	if w.Rules.NormalSpeed {
		speed = "normal"
	}
	r := &Refund{ID: w.refundID(), Amount: amount, Speed: speed, Status: statePending, By: by, CreatedAt: now, UpdatedAt: now}
	t.Refunds = append(t.Refunds, r)
	w.refunded[r.ID] = refundPlace{o, t, r}
	w.enter(Entry{Kind: "refund", Number: o.Number, Reference: o.Reference, ID: r.ID, Amount: amount,
		Currency: t.Currency, By: by, At: now})
	o.keepPast(now)
	w.later(w.opts.Timing.Refund, now, event{Kind: refundOutcome, Refund: r.ID, State: stateSuccess})
	return r
}

// finishRefund gives a refund its outcome, unless it has failed already.
func (w *world) finishRefund(id, state string, at time.Time) bool {
	place, ok := w.refunded[id]
	o, t, r := place.order, place.transaction, place.refund
	if !ok || r.Status == stateFailed || r.Status == state {
		return false
	}
	r.Status, r.UpdatedAt = state, at
	if state == stateFailed {
		w.enter(Entry{Kind: "refund_failed", Number: o.Number, Reference: o.Reference, ID: id,
			Amount: r.Amount, Currency: t.Currency, By: r.By, At: at})
	}
	w.paymentChanged(o, t, at)
	return true
}

// refundPlace is a refund with the attempt and the order it belongs to.
type refundPlace struct {
	order       *Order
	transaction *Transaction
	refund      *Refund
}

// refundReply says "completed" where lookups and webhooks say "success".
func refundReply(r *Refund) reply {
	status := r.Status
	if status == stateSuccess {
		status = "completed"
	}
	return jsonReply(http.StatusOK, map[string]any{"id": r.ID, "status": status, "speed_processed": r.Speed})
}
