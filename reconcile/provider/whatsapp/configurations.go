package whatsapp

import (
	"context"
	"net/http"
	"strings"

	"github.com/hisab/hisab/reconcile"
)

// PaymentConfiguration is one way to take payments that the business has set up with Meta
// (Onboarding APIs guide).
type PaymentConfiguration struct {
	Name    string
	Gateway string // razorpay, payu, zaakpay, billdesk, upi_vpa …, in lower case
	Status  string // active, needs_connecting, needs_testing …, in lower case with underscores
}

// Active reports whether customers can pay with it.
func (p PaymentConfiguration) Active() bool { return p.Status == "active" }

// PaymentConfigurations lists those of the business account: one request. A message that
// names one that does not exist is taken all the same, and its customer cannot pay (orders
// guide, configuration_name), so a plan is the place to look.
func (c *Client) PaymentConfigurations(ctx context.Context) ([]PaymentConfiguration, error) {
	if c.config.WABAID == "" {
		return nil, &reconcile.CallError{Class: reconcile.NotSent, Meaning: "there is no waba_id; set it in the provider block"}
	}
	to := c.resource(c.config.WABAID, "payment_configurations")
	a, fail := c.do(ctx, c.ordinary, call{method: http.MethodGet, to: to})
	if fail != nil {
		return nil, fail
	}
	defer c.done(a)
	if _, refusedIt := readRefusal(a.body); refusedIt || !success(a.status) {
		return nil, c.refusal(onLookup, a, nil)
	}
	// The list is wrapped twice, as the guide's sample has it.
	var list struct {
		Data *[]struct {
			Configurations []struct {
				Name         string `json:"configuration_name"`
				ProviderName string `json:"provider_name"`
				Status       string `json:"status"`
			} `json:"payment_configurations"`
		} `json:"data"`
		Paging struct {
			Next string `json:"next"`
		} `json:"paging"`
	}
	if err := c.readAnswer(a, nil, &list); err != nil {
		return nil, err
	}
	if list.Data == nil || list.Paging.Next != "" {
		return nil, unreadable(a.status, "the platform's answer is not the whole list of payment configurations")
	}
	var out []PaymentConfiguration
	for _, d := range *list.Data {
		for _, p := range d.Configurations {
			out = append(out, PaymentConfiguration{p.Name, fold(p.ProviderName), fold(p.Status)})
		}
	}
	return out, nil
}

// fold takes the spellings of one word together: the guides write Needs_Connecting and
// Needs Connecting, razorpay and RazorPay.
func fold(s string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(s)))
}
