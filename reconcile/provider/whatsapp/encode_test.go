package whatsapp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

func encode(t testing.TB, m reconcile.Message) []byte {
	t.Helper()
	b, err := encodeMessage(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustRead(t testing.TB, b []byte, into any) {
	t.Helper()
	if err := read(b, into); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
}

// numbered makes the fields that gateways call udf1, udf2 …
func numbered(prefix string, n int, value string) map[string]string {
	m := map[string]string{}
	for i := 1; i <= n; i++ {
		m[fmt.Sprint(prefix, i)] = fmt.Sprintf(value, i)
	}
	return m
}

func TestWhatIsNotThereIsNotSent(t *testing.T) {
	o := oneLine(&spec.Payment{Gateway: "razorpay", Configuration: "c"})
	o.CatalogID, o.Items[0].RetailerID = "", ""
	got := string(encode(t, reconcile.Message{Kind: reconcile.OrderDetails, To: "919876543210", Reference: "R1", Order: o}))
	want := `{"messaging_product":"whatsapp","recipient_type":"individual","to":"919876543210","type":"interactive",` +
		`"interactive":{"type":"order_details","body":{"text":""},"action":{"name":"review_and_pay","parameters":{` +
		`"reference_id":"R1","type":"digital-goods",` +
		`"payment_settings":[{"type":"payment_gateway","payment_gateway":{"type":"razorpay","configuration_name":"c"}}],` +
		`"currency":"INR","total_amount":{"value":100,"offset":100},"order":{"status":"pending",` +
		`"items":[{"name":"Product name, for example bread","amount":{"value":100,"offset":100},"quantity":1}],` +
		`"subtotal":{"value":100,"offset":100},"tax":{"value":0,"offset":100}}}}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWhatIsThereIsSent(t *testing.T) {
	o := oneLine(&spec.Payment{Gateway: "payu", Configuration: "c", Fields: map[string]string{"udf2": "b", "udf1": "a"}})
	o.QuickPay, o.CatalogID, o.Items[0].RetailerID = true, "", ""
	o.Items[0].Image = "https://shop.example/a.jpg?w=1&h=2"
	o.Beneficiaries = []spec.Beneficiary{{
		Name: "Asha Rao", AddressLine1: "12 MG Road", City: "Bengaluru", State: "Karnataka", Country: "India", PostalCode: "560001",
	}}
	o.Body = "Tom & Jerry <3 ₹"
	got := string(encode(t, reconcile.Message{Kind: reconcile.OrderDetails, To: "919876543210", Opaque: "a1-1", Reference: "R1-2", Order: o}))
	for _, want := range []string{
		`"biz_opaque_callback_data":"a1-1"`,
		`"reference_id":"R1-2"`,
		`"order":{"status":"pending","type":"quick_pay","items"`,
		`"image":{"link":"https://shop.example/a.jpg?w=1&h=2"}`,
		`"beneficiaries":[{"name":"Asha Rao","address_line1":"12 MG Road","city":"Bengaluru","state":"Karnataka","country":"India","postal_code":"560001"}]`,
		`"payu":{"udf1":"a","udf2":"b"}`,
		`"text":"Tom & Jerry <3 ₹"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestOrderTemplatesTakeTexts(t *testing.T) {
	r := &spec.Rendered{Name: "bill", Language: "hi", Body: []string{"Asha"}}
	got := string(encode(t, reconcile.Message{
		Kind: reconcile.OrderDetails, To: "9", Reference: "R", Template: r, Order: oneLine(&spec.Payment{Gateway: "zaakpay", Configuration: "c"}),
	}))
	body := strings.Index(got, `{"type":"body","parameters":[{"type":"text","text":"Asha"}]}`)
	button := strings.Index(got, `{"type":"button","sub_type":"order_details","index":0,`)
	if body < 0 || button < body {
		t.Errorf("body and button of %s", got)
	}
	bare := string(encode(t, reconcile.Message{Kind: reconcile.TemplateOnly, To: "9", Template: &spec.Rendered{Name: "t", Language: "en"}}))
	if strings.Contains(bare, "components") {
		t.Errorf("components in %s", bare)
	}
}

func TestWhatCannotBeSent(t *testing.T) {
	gateway := &spec.Payment{Gateway: "razorpay", Configuration: "c"}
	for name, test := range map[string]struct {
		m    reconcile.Message
		want string
	}{
		"no order":             {reconcile.Message{Kind: reconcile.OrderDetails}, "no order"},
		"no payment":           {reconcile.Message{Kind: reconcile.OrderDetails, Order: oneLine(nil)}, "no way to pay"},
		"another gateway":      {reconcile.Message{Kind: reconcile.OrderDetails, Order: oneLine(&spec.Payment{Gateway: "stripe"})}, `"stripe"`},
		"upi without a link":   {reconcile.Message{Kind: reconcile.OrderDetails, Order: oneLine(&spec.Payment{Gateway: "upi"})}, "upi:// link"},
		"link without a link":  {reconcile.Message{Kind: reconcile.OrderDetails, Order: oneLine(&spec.Payment{Gateway: "payment_link"})}, "its link"},
		"template without one": {reconcile.Message{Kind: reconcile.TemplateOnly}, "needs a template"},
		"no kind":              {reconcile.Message{Template: &spec.Rendered{}}, "no message of kind"},
		"a URL suffix beside order_details": {
			reconcile.Message{Kind: reconcile.OrderDetails, Order: oneLine(gateway), Template: &spec.Rendered{Button: "x"}}, "button of its own",
		},
		"opaque data over 512": {reconcile.Message{Kind: reconcile.OrderStatus, Opaque: strings.Repeat("é", 513)}, "512"},
		"invalid UTF-8":        {reconcile.Message{Kind: reconcile.OrderStatus, Body: "\xff"}, "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := testClient("https://127.0.0.1:1").Send(t.Context(), test.m)
			call, ok := err.(*reconcile.CallError)
			if !ok || call.Class != reconcile.Refused || !strings.Contains(call.Meaning, test.want) {
				t.Errorf("got %v, want a refusal with %q", err, test.want)
			}
		})
	}
	if b := encode(t, reconcile.Message{Kind: reconcile.OrderStatus, Opaque: strings.Repeat("é", 512)}); len(b) < 1024 {
		t.Errorf("512 characters of callback data were cut: %d bytes", len(b))
	}
}
