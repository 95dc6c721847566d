package whatsapp

import (
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/provider/providertest"
	"github.com/hisab/hisab/spec"
)

const testToken = "EAAJtesttoken0123456789"

func testClient(baseURL string) *Client {
	return New(Config{PhoneNumberID: "106540352242922", WABAID: "102290129340398", BaseURL: baseURL, AccessToken: spec.NewSecret(testToken)})
}

func TestExam(t *testing.T) {
	customer := spec.Customer{Name: "Asha Rao", Phone: "919876543210", Email: "asha@example.in"}
	order := &spec.Order{
		ReferenceID: "BM345A-12", Currency: spec.INR, Type: "digital-goods", Customer: customer,
		Body: "Thank you for ordering.", Items: []spec.Item{{Name: "Bread", Amount: 10000, Quantity: 1}},
		Subtotal: 10000, Total: 10000,
		Payment: &spec.Payment{Gateway: "razorpay", Configuration: "shop-razorpay"},
	}
	exam := providertest.Exam{
		New: func(baseURL string, timeout time.Duration) reconcile.Provider {
			return New(Config{PhoneNumberID: "106540352242922", BaseURL: baseURL, AccessToken: spec.NewSecret(testToken), Timeout: timeout})
		},
		Secrets:  []string{testToken},
		Personal: []string{customer.Name, customer.Phone, customer.Email},
		Key:      reconcile.PaymentKey{Configuration: "shop-razorpay", Reference: "BM345A-12"},
		Message: reconcile.Message{
			Kind: reconcile.OrderDetails, To: customer.Phone, Opaque: "a1b2-1", Reference: "BM345A-12", Order: order,
		},
		Refund: reconcile.RefundRequest{
			Configuration: "shop-razorpay", Reference: "BM345A-12", Amount: 100, Currency: spec.INR, Speed: "normal",
		},
		LookupAnswer:  `{"payments": [{"reference_id": "BM345A-12", "status": "pending", "currency": "INR", "total_amount": {"value": 10000, "offset": 100}}]}`,
		MessageAnswer: `{"messaging_product": "whatsapp", "contacts": [{"input": "919876543210", "wa_id": "919876543210"}], "messages": [{"id": "wamid.HBgL"}]}`,
		RefundAnswer:  `{"id": "rfnd_1", "status": "pending", "speed_processed": "normal"}`,
		Refusals:      documentedRefusals(),
	}
	exam.Run(t)
}

// documentedRefusals are the table's codes as Graph writes them, with texts that quote what
// must not be shown.
func documentedRefusals() []providertest.Refusal {
	graph := func(code string) string {
		return `{"error": {"message": "for 919876543210 with ` + testToken + `", "type": "OAuthException", "code": ` + code +
			`, "error_data": {"messaging_product": "whatsapp", "details": "Asha Rao <asha@example.in> at +91 98765 43210"}, "fbtrace_id": "A1"}}`
	}
	const (
		none = reconcile.Class("")
		u    = reconcile.Unknown
		p    = reconcile.Paused
		th   = reconcile.Throttled
		r    = reconcile.Refused
	)
	return []providertest.Refusal{
		{Name: "0", Status: 401, Body: graph("0"), Lookup: p, Message: p, Refund: p},
		{Name: "190", Status: 401, Body: graph("190"), Lookup: p, Message: p, Refund: p},
		{Name: "190 as text", Status: 401, Body: graph(`"190"`), Lookup: p, Message: p, Refund: p},
		{Name: "10", Status: 403, Body: graph("10"), Lookup: p, Message: p, Refund: p},
		{Name: "294", Status: 403, Body: graph("294"), Lookup: p, Message: p, Refund: p},
		{Name: "368", Status: 403, Body: graph("368"), Lookup: p, Message: p, Refund: p},
		{Name: "131042", Status: 400, Body: graph("131042"), Lookup: p, Message: p, Refund: p},
		{Name: "131048", Status: 400, Body: graph("131048"), Lookup: p, Message: p, Refund: u},
		{Name: "4", Status: 400, Body: graph("4"), Lookup: th, Message: th, Refund: u},
		{Name: "80007", Status: 400, Body: graph("80007"), Lookup: th, Message: th, Refund: u},
		{Name: "130429", Status: 400, Body: graph("130429"), Lookup: th, Message: th, Refund: th},
		{Name: "131056", Status: 400, Body: graph("131056"), Lookup: th, Message: th, Refund: th},
		{Name: "131016 with 400", Status: 400, Body: graph("131016"), Lookup: th, Message: th, Refund: u},
		{Name: "131016 with 503", Status: 503, Body: graph("131016"), Lookup: th, Message: u, Refund: u},
		{Name: "2 with 500", Status: 500, Body: graph("2"), Message: u, Refund: u},
		{Name: "1", Status: 400, Body: graph("1"), Lookup: u, Message: u, Refund: u},
		{Name: "131000", Status: 500, Body: graph("131000"), Lookup: u, Message: u, Refund: u},
		{Name: "100", Status: 400, Body: graph("100"), Lookup: none, Message: r, Refund: r},
		{Name: "131009", Status: 400, Body: graph("131009"), Lookup: u, Message: r, Refund: r},
		{Name: "131009 with 500", Status: 500, Body: graph("131009"), Message: r, Refund: u},
		{Name: "131009 with 409", Status: 409, Body: graph("131009"), Refund: u},
		{Name: "131009 with 200", Status: 200, Body: graph("131009"), Refund: u},
		{Name: "131026", Status: 400, Body: graph("131026"), Message: r, Refund: u},
		{Name: "131047", Status: 400, Body: graph("131047"), Message: reconcile.WindowClosed, Refund: u},
		{Name: "132015", Status: 400, Body: graph("132015"), Message: r, Refund: u},
		{Name: "132068", Status: 400, Body: graph("132068"), Message: r, Refund: u},
		{Name: "2046", Status: 400, Body: graph("2046"), Message: reconcile.BadTransition, Refund: u},
		{Name: "2047", Status: 400, Body: graph("2047"), Message: reconcile.PaidAlready, Refund: u},
		{Name: "a code nobody documented", Status: 400, Body: graph("123456"), Lookup: u, Message: u, Refund: u},
		{Name: "the older shape", Status: 500, Body: `{"errors": [{"code": 500, "title": "Generic error", "details": "System error. Please try again."}]}`, Lookup: u, Message: u, Refund: u},
		{Name: "the older shape, a known code", Status: 400, Body: `{"errors": [{"code": "7", "title": "x"}, {"code": "131047", "title": "Re-engagement message"}]}`, Message: reconcile.WindowClosed, Refund: u},
		{Name: "an error of no shape", Status: 400, Body: `{"error": "` + testToken + `"}`, Lookup: u, Message: u, Refund: u},
	}
}
