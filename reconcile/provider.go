package reconcile

import (
	"context"
	"fmt"
	"time"

	"github.com/hisab/hisab/spec"
)

// Provider is one messaging account, seen and acted on. Each method makes one request
// and no second one; retrying, pacing and redaction are the caller's. Errors are
// *CallError.
type Provider interface {
	// Lookup asks what the platform knows of a payment. A reference it does not know is
	// an answer with State NotFound, not an error.
	Lookup(ctx context.Context, key PaymentKey) (Payment, error)
	// Send posts one message.
	Send(ctx context.Context, m Message) (Receipt, error)
	// Refund posts one refund over a connection of its own: no retry of any kind, no
	// redirect, no idempotency header. An error of class Unknown means that money may
	// have moved.
	Refund(ctx context.Context, r RefundRequest) (RefundAnswer, error)
}

// PaymentKey names a payment at a provider.
type PaymentKey struct {
	Configuration string // name of the payment configuration
	Reference     string
}

// MessageKind is which of the three messages to send.
type MessageKind string

// The three messages.
const (
	OrderDetails MessageKind = "order_details"
	OrderStatus  MessageKind = "order_status"
	TemplateOnly MessageKind = "template"
)

// Message is one message to one customer, in the domain's terms; the adapter writes it in
// its platform's.
type Message struct {
	Kind MessageKind
	To   string // E.164 digits without the plus
	// Opaque is the intent id; the platform returns it with the message's webhooks
	// (biz_opaque_callback_data).
	Opaque string
	// Reference is the order's reference as sent; empty for TemplateOnly.
	Reference string
	// Order is what OrderDetails bills. The reference in it is the first one; Reference
	// above is the one to send.
	Order *spec.Order
	// Status, Body, Footer and Description are OrderStatus's.
	Status                    spec.Status
	Body, Footer, Description string
	// Template is the filled-in template of TemplateOnly, or the template form of the
	// other two; nil for a free-form message.
	Template *spec.Rendered
}

// Receipt says the platform accepted a message. Acceptance is not delivery.
type Receipt struct {
	MessageID string
	// Note is the platform's remark on the acceptance, such as held_for_quality_assessment.
	Note string
}

// RefundRequest asks for money to be given back. All fields are required.
type RefundRequest struct {
	Configuration string
	Reference     string
	Amount        spec.Amount
	Currency      string
	Speed         string // normal or instant
}

// RefundAnswer is the definite answer to a RefundRequest.
type RefundAnswer struct {
	ID    string
	State RefundState
	Speed string // as processed; may differ from what was asked
}

// Class says what an error of a provider means for what was asked of it.
type Class string

const (
	// Unknown: nobody can say whether it happened. Every error is this until proved
	// otherwise.
	Unknown Class = "unknown"
	// NotSent: no byte of the request left this machine.
	NotSent Class = "not_sent"
	// Refused: it did not happen and will not until the content changes.
	Refused Class = "refused"
	// Paused: the account or number is refused, whatever the content.
	Paused Class = "paused"
	// Throttled: it did not happen because there was too much; later it may.
	Throttled Class = "throttled"
	// WindowClosed: a free-form message outside the 24-hour service window (131047).
	WindowClosed Class = "window_closed"
	// BadTransition: 2046, the order status may not follow the last one.
	BadTransition Class = "bad_transition"
	// PaidAlready: 2047, a cancel of an order that is paid or being paid.
	PaidAlready Class = "paid_already"
)

// CallError is what a request to a provider failed with.
type CallError struct {
	Class Class
	// Code is the platform's error code; 0 where it gave none.
	Code int
	// Status is the HTTP status; 0 where no answer came.
	Status int
	// Meaning says in one line what happened; it holds nothing personal and no secret.
	Meaning string
	// RetryAfter is how long the platform asks to wait; 0 where it does not say.
	RetryAfter time.Duration
	// Customer tells a throttle of one recipient (131056) from one of the whole account.
	Customer bool
	Err      error
}

func (e *CallError) Error() string {
	switch {
	case e.Code != 0:
		return fmt.Sprintf("%s (code %d)", e.Meaning, e.Code)
	case e.Status != 0:
		return fmt.Sprintf("%s (HTTP %d)", e.Meaning, e.Status)
	}
	return e.Meaning
}

func (e *CallError) Unwrap() error { return e.Err }

// Evidence is what a webhook says, decoded and verified by the adapter. It is a hint: it
// confirms or denies a message, and names a payment to look at. Nothing about money is
// decided on it.
type Evidence struct {
	Account   string // the provider account it came to
	Reference string // of a payment; empty for a message status
	// Opaque and MessageID name a message's intent; either may be empty.
	Opaque    string
	MessageID string
	Delivery  Delivery // of a message; empty for a payment
	Code      int      // error code of a failed message
	Class     Class    // of a failed message's code; empty where nobody knows it
	Meaning   string
	At        time.Time
	// Key identifies the event, not the envelope it came in: equal for duplicates.
	Key string
}

// Delivery is how far a message got.
type Delivery string

// The delivery states of a message (status webhook reference); Unconfirmed until a
// webhook says more.
const (
	Unconfirmed   Delivery = ""
	SentOn        Delivery = "sent"
	Delivered     Delivery = "delivered"
	Read          Delivery = "read"
	FailedOnRoute Delivery = "failed"
)
