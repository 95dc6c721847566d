package sim

import (
	"fmt"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// Base is what every history's spec begins with, and what a history takes from outside.
type Base struct {
	spec  *spec.Spec
	pacer func(c reconcile.Clock, rate int) reconcile.Pacer
	load  func(files map[string]string) (*spec.Spec, error)
}

// Rate is how many requests a second each account of most shops takes; of some it is so few
// that a process would go faster by itself.
const Rate = 20

// accountsHCL declares what orders refer to. Its templates use all that a template can read.
const accountsHCL = `
provider "whatsapp" "main" {
  phone_number_id = "106540352242922"
  access_token    = env("WHATSAPP_TOKEN")
  rate            = 20
}
provider "whatsapp" "second" {
  phone_number_id = "2"
  access_token    = env("WHATSAPP_TOKEN")
  rate            = 20
}
template "bill" {
  provider = whatsapp.main
  name     = "bill"
  language = "en"
}
template "update" {
  provider = whatsapp.main
  name     = "update"
  language = "en"
}
template "paid" {
  provider = whatsapp.main
  name     = "paid"
  language = "en"
  body     = ["${order.reference_id}", "${payment.amount}"]
}
template "refund" {
  provider = whatsapp.main
  name     = "refund"
  language = "en"
  body     = ["${refund.label}", "${refund.amount}"]
}
template "shipped" {
  provider = whatsapp.main
  name     = "shipped"
  language = "en"
  body     = ["${order.reference_id}"]
}
`

// declared is one order or invoice as the merchant wants it now.
type declared struct {
	reference string
	invoice   bool
	second    bool // on the second account
	total     spec.Amount
	phone     string
	thanks    int // how often the text of the bill was reworded
	expires   time.Time
	status    spec.Status
	unpaidOK  bool // require_payment = false
	templates bool
	refunds   []wantedRefund
	notify    []string
	twice     bool // notify at least once
	offline   spec.Amount
	cancels   bool // on_remove = "cancel"
	absent    bool // not in the spec
	// tellsShipped is when the wish to tell of shipping was added; zero: it was there from the
	// beginning, or is not.
	tellsShipped time.Time
}

type wantedRefund struct {
	label  string
	amount spec.Amount
	id     string // made elsewhere
	was    string // the label it had before
	// reference is the bill whose payment it is of; empty: of the one that is paid.
	reference string
}

func (d *declared) kind() spec.Kind {
	if d.invoice {
		return spec.KindInvoice
	}
	return spec.KindOrder
}

func (d *declared) address() string { return string(d.kind()) + "." + d.reference }

// order is what loading the declaration gives.
func (d *declared) order() *spec.Order {
	o := &spec.Order{
		Kind: d.kind(), Address: d.address(), ReferenceID: d.reference, Provider: "whatsapp.main", Currency: spec.INR,
		Customer: spec.Customer{Name: "Asha Rao", Phone: d.phone}, Type: "digital-goods", Body: d.body(), CatalogID: "538246951",
		Items:    []spec.Item{{RetailerID: "1234567", Name: "Sourdough bread", Amount: d.total, Quantity: 1}},
		Subtotal: d.total, Total: d.total, Payment: &spec.Payment{Gateway: "razorpay", Configuration: "shop-razorpay"},
		Status: d.status, RequirePayment: !d.unpaidOK, CancelOnRemove: d.cancels,
	}
	if d.second {
		o.Provider = "whatsapp.second"
	}
	if !d.expires.IsZero() {
		o.Expiration = &spec.Expiration{Timestamp: d.expires, Description: "Pay in time."}
	}
	if d.templates {
		o.Templates = &spec.Templates{OrderDetails: "template.bill", OrderStatus: "template.update"}
	}
	for i, r := range d.refunds {
		o.Refunds = append(o.Refunds, spec.Refund{Label: r.label, Amount: r.amount, Speed: "normal", ID: r.id, Was: d.wasOf(i), Reference: r.reference})
	}
	for _, e := range d.notify {
		o.Notify = append(o.Notify, spec.Notify{Event: e, Template: "template." + e, AtLeastOnce: d.twice})
	}
	if d.offline > 0 {
		o.OfflinePayments = []spec.OfflinePayment{{Label: "cash", Amount: d.offline, Date: "2026-11-20", Method: "cash"}}
	}
	return o
}

// hcl writes the declaration as a user would.
func (d *declared) hcl() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("%s %q {", d.kind(), d.reference)
	if d.second {
		p("  provider = whatsapp.second")
	} else {
		p("  provider = whatsapp.main")
	}
	p("  type = \"digital-goods\"\n  body = %q\n  catalog_id = \"538246951\"", d.body())
	p("  customer {\n    name = \"Asha Rao\"\n    phone = \"+%s\"\n  }", d.phone)
	p("  item {\n    retailer_id = \"1234567\"\n    name = \"Sourdough bread\"\n    amount = %s\n    quantity = 1\n  }", d.total)
	p("  payment {\n    gateway = \"razorpay\"\n    configuration = \"shop-razorpay\"\n  }")
	if !d.expires.IsZero() {
		p("  expiration {\n    timestamp = %q\n    description = \"Pay in time.\"\n  }", d.expires.Format(time.RFC3339))
	}
	p("  status = %q\n  require_payment = %v", d.status, !d.unpaidOK)
	if d.templates {
		p("  templates {\n    order_details = template.bill\n    order_status = template.update\n  }")
	}
	for i, r := range d.refunds {
		p("  refund %q {\n    amount = %s", r.label, r.amount)
		if r.id != "" {
			p("    id = %q", r.id)
		}
		if was := d.wasOf(i); was != "" {
			p("    was = %q", was)
		}
		if r.reference != "" {
			p("    reference_id = %q", r.reference)
		}
		p("  }")
	}
	for _, e := range d.notify {
		p("  notify %q {\n    template = template.%s\n    at_least_once = %v\n  }", e, e, d.twice)
	}
	if d.offline > 0 {
		p("  offline_payment \"cash\" {\n    amount = %s\n    date = \"2026-11-20\"\n    method = \"cash\"\n  }", d.offline)
	}
	if d.cancels {
		p("  lifecycle {\n    on_remove = \"cancel\"\n  }")
	}
	p("}")
	return b.String()
}
