package whatsapp

import (
	"errors"
	"fmt"

	"github.com/hisab/hisab/spec"
)

// setting is the one element of payment_settings. The guide's table calls it an object;
// its samples, which work, send an array of one.
type setting struct {
	Type           string          `json:"type"`
	PaymentGateway *paymentGateway `json:"payment_gateway,omitzero"`
	UPIIntentLink  *link           `json:"upi_intent_link,omitzero"`
	PaymentLink    *paymentLink    `json:"payment_link,omitzero"`
}

// paymentGateway pays through a gateway linked to the business account. At most one of the
// gateways' own objects is set. The two options stand here, where the newer guide has
// them, not beside type, where the older one does.
type paymentGateway struct {
	Type              string            `json:"type"`
	ConfigurationName string            `json:"configuration_name"`
	Razorpay          *razorpay         `json:"razorpay,omitempty"`
	PayU              map[string]string `json:"payu,omitempty"`     // udf1…4
	BillDesk          map[string]string `json:"billdesk,omitempty"` // additional_info1…7
	Zaakpay           map[string]string `json:"zaakpay,omitempty"`  // extra1…2
	PreferredMethods  []method          `json:"preferred_payment_methods,omitempty"`
	EnabledOptions    []string          `json:"enabled_payment_options,omitempty"`
}

type razorpay struct {
	Receipt string            `json:"receipt,omitzero"`
	Notes   map[string]string `json:"notes,omitempty"`
}

type method struct {
	Method string `json:"method"`
}

type paymentLink struct {
	URI        string `json:"uri"`
	SuccessURL string `json:"success_url,omitzero"`
	CancelURL  string `json:"cancel_url,omitzero"`
}

// encodePayment returns payment_type, which payment links alone need, and payment_settings.
func encodePayment(p *spec.Payment) (string, []setting, error) {
	if p == nil {
		return "", nil, errors.New("the order says no way to pay")
	}
	switch p.Gateway {
	case "razorpay", "payu", "billdesk", "zaakpay":
		return "", []setting{{Type: "payment_gateway", PaymentGateway: encodeGateway(p)}}, nil
	case "upi":
		if p.Link == "" {
			return "", nil, errors.New("a upi payment needs its upi:// link")
		}
		return "", []setting{{Type: "upi_intent_link", UPIIntentLink: &link{p.Link}}}, nil
	case "payment_link":
		if p.Link == "" {
			return "", nil, errors.New("a payment_link payment needs its link")
		}
		l := &paymentLink{URI: p.Link, SuccessURL: p.SuccessURL, CancelURL: p.CancelURL}
		return "upi", []setting{{Type: "payment_link", PaymentLink: l}}, nil
	}
	return "", nil, fmt.Errorf("WhatsApp knows no payment gateway %q", p.Gateway)
}

func encodeGateway(p *spec.Payment) *paymentGateway {
	g := &paymentGateway{
		Type:              p.Gateway,
		ConfigurationName: p.Configuration,
		EnabledOptions:    p.EnabledOptions,
	}
	for _, m := range p.PreferredMethods {
		g.PreferredMethods = append(g.PreferredMethods, method{m})
	}
	switch p.Gateway {
	case "razorpay":
		if p.Receipt != "" || len(p.Notes) > 0 {
			g.Razorpay = &razorpay{Receipt: p.Receipt, Notes: p.Notes}
		}
	case "payu":
		g.PayU = p.Fields
	case "billdesk":
		g.BillDesk = p.Fields
	case "zaakpay":
		g.Zaakpay = p.Fields
	}
	return g
}
