package spec

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// gatewayNames are the payment gateways that WhatsApp is integrated with (orders guide,
// payment_gateway.type).
var gatewayNames = []string{"razorpay", "payu", "billdesk", "zaakpay"}

func isGateway(name string) bool { return slices.Contains(gatewayNames, name) }

// isWayToPay reports whether a payment block can name it as its gateway.
func isWayToPay(name string) bool {
	return name == "upi" || name == "payment_link" || isGateway(name)
}

// preferredMethods are the apps known as preferred_payment_methods. The two spellings of
// CRED are those of two versions of the orders guide.
var preferredMethods = []string{"gpay", "phonepe", "paytm", "amazonpay", "mobikwik", "cred-upi", "cred", "bhim"}

var paymentRules = []Rule{
	{
		ID: "payment_required", Source: "orders guide: parameters.payment_settings", billed: true,
		Summary: "Nothing says how the customer pays",
		check: whole(func(o *Order) (string, string) {
			if o.Payment != nil && o.Payment.Gateway != "" {
				return "", ""
			}
			return "payment", "WhatsApp refuses a bill without payment settings. Write ‹payment { gateway = \"razorpay\", configuration = \"…\" }› here, or once in defaults."
		}),
	},
	{
		ID: "payment_gateway_known", Source: "orders guide: payment_gateway.type", billed: true,
		Summary: "There is no such gateway",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			if p.Gateway == "" || isWayToPay(p.Gateway) {
				return "", ""
			}
			return "payment.gateway", fmt.Sprintf("%q is none.%s The gateways are razorpay, payu, billdesk and zaakpay; upi and payment_link go without one.",
				shorten(p.Gateway), didYouMean(p.Gateway, append(slices.Clone(gatewayNames), "upi", "payment_link")))
		}),
	},
	{
		ID: "payment_configuration_required", Source: "orders guide: payment_gateway.configuration_name", billed: true,
		Summary: "The payment names no configuration",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			if !isGateway(p.Gateway) {
				return "", ""
			}
			return "payment.configuration", missing(p.Configuration, "A gateway is found by the payment configuration's name, as WhatsApp Manager shows it. Write ‹configuration = \"…\"›.")
		}),
	},
	{
		ID: "payment_configuration_length", Source: "orders guide: payment_gateway.configuration_name", alone: true,
		Summary: "The configuration's name is too long",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			return "payment.configuration", tooLong(p.Configuration, 60)
		}),
	},
	{
		ID: "preferred_method_count", Source: "orders guide: preferred_payment_methods", alone: true,
		Summary: "WhatsApp takes one preferred payment method",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			if len(p.PreferredMethods) <= 1 {
				return "", ""
			}
			return "payment.preferred_payment_methods", fmt.Sprintf("There are %d. Keep one: [%q].", len(p.PreferredMethods), p.PreferredMethods[0])
		}),
	},
	{
		// The list is open: apps come and go without the guide's leave.
		ID: "preferred_method_known", Source: "orders guide: preferred_payment_methods", billed: true, Warning: true,
		Summary: "The preferred payment method is not known here",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			for _, method := range p.PreferredMethods {
				if !slices.Contains(preferredMethods, method) {
					return "payment.preferred_payment_methods", fmt.Sprintf("%q is sent as it stands; WhatsApp may refuse it.%s Known are %s.",
						shorten(method), didYouMean(method, preferredMethods), strings.Join(preferredMethods, ", "))
				}
			}
			return "", ""
		}),
	},
	{
		ID: "enabled_options_known", Source: "orders guide: enabled_payment_options", alone: true,
		Summary: "The payment options are upi and web",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			for _, option := range p.EnabledOptions {
				if option != "upi" && option != "web" {
					return "payment.enabled_payment_options", fmt.Sprintf("%q is neither. Write [\"upi\"], [\"web\"] or [\"upi\", \"web\"].", shorten(option))
				}
			}
			return "", ""
		}),
	},
	{
		ID: "options_need_gateway", Source: "orders guide: payment_gateway", billed: true,
		Summary: "Only a payment gateway takes these options",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			if p.Gateway != "upi" && p.Gateway != "payment_link" {
				return "", ""
			}
			path := ""
			switch {
			case len(p.PreferredMethods) > 0:
				path = "payment.preferred_payment_methods"
			case len(p.EnabledOptions) > 0:
				path = "payment.enabled_payment_options"
			default:
				return "", ""
			}
			return path, fmt.Sprintf("With ‹gateway = %q› there is no place for it in the message. Leave it out.", p.Gateway)
		}),
	},
	{
		ID: "link_not_taken", Source: "orders guide: payment_gateway", billed: true,
		Summary: "This way of paying takes no such link",
		check:   wholePayment(checkLinkNotTaken),
	},
	{
		ID: "upi_link", Source: "UPI guide: upi_intent_link.link", billed: true,
		Summary: "The UPI link is not complete",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			if p.Gateway != "upi" {
				return "", ""
			}
			return "payment.link", notUPILink(p.Link)
		}),
	},
	{
		ID: "payment_link", Source: "payment links guide: payment_link.uri", billed: true,
		Summary: "The payment link is no https link",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			switch {
			case p.Gateway != "payment_link":
				return "", ""
			case p.Link == "":
				return "payment.link", "It is missing. Write ‹link = \"https://…\"›, the page on which the customer pays."
			}
			return "payment.link", notHTTPS(p.Link)
		}),
	},
	{
		ID: "payment_link_return", Source: "payment links guide: success_url, cancel_url", billed: true,
		Summary: "The link to come back by is no https link",
		check: wholePayment(func(_ *Order, p *Payment) (string, string) {
			if p.Gateway != "payment_link" {
				return "", ""
			}
			if p.SuccessURL != "" {
				if detail := notHTTPS(p.SuccessURL); detail != "" {
					return "payment.success_url", detail
				}
			}
			if p.CancelURL != "" {
				return "payment.cancel_url", notHTTPS(p.CancelURL)
			}
			return "", ""
		}),
	},
	{
		ID: "observe_required", Source: "UPI guide and payment links guide: no payment status", billed: true,
		Summary: "Nothing can tell whether this order is paid",
		check: wholePayment(func(o *Order, p *Payment) (string, string) {
			if p.Gateway != "upi" && p.Gateway != "payment_link" || o.Observe != "" {
				return "", ""
			}
			return "observe", fmt.Sprintf("WhatsApp has no payment lookup for ‹gateway = %q›. Name the gateway account that receives the money: ‹observe = razorpay.main›.", p.Gateway)
		}),
	},
}

func wholePayment(ask func(o *Order, p *Payment) (path, detail string)) func(*Order, moment) []fault {
	return whole(func(o *Order) (string, string) {
		if o.Payment == nil {
			return "", ""
		}
		return ask(o, o.Payment)
	})
}

func checkLinkNotTaken(_ *Order, p *Payment) (string, string) {
	switch {
	case isGateway(p.Gateway) && p.Link != "":
		return "payment.link", fmt.Sprintf("%s makes the payment page itself. Leave link out, or write ‹gateway = \"upi\"› or \"payment_link\".", p.Gateway)
	case p.Gateway != "payment_link" && p.SuccessURL != "":
		return "payment.success_url", "Only ‹gateway = \"payment_link\"› leads the customer back by a link. Leave it out."
	case p.Gateway != "payment_link" && p.CancelURL != "":
		return "payment.cancel_url", "Only ‹gateway = \"payment_link\"› leads the customer back by a link. Leave it out."
	}
	return "", ""
}

// notUPILink says what a UPI intent link lacks. WhatsApp uses pa, pn, mc, purpose and tr of
// it; without the first two nobody can be paid.
func notUPILink(link string) string {
	const write = " Write ‹link = \"upi://pay?pa=shop@bank&pn=Sharma%20Stores&tr=…\"›, as the gateway gives it."
	if link == "" {
		return "It is missing." + write
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "upi" || u.Host != "pay" {
		return "It does not begin with upi://pay." + write
	}
	for _, name := range []string{"pa", "pn"} {
		if u.Query().Get(name) == "" {
			return fmt.Sprintf("It has no %s.%s", name, write)
		}
	}
	return ""
}
