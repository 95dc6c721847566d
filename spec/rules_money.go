package spec

import "fmt"

// upiCap is the most that UPI moves in one payment, ₹5,00,000 (orders guide,
// enabled_payment_options).
const upiCap Amount = 500_000 * Offset

// razorpayMinimum is the least that Razorpay collects or refunds, ₹1.00 (Razorpay, create an
// order and create a refund: "The amount must be at least INR 1.00").
const razorpayMinimum Amount = 1 * Offset

var moneyRules = []Rule{
	{
		ID: "tax_not_negative", Source: "orders guide: order.tax",
		Summary: "The tax is negative",
		check:   whole(func(o *Order) (string, string) { return "tax.amount", negative(o.Tax.Amount) }),
	},
	{
		ID: "shipping_not_negative", Source: "orders guide: order.shipping",
		Summary: "The shipping is negative",
		check: whole(func(o *Order) (string, string) {
			if o.Shipping == nil {
				return "", ""
			}
			return "shipping.amount", negative(o.Shipping.Amount)
		}),
	},
	{
		ID: "discount_not_negative", Source: "orders guide: order.discount",
		Summary: "The discount is negative",
		check: whole(func(o *Order) (string, string) {
			if o.Discount == nil {
				return "", ""
			}
			return "discount.amount", negative(o.Discount.Amount)
		}),
	},
	{
		ID: "tax_description_length", Source: "orders guide: order.tax", alone: true,
		Summary: "The tax's description is too long",
		check:   whole(func(o *Order) (string, string) { return "tax.description", tooLong(o.Tax.Description, 60) }),
	},
	{
		ID: "shipping_description_length", Source: "orders guide: order.shipping", alone: true,
		Summary: "The shipping's description is too long",
		check: whole(func(o *Order) (string, string) {
			if o.Shipping == nil {
				return "", ""
			}
			return "shipping.description", tooLong(o.Shipping.Description, 60)
		}),
	},
	{
		ID: "discount_description_length", Source: "orders guide: order.discount", alone: true,
		Summary: "The discount's description is too long",
		check: whole(func(o *Order) (string, string) {
			if o.Discount == nil {
				return "", ""
			}
			return "discount.description", tooLong(o.Discount.Description, 60)
		}),
	},
	{
		ID: "discount_program_name_length", Source: "orders guide: order.discount", alone: true,
		Summary: "The discount_program_name is too long",
		check: whole(func(o *Order) (string, string) {
			if o.Discount == nil {
				return "", ""
			}
			return "discount.discount_program_name", tooLong(o.Discount.ProgramName, 60)
		}),
	},
	{
		ID: "total_positive", Source: "orders guide: parameters.total_amount",
		Summary: "There is nothing left to pay",
		check:   whole(checkTotalPositive),
	},
	{
		ID: "total_minimum", Source: "Razorpay: create an order, amount", billed: true,
		Summary: "The total is below what Razorpay collects",
		check: whole(func(o *Order) (string, string) {
			if o.Payment == nil || o.Payment.Gateway != "razorpay" || o.Total <= 0 || o.Total >= razorpayMinimum {
				return "", ""
			}
			return "", fmt.Sprintf("The total is %s; Razorpay collects %s or more.", o.Total.INR(), razorpayMinimum.INR())
		}),
	},
	{
		ID: "upi_cap", Source: "orders guide: enabled_payment_options", billed: true,
		Summary: "The total is more than UPI moves at once",
		check:   whole(checkUPICap),
	},
}

func negative(a Amount) string {
	if a >= 0 {
		return ""
	}
	return fmt.Sprintf("It is %s. Write an amount without a sign; what lowers the bill is a discount.", a)
}

func checkTotalPositive(o *Order) (string, string) {
	if o.Total > 0 || len(o.Items) == 0 {
		return "", ""
	}
	path := ""
	if o.Discount != nil && o.Discount.Amount > 0 {
		path = "discount.amount"
	}
	return path, fmt.Sprintf("The total is %s (%s), and WhatsApp bills positive totals only. Lower the discount, or do not declare the order.", o.Total, ExplainTotal(o))
}

func checkUPICap(o *Order) (string, string) {
	if o.Total <= upiCap || o.Payment == nil {
		return "", ""
	}
	switch p := o.Payment; {
	case p.Gateway == "upi":
		return "payment.gateway", fmt.Sprintf("The total is %s, and UPI moves at most %s in one payment. Split the order, or bill it through a gateway with ‹enabled_payment_options = [\"web\"]›.", o.Total.INR(), upiCap.INR())
	case !isGateway(p.Gateway), len(p.EnabledOptions) == 1 && p.EnabledOptions[0] == "web":
		return "", ""
	}
	return "payment.enabled_payment_options", fmt.Sprintf("The total is %s, and UPI moves at most %s in one payment, so paying it that way fails. Write ‹enabled_payment_options = [\"web\"]›, or split the order.", o.Total.INR(), upiCap.INR())
}
