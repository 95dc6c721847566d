package sandbox

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// Every fault at every place where it can strike: what the caller sees, how often the
// request took effect, and that it strikes once.
func TestEveryFault(t *testing.T) {
	acts := map[string]int{
		"late": 1, "drip": 1, "act_drop": 1, "act_500": 1, "twice": 2, "fail_later": 1,
		"drop": 0, "500": 0, "throttle": 0, "error": 0, "redirect": 0, "html": 0, "half": 0, "gigabyte": 0, "empty": 0, "answer": 0,
		"late_effect": 0,
	}
	sees := map[string]string{ // "status body"; "" is a dropped connection
		"late": "200 {", "drip": "200 {", "act_drop": "", "act_500": "500 {", "twice": "200 {", "fail_later": "200 {",
		"drop": "", "500": "500 {", "throttle": "429 {", "error": "500 {", "redirect": "307 ", "html": "502 <!doctype",
		"half": "200 {", "gigabyte": "200  [ [", "empty": "200 ", "answer": "200 {}", "late_effect": "",
	}
	for what, count := range acts {
		for _, act := range []bool{false, true} {
			t.Run(what, func(t *testing.T) {
				b := paid(t, Options{})
				f := Fault{Where: "refund", What: what, Act: act, Body: "{}", Bytes: 1000, Reference: "A-1"}
				if what != "late" && what != "drip" { // these two wait by the wall clock
					f.Delay = time.Hour
				}
				_, err := b.Inject(f)
				b.must(err)
				want := count
				switch what {
				case "redirect", "html", "half", "gigabyte", "empty", "answer":
					if act {
						want = 1
					}
				}
				got := b.tryRefund()
				if !strings.HasPrefix(got, sees[what]) || (sees[what] == "") != (got == "") {
					t.Errorf("the caller sees %q, want %q", got, sees[what])
				}
				if n := len(b.Ledger()) - 1; n != want {
					t.Errorf("%d refunds, want %d", n, want)
				}
				if got := b.tryRefund(); !strings.HasPrefix(got, "200 ") || !json.Valid([]byte(got[4:])) {
					t.Errorf("struck again: %q", got)
				}
				if f := b.Faults()[0]; f.Hits != 1 || f.Active() {
					t.Errorf("fault: %+v", f)
				}
			})
		}
	}
}

func (b *bench) tryRefund() string {
	b.Helper()
	status, raw, err := b.try("POST", "/"+DefaultNumber+"/payments_refund", refundBody("A-1", "1000"))
	if err != nil {
		return ""
	}
	return statusText(status) + string(raw)
}

func statusText(status int) string { return string(mustJSON(status)) + " " }

func mustJSON(v any) []byte { b, _ := json.Marshal(v); return b }

func TestLateEffect(t *testing.T) {
	b := paid(t, Options{})
	_, err := b.Inject(Fault{Where: "refund", What: "late_effect", Delay: time.Minute})
	b.must(err)
	b.tryRefund()
	b.pass(59 * time.Second)
	if n := len(b.Ledger()); n != 1 {
		t.Fatalf("took effect early: %d entries", n)
	}
	b.pass(time.Second)
	if l := b.Ledger(); len(l) != 2 || !l[1].At.Equal(start.Add(time.Minute)) {
		t.Errorf("ledger: %v", l)
	}
}

func TestRefundFailsLater(t *testing.T) {
	b := paid(t, Options{})
	_, err := b.Inject(Fault{Where: "refund", What: "fail_later", Delay: time.Hour})
	b.must(err)
	b.tryRefund()
	for _, want := range []string{"pending", "failed"} { // and never success before
		b.pass(45 * time.Minute)
		if got := b.order("A-1").Payment.Transactions[0].Refunds[0].Status; got != want {
			t.Errorf("refund is %s, want %s", got, want)
		}
	}
}

func TestMessageFailsLater(t *testing.T) {
	b := newBench(t, Options{})
	_, err := b.Inject(Fault{Where: "messages", What: "fail_later", Code: 131050, Delay: 200 * time.Millisecond})
	b.must(err)
	id := b.send(text(asha))
	b.pass(time.Minute)
	if m := b.message(id); m.State != "failed" || m.Code != 131050 {
		t.Errorf("message is %s with %d", m.State, m.Code)
	}
}

func TestStaleLookups(t *testing.T) {
	b := newBench(t, Options{})
	b.bill("A-1")
	b.pass(time.Minute)
	b.must(b.Pay(Attempt{Reference: "A-1"}))
	b.pass(10 * time.Second)
	for age, want := range map[time.Duration]string{9 * time.Second: "captured", 11 * time.Second: "pending", 2 * time.Minute: ""} {
		_, err := b.Inject(Fault{Where: "lookup", What: "stale", Delay: age})
		b.must(err)
		status, out := b.lookup("A-1")
		got := ""
		if status == 200 {
			got = dig[string](t, out, "payments", 0, "status")
		}
		if got != want {
			t.Errorf("%v ago: %q, want %q", age, got, want)
		}
	}
	_, err := b.Inject(Fault{Where: "lookup", What: "not_found"})
	b.must(err)
	if status, _ := b.lookup("A-1"); status != 400 {
		t.Errorf("not_found answered %d", status)
	}
}

func TestThrottleHeaders(t *testing.T) {
	b := newBench(t, Options{})
	for _, hint := range []string{"5", "-1", "banana", ""} {
		_, err := b.Inject(Fault{Where: "messages", What: "throttle", Code: 80007, Status: 400, RetryAfter: hint})
		b.must(err)
		if status, out := b.request("POST", messagesPath, text(asha)); status != 400 || errorCode(t, out) != 80007 {
			t.Errorf("answered %d %v", status, out)
		}
	}
}

func TestFaultAim(t *testing.T) {
	b := newBench(t, Options{})
	hit := func(f Fault, m object) bool {
		b.must(b.RemoveFault(""))
		f.Where, f.What = "messages", "error"
		_, err := b.Inject(f)
		b.must(err)
		status, _ := b.request("POST", messagesPath, m)
		return status != 200
	}
	for _, tt := range []struct {
		f    Fault
		m    object
		want bool
	}{
		{Fault{Kind: "order_details"}, orderDetails("A-1"), true},
		{Fault{Kind: "order_details"}, detailsTemplate("A-2"), true},
		{Fault{Kind: "order_status"}, orderDetails("A-3"), false},
		{Fault{Kind: "order_status"}, statusTemplate("A-3", "shipped"), true},
		{Fault{Reference: "A-4"}, orderDetails("A-4"), true},
		{Fault{Reference: "A-4"}, orderDetails("A-5"), false},
		{Fault{Phone: "+" + asha}, text(asha), true},
		{Fault{Phone: ravi}, text(asha), false},
	} {
		if got := hit(tt.f, tt.m); got != tt.want {
			t.Errorf("%+v: hit %v", tt.f, got)
		}
	}
}

func TestFaultsAreChecked(t *testing.T) {
	b := newBench(t, Options{})
	for _, f := range []Fault{
		{Where: "refund", What: "explode"}, {Where: "lookup", What: "twice"}, {Where: "", What: "drop"},
		{Where: "webhook", What: "drop"}, {Where: "messages", What: "late", Delay: -1}, {Where: "messages", What: "error", Status: 42},
	} {
		if _, err := b.Inject(f); err == nil {
			t.Errorf("%+v was taken", f)
		}
	}
	for what, places := range faultPlaces {
		for _, where := range places {
			if _, err := b.Inject(Fault{Where: where, What: what}); err != nil {
				t.Error(err)
			}
		}
	}
}
