package spec

import (
	"fmt"
	"time"
)

// MinimumExpiration is how far ahead an order's expiration must lie when it is sent (orders
// guide, order.expiration).
const MinimumExpiration = 300 * time.Second

var deliveryRules = []Rule{
	{
		ID: "expiration_description_length", Source: "orders guide: order.expiration", alone: true,
		Summary: "The expiration's description is too long",
		check: whole(func(o *Order) (string, string) {
			if o.Expiration == nil {
				return "", ""
			}
			return "expiration.description", tooLong(o.Expiration.Description, maxDescription)
		}),
	},
	{
		// Defaults may hold the text alone, for those orders that name a time.
		ID: "expiration_timestamp_required", Source: "orders guide: order.expiration",
		Summary: "The expiration has no time",
		check: whole(func(o *Order) (string, string) {
			if o.Expiration == nil || !o.Expiration.Timestamp.IsZero() {
				return "", ""
			}
			return "expiration.timestamp", "It has a description, from defaults where it is not here, and nothing says when it ends. Write ‹expiration { timestamp = \"2026-12-01T18:00:00+05:30\" }› in the order, or leave expiration out of defaults."
		}),
	},
	{
		// A warning: an order that was sent in time stays declared after it has expired.
		ID: "expiration_soon", Source: "orders guide: order.expiration", billed: true, Warning: true,
		Summary: "The order expires too soon to be sent",
		check:   checkExpirationSoon,
	},
	{
		ID: "beneficiaries_required", Source: "orders guide: parameters.beneficiaries", billed: true,
		Summary: "Physical goods that are shipped need a beneficiary",
		check: whole(func(o *Order) (string, string) {
			if !physicalWithoutBeneficiary(o) || o.Status != Shipped && o.Status != PartiallyShipped {
				return "", ""
			}
			return "beneficiary", fmt.Sprintf("The status is %s, and the law asks who receives the goods; the customer is not shown it. Write a beneficiary with name, address_line1, city, state, country and postal_code.", o.Status)
		}),
	},
	{
		// Of an order that is not shipped yet only the charge tells that it will be.
		ID: "beneficiaries_expected", Source: "orders guide: parameters.beneficiaries", billed: true, Warning: true,
		Summary: "Physical goods with a shipping charge name no beneficiary",
		check: whole(func(o *Order) (string, string) {
			if !physicalWithoutBeneficiary(o) || o.Shipping == nil || o.Shipping.Amount <= 0 || o.Status != Pending && o.Status != Processing {
				return "", ""
			}
			return "beneficiary", "The beneficiary goes out with the bill and cannot be added once the order is shipped. Write a beneficiary before the bill is sent."
		}),
	},
	{
		ID: "beneficiary_name_required", Source: "orders guide: beneficiaries.name", alone: true,
		Summary: "The beneficiary has no name",
		check: eachBeneficiary(func(b *Beneficiary) (string, string) {
			return "name", missing(b.Name, "Write the name of the person or business that receives the goods.")
		}),
	},
	{
		ID: "beneficiary_name_length", Source: "orders guide: beneficiaries.name", alone: true,
		Summary: "The beneficiary's name is too long",
		check:   eachBeneficiary(func(b *Beneficiary) (string, string) { return "name", tooLong(b.Name, 200) }),
	},
	{
		ID: "beneficiary_address_required", Source: "orders guide: beneficiaries.address_line1", alone: true,
		Summary: "The beneficiary has no address",
		check: eachBeneficiary(func(b *Beneficiary) (string, string) {
			return "address_line1", missing(b.AddressLine1, "Write door number and street.")
		}),
	},
	{
		ID: "beneficiary_address_length", Source: "orders guide: beneficiaries.address_line1", alone: true,
		Summary: "The beneficiary's address is too long",
		check: eachBeneficiary(func(b *Beneficiary) (string, string) {
			detail := tooLong(b.AddressLine1, 100)
			if detail != "" {
				detail += " Area and landmark go into address_line2."
			}
			return "address_line1", detail
		}),
	},
	{
		ID: "beneficiary_address_line2_length", Source: "orders guide: beneficiaries.address_line2", alone: true,
		Summary: "The beneficiary's second address line is too long",
		check:   eachBeneficiary(func(b *Beneficiary) (string, string) { return "address_line2", tooLong(b.AddressLine2, 100) }),
	},
	{
		ID: "beneficiary_city", Source: "orders guide: beneficiaries.city", alone: true,
		Summary: "The beneficiary has no city",
		check: eachBeneficiary(func(b *Beneficiary) (string, string) {
			return "city", missing(b.City, "Write the city, such as \"Bengaluru\".")
		}),
	},
	{
		ID: "beneficiary_state", Source: "orders guide: beneficiaries.state", alone: true,
		Summary: "The beneficiary has no state",
		check: eachBeneficiary(func(b *Beneficiary) (string, string) {
			return "state", missing(b.State, "Write the state, such as \"Karnataka\".")
		}),
	},
	{
		ID: "beneficiary_country", Source: "orders guide: beneficiaries.country", alone: true,
		Summary: "A beneficiary's country is the word India",
		check:   eachBeneficiary(checkBeneficiaryCountry),
	},
	{
		ID: "beneficiary_postal_code", Source: "orders guide: beneficiaries.postal_code", alone: true,
		Summary: "A beneficiary's postal_code has six digits",
		check: eachBeneficiary(func(b *Beneficiary) (string, string) {
			if len(b.PostalCode) == 6 && digitsOnly(b.PostalCode) {
				return "", ""
			}
			return "postal_code", fmt.Sprintf("%q is no Indian PIN code. Write its six digits without spaces: \"560001\".", shorten(b.PostalCode))
		}),
	},
}

func physicalWithoutBeneficiary(o *Order) bool {
	return o.Type == "physical-goods" && len(o.Beneficiaries) == 0
}

func checkExpirationSoon(o *Order, at moment) []fault {
	if o.Expiration == nil || o.Expiration.Timestamp.IsZero() || at.now.IsZero() || o.Status == Canceled {
		return nil
	}
	left := o.Expiration.Timestamp.Sub(at.now)
	if left >= MinimumExpiration {
		return nil
	}
	when := "It has passed."
	if left > 0 {
		when = fmt.Sprintf("It is %d seconds away.", int(left.Seconds()))
	}
	return []fault{{"expiration.timestamp", when + fmt.Sprintf(" WhatsApp takes orders that expire at least %d seconds later, so this one is not sent if it has not been. Move the timestamp, or leave expiration out.", int(MinimumExpiration.Seconds()))}}
}

func checkBeneficiaryCountry(b *Beneficiary) (string, string) {
	switch b.Country {
	case "India":
		return "", ""
	case "":
		return "country", "It is missing. Write ‹country = \"India\"›."
	case "IN", "IND", "india", "INDIA", "Bharat":
		return "country", fmt.Sprintf("WhatsApp takes the word and not %q. Write ‹country = \"India\"›.", b.Country)
	}
	return "country", fmt.Sprintf("It is %q, and WhatsApp payments ship within India only. Write ‹country = \"India\"›.", shorten(b.Country))
}
