package spec

import "testing"

// WhatsApp asks for a description beside the timestamp, so a bill is never without one.
func TestExpirationIsDescribed(t *testing.T) {
	s := load(t, map[string]string{"a.hcl": `
hisab { timezone = "Asia/Kolkata" }
provider "whatsapp" "main" {
  phone_number_id = "1"
  access_token    = "x"
}
defaults "order" {
  provider   = whatsapp.main
  body       = "Thank you."
  type       = "digital-goods"
  catalog_id = "5"
  expiration { timestamp = "2027-11-30" }
  item {
    name     = "Bread"
    amount   = 1.00
    quantity = 1
  }
  payment {
    gateway       = "razorpay"
    configuration = "shop"
  }
}
order "DAY" {
  customer { phone = "+91 98765 43210" }
}
order "OWN" {
  customer { phone = "+91 98765 43210" }
  expiration { description = "Offer ends" }
}
order "TIME" {
  customer { phone = "+91 98765 43210" }
  expiration { timestamp = "2027-12-01T12:30:00Z" }
}
`})
	want := map[string]string{
		"DAY":  "Pay before 1 December 2027, 00:00",
		"OWN":  "Offer ends",
		"TIME": "Pay before 1 December 2027, 18:00",
	}
	for _, o := range s.Orders {
		if got := o.Expiration.Description; got != want[o.ReferenceID] {
			t.Errorf("%s: %q, want %q", o.ReferenceID, got, want[o.ReferenceID])
		}
	}
}
