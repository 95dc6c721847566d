package spec

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

var refundRules = []Rule{
	{
		ID: "refund_label", Source: "Hisab: refunds",
		Summary: "This cannot be a refund's label",
		check: eachRefund(func(_ *Order, r *Refund) (string, string) {
			return "", notALabel(r.Label)
		}),
	},
	{
		ID: "refund_amount_positive", Source: "Hisab: refunds",
		Summary: "A refund is more than nothing",
		check: eachRefund(func(_ *Order, r *Refund) (string, string) {
			if r.Amount > 0 {
				return "", ""
			}
			return "amount", fmt.Sprintf("It is %s. Write what is given back; there is no \"the rest\".", r.Amount)
		}),
	},
	{
		ID: "refund_minimum", Source: "Razorpay: create a refund, amount",
		Summary: "The refund is below what Razorpay refunds",
		check: eachRefund(func(o *Order, r *Refund) (string, string) {
			if r.ID != "" || r.Amount <= 0 || r.Amount >= razorpayMinimum || !refundedByRazorpay(o) {
				return "", ""
			}
			return "amount", fmt.Sprintf("It is %s; Razorpay refunds %s or more.", r.Amount.INR(), razorpayMinimum.INR())
		}),
	},
	{
		ID: "refund_speed", Source: "orders guide: refund, speed",
		Summary: "A refund's speed is normal or instant",
		check: eachRefund(func(_ *Order, r *Refund) (string, string) {
			switch r.Speed {
			case "normal", "instant":
				return "", ""
			case "":
				return "speed", "It is empty. Leave speed out for a normal one, or write \"instant\"."
			case "optimum":
				return "speed", "\"optimum\" is Razorpay's word for it. Write ‹speed = \"instant\"›."
			}
			return "speed", fmt.Sprintf("%q is neither. Write ‹speed = \"normal\"› or \"instant\".", shorten(r.Speed))
		}),
	},
	{
		ID: "refund_reference_id", Source: "orders guide: parameters.reference_id",
		Summary: "No order has such a reference_id",
		check: eachRefund(func(_ *Order, r *Refund) (string, string) {
			if r.Reference == "" || len(r.Reference) <= maxReference && strings.IndexFunc(r.Reference, strangeInReference) < 0 {
				return "", ""
			}
			return "reference_id", fmt.Sprintf("%q cannot be one. Write the reference whose payment is given back, such as %q, or leave it out where one alone was paid.", shorten(r.Reference), "BM345A-12-2")
		}),
	},
	{
		ID: "refund_recorded_was", Source: "Hisab: refunds",
		Summary: "A refund is recorded by id or renamed by was",
		check: eachRefund(func(_ *Order, r *Refund) (string, string) {
			if r.ID == "" || r.Was == "" {
				return "", ""
			}
			return "was", "id says that the refund was made elsewhere, was that Hisab made it under another label. Keep the one that is true."
		}),
	},
	{
		ID: "refund_was_declared", Source: "Hisab: refunds",
		Summary: "The label it had before is still declared",
		check:   eachRefund(checkWasDeclared),
	},
	{
		ID: "refund_was_twice", Source: "Hisab: refunds",
		Summary: "Two refunds had the same label before",
		check:   eachRefund(checkWasTwice),
	},
	{
		ID: "refund_unbilled", Source: "Hisab: invoices",
		Summary: "What is not billed on WhatsApp cannot be refunded there",
		check: eachRefund(func(o *Order, r *Refund) (string, string) {
			if o.Kind != KindInvoice || o.Provider != "" || r.ID != "" {
				return "", ""
			}
			return "", "The invoice has no provider, so there is no payment that could be given back. Refund it where it was paid, or name the provider that billed it."
		}),
	},
	{
		ID: "refund_via_required", Source: "UPI guide and payment links guide: no refund", billed: true,
		Summary: "WhatsApp cannot refund this order",
		check: eachRefund(func(o *Order, r *Refund) (string, string) {
			if o.Payment == nil || o.Payment.Gateway != "upi" && o.Payment.Gateway != "payment_link" || r.ID != "" || o.RefundVia != "" {
				return "", ""
			}
			return "", fmt.Sprintf("With ‹gateway = %q› WhatsApp has no refund. Write ‹refund_via = razorpay.main› on the order, or record a refund made elsewhere by its id.", o.Payment.Gateway)
		}),
	},
	{
		// A warning: a customer who paid twice is given back more than the bill.
		ID: "refund_sum", Source: "Hisab: refunds", Warning: true,
		Summary: "The refunds come to more than the total",
		check:   whole(checkRefundSum),
	},
}

func refundedByRazorpay(o *Order) bool {
	if o.RefundVia != "" {
		return strings.HasPrefix(o.RefundVia, "razorpay.")
	}
	return o.Payment != nil && o.Payment.Gateway == "razorpay"
}

func checkWasDeclared(o *Order, r *Refund) (string, string) {
	if r.Was == "" {
		return "", ""
	}
	for i := range o.Refunds {
		if o.Refunds[i].Label == r.Was {
			return "was", fmt.Sprintf("There is a refund %q in this order, so this one cannot have been it. Leave was out for a second refund, or remove the old block.", r.Was)
		}
	}
	return "", ""
}

// checkWasTwice points at the later of two refunds that claim one past.
func checkWasTwice(o *Order, r *Refund) (string, string) {
	if r.Was == "" {
		return "", ""
	}
	for i := range o.Refunds {
		earlier := &o.Refunds[i]
		if earlier == r {
			break
		}
		if earlier.Was == r.Was {
			return "was", fmt.Sprintf("The refund %q says so of itself too. One refund became one other; leave was out of the wrong one.", earlier.Label)
		}
	}
	return "", ""
}

func checkRefundSum(o *Order) (string, string) {
	sum, fits := Amount(0), true
	for i := range o.Refunds {
		if fits {
			sum, fits = sum.add(max(o.Refunds[i].Amount, 0))
		}
	}
	if len(o.Refunds) == 0 || o.Total <= 0 || fits && sum <= o.Total {
		return "", ""
	}
	if !fits {
		return "refund", fmt.Sprintf("They are beyond what an amount can hold, and the total is %s. Correct the amounts.", o.Total)
	}
	return "refund", fmt.Sprintf("They come to %s and the total is %s. None that is new is sent while all together exceed what was captured; lower one, unless the customer paid twice.", sum, o.Total)
}

// notALabel says what is wrong with a label. Labels are kept for ever and typed on command
// lines, so they are one line that has no edge to lose.
func notALabel(label string) string {
	const most = 64
	switch {
	case label == "":
		return "It is empty. Name it after its reason, such as \"damaged-loaf\"; the name is its identity for ever."
	case utf8.RuneCountInString(label) > most:
		return tooLong(label, most)
	case strings.TrimSpace(label) != label:
		return fmt.Sprintf("%q begins or ends with a space. Write %q.", label, strings.TrimSpace(label))
	case strings.ContainsFunc(label, func(r rune) bool { return !unicode.IsPrint(r) || r == '"' || r == '\\' }):
		return fmt.Sprintf("%q has a character that cannot be typed or quoted. Use letters, digits, dashes and spaces.", label)
	}
	return ""
}
