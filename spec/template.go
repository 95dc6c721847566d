package spec

import "github.com/hashicorp/hcl/v2"

// Template is a message template approved on the platform. Its values are evaluated when
// the event happens, by Render.
type Template struct {
	Label     string // "receipt" in template.receipt
	Provider  string // provider address
	Name      string // the template's name on the platform
	Namespace string
	Language  string // en, en_US, hi …

	body        []hcl.Expression
	headerImage hcl.Expression // nil: none
	button      hcl.Expression // nil: none; the suffix of a dynamic URL button
	vars        *hcl.EvalContext
	budget      *budget

	// Where name and language stand; Pos where they are not written.
	nameAt, languageAt hcl.Range

	Pos Pos
}

// Address is how specs refer to the template: template.receipt.
func (t *Template) Address() string { return "template." + t.Label }

// Rendered is a template filled in for one event.
type Rendered struct {
	Name        string   `json:"name"`
	Namespace   string   `json:"namespace,omitempty"`
	Language    string   `json:"language"`
	Body        []string `json:"body,omitempty"` // {{1}}, {{2}} …
	HeaderImage string   `json:"header_image,omitempty"`
	Button      string   `json:"button,omitempty"`
}

// Scope is what a template's values can read when the event happens: customer, order,
// payment, refund and status.
type Scope struct {
	Order   *Order
	Status  Status
	Payment PaymentScope
	Refund  RefundScope
}

// PaymentScope is payment.* in a template: the captured payment, or the offline payment
// that is being told of.
type PaymentScope struct {
	Amount Amount
	Date   string // YYYY-MM-DD in the settings' timezone
	Method string // upi, card, cash …
	ID     string // the gateway's transaction
}

// RefundScope is refund.* in a template.
type RefundScope struct {
	Label  string
	Amount Amount
	ID     string
	Reason string
	Speed  string
}
