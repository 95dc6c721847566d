package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// numberedField is a series of free fields that one gateway hands back with the payment:
// udf1 to udf4 at PayU, and so on (orders guide, "BillDesk, RazorPay, PayU and Zaakpay
// fields"). Limit counts the characters of each.
type numberedField struct {
	gateway, stem string
	last, limit   int
}

var numberedFields = []numberedField{
	{gateway: "payu", stem: "udf", last: 4, limit: 255},
	{gateway: "billdesk", stem: "additional_info", last: 7, limit: 120},
	{gateway: "zaakpay", stem: "extra", last: 2, limit: 180},
}

const (
	maxNotes     = 15
	maxNoteValue = 256
	maxReceipt   = 40
)

var gatewayRules = []Rule{
	{
		ID: "gateway_field_foreign", Source: "orders guide: gateway fields", billed: true,
		Summary: "This field belongs to another gateway",
		check:   eachGatewayField(checkFieldForeign),
	},
	{
		ID: "gateway_field_known", Source: "orders guide: gateway fields", billed: true,
		Summary: "The gateway has no such field",
		check:   eachGatewayField(checkFieldKnown),
	},
	{
		ID: "razorpay_receipt_length", Source: "orders guide: receipt", alone: true,
		Summary: "The receipt is too long",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			return "payment.razorpay.receipt", tooLong(p.Receipt, maxReceipt)
		}),
	},
	{
		ID: "razorpay_notes_count", Source: "orders guide: notes", alone: true,
		Summary: "There are too many notes",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			if len(p.Notes) <= maxNotes {
				return "", ""
			}
			return "payment.razorpay.notes", fmt.Sprintf("There are %d; Razorpay takes %d. Leave out %d.", len(p.Notes), maxNotes, len(p.Notes)-maxNotes)
		}),
	},
	{
		ID: "razorpay_note_length", Source: "orders guide: notes", alone: true,
		Summary: "A note is too long",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			if first := firstTooLong(p.Notes, maxNoteValue); first != "" {
				return "payment.razorpay.notes", fmt.Sprintf("The note %q: %s", shorten(first), tooLong(p.Notes[first], maxNoteValue))
			}
			return "", ""
		}),
	},
	gatewayFieldLength("payu_udf_length", "orders guide: udf1-4", numberedFields[0]),
	gatewayFieldLength("billdesk_additional_info_length", "orders guide: additional_info1-7", numberedFields[1]),
	gatewayFieldLength("zaakpay_extra_length", "orders guide: extra1-2", numberedFields[2]),
}

func gatewayFieldLength(id, source string, series numberedField) Rule {
	return Rule{
		ID: id, Source: source, alone: true,
		Summary: "A field of " + series.gateway + " is too long",
		check: eachGatewayField(func(p *Payment, name string) string {
			if !strings.HasPrefix(name, series.stem) {
				return ""
			}
			return tooLong(p.Fields[name], series.limit)
		}),
	}
}

// eachGatewayField asks about every field that only one gateway has, in the order of their
// places. Those of Razorpay have members of their own in a Payment.
func eachGatewayField(ask func(p *Payment, name string) (detail string)) func(*Order, moment) []fault {
	return func(o *Order, _ moment) (faults []fault) {
		p := o.Payment
		if p == nil {
			return nil
		}
		for name := range p.Fields {
			if detail := ask(p, name); detail != "" {
				faults = append(faults, fault{fieldPath(p, name), detail})
			}
		}
		if p.Receipt != "" {
			if detail := ask(p, "receipt"); detail != "" {
				faults = append(faults, fault{"payment.razorpay.receipt", detail})
			}
		}
		if len(p.Notes) > 0 {
			if detail := ask(p, "notes"); detail != "" {
				faults = append(faults, fault{"payment.razorpay.notes", detail})
			}
		}
		slices.SortFunc(faults, func(a, b fault) int { return cmp.Compare(a.path, b.path) })
		return faults
	}
}

func fieldPath(p *Payment, name string) string {
	if owner := fieldOwner(name); owner != "" {
		return "payment." + owner + "." + name
	}
	return "payment." + p.Gateway + "." + name
}

// fieldOwner is the gateway that a field belongs to by its name.
func fieldOwner(name string) string {
	if name == "receipt" || name == "notes" {
		return "razorpay"
	}
	for _, series := range numberedFields {
		if strings.HasPrefix(name, series.stem) {
			return series.gateway
		}
	}
	return ""
}

func checkFieldForeign(p *Payment, name string) string {
	owner := fieldOwner(name)
	if owner == "" || owner == p.Gateway || !isWayToPay(p.Gateway) {
		return ""
	}
	return fmt.Sprintf("The order is paid by ‹gateway = %q›, which cannot carry it. Leave the %s block out, also in defaults.", shorten(p.Gateway), owner)
}

func checkFieldKnown(_ *Payment, name string) string {
	for _, series := range numberedFields {
		number, ours := strings.CutPrefix(name, series.stem)
		if !ours {
			continue
		}
		if n, err := strconv.Atoi(number); err == nil && n >= 1 && n <= series.last && strconv.Itoa(n) == number {
			return ""
		}
		return fmt.Sprintf("%s has %s1 to %s%d.", series.gateway, series.stem, series.stem, series.last)
	}
	if fieldOwner(name) != "" {
		return ""
	}
	return "The gateways take receipt and notes (razorpay), udf1 to udf4 (payu), additional_info1 to additional_info7 (billdesk), extra1 and extra2 (zaakpay)."
}

// firstTooLong is the first key, in order, whose value is too long.
func firstTooLong(values map[string]string, limit int) string {
	first := ""
	for key, value := range values {
		if tooLong(value, limit) != "" && (first == "" || key < first) {
			first = key
		}
	}
	return first
}
