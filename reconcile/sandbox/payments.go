package sandbox

import (
	"slices"
	"time"
)

// The states of a payment. A failed attempt does not make it failed: the customer can try
// again.
const (
	payNew      = "new" // nobody has tried
	payPending  = "pending"
	payCaptured = "captured"
	payCanceled = "canceled" // by the customer, for good
)

// The states of an attempt to pay, and of a refund.
const (
	statePending = "pending"
	stateSuccess = "success"
	stateFailed  = "failed"
)

// Payment is the money side of an order.
type Payment struct {
	Status        string         `json:"status"`
	Gateway       string         `json:"gateway,omitempty"` // empty: not paid through WhatsApp
	Configuration string         `json:"configuration,omitempty"`
	Amount        int64          `json:"amount"` // paise
	Currency      string         `json:"currency"`
	Transactions  []*Transaction `json:"transactions,omitempty"`
}

// Transaction is one attempt to pay.
type Transaction struct {
	OrderID     string    `json:"order_id"`   // the gateway's id of the order
	PaymentID   string    `json:"payment_id"` // the gateway's id of the payment
	Gateway     string    `json:"gateway"`
	Status      string    `json:"status"`
	Amount      int64     `json:"amount"`
	Currency    string    `json:"currency"`
	Method      string    `json:"method,omitempty"`
	ErrorCode   string    `json:"error_code,omitempty"`
	ErrorReason string    `json:"error_reason,omitempty"`
	Refunds     []*Refund `json:"refunds,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// PastPayment is what a payment was from a moment on.
type PastPayment struct {
	From    time.Time `json:"from"`
	Payment Payment   `json:"payment"`
}

func (p *Payment) clone() Payment {
	c := *p
	c.Transactions = nil
	for _, t := range p.Transactions {
		tc := *t
		tc.Refunds = nil
		for _, r := range t.Refunds {
			rc := *r
			tc.Refunds = append(tc.Refunds, &rc)
		}
		c.Transactions = append(c.Transactions, &tc)
	}
	return c
}

// open is the attempt that has no outcome yet.
func (p *Payment) open() *Transaction {
	i := slices.IndexFunc(p.Transactions, func(t *Transaction) bool { return t.Status == statePending })
	if i < 0 {
		return nil
	}
	return p.Transactions[i]
}

// Captured is what all successful attempts add up to, in paise.
func (p *Payment) Captured() (sum int64) {
	for _, t := range p.Transactions {
		if t.Status == stateSuccess {
			sum += t.Amount
		}
	}
	return sum
}

// Refunded is what all refunds that have not failed add up to, in paise.
func (p *Payment) Refunded() (sum int64) {
	for _, t := range p.Transactions {
		sum += t.refunded()
	}
	return sum
}

func (t *Transaction) refunded() (sum int64) {
	for _, r := range t.Refunds {
		if r.Status != stateFailed {
			sum += r.Amount
		}
	}
	return sum
}

// keepPast remembers the payment as it is from now on.
func (o *Order) keepPast(now time.Time) {
	o.Past = append(o.Past, PastPayment{From: now, Payment: o.Payment.clone()})
}

// paymentAt is the payment as it was at a moment; nil before the order existed.
func (o *Order) paymentAt(at time.Time) *Payment {
	for _, p := range slices.Backward(o.Past) {
		if !p.From.After(at) {
			return &p.Payment
		}
	}
	return nil
}

// Attempt is what a customer does about an order. Only Reference is required.
type Attempt struct {
	Number    string `json:"phone_number_id,omitempty"` // where two numbers have the reference
	Reference string `json:"reference_id"`
	Method    string `json:"method,omitempty"`  // upi (default), card, wallet, netbanking
	Gateway   string `json:"gateway,omitempty"` // default: the one the order names
	Amount    int64  `json:"amount,omitempty"`  // paise; default: the order's total
	Currency  string `json:"currency,omitempty"`
	Code      string `json:"code,omitempty"`   // of a failure; default BAD_REQUEST_ERROR
	Reason    string `json:"reason,omitempty"` // of a failure; default incorrect_pin
	// Force lets the gateway take the money though WhatsApp would not show the button: of
	// an order that is canceled, completed, expired or paid already.
	Force bool `json:"force,omitempty"`
	// Final makes a customer's cancel one after which no retry is possible.
	Final bool `json:"final,omitempty"`
}

var methods = []string{"upi", "card", "wallet", "netbanking"}

// pay captures the money.
func (w *world) pay(a Attempt, now time.Time) error {
	o, t, err := w.attempt(a, now)
	if err != nil {
		return err
	}
	t.Status, t.UpdatedAt = stateSuccess, now
	o.Payment.Status = payCaptured
	w.enter(Entry{Kind: "capture", Number: o.Number, Reference: o.Reference, ID: t.PaymentID,
		Amount: t.Amount, Currency: t.Currency, By: "customer", At: now})
	w.paymentChanged(o, t, now)
	return nil
}

// leavePending starts an attempt that has no outcome yet.
func (w *world) leavePending(a Attempt, now time.Time) error {
	o, t, err := w.attempt(a, now)
	if err != nil {
		return err
	}
	if o.Payment.Status != payCaptured {
		o.Payment.Status = payPending
	}
	w.paymentChanged(o, t, now)
	return nil
}

// failAttempt lets an attempt to pay fail; the customer can try again.
func (w *world) failAttempt(a Attempt, now time.Time) error {
	o, t, err := w.attempt(a, now)
	if err != nil {
		return err
	}
	t.Status, t.UpdatedAt = stateFailed, now
	t.ErrorCode, t.ErrorReason = orDefault(a.Code, "BAD_REQUEST_ERROR"), orDefault(a.Reason, "incorrect_pin")
	if t.Method == "upi" && a.Method == "" {
		t.Method = "" // the method may be missing on failure
	}
	if o.Payment.Status == payNew {
		o.Payment.Status = payPending
	}
	w.paymentChanged(o, t, now)
	return nil
}

// cancelByCustomer gives up an attempt.
func (w *world) cancelByCustomer(a Attempt, now time.Time) error {
	a.Reason = orDefault(a.Reason, "payment_cancelled")
	if err := w.failAttempt(a, now); err != nil {
		return err
	}
	if a.Final {
		o, _ := w.find(a.Number, a.Reference)
		o.Payment.Status = payCanceled
		o.keepPast(now)
	}
	return nil
}

// attempt returns the open attempt to pay an order, or begins one.
func (w *world) attempt(a Attempt, now time.Time) (*Order, *Transaction, error) {
	o, err := w.find(a.Number, a.Reference)
	if err != nil {
		return nil, nil, err
	}
	if a.Method != "" && !slices.Contains(methods, a.Method) {
		return nil, nil, badAction("method %q: must be upi, card, wallet or netbanking", a.Method)
	}
	if a.Gateway != "" && !slices.Contains(gateways, a.Gateway) {
		return nil, nil, badAction("gateway %q: must be razorpay, payu, billdesk or zaakpay", a.Gateway)
	}
	if a.Amount < 0 {
		return nil, nil, badAction("amount %d: must be paise, and positive", a.Amount)
	}
	if why := w.unpayable(o, a, now); why != "" && !a.Force {
		return nil, nil, conflict("order %s cannot be paid: %s", o.Reference, why)
	}
	t := o.Payment.open()
	if t == nil {
		t = w.begin(o, a, now)
	}
	if a.Method != "" {
		t.Method = a.Method
	}
	return o, t, nil
}

func (w *world) begin(o *Order, a Attempt, now time.Time) *Transaction {
	gateway := orDefault(a.Gateway, orDefault(o.Payment.Gateway, "razorpay"))
	t := &Transaction{
		Gateway: gateway, Status: statePending, Method: orDefault(a.Method, "upi"),
		Amount: o.Details.Total.Value, Currency: orDefault(a.Currency, o.Details.Currency),
		CreatedAt: now, UpdatedAt: now,
	}
	t.OrderID, t.PaymentID = w.transactionIDs(gateway)
	if a.Amount != 0 {
		t.Amount = a.Amount
	}
	o.Payment.Amount, o.Payment.Currency = t.Amount, t.Currency
	o.Payment.Transactions = append(o.Payment.Transactions, t)
	return t
}

// unpayable says why WhatsApp would not let the customer pay; empty where it would.
func (w *world) unpayable(o *Order, a Attempt, now time.Time) string {
	expires, ends := o.Details.expires()
	switch {
	case terminal(o.Status):
		return "it is " + o.Status
	case o.Payment.Status == payCaptured:
		return "it is paid"
	case o.Payment.Status == payCanceled:
		return "the customer canceled its payment for good"
	case ends && !now.Before(expires):
		return "it expired"
	case o.Details.Total.Value > maxUPI && orDefault(a.Method, "upi") == "upi" && !o.Details.way().webOnly:
		return "it is over ₹5,00,000, more than UPI allows"
	case o.Payment.Gateway != "" && !w.configured(o.Payment.Configuration):
		return "its payment configuration " + o.Payment.Configuration + " does not exist"
	}
	return ""
}

// paymentChanged keeps the new state for later and calls the business back; an order that
// is not paid through WhatsApp has no payment webhook.
func (w *world) paymentChanged(o *Order, t *Transaction, now time.Time) {
	o.keepPast(now)
	if o.Payment.Gateway != "" {
		w.callPayment(o, t, now)
	}
}

// find returns the order with a reference; two numbers may have the same.
func (w *world) find(number, reference string) (*Order, error) {
	if number != "" {
		if o, ok := w.orders[orderKey{number, reference}]; ok {
			return o, nil
		}
		return nil, notFound("number %s has no order %q", number, reference)
	}
	switch found := w.byRef[reference]; len(found) {
	case 0:
		return nil, notFound("no order %q was sent", reference)
	case 1:
		return found[0], nil
	}
	return nil, badAction("two numbers have an order %q: name the phone_number_id", reference)
}

func orDefault(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
