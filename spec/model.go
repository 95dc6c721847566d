package spec

import "time"

// Spec is everything a folder declares, evaluated. Slices are sorted by address, so two
// loads of the same files are equal whatever the order of files and blocks.
type Spec struct {
	Settings  Settings
	Providers []*Provider
	Gateways  []*Gateway
	Templates []*Template
	Orders    []*Order // orders and invoices together
	Policy    *Policy  // nil without a policy block
	// Digest identifies the files read, their content and the variables given.
	Digest string
}

// Pos is where the user wrote something. File is relative to the spec folder, lines and
// columns count from 1. The zero Pos is nowhere.
type Pos struct {
	File   string `json:"filename"`
	Line   int32  `json:"line"`
	Column int32  `json:"column,omitempty"`
}

// Settings is the hisab block.
type Settings struct {
	ID          string         // ties the spec to its state; empty: no id declared
	State       string         // sqlite://PATH or postgres://…; DefaultState when not set
	Location    *time.Location // of timezone; Asia/Kolkata when not set
	CountryCode string         // digits; empty: ten-digit phones are errors
	Pos         Pos            // of the block; zero without one
}

// DefaultState is the state when neither the hisab block nor HISAB_STATE names one.
const DefaultState = "sqlite://.hisab/state.db"

// DefaultTimezone is where dates without an offset are read.
const DefaultTimezone = "Asia/Kolkata"

// Provider is one messaging account. Which fields are set depends on Type.
type Provider struct {
	Type    string // "whatsapp"
	Name    string // the label: "main" in whatsapp.main
	BaseURL string // without a trailing slash
	Rate    int    // requests a second; 0: the platform's own limit

	PhoneNumberID string // whatsapp
	APIVersion    string // whatsapp, a path segment such as v24.0
	WABAID        string // whatsapp, optional
	AccessToken   Secret // whatsapp
	AppSecret     Secret // whatsapp: key of X-Hub-Signature-256
	VerifyToken   Secret // whatsapp: webhook subscription

	Pos Pos
}

// Address is how specs refer to the provider: whatsapp.main.
func (p *Provider) Address() string { return p.Type + "." + p.Name }

// Gateway is one payment gateway account that an order may name in observe or refund_via.
type Gateway struct {
	Type    string // razorpay, payu, billdesk, zaakpay
	Name    string
	BaseURL string
	Rate    int
	// Fields holds what is no secret (key_id, merchant_id, …) by its name in the language;
	// Secrets the rest.
	Fields  map[string]string
	Secrets map[string]Secret
	Pos     Pos
}

// Address is how specs refer to the gateway: razorpay.main.
func (g *Gateway) Address() string { return g.Type + "." + g.Name }

// Kind tells an order from an invoice.
type Kind string

// An order moves through fulfilment; an invoice is a bill that completes itself.
const (
	KindOrder   Kind = "order"
	KindInvoice Kind = "invoice"
)

// Order is one declared order or invoice with defaults merged and sums computed. It is
// shared between readers and must not be changed after Load. Amounts are in Currency.
type Order struct {
	Kind        Kind   `json:"kind"`
	Address     string `json:"address"` // order.BM345A-12, order.bill["KEY"], invoice.X
	ReferenceID string `json:"reference_id"`
	Provider    string `json:"provider,omitempty"` // provider address; empty: an invoice that is not billed
	Currency    string `json:"currency"`

	Customer    Customer  `json:"customer"`
	Type        string    `json:"type"` // digital-goods or physical-goods
	QuickPay    bool      `json:"quick_pay,omitempty"`
	Body        string    `json:"body,omitempty"`
	Footer      string    `json:"footer,omitempty"`
	HeaderImage string    `json:"header_image,omitempty"` // URL
	CatalogID   string    `json:"catalog_id,omitempty"`
	Items       []Item    `json:"items"`
	Subtotal    Amount    `json:"subtotal"`
	Tax         Charge    `json:"tax"`                // always sent, zero when not declared
	Shipping    *Charge   `json:"shipping,omitempty"` // nil: not sent
	Discount    *Discount `json:"discount,omitempty"` // nil: not sent
	Total       Amount    `json:"total_amount"`

	Expiration    *Expiration   `json:"expiration,omitempty"`
	Beneficiaries []Beneficiary `json:"beneficiaries,omitempty"`
	Payment       *Payment      `json:"payment,omitempty"`
	Due           string        `json:"due,omitempty"` // invoices, YYYY-MM-DD; shown and sorted by

	Status         Status          `json:"status"` // desired; invoices default to completed
	StatusMessages []StatusMessage `json:"status_messages,omitempty"`
	RequirePayment bool            `json:"require_payment"`
	Templates      *Templates      `json:"templates,omitempty"`
	Observe        string          `json:"observe,omitempty"`    // gateway address
	RefundVia      string          `json:"refund_via,omitempty"` // gateway address

	Refunds         []Refund         `json:"refunds,omitempty"`          // in the order written
	OfflinePayments []OfflinePayment `json:"offline_payments,omitempty"` // sorted by label
	Notify          []Notify         `json:"notify,omitempty"`           // sorted by event

	CancelOnRemove bool `json:"cancel_on_remove,omitempty"` // lifecycle on_remove = "cancel"
	PreventReplace bool `json:"prevent_replace,omitempty"`

	Pos       Pos `json:"pos"`        // of the block
	StatusPos Pos `json:"status_pos"` // of status; of the block when not written
}

// Customer is who is billed. Phone is E.164 digits without the plus.
type Customer struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone"`
	Email string `json:"email,omitempty"`
}

// Item is one line. Amounts are per unit. SaleAmount is nil when not declared; when it
// is, the subtotal uses it (orders guide, sale_amount).
type Item struct {
	RetailerID      string           `json:"retailer_id,omitempty"`
	Name            string           `json:"name"`
	Image           string           `json:"image,omitempty"` // URL
	Amount          Amount           `json:"amount"`
	SaleAmount      *Amount          `json:"sale_amount,omitempty"`
	Quantity        int64            `json:"quantity"`
	CountryOfOrigin string           `json:"country_of_origin,omitempty"`
	ImporterName    string           `json:"importer_name,omitempty"`
	ImporterAddress *ImporterAddress `json:"importer_address,omitempty"`
}

// Price is what one unit costs the customer.
func (i *Item) Price() Amount {
	if i.SaleAmount != nil {
		return *i.SaleAmount
	}
	return i.Amount
}

// ImporterAddress is where the importer of an item sits.
type ImporterAddress struct {
	AddressLine1 string `json:"address_line1,omitempty"`
	AddressLine2 string `json:"address_line2,omitempty"`
	City         string `json:"city,omitempty"`
	ZoneCode     string `json:"zone_code,omitempty"`
	PostalCode   string `json:"postal_code,omitempty"`
	CountryCode  string `json:"country_code,omitempty"`
}

// Charge is tax or shipping.
type Charge struct {
	Amount      Amount `json:"amount"`
	Description string `json:"description,omitempty"`
}

// Discount is what is taken off.
type Discount struct {
	Amount      Amount `json:"amount"`
	Description string `json:"description,omitempty"`
	ProgramName string `json:"discount_program_name,omitempty"`
}

// Expiration ends the time in which the customer can pay. Description is never empty: where
// the order has none it names the time in the settings' timezone.
type Expiration struct {
	Timestamp   time.Time `json:"timestamp"`
	Description string    `json:"description,omitempty"`
}

// Beneficiary receives shipped physical goods. Country is the word India.
type Beneficiary struct {
	Name         string `json:"name"`
	AddressLine1 string `json:"address_line1"`
	AddressLine2 string `json:"address_line2,omitempty"`
	City         string `json:"city"`
	State        string `json:"state"`
	Country      string `json:"country"`
	PostalCode   string `json:"postal_code"`
}

// Payment is how the customer can pay. Gateway is razorpay, payu, billdesk, zaakpay, upi
// or payment_link. Orders whose payment block adds nothing to the defaults share one value.
type Payment struct {
	Gateway       string `json:"gateway"`
	Configuration string `json:"configuration,omitempty"` // name of the payment configuration on WhatsApp

	Receipt string            `json:"receipt,omitempty"` // razorpay
	Notes   map[string]string `json:"notes,omitempty"`   // razorpay
	// Fields holds udf1…4 of payu, additional_info1…7 of billdesk, extra1…2 of zaakpay.
	Fields map[string]string `json:"fields,omitempty"`

	Link       string `json:"link,omitempty"`        // upi: the upi:// intent link; payment_link: the https URL
	SuccessURL string `json:"success_url,omitempty"` // payment_link
	CancelURL  string `json:"cancel_url,omitempty"`  // payment_link

	PreferredMethods []string `json:"preferred_payment_methods,omitempty"` // at most one
	EnabledOptions   []string `json:"enabled_payment_options,omitempty"`   // upi, web
}

// StatusMessage is what the customer reads when the order takes Status; the empty Status
// serves all that have none of their own.
type StatusMessage struct {
	Status      Status `json:"status,omitempty"`
	Body        string `json:"body,omitempty"`
	Footer      string `json:"footer,omitempty"`
	Description string `json:"description,omitempty"`
}

// Templates names the template forms of the two order messages, each an address such as
// template.bill or empty.
type Templates struct {
	OrderDetails string `json:"order_details,omitempty"`
	OrderStatus  string `json:"order_status,omitempty"`
	Always       bool   `json:"always,omitempty"` // when = "always"; else only outside the service window
}

// Refund is money to give back. ID set: made elsewhere, recorded and checked, never sent.
// Label and the order's first reference_id identify it for ever.
type Refund struct {
	Label     string `json:"label"`
	Amount    Amount `json:"amount"`
	Speed     string `json:"speed"` // normal or instant
	Reason    string `json:"reason,omitempty"`
	ID        string `json:"id,omitempty"`
	Was       string `json:"was,omitempty"`          // the label it had before
	Reference string `json:"reference_id,omitempty"` // which reference's payment, when several were paid
	Payment   string `json:"payment,omitempty"`      // which transaction, when one reference was paid twice
	Pos       Pos    `json:"pos"`
}

// OfflinePayment is money taken elsewhere: cash, a bank transfer.
type OfflinePayment struct {
	Label  string `json:"label"`
	Amount Amount `json:"amount"`
	Date   string `json:"date"` // YYYY-MM-DD
	Method string `json:"method,omitempty"`
	Pos    Pos    `json:"pos"`
}

// Notify asks for a template message when an event happens. Template and Fallback are
// template addresses.
type Notify struct {
	Event    string   `json:"event"`
	Template string   `json:"template"`
	Fallback []string `json:"fallback,omitempty"`
	// Retry permits a second message after an unknown outcome (at_least_once = true).
	AtLeastOnce bool `json:"at_least_once,omitempty"`
	Pos         Pos  `json:"pos"`
}

// The events an order's notify can name that WhatsApp can carry.
const (
	EventCreated          = "created"
	EventPaid             = "paid"
	EventAuthorized       = "authorized"
	EventCanceled         = "canceled"
	EventFailed           = "failed"
	EventExpired          = "expired"
	EventOfflinePayment   = "offline_payment"
	EventProcessing       = "processing"
	EventPartiallyShipped = "partially_shipped"
	EventShipped          = "shipped"
	EventCompleted        = "completed"
	EventRefund           = "refund"
)

// Policy holds actions until a person approves them, or caps them.
type Policy struct {
	MaxRefund       *Amount // one refund; nil: no cap
	MaxRefundPerDay *Amount // all refunds of the state in one day of the settings' timezone
	// RequireApproval lists kinds: send, status, status_back, refund, replace, cancel.
	RequireApproval    []string
	RetryFailedRefunds int
	MaxSent            *int
	MaxCanceled        *int
	MaxRemovedPercent  *int // of the managed orders; nil: MaxRemovedCount or the default of 30
	MaxRemovedCount    *int
	QuietFrom, QuietTo string // HH:MM; empty: none
	Pos                Pos
}
