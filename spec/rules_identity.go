package spec

import (
	"fmt"
	"strings"
)

var identityRules = []Rule{
	{
		ID: "reference_id_characters", Source: "orders guide: parameters.reference_id",
		Summary: "The reference_id has characters that WhatsApp does not take",
		check:   whole(checkReferenceCharacters),
	},
	{
		ID: "reference_id_length", Source: "orders guide: parameters.reference_id",
		Summary: "The reference_id is too long",
		check: whole(func(o *Order) (string, string) {
			return "reference_id", tooLong(o.ReferenceID, maxReference)
		}),
	},
	{
		ID: "provider_required", Source: "Hisab: orders",
		Summary: "An order needs a provider",
		check: whole(func(o *Order) (string, string) {
			if o.Kind != KindOrder || o.Provider != "" {
				return "", ""
			}
			return "provider", "Nothing says which account sends it. Write ‹provider = whatsapp.main› here, or once in defaults. Only an invoice may do without, and is then not billed on WhatsApp."
		}),
	},
	{
		ID: "customer_phone_required", Source: "Hisab: customer",
		Summary: "The customer has no phone number",
		check: whole(func(o *Order) (string, string) {
			return "customer.phone", missing(o.Customer.Phone, "WhatsApp messages go to a phone number. Write ‹customer { phone = \"+91 98765 43210\" }›.")
		}),
	},
	{
		// A warning: a fixed line can be registered with WhatsApp too.
		ID: "customer_phone_mobile", Source: "Numbering plan: mobile numbers", Warning: true,
		Summary: "This is no Indian mobile number",
		check: whole(func(o *Order) (string, string) {
			national, indian := strings.CutPrefix(o.Customer.Phone, "91")
			if !indian || len(national) != 10 || indianMobile(national) {
				return "", ""
			}
			return "customer.phone", "Those begin with 6, 7, 8 or 9 after +91. Correct it, unless the customer's WhatsApp is on a fixed line."
		}),
	},
	{
		ID: "currency_inr", Source: "orders guide: parameters.currency", billed: true,
		Summary: "WhatsApp payments are in INR only",
		check: whole(func(o *Order) (string, string) {
			if o.Currency == INR {
				return "", ""
			}
			return "currency", fmt.Sprintf("This order is in %q. Leave currency out, and write all amounts in rupees.", o.Currency)
		}),
	},
}

func checkReferenceCharacters(o *Order) (string, string) {
	if o.ReferenceID == "" {
		return "reference_id", "It is empty. Give the order a name of 1 to 35 English letters, digits, underscores, dashes and dots."
	}
	at := strings.IndexFunc(o.ReferenceID, strangeInReference)
	if at < 0 {
		return "", ""
	}
	strange := []rune(o.ReferenceID[at:])[0]
	fixed := strings.Map(func(r rune) rune {
		if strangeInReference(r) {
			return '-'
		}
		return r
	}, o.ReferenceID)
	return "reference_id", fmt.Sprintf("%q holds %q; a reference_id is made of English letters, digits, underscores, dashes and dots. Write %q, for example.", shorten(o.ReferenceID), strange, shorten(fixed))
}

func strangeInReference(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && r != '_' && r != '-' && r != '.'
}
