package reconcile

import (
	"time"

	"github.com/hisab/hisab/spec"
)

// PaymentState is what a payment lookup says, normalised over all platforms
// (payment lookup guides of Meta and 360dialog; transactions decide where Meta's
// "pending" does not).
type PaymentState string

const (
	// NotFound: the platform does not know the reference.
	NotFound PaymentState = "not_found"
	// Unpaid: billed, and no attempt is open. Also "new" and "failed", where the
	// customer can try again.
	Unpaid PaymentState = "unpaid"
	// PaymentPending: an attempt is open; the money may arrive at any moment.
	PaymentPending PaymentState = "pending"
	// Authorized: the money is reserved, not taken.
	Authorized PaymentState = "authorized"
	// Captured: the money is in.
	Captured PaymentState = "captured"
	// PaymentDead: canceled by the customer, no retry possible (360dialog "canceled").
	PaymentDead PaymentState = "canceled"
	// PaymentUnknown: a value nobody has documented. It is never taken for unpaid.
	PaymentUnknown PaymentState = "unknown"
)

// Payment is one answer of a payment lookup. Amounts are minor units.
type Payment struct {
	Reference string       `json:"reference_id"`
	State     PaymentState `json:"state"`
	// Raw is the platform's own word for the state.
	Raw string `json:"raw,omitempty"`
	// Amount and Currency are those of the payment; zero and empty where the platform
	// gives none (nobody has tried to pay).
	Amount       spec.Amount   `json:"amount,omitempty"`
	Currency     string        `json:"currency,omitempty"`
	Transactions []Transaction `json:"transactions,omitempty"` // in the platform's order
	// Refunds are all refunds the platform lists, at payment and transaction level, each
	// id once.
	Refunds []RefundSeen `json:"-"`
	// At is when the answer was read.
	At time.Time `json:"at"`
}

// TransactionState is the state of one attempt to pay.
type TransactionState string

// The states of an attempt to pay (payment lookup guide, transactions[].status). Any
// other value reads as TransactionUnknown.
const (
	TransactionPending TransactionState = "pending"
	TransactionSuccess TransactionState = "success"
	TransactionFailed  TransactionState = "failed"
	TransactionUnknown TransactionState = "unknown"
)

// Transaction is one attempt to pay. ID is the gateway's order id or transaction id,
// PGTransactionID its payment id where the platform gives one.
type Transaction struct {
	ID              string           `json:"id"`
	PGTransactionID string           `json:"pg_transaction_id,omitempty"`
	Gateway         string           `json:"type,omitempty"`
	State           TransactionState `json:"status"`
	Method          string           `json:"method,omitempty"` // upi, card, wallet, netbanking …
	Amount          spec.Amount      `json:"amount,omitempty"` // zero where not given
	ErrorCode       string           `json:"error_code,omitempty"`
	ErrorReason     string           `json:"error_reason,omitempty"`
	CreatedAt       time.Time        `json:"created_at,omitzero"`
	UpdatedAt       time.Time        `json:"updated_at,omitzero"`
}

// RefundState is the state of a refund; "completed" and "processed" read as success
// (refunds guide: the POST answers completed, the lookup success).
type RefundState string

// The states of a refund. Any other value reads as RefundUnknown.
const (
	RefundPending RefundState = "pending"
	RefundSuccess RefundState = "success"
	RefundFailed  RefundState = "failed"
	RefundUnknown RefundState = "unknown"
)

// RefundSeen is a refund that a platform has listed or answered with. Once seen it is
// never forgotten. Its id belongs to at most one intent.
type RefundSeen struct {
	ID          string      `json:"id"`
	Reference   string      `json:"reference_id"`
	Transaction string      `json:"transaction,omitempty"` // the attempt to pay it was listed under
	Amount      spec.Amount `json:"amount"`
	Currency    string      `json:"currency,omitempty"`
	State       RefundState `json:"status"`
	Speed       string      `json:"speed_processed,omitempty"`
	CreatedAt   time.Time   `json:"created_at,omitzero"` // zero where not given
	FirstSeenAt time.Time   `json:"first_seen_at,omitzero"`
	// Owner is the label of the refund it belongs to; empty while nobody explains it.
	Owner string `json:"owner,omitempty"`
	// Foreign marks a refund that a person declared to be another's.
	Foreign bool `json:"foreign,omitempty"`
	// Imported marks a refund that was there when the order was taken over.
	Imported bool `json:"imported,omitempty"`
}

// Explained reports whether the refund is one of ours or declared to be another's.
func (r *RefundSeen) Explained() bool { return r.Owner != "" || r.Foreign }
