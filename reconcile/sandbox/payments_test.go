package sandbox

import (
	"net/http"
	"testing"
	"time"
)

func TestLookupThroughAPaymentsLife(t *testing.T) {
	b := newBench(t, Options{})
	b.bill("A-1")
	first := func() object {
		status, out := b.lookup("A-1")
		if status != 200 {
			t.Fatalf("lookup answered %d %v", status, out)
		}
		return dig[object](t, out, "payments", 0)
	}
	p := first()
	if p["status"] != "pending" || p["transactions"] != nil {
		t.Errorf("before the first attempt: %v", p)
	}
	if dig[float64](t, p, "amount", "value") != 21000 || p["receipt"] != "rcpt-12" || dig[string](t, p, "notes", "channel") != "web" {
		t.Errorf("amount or echo: %v", p)
	}

	b.must(b.Fail(Attempt{Reference: "A-1"}))
	p = first()
	if p["status"] != "pending" || dig[string](t, p, "transactions", 0, "status") != "failed" ||
		dig[string](t, p, "transactions", 0, "error", "reason") != "incorrect_pin" {
		t.Errorf("after a failure: %v", p)
	}

	b.must(b.Pending(Attempt{Reference: "A-1", Method: "card"}))
	if p = first(); dig[string](t, p, "transactions", 1, "status") != "pending" {
		t.Errorf("left pending: %v", p)
	}
	b.must(b.Pay(Attempt{Reference: "A-1"}))
	p = first()
	if p["status"] != "captured" || len(p["transactions"].([]any)) != 2 {
		t.Errorf("paid: %v", p)
	}
	txn := dig[object](t, p, "transactions", 1)
	if txn["status"] != "success" || dig[string](t, txn, "method", "type") != "card" || dig[string](t, txn, "pg_transaction_id")[:4] != "pay_" ||
		dig[string](t, txn, "id")[:6] != "order_" || dig[float64](t, txn, "created_timestamp") != float64(start.Unix()) {
		t.Errorf("transaction: %v", txn)
	}
	if err := b.Pay(Attempt{Reference: "A-1"}); err == nil {
		t.Error("paid twice")
	}
}

func TestSeedShape(t *testing.T) {
	b := newBench(t, Options{Rules: Rules{SeedShape: true}})
	b.bill("A-1")
	_, out := b.lookup("A-1")
	p := dig[object](t, out, "payments", 0)
	if len(dig[[]any](t, p, "transactions")) != 0 || p["amount"] != nil || dig[float64](t, p, "total_amount", "value") != 21000 {
		t.Errorf("before the first attempt: %v", p)
	}
	b.must(b.Pay(Attempt{Reference: "A-1"}))
	_, out = b.lookup("A-1")
	txn := dig[object](t, out, "payments", 0, "transactions", 0)
	if dig[string](t, txn, "id")[:4] != "pay_" || txn["pg_transaction_id"] != nil || dig[string](t, txn, "created_timestamp") == "" {
		t.Errorf("transaction: %v", txn)
	}
}

func TestPartnerWords(t *testing.T) {
	b := newBench(t, Options{Rules: Rules{PartnerWords: true}})
	b.bill("A-1")
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { return nil }, "new"},
		{func() error { return b.Pending(Attempt{Reference: "A-1"}) }, "pending"},
		{func() error { return b.Fail(Attempt{Reference: "A-1"}) }, "failed"},
		{func() error { return b.CancelByCustomer(Attempt{Reference: "A-1", Final: true}) }, "canceled"},
		{func() error { return b.Pay(Attempt{Reference: "A-1", Force: true}) }, "captured"},
	} {
		b.must(step.do())
		_, out := b.lookup("A-1")
		if got := dig[string](t, out, "payments", 0, "status"); got != step.want {
			t.Errorf("status %s, want %s", got, step.want)
		}
	}
}

func TestLookupNotFound(t *testing.T) {
	for rule, want := range map[string]int{"": 400, "error": 400, "404": 404, "empty": 200} {
		b := newBench(t, Options{Rules: Rules{NotFound: rule}})
		b.bill("A-1")
		for _, path := range []string{config + "/A-2", config + "/a-1", "other/A-1"} {
			status, out := b.request("GET", "/"+DefaultNumber+"/payments/"+path, nil)
			if status != want {
				t.Errorf("%q %s: answered %d %v, want %d", rule, path, status, out, want)
			}
		}
	}
}

func TestEscapedNames(t *testing.T) {
	b := newBench(t, Options{})
	m := orderDetails("A-1")
	set(m, "shop / razorpay", append(toGateway[:6:6], "configuration_name")...)
	b.send(m)
	if status, out := b.request("GET", "/"+DefaultNumber+"/payments/shop%20%2F%20razorpay/A-1", nil); status != 200 {
		t.Errorf("answered %d %v", status, out)
	}
}

func TestUnpayable(t *testing.T) {
	dear := func() object {
		m := orderDetails("A-1")
		set(m, paise(60_000_000), append(toItem[:6:6], "amount")...)
		set(m, nil, append(toItem[:6:6], "sale_amount")...)
		set(m, paise(120_000_000), append(toOrder[:4:4], "subtotal")...)
		set(m, paise(120_001_000), append(toParams[:3:3], "total_amount")...)
		return m
	}
	web := dear()
	set(web, []any{"web"}, append(toGateway[:6:6], "enabled_payment_options")...)
	tests := []struct {
		name string
		bill object
		o    Options
		do   func(*bench)
		ok   bool
	}{
		{"as it is", orderDetails("A-1"), Options{}, nil, true},
		{"canceled", orderDetails("A-1"), Options{}, func(b *bench) { b.status("A-1", "canceled") }, false},
		{"completed", orderDetails("A-1"), Options{}, func(b *bench) { b.status("A-1", "completed") }, false},
		{"expired", orderDetails("A-1"), Options{}, func(b *bench) { b.pass(49 * time.Hour) }, false},
		{"over the UPI cap", dear(), Options{}, nil, false},
		{"over the UPI cap, on the web", web, Options{}, nil, true},
		{"no such configuration", orderDetails("A-1"), Options{Configurations: []Configuration{{Name: "other", Gateway: "payu"}}}, nil, false},
		{"configuration asleep", orderDetails("A-1"), Options{Configurations: []Configuration{{Name: config, Status: "Needs_Testing"}}}, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, tt.o)
			b.send(tt.bill)
			if tt.do != nil {
				tt.do(b)
			}
			if err := b.Pay(Attempt{Reference: "A-1"}); (err == nil) != tt.ok {
				t.Errorf("pay: %v", err)
			}
			if err := b.Pay(Attempt{Reference: "A-1", Force: true}); err != nil {
				t.Errorf("forced: %v", err)
			}
		})
	}
}

// What gateways do although WhatsApp would not: money of a wrong amount, and twice.
func TestForcedMoney(t *testing.T) {
	b := newBench(t, Options{})
	b.bill("A-1")
	b.must(b.Pay(Attempt{Reference: "A-1", Amount: 20000}))
	b.must(b.Pay(Attempt{Reference: "A-1", Amount: 20000, Force: true}))
	_, out := b.lookup("A-1")
	if got := dig[float64](t, out, "payments", 0, "amount", "value"); got != 20000 {
		t.Errorf("amount %v", got)
	}
	if o := b.order("A-1"); o.Payment.Captured() != 40000 {
		t.Errorf("captured %d", o.Payment.Captured())
	}
}

func TestPaidElsewhere(t *testing.T) {
	b := newBench(t, Options{})
	m := orderDetails("A-1")
	set(m, intent("upi://pay?pa=a@b&pn=N&mc=5399&purpose=00&tr=T1"), toSetting...)
	b.send(m)
	b.must(b.Pay(Attempt{Reference: "A-1"}))
	if status, _ := b.lookup("A-1"); status == http.StatusOK {
		t.Error("a UPI intent has a payment status on WhatsApp")
	}
	if status, _ := b.refundCall("A-1", "100"); status == http.StatusOK {
		t.Error("a UPI intent can be refunded through WhatsApp")
	}
	if n := len(b.Ledger()); n != 1 {
		t.Errorf("%d ledger entries, want 1", n)
	}
}

func TestConfigurations(t *testing.T) {
	b := newBench(t, Options{Configurations: []Configuration{{Name: config, Gateway: "razorpay"}}})
	_, out := b.request("GET", "/v24.0/102290129340398/payment_configurations", nil)
	if got := dig[string](t, out, "data", 0, "payment_configurations", 0, "configuration_name"); got != config {
		t.Errorf("listed %s", got)
	}
	_, out = b.request("GET", "/v24.0/102290129340398/payment_configuration/"+config, nil)
	if got := dig[string](t, out, "data", 0, "status"); got != "Active" {
		t.Errorf("status %s", got)
	}
	if status, _ := b.request("GET", "/v24.0/102290129340398/payment_configuration/none", nil); status != 400 {
		t.Errorf("an unknown one was answered with %d", status)
	}
}
