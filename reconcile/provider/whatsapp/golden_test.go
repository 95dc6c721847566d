package whatsapp

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// The reasons why a payload differs from the guides' sample, where it does.
const (
	sum         = "the sample breaks its own rule: the subtotal is the sum of sale_amount × quantity, the total follows"
	relic       = "image.provider is of the On-Premises API"
	placeholder = "the sample has a placeholder"
	product     = "the sample leaves messaging_product out; every message has it"
)

// deviation is one expected difference and its reason.
type deviation struct{ path, sample, ours, reason string }

// golden holds what is written against one sample.
func golden(t *testing.T, sample, ours []byte, deviations []deviation) {
	t.Helper()
	var want []difference
	for _, d := range deviations {
		if d.reason == "" {
			t.Errorf("%s differs without a reason", d.path)
		}
		want = append(want, difference{d.path, d.sample, d.ours})
	}
	got := compare(t, sample, ours)
	for _, d := range got {
		if !slices.Contains(want, d) {
			t.Errorf("%s: the sample has %s, ours %s", d.path, d.sample, d.ours)
		}
	}
	for _, d := range want {
		if !slices.Contains(got, d) {
			t.Errorf("%s does not differ as listed: %s, ours %s", d.path, d.sample, d.ours)
		}
	}
}

const expires = "/action/parameters/order/expiration/timestamp"

func sums(subtotal, total string) []deviation {
	return []deviation{
		{"/action/parameters/order/subtotal/value", "20000", subtotal, sum},
		{"/action/parameters/total_amount/value", "21000", total, sum},
		{expires, `"utc_timestamp_in_seconds"`, `"1796128200"`, placeholder},
	}
}

func TestOrderDetailsEqualTheSamples(t *testing.T) {
	withProvider := append(sums("100", "1100"), deviation{"/header/image/provider", "{1 keys}", absent, relic})
	for _, test := range []struct {
		name       string
		order      *spec.Order
		deviations []deviation
	}{
		{"order_details_billdesk", catalogOrder(&spec.Payment{Gateway: "billdesk", Fields: numbered("additional_info", 7, "additional_info%d-value")}), withProvider},
		{"order_details_razorpay", catalogOrder(&spec.Payment{Gateway: "razorpay", Receipt: "receipt-value", Notes: map[string]string{"key1": "value1"}}), withProvider},
		{"order_details_payu", plainOrder(&spec.Payment{Gateway: "payu", Fields: numbered("udf", 4, "value%d")}), sums("200", "1200")},
		{"order_details_zaakpay", plainOrder(&spec.Payment{Gateway: "zaakpay", Fields: numbered("extra", 2, "value%d")}), sums("200", "1200")},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := encode(t, reconcile.Message{
				Kind: reconcile.OrderDetails, To: "PHONE_NUMBER", Reference: "reference-id-value", Order: test.order,
			})
			golden(t, at(t, sampleFile(t, test.name), "interactive"), at(t, body, "interactive"), test.deviations)
			golden(t, sampleFile(t, "envelope"), body, []deviation{
				{"/interactive/type", absent, `"order_details"`, placeholder},
				{"/interactive/header", absent, "{2 keys}", placeholder},
				{"/interactive/body", absent, "{1 keys}", placeholder},
				{"/interactive/footer", absent, "{1 keys}", placeholder},
				{"/interactive/action", absent, "{2 keys}", placeholder},
			})
		})
	}
}

// The older guide has the two options beside the setting's type, the newer one inside
// payment_gateway: that is where they are looked for.
func TestPaymentOptionsEqualTheSamples(t *testing.T) {
	o := catalogOrder(&spec.Payment{
		Gateway: "razorpay", PreferredMethods: []string{"Application-ID"}, EnabledOptions: []string{"upi"},
	})
	body := encode(t, reconcile.Message{Kind: reconcile.OrderDetails, To: "PHONE_NUMBER", Reference: "reference-id-value", Order: o})
	for _, option := range []string{"preferred_payment_methods", "enabled_payment_options"} {
		setting := []string{"interactive", "action", "parameters", "payment_settings", "0"}
		golden(t,
			at(t, sampleFile(t, option), append(setting, option)...),
			at(t, body, append(setting, "payment_gateway", option)...), nil)
		if n := strings.Count(string(body), option); n != 1 {
			t.Errorf("%s stands in %d places", option, n)
		}
	}
}

func TestOrderStatusEqualsTheSample(t *testing.T) {
	for _, status := range []spec.Status{spec.Processing, spec.PartiallyShipped, spec.Shipped, spec.Completed, spec.Canceled} {
		body := encode(t, reconcile.Message{
			Kind: reconcile.OrderStatus, To: "whatsapp-id", Reference: "reference-id-value",
			Status: status, Body: "your-text-body-content", Description: "optional-text",
		})
		golden(t, sampleFile(t, "order_status"), body, []deviation{
			{"/messaging_product", absent, `"whatsapp"`, product},
			{
				"/interactive/action/parameters/order/status", `"processing | partially_shipped | shipped | completed | canceled"`,
				`"` + string(status) + `"`, placeholder,
			},
		})
	}
}

func TestRefundEqualsTheSample(t *testing.T) {
	body, err := encodeRefund(reconcile.RefundRequest{
		Configuration: "payment-config-id", Reference: "reference-id-value", Amount: 100, Currency: spec.INR, Speed: "normal",
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, sampleFile(t, "refund"), body, nil)
}

func TestOtherWaysToPayEqualTheSamples(t *testing.T) {
	for sample, payment := range map[string]*spec.Payment{
		"upi_intent_link": {Gateway: "upi", Link: upiLink},
		"payment_link": {
			Gateway: "payment_link", Link: "https://the-payment-link",
			SuccessURL: "https://the-success-url", CancelURL: "https://the-cancel-url",
		},
	} {
		body := encode(t, reconcile.Message{Kind: reconcile.OrderDetails, Reference: "reference-id-value", Order: oneLine(payment)})
		golden(t, sampleFile(t, sample), at(t, body, "interactive", "action", "parameters"), nil)
	}
}

func TestTemplatesEqualTheSamples(t *testing.T) {
	filled := spec.Rendered{Name: "T", Language: "en"}
	withImage := filled
	withImage.HeaderImage = "https://the-url"
	plain := withImage
	plain.Body, plain.Button = []string{"first", "second"}, "suffix"
	for sample, m := range map[string]reconcile.Message{
		"template_order_details": {
			Kind: reconcile.OrderDetails, Template: &withImage, Order: oneLine(&spec.Payment{Gateway: "upi", Link: upiLink}),
		},
		"template_order_status": {
			Kind: reconcile.OrderStatus, Template: &filled, Status: spec.Shipped, Description: "optional-text",
		},
		"template_plain": {Kind: reconcile.TemplateOnly, Template: &plain},
	} {
		m.To, m.Reference = "PHONE_NUMBER", "reference-id-value"
		golden(t, sampleFile(t, sample), encode(t, m), nil)
	}
}

const upiLink = "upi://pay?pa=vpa&pn=Name&mc=5399&purpose=00&tr=pg-generated-id"

// catalogOrder is the order of the guide's two catalog-based samples, with sums that add up.
func catalogOrder(p *spec.Payment) *spec.Order {
	o := sampleOrder(p)
	o.CatalogID = "the-catalog_id"
	o.HeaderImage = "http(s)://the-url"
	o.Items = []spec.Item{sampleItem()}
	o.Items[0].RetailerID = "1234567"
	o.Subtotal, o.Total = 100, 1100
	return o
}

// plainOrder is the order of the guide's two samples without a catalog.
func plainOrder(p *spec.Payment) *spec.Order {
	o := sampleOrder(p)
	o.HeaderImage = "your-media-url-link"
	i := sampleItem()
	i.CountryOfOrigin, i.ImporterName = "country-of-origin", "name-of-importer-business"
	i.ImporterAddress = &spec.ImporterAddress{
		AddressLine1: "B8/733 nand nagri", AddressLine2: "police station", City: "East Delhi",
		ZoneCode: "DL", PostalCode: "110093", CountryCode: "IN",
	}
	o.Items = []spec.Item{i, i}
	o.Subtotal, o.Total = 200, 1200
	return o
}

func sampleOrder(p *spec.Payment) *spec.Order {
	p.Configuration = "payment-config-id"
	return &spec.Order{
		Type: "digital-goods", Currency: spec.INR, Payment: p,
		Body: "your-text-body-content", Footer: "your-text-footer-content",
		Expiration: &spec.Expiration{Timestamp: time.Unix(1796128200, 0), Description: "cancellation-explanation"},
		Tax:        spec.Charge{Amount: 1000, Description: "optional_text"},
		Shipping:   &spec.Charge{Amount: 1000, Description: "optional_text"},
		Discount:   &spec.Discount{Amount: 1000, Description: "optional_text", ProgramName: "optional_text"},
	}
}

func sampleItem() spec.Item {
	sale := spec.Amount(100)
	return spec.Item{Name: "Product name, for example bread", Amount: 10000, SaleAmount: &sale, Quantity: 1}
}

// oneLine is the shortest order there is.
func oneLine(p *spec.Payment) *spec.Order {
	return &spec.Order{
		Type: "digital-goods", Currency: spec.INR, CatalogID: "the-catalog_id", Payment: p,
		Items:    []spec.Item{{RetailerID: "1234567", Name: "Product name, for example bread", Amount: 100, Quantity: 1}},
		Subtotal: 100, Total: 100,
	}
}
