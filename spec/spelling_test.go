package spec

import (
	"encoding/json"
	"strings"
	"testing"
)

// spellings are orders in HCL and the same in YAML. They stand beside testPreamble.
var spellings = []struct{ name, hcl, yaml string }{
	{"everything", `
order "A-1" {
  reference_id = "R-1"
  customer {
    name  = "Asha Rao"
    phone = "+91 98765 43210"
    email = "asha@example.in"
  }
  type       = "physical-goods"
  currency   = "INR"
  quick_pay  = true
  body       = "Thank\nyou."
  footer     = "GSTIN"
  header { image = "https://shop.example/bread.jpg" }
  country_of_origin = "India"
  importer_name     = "Sharma"
  importer_address {
    address_line1 = "12 MG Road"
    city          = "Bengaluru"
    zone_code     = "KA"
    postal_code   = "560001"
    country_code  = "IN"
  }
  item {
    name        = "Bread"
    amount      = 140.00
    sale_amount = 100
    quantity    = 2
  }
  item {
    retailer_id       = "77"
    name              = "Milk"
    amount            = "30.5"
    quantity          = 1
    country_of_origin = "Bhutan"
  }
  tax {
    amount      = 10.00
    description = "GST"
  }
  shipping { amount = 10.00 }
  discount {
    amount                = 10.00
    description           = "Diwali"
    discount_program_name = "diwali"
  }
  subtotal     = 230.50
  total_amount = 240.50
  expiration {
    timestamp   = "2026-12-01T18:00:00+05:30"
    description = "Offer ends"
  }
  beneficiary {
    name          = "Asha Rao"
    address_line1 = "12 MG Road"
    address_line2 = "First floor"
    city          = "Bengaluru"
    state         = "Karnataka"
    country       = "India"
    postal_code   = "560001"
  }
  payment {
    configuration = "other"
    razorpay {
      receipt = "rcpt-12"
      notes   = { channel = "web", "till no" = "7" }
    }
    preferred_payment_methods = ["gpay"]
    enabled_payment_options   = ["upi"]
  }
  status = "partially-shipped"
  status_message "shipped" {
    body        = "On its way."
    footer      = "Sharma"
    description = "AWB"
  }
  status_message { body = "News." }
  require_payment = false
  templates {
    order_details = template.bill
    order_status  = template.bill
    when          = "always"
  }
  observe    = razorpay.main
  refund_via = razorpay.main
  refund "b" {
    amount       = 50
    speed        = "instant"
    reason       = "Broken"
    was          = "c"
    reference_id = "R-1"
    payment      = "pay_1"
  }
  refund "a" {
    amount = 20
    id     = "rfnd_1"
  }
  offline_payment "z" {
    amount = 1
    date   = "2026-11-20"
    method = "cash"
  }
  offline_payment "y" {
    amount = 2
    date   = "2026-11-19"
  }
  notify "refund" {
    template      = template.bill
    fallback      = [template.bill]
    at_least_once = true
  }
  notify "paid" { template = template.bill }
  lifecycle {
    on_remove       = "cancel"
    prevent_replace = true
  }
}
`, `
orders:
  A-1:
    reference_id: R-1
    customer: {name: Asha Rao, phone: "+91 98765 43210", email: asha@example.in}
    type: physical-goods
    currency: INR
    quick_pay: true
    body: "Thank\nyou."
    footer: GSTIN
    header: {image: "https://shop.example/bread.jpg"}
    country_of_origin: India
    importer_name: Sharma
    importer_address: {address_line1: 12 MG Road, city: Bengaluru, zone_code: KA, postal_code: "560001", country_code: IN}
    items:
      - {name: Bread, amount: 140.00, sale_amount: 100, quantity: 2}
      - {retailer_id: "77", name: Milk, amount: "30.5", quantity: 1, country_of_origin: Bhutan}
    tax: {amount: 10.00, description: GST}
    shipping: {amount: 10.00}
    discount: {amount: 10.00, description: Diwali, discount_program_name: diwali}
    subtotal: 230.50
    total_amount: 240.50
    expiration: {timestamp: 2026-12-01T18:00:00+05:30, description: Offer ends}
    beneficiaries:
      - name: Asha Rao
        address_line1: 12 MG Road
        address_line2: First floor
        city: Bengaluru
        state: Karnataka
        country: India
        postal_code: "560001"
    payment:
      configuration: other
      razorpay: {receipt: rcpt-12, notes: {channel: web, till no: "7"}}
      preferred_payment_methods: [gpay]
      enabled_payment_options: [upi]
    status: partially-shipped
    status_messages:
      shipped: {body: On its way., footer: Sharma, description: AWB}
      default: {body: News.}
    require_payment: false
    templates: {order_details: template.bill, order_status: "${template.bill}", when: always}
    observe: razorpay.main
    refund_via: razorpay.main
    refunds:
      b: {amount: 50, speed: instant, reason: Broken, was: c, reference_id: R-1, payment: pay_1}
      a: {amount: 20, id: rfnd_1}
    offline_payments:
      z: {amount: 1, date: 2026-11-20, method: cash}
      y: {amount: 2, date: "2026-11-19"}
    notify:
      refund: {template: template.bill, fallback: [template.bill], at_least_once: true}
      paid: {template: template.bill}
    lifecycle: {on_remove: cancel, prevent_replace: true}
`},
	{"plural attributes", `
order "A-2" {
  customer = { phone = "+91 98765 43210" }
  items    = [for n in ["Bread", "Milk"] : { name = n, amount = 10 + 0.5, quantity = 1 }]
  refunds  = { for k in ["a"] : k => { amount = 1 } }
  payment  = { razorpay = { notes = { shop = local.shop } } }
  beneficiaries = []
}
`, `
orders:
  A-2:
    customer: {phone: "+91 98765 43210"}
    items: '${[for n in ["Bread", "Milk"] : { name = n, amount = 10 + 0.5, quantity = 1 }]}'
    refunds: '${{ for k in ["a"] : k => { amount = 1 } }}'
    payment: {razorpay: {notes: {shop: "${local.shop}"}}}
    beneficiaries:
`},
	{"for_each", `
order "many" {
  for_each = { x = { phone = "+919876543210", amount = 140.10 } }
  customer { phone = each.value.phone }
  item {
    name     = "For ${each.key}%{ if each.key == "x" }!%{ endif }"
    amount   = each.value.amount
    quantity = 1
  }
}
`, `
orders:
  many:
    for_each: {x: {phone: "+919876543210", amount: 140.10}}
    customer: {phone: "${each.value.phone}"}
    items:
      - name: "For ${each.key}%{ if each.key == \"x\" }!%{ endif }"
        amount: ${each.value.amount}
        quantity: 1
`},
	{"an invoice", `
invoice "I-1" {
  customer { phone = "919812345678" }
  description = "School fee"
  amount      = 4500.00
  due         = "2026-11-30"
  footer      = null
}
`, `
invoices:
  I-1:
    customer: {phone: "919812345678"}
    description: School fee
    amount: 4500.00
    due: 2026-11-30
    footer: ~
`},
}

const testPreamble = `
provider "whatsapp" "main" {
  phone_number_id = "106540352242922"
  access_token    = env("TOKEN")
}
gateway "razorpay" "main" {
  key_id     = "rzp_1"
  key_secret = env("KEY")
}
template "bill" {
  provider = whatsapp.main
  name     = "bill"
  language = "en"
  body     = ["${customer.name}"]
}
locals { shop = "Sharma Stores" }
defaults "order" {
  provider   = whatsapp.main
  type       = "digital-goods"
  body       = "Thank you."
  footer     = "From defaults"
  payment {
    gateway       = "razorpay"
    configuration = "shop"
    razorpay { notes = { shop = "x", city = "Pune" } }
  }
  status_message "shipped" {
    body   = "From defaults"
    footer = "From defaults"
  }
  status_message "completed" { body = "From defaults" }
  importer_address { country_code = "IN" }
  country_of_origin = "India"
  importer_name     = "Sharma"
}
defaults "invoice" {
  provider   = whatsapp.main
  type       = "digital-goods"
  body       = "Your bill."
  catalog_id = "5"
  payment {
    gateway       = "razorpay"
    configuration = "shop"
  }
}
`

// TestSpellings loads each order in HCL and in YAML and compares all but the places.
func TestSpellings(t *testing.T) {
	for _, tt := range spellings {
		t.Run(tt.name, func(t *testing.T) {
			inHCL := load(t, map[string]string{"main.hcl": testPreamble, "a.hcl": tt.hcl})
			inYAML := load(t, map[string]string{"main.hcl": testPreamble, "a.yaml": tt.yaml})
			a, b := placeless(t, inHCL.Orders), placeless(t, inYAML.Orders)
			if len(inHCL.Orders) != 1 || a != b {
				t.Errorf("HCL:\n%s\nYAML:\n%s", a, b)
			}
		})
	}
}

// placeless writes orders without their places.
func placeless(t *testing.T, orders []*Order) string {
	t.Helper()
	var b strings.Builder
	for _, o := range orders {
		c := *o
		c.Pos, c.StatusPos = Pos{}, Pos{}
		c.Refunds = append([]Refund(nil), c.Refunds...)
		for i := range c.Refunds {
			c.Refunds[i].Pos = Pos{}
		}
		c.OfflinePayments = append([]OfflinePayment(nil), c.OfflinePayments...)
		for i := range c.OfflinePayments {
			c.OfflinePayments[i].Pos = Pos{}
		}
		c.Notify = append([]Notify(nil), c.Notify...)
		for i := range c.Notify {
			c.Notify[i].Pos = Pos{}
		}
		raw, err := json.MarshalIndent(c, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		b.Write(raw)
	}
	return b.String()
}

// TestMerge follows each kind of value from the defaults into an order.
func TestMerge(t *testing.T) {
	s := load(t, map[string]string{"main.hcl": testPreamble, "a.yaml": spellings[0].yaml, "b.hcl": `
order "B-1" {
  customer { phone = "+91 98765 43210" }
  item {
    name     = "Bread"
    amount   = 1
    quantity = 1
    importer_address {
      city = "Pune"
    }
  }
}
order "C-1" {
  customer { phone = "+91 98765 43210" }
  item {
    name     = "Bread"
    amount   = 1
    quantity = 1
  }
}
`})
	full, b, c := s.Orders[0], s.Orders[1], s.Orders[2]
	if full.Payment.Gateway != "razorpay" || full.Payment.Configuration != "other" {
		t.Errorf("payment = %+v", full.Payment)
	}
	if n := full.Payment.Notes; n["shop"] != "x" || n["city"] != "Pune" || n["channel"] != "web" || len(n) != 4 {
		t.Errorf("notes merge key by key: %v", n)
	}
	if m := full.StatusMessages; len(m) != 3 || m[0].Body != "On its way." || m[0].Footer != "Sharma" || m[1].Status != Completed || m[2].Status != "" {
		t.Errorf("status messages merge by label: %+v", m)
	}
	if full.Items[0].CountryOfOrigin != "India" || full.Items[1].CountryOfOrigin != "Bhutan" || full.Items[1].ImporterAddress.CountryCode != "IN" {
		t.Errorf("items take what the order says for all: %+v", full.Items)
	}
	if got := *b.Items[0].ImporterAddress; got != (ImporterAddress{City: "Pune"}) {
		t.Errorf("an item's own address stands alone: %+v", got)
	}
	if c.Payment != b.Payment || &c.StatusMessages[0] != &b.StatusMessages[0] || len(c.Payment.Notes) != 2 {
		t.Error("orders that add nothing share the defaults, and nothing of others is in them")
	}
}
