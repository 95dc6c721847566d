package sandbox

import (
	"testing"
	"time"
)

func paid(t *testing.T, o Options) *bench {
	b := newBench(t, o)
	b.bill("A-1")
	b.must(b.Pay(Attempt{Reference: "A-1"}))
	return b
}

func TestRefundBecomesSuccess(t *testing.T) {
	b := paid(t, Options{})
	status, out := b.refundCall("A-1", "10000")
	if status != 200 || out["status"] != "pending" || out["speed_processed"] != "normal" {
		t.Fatalf("answered %d %v", status, out)
	}
	refund := func() object {
		_, out := b.lookup("A-1")
		return dig[object](t, out, "payments", 0, "transactions", 0, "refunds", 0)
	}
	if r := refund(); r["id"] != out["id"] || r["status"] != "pending" || dig[float64](t, r, "amount", "value") != 10000 {
		t.Errorf("listed as %v", r)
	}
	b.pass(5 * time.Second)
	if r := refund(); r["status"] != "success" || dig[float64](t, r, "updated_timestamp") != float64(start.Unix()+4) {
		t.Errorf("later listed as %v", r)
	}
}

// The same request again is another refund: there is no idempotency key.
func TestRefundHasNoIdempotency(t *testing.T) {
	b := paid(t, Options{})
	_, one := b.refundCall("A-1", "10000")
	b.pass(time.Second)
	_, two := b.refundCall("A-1", "10000")
	if one["id"] == two["id"] {
		t.Error("one refund for two requests")
	}
	var refunds []Entry
	for _, e := range b.Ledger() {
		if e.Kind == "refund" {
			refunds = append(refunds, e)
		}
	}
	if len(refunds) != 2 || refunds[1].At.Sub(refunds[0].At) != time.Second {
		t.Errorf("ledger: %v", refunds)
	}
}

func TestRefundNeverExceedsCaptured(t *testing.T) {
	b := paid(t, Options{})
	for _, step := range []struct {
		value string
		want  int
	}{{"21001", 400}, {"20000", 200}, {"1001", 400}, {"1000", 200}, {"100", 400}} {
		if status, out := b.refundCall("A-1", step.value); status != step.want {
			t.Errorf("%s: answered %d %v, want %d", step.value, status, out, step.want)
		}
	}
	if o := b.order("A-1"); o.Payment.Refunded() != 21000 {
		t.Errorf("refunded %d", o.Payment.Refunded())
	}
}

func TestFailedRefundFreesTheMoney(t *testing.T) {
	b := paid(t, Options{})
	_, out := b.refundCall("A-1", "21000")
	id := out["id"].(string)
	b.must(b.RefundOutcome(id, "failed"))
	b.pass(time.Minute) // its success that was due changes nothing
	if got := b.order("A-1").Payment.Transactions[0].Refunds[0].Status; got != "failed" {
		t.Errorf("refund is %s", got)
	}
	if status, out := b.refundCall("A-1", "21000"); status != 200 {
		t.Errorf("the money is not free: %v", out)
	}
	if err := b.RefundOutcome(id, "success"); err == nil {
		t.Error("a failed refund came back")
	}
}

func TestRefundAtOnce(t *testing.T) {
	timing := DefaultTiming()
	timing.Refund = 0
	b := paid(t, Options{Timing: &timing})
	if _, out := b.refundCall("A-1", "100"); out["status"] != "completed" {
		t.Errorf("answered %v", out)
	}
}

func TestGatewayChoosesTheSpeed(t *testing.T) {
	for rule, want := range map[bool]string{false: "instant", true: "normal"} {
		b := paid(t, Options{Rules: Rules{NormalSpeed: rule}})
		_, out := b.request("POST", "/"+DefaultNumber+"/payments_refund", with(refundBody("A-1", "100"), "speed", "instant"))
		if out["speed_processed"] != want {
			t.Errorf("processed %v, want %s", out["speed_processed"], want)
		}
	}
}

func TestManualRefund(t *testing.T) {
	b := paid(t, Options{})
	if _, err := b.ManualRefund(GatewayRefund{Reference: "A-1", Amount: 21001}); err == nil {
		t.Error("more than captured")
	}
	id, err := b.ManualRefund(GatewayRefund{Reference: "A-1", Amount: 2000})
	b.must(err)
	_, out := b.lookup("A-1")
	if got := dig[string](t, out, "payments", 0, "transactions", 0, "refunds", 0, "id"); got != id {
		t.Errorf("listed %s, want %s", got, id)
	}
}

func TestRefundRules(t *testing.T) {
	tests := []struct {
		name string
		path []any
		v    any
		code int
	}{
		{"as it is", []any{"speed"}, "instant", 0},
		{"speed absent", []any{"speed"}, nil, 0},
		{"speed", []any{"speed"}, "optimum", 131009},
		{"reference missing", []any{"reference_id"}, nil, 131008},
		{"reference unknown", []any{"reference_id"}, "A-2", 100},
		{"reference in another case", []any{"reference_id"}, "a-1", 100},
		{"configuration missing", []any{"payment_config_id"}, nil, 131008},
		{"configuration wrong", []any{"payment_config_id"}, "other", 100},
		{"value a number", []any{"amount", "value"}, 100, 100},
		{"value zero", []any{"amount", "value"}, "0", 131009},
		{"value negative", []any{"amount", "value"}, "-100", 131009},
		{"value in rupees", []any{"amount", "value"}, "1.00", 131009},
		{"below one rupee", []any{"amount", "value"}, "99", 100},
		{"offset a number", []any{"amount", "offset"}, 100, 100},
		{"offset", []any{"amount", "offset"}, "1", 131009},
		{"currency", []any{"amount", "currency"}, "USD", 131009},
		{"currency beside", []any{"currency"}, "INR", 100},
		{"amount missing", []any{"amount"}, nil, 131008},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := paid(t, Options{})
			body := refundBody("A-1", "100")
			set(body, tt.v, tt.path...)
			status, out := b.request("POST", "/"+DefaultNumber+"/payments_refund", body)
			got := 0
			if status != 200 {
				got = errorCode(t, out)
			}
			if got != tt.code {
				t.Errorf("answered %d %v, want code %d", status, out, tt.code)
			}
			if n := len(b.Ledger()); (n == 2) != (tt.code == 0) {
				t.Errorf("%d ledger entries", n)
			}
		})
	}
}

func TestRefundBeforeCapture(t *testing.T) {
	b := newBench(t, Options{})
	b.bill("A-1")
	b.must(b.Pending(Attempt{Reference: "A-1"}))
	if status, out := b.refundCall("A-1", "100"); status != 400 || errorCode(t, out) != 100 {
		t.Errorf("answered %d %v", status, out)
	}
}
