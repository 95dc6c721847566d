package schema_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/hisab/hisab/schema"
)

// judged is a document and the beginning of what Explain says of it; "" accepts it.
type judged struct{ name, doc, want string }

func judge(t *testing.T, s *schema.Guard, table []judged) {
	t.Helper()
	for _, tt := range table {
		t.Run(tt.name, func(t *testing.T) {
			got := schema.Explain(s.Validate(tree(t, tt.doc)))
			if tt.want == "" && got != "" || !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPayments(t *testing.T) {
	judge(t, schema.Payments(), []judged{
		{"guide: total_amount, quoted timestamps, refunds in the transaction", `{"payments": [{"reference_id": "r", "status": "captured",
			"currency": "INR", "total_amount": {"value": 21000, "offset": 100},
			"transactions": [{"id": "t", "type": "razorpay", "status": "success", "created_timestamp": "1700000000",
				"updated_timestamp": "1700000001", "method": {"type": "upi"},
				"refunds": [{"id": "f", "amount": {"value": "100", "offset": "100"}, "speed_processed": "normal", "status": "success",
					"created_timestamp": "1700000002", "updated_timestamp": "1700000003"}]}],
			"receipt": "x", "notes": {"k": "v"}, "udf1": "u"}]}`, ""},
		{"newer page: amount, no transactions", `{"payments": [{"reference_id": "r", "status": "pending", "currency": "INR",
			"amount": {"value": 21000, "offset": 100}}]}`, ""},
		{"refunds beside the transactions", `{"payments": [{"refunds": [{"id": "f", "status": "pending", "amount": {"value": 1, "offset": 100}}]}]}`, ""},
		{"a status nobody knows", `{"payments": [{"status": "on_hold", "transactions": null}]}`, ""},
		{"Razorpay's empty notes are a list", `{"payments": [{"notes": []}]}`, ""},
		{"unknown reference", `{"payments": []}`, ""},
		{"unknown reference, null for an empty list", `{"payments": null}`, ""},
		{"older error", `{"errors": [{"code": 500, "title": "t", "details": "d"}]}`, ""},
		{"Graph error", `{"error": {"message": "m", "type": "OAuthException", "code": 100, "error_data": {"details": "d"}, "fbtrace_id": "f"}}`, ""},
		{"code as text", `{"error": {"code": "100"}}`, ""},
		{"nothing", `{}`, "/: missing properties: 'payments'"},
		{"a list", `[]`, "/: expected object, but got array"},
		{"paise in decimals", `{"payments": [{"amount": {"value": 210.5, "offset": 100}}]}`, "/payments/0/amount/value: "},
		{"timestamp in words", `{"payments": [{"transactions": [{"created_timestamp": "yesterday"}]}]}`,
			"/payments/0/transactions/0/created_timestamp: does not match pattern"},
		{"a number that would stop the validator", `{"payments": [{"amount": {"value": 1e9999999}}]}`,
			"/payments/0/amount/value: the number is too long or its exponent too large"},
		{"a number that would keep it busy", `{"payments": [{"amount": {"value": 1` + strings.Repeat("0", 500) + `}}]}`,
			"/payments/0/amount/value: the number is too long or its exponent too large"},
		{"status as a number", `{"payments": [{"status": 1}]}`, "/payments/0/status: expected string, but got number"},
		{"refund amount without a value", `{"payments": [{"refunds": [{"amount": {"offset": 100}}]}]}`,
			"/payments/0/refunds/0/amount: missing properties: 'value'"},
	})
}

func TestSend(t *testing.T) {
	judge(t, schema.Send(), []judged{
		{"accepted", `{"messaging_product": "whatsapp", "contacts": [{"input": "919876543210", "wa_id": "919876543210"}],
			"messages": [{"id": "wamid.X", "message_status": "accepted"}]}`, ""},
		{"refused", `{"error": {"code": 131026}}`, ""},
		{"no id", `{"messages": [{}]}`, "/messages/0: missing properties: 'id'"},
		{"no message", `{"messages": []}`, "/messages: minimum 1 items required"},
		{"nothing", `{"messaging_product": "whatsapp"}`, "/: missing properties: 'messages'"},
	})
}

func TestRefund(t *testing.T) {
	judge(t, schema.Refund(), []judged{
		{"answer", `{"id": "r1", "status": "completed", "speed_processed": "normal"}`, ""},
		{"id alone", `{"id": "r1"}`, ""},
		{"refused", `{"error": {"code": 100}}`, ""},
		{"no id", `{"status": "pending"}`, "/: missing properties: 'id'"},
		{"empty id", `{"id": ""}`, "/id: length must be >= 1"},
	})
}

func TestWebhook(t *testing.T) {
	judge(t, schema.Webhook(), []judged{
		{"payment", `{"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": {
			"messaging_product": "whatsapp", "metadata": {"display_phone_number": "1", "phone_number_id": "2"}, "contacts": [{}],
			"statuses": [{"id": "g", "recipient_id": "91", "type": "payment", "status": "captured", "timestamp": "1700000000",
				"payment": {"reference_id": "r", "amount": {"value": 21000, "offset": 100}, "currency": "INR",
					"transaction": {"id": "t", "status": "failed", "error": {"code": "BAD_REQUEST_ERROR", "reason": "incorrect_pin"}},
					"refunds": [{"id": "f", "amount": {"value": 100, "offset": 100}}]}}]}}]}]}`, ""},
		{"message status", `{"entry": [{"changes": [{"field": "messages", "value": {"statuses": [{"id": "wamid", "status": "failed",
			"timestamp": 1700000000, "biz_opaque_callback_data": "i", "errors": [{"code": 2046, "title": "t",
			"error_data": {"details": "d"}}]}]}}]}]}`, ""},
		{"customer's message", `{"entry": [{"changes": [{"field": "messages", "value": {"messages": [{"from": "91", "id": "w",
			"timestamp": "1700000000", "type": "text", "text": {"body": "hello"}}]}}]}]}`, ""},
		{"configuration", `{"entry": [{"changes": [{"field": "payment_configuration_update", "value": {"configuration_name": "c",
			"provider_name": "razorpay", "status": "Needs_Testing", "created_timestamp": 123}}]}]}`, ""},
		{"a field we do not read", `{"entry": [{"changes": [{"field": "message_template_status_update", "value": {"statuses": 7}}]}]}`, ""},
		{"no entry", `{"object": "page"}`, "/: missing properties: 'entry'"},
		{"statuses as an object", `{"entry": [{"changes": [{"field": "messages", "value": {"statuses": {}}}]}]}`,
			"/entry/0/changes/0/value/statuses: expected array, but got object"},
		{"timestamp as a fraction", `{"entry": [{"changes": [{"field": "messages", "value": {"statuses": [{"timestamp": 1.5}]}}]}]}`,
			"/entry/0/changes/0/value/statuses/0/timestamp: "},
	})
}

func TestCompiledOnce(t *testing.T) {
	once, again := schema.Webhook(), schema.Webhook()
	if once != again {
		t.Error("the webhook schema was compiled twice")
	}
}

func TestExplain(t *testing.T) {
	if got := schema.Explain(nil); got != "" {
		t.Errorf("nil: %q", got)
	}
	if got := schema.Explain(errors.New("half a JSON")); got != "half a JSON" {
		t.Errorf("another error: %q", got)
	}
	secret := tree(t, `{"orders": {"A": {"customer": {"phone": "1"}, "status": "my token EAAG"}}}`)
	if got := schema.Explain(compile(t).Validate(secret)); strings.Contains(got, "EAAG") || strings.Contains(got, "\n") {
		t.Errorf("repeats the document: %q", got)
	}
}

// A guard may be handed anything that is JSON and must neither panic nor explain it with
// more than a line.
func FuzzExplain(f *testing.F) {
	f.Add(`{"entry": [{"changes": [{"field": "messages", "value": {"statuses": [{"timestamp": {}}]}}]}]}`)
	f.Add(`{"payments": [{"amount": {"value": "12", "offset": 100.0}}]}`)
	f.Add(`{"orders": {"a%2Fb/~": {"items": [1]}}}`)
	f.Add(`{"payments": [{"amount": {"value": 1e999999999}}]}`)
	f.Fuzz(func(t *testing.T, doc string) {
		d := json.NewDecoder(strings.NewReader(doc))
		d.UseNumber()
		var v any
		if d.Decode(&v) != nil {
			return
		}
		for _, s := range []*schema.Guard{schema.Language(), schema.Webhook(), schema.Payments(), schema.Send(), schema.Refund()} {
			err := s.Validate(v)
			if got := schema.Explain(err); (got == "") != (err == nil) || strings.Contains(got, "\n") {
				t.Errorf("%q explains %v", got, err)
			}
		}
	})
}
