package spec

import (
	"maps"
	"strconv"
)

// paymentTable is the payment block. Each gateway has a block of its own for what WhatsApp
// passes on to it (orders guide, payment_settings).
var paymentTable = newTable(
	word("gateway", func(p *Payment) *string { return &p.Gateway }),
	word("configuration", func(p *Payment) *string { return &p.Configuration }),
	within("razorpay", newTable(
		text("receipt", func(p *Payment) *string { return &p.Receipt }),
		textMap("notes", func(p *Payment) *map[string]string { return &p.Notes }),
	)),
	gatewayFields("payu", "udf", 4),
	gatewayFields("billdesk", "additional_info", 7),
	gatewayFields("zaakpay", "extra", 2),
	text("link", func(p *Payment) *string { return &p.Link }),
	word("success_url", func(p *Payment) *string { return &p.SuccessURL }),
	word("cancel_url", func(p *Payment) *string { return &p.CancelURL }),
	words("preferred_payment_methods", func(p *Payment) *[]string { return &p.PreferredMethods }),
	words("enabled_payment_options", func(p *Payment) *[]string { return &p.EnabledOptions }),
)

// gatewayFields is the block of a gateway that takes numbered texts: udf1 … udf4.
func gatewayFields(gateway, prefix string, n int) field[Payment] {
	fields := make([]field[Payment], n)
	for i := range fields {
		fields[i] = textInMap(prefix+strconv.Itoa(i+1), func(p *Payment) *map[string]string { return &p.Fields })
	}
	return within(gateway, newTable(fields...))
}

// ownPayment returns the order's own payment, copied from the defaults with its maps.
func ownPayment(d *decoder, t *draft) *Payment {
	shared := d.base != nil && t.Payment != nil && t.Payment == d.base.Payment
	p := ownPointer(d, t, func(t *draft) **Payment { return &t.Payment })
	if shared {
		p.Notes, p.Fields = maps.Clone(p.Notes), maps.Clone(p.Fields)
	}
	return p
}
