package spec

import (
	"fmt"
	"slices"
	"strings"
)

var statusRules = []Rule{
	{
		ID: "status_known", Source: "order status guide: supported order status",
		Summary: "There is no such status",
		check: whole(func(o *Order) (string, string) {
			if o.Status == "" || slices.Contains(Statuses, o.Status) {
				return "", ""
			}
			return "status", ExplainStatus(string(o.Status))
		}),
	},
	{
		ID: "invoice_status", Source: "Hisab: invoices",
		Summary: "An invoice has no fulfilment statuses",
		check: whole(func(o *Order) (string, string) {
			if o.Kind != KindInvoice || !inTransit(o.Status) {
				return "", ""
			}
			return "status", fmt.Sprintf("An invoice is pending, completed or canceled; %s is for goods on their way. Declare an order instead, or leave status out: an invoice completes itself once it is paid.", o.Status)
		}),
	},
	{
		ID: "status_message_status", Source: "order status guide: order.status", alone: true,
		Summary: "No message is ever sent for this status",
		check: eachStatusMessage(func(o *Order, m *StatusMessage) (string, string) {
			switch {
			case m.Status == Pending:
				return "", "pending is where an order begins; its message is the bill itself. Write the text as the order's body."
			case m.Status != "" && !slices.Contains(Statuses, m.Status):
				return "", ExplainStatus(string(m.Status))
			case o.Kind == KindInvoice && inTransit(m.Status):
				return "", fmt.Sprintf("An invoice never is %s. Leave the message out.", m.Status)
			}
			return "", ""
		}),
	},
	{
		ID: "status_message_body_length", Source: "order status guide: body.text", alone: true,
		Summary: "The status message's body is too long",
		check: eachStatusMessage(func(_ *Order, m *StatusMessage) (string, string) {
			return "body", tooLong(m.Body, maxBody)
		}),
	},
	{
		ID: "status_message_footer_length", Source: "order status guide: footer.text", alone: true,
		Summary: "The status message's footer is too long",
		check: eachStatusMessage(func(_ *Order, m *StatusMessage) (string, string) {
			return "footer", tooLong(m.Footer, maxFooter)
		}),
	},
	{
		ID: "status_message_description_length", Source: "order status guide: order.description", alone: true,
		Summary: "The status message's description is too long",
		check: eachStatusMessage(func(_ *Order, m *StatusMessage) (string, string) {
			return "description", tooLong(m.Description, maxDescription)
		}),
	},
}

// inTransit reports whether s says where goods are.
func inTransit(s Status) bool { return s == Processing || s == PartiallyShipped || s == Shipped }

// ExplainStatus says why a text is no order status: the orders guide, too, takes the states
// of a payment for one.
func ExplainStatus(text string) string {
	switch strings.ToLower(text) {
	case "captured", "paid", "authorized", "failed", "refunded":
		return fmt.Sprintf("%q is what a payment can be, and is observed, not asked for. An order can be asked to be %s.", text, statusList())
	}
	var names []string
	for _, s := range Statuses {
		names = append(names, string(s))
	}
	return fmt.Sprintf("%q is none.%s An order can be asked to be %s.", shorten(text), didYouMean(text, names), statusList())
}

func statusList() string {
	return "pending, processing, partially_shipped, shipped, completed or canceled"
}
