package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestWebhooksTellTheStory(t *testing.T) {
	hook := newReceiver(t)
	timing := DefaultTiming()
	timing.Read = 2 * time.Second
	b := newBench(t, Options{WebhookURL: hook.URL, AppSecret: "secret", Timing: &timing})
	b.bill("A-1")
	b.pass(3 * time.Second)
	b.must(b.Pending(Attempt{Reference: "A-1"}))
	b.must(b.Pay(Attempt{Reference: "A-1"}))
	b.status("A-1", "canceled")
	b.refundCall("A-1", "100")
	b.pass(5 * time.Second)
	_, err := b.Write(DefaultNumber, asha, "Asha", "Thanks")
	b.must(err)
	b.pass(0)
	same(t, "webhooks", hook.events(t), []string{
		"intent-A-1 sent", "intent-A-1 delivered", "intent-A-1 read",
		"payment pending", "payment captured",
		"intent-A-1-canceled failed 2047",
		"payment captured", // the refund's success
		"inbound",
	})
	for _, g := range hook.got {
		mac := hmac.New(sha256.New, []byte("secret"))
		mac.Write(g.body)
		if want := "sha256=" + hex.EncodeToString(mac.Sum(nil)); g.signature != want {
			t.Errorf("signature %s, want %s", g.signature, want)
		}
	}
}

func TestPaymentWebhookShape(t *testing.T) {
	hook := newReceiver(t)
	b := newBench(t, Options{WebhookURL: hook.URL})
	b.bill("A-1")
	b.must(b.Pay(Attempt{Reference: "A-1", Method: "netbanking"}))
	b.refundCall("A-1", "100")
	b.pass(time.Minute)
	var body object
	b.must(json.Unmarshal(hook.got[len(hook.got)-1].body, &body))
	if id := dig[string](t, body, "entry", 0, "changes", 0, "value", "metadata", "phone_number_id"); id != DefaultNumber {
		t.Errorf("phone number id %s", id)
	}
	s := dig[object](t, body, "entry", 0, "changes", 0, "value", "statuses", 0)
	if s["recipient_id"] != asha || dig[string](t, s, "payment", "reference_id") != "A-1" || dig[string](t, s, "payment", "receipt") != "rcpt-12" ||
		dig[string](t, s, "payment", "transaction", "method", "type") != "netbanking" ||
		dig[string](t, s, "payment", "refunds", 0, "status") != "success" {
		t.Errorf("webhook: %v", s)
	}
}

func TestWebhookRetries(t *testing.T) {
	hook := newReceiver(t)
	hook.answer = func(n int) int { return []int{503, 301, 200}[min(n-1, 2)] }
	b := newBench(t, Options{WebhookURL: hook.URL})
	b.bill("A-1")
	b.must(b.RemoveFault(""))
	b.pass(200 * time.Millisecond) // sent: 503
	for _, step := range []struct {
		wait time.Duration
		want int
	}{{999 * time.Millisecond, 2}, {time.Millisecond, 3}, {time.Hour, 4}} {
		b.pass(step.wait) // delivered comes in between
		if got := len(hook.got); got != step.want {
			t.Errorf("after %v: %d posts, want %d", step.wait, got, step.want)
		}
	}
	for _, h := range b.Webhooks() {
		if h.State != "delivered" {
			t.Errorf("webhook %s is %s", h.Status, h.State)
		}
	}
}

func TestWebhookGivesUp(t *testing.T) {
	hook := newReceiver(t)
	hook.answer = func(int) int { return 500 }
	b := newBench(t, Options{WebhookURL: hook.URL})
	b.bill("A-1")
	for range 8 * 24 {
		b.pass(time.Hour)
	}
	for _, h := range b.Webhooks() {
		if h.State != "gave_up" || h.LastStatus != 500 {
			t.Errorf("webhook %s is %s after %d attempts", h.Status, h.State, h.Attempts)
		}
	}
	if _, due := b.Next(); due {
		t.Error("something is still due")
	}
}

func TestWebhookPerNumber(t *testing.T) {
	all, own := newReceiver(t), newReceiver(t)
	b := newBench(t, Options{WebhookURL: all.URL})
	b.must(b.SetWebhook("999", own.URL))
	for _, number := range []string{"999", DefaultNumber} {
		if status, out := b.request("POST", "/"+number+"/messages", text(asha)); status != 200 {
			t.Fatalf("%d %v", status, out)
		}
	}
	b.pass(time.Second)
	if len(all.got) != 2 || len(own.got) != 2 {
		t.Errorf("%d and %d webhooks, want 2 and 2", len(all.got), len(own.got))
	}
	b.must(b.SetWebhook("", ""))
	b.send(text(ravi))
	b.pass(time.Second)
	if len(all.got) != 2 {
		t.Error("posted to an address that was taken away")
	}
	if err := b.SetWebhook("", "ftp://x"); err == nil {
		t.Error("took an address that is not http")
	}
}

func TestSubscribing(t *testing.T) {
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("hub.verify_token") == "right" && r.FormValue("hub.mode") == "subscribe" {
			_, _ = w.Write([]byte(r.FormValue("hub.challenge")))
			return
		}
		w.WriteHeader(http.StatusForbidden)
	}))
	defer hook.Close()
	b := newBench(t, Options{})
	for token, want := range map[string]int{"right": 200, "wrong": 409} {
		if status, out := b.request("POST", "/_sandbox/webhook", object{"url": hook.URL, "verify_token": token}); status != want {
			t.Errorf("%s: answered %d %v", token, status, out)
		}
	}
}

func TestWebhookFaults(t *testing.T) {
	tests := []struct {
		fault Fault
		want  []string // at once, then after a minute
		later []string
	}{
		{Fault{What: "duplicate", Kind: "captured"}, []string{"payment pending", "payment captured", "payment captured"}, nil},
		{Fault{What: "lost", Kind: "payment"}, []string{"payment captured"}, nil},
		{Fault{What: "lost", Times: -1}, nil, nil},
		{Fault{What: "delayed", Delay: time.Second, Reference: "A-1"}, []string{"payment captured"}, []string{"payment pending"}},
		{Fault{What: "reordered"}, []string{"payment captured", "payment pending"}, nil},
		{Fault{What: "reordered", Kind: "captured"}, []string{"payment pending"}, []string{"payment captured"}},
		{Fault{What: "lost", Reference: "A-2"}, []string{"payment pending", "payment captured"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.fault.What, func(t *testing.T) {
			hook := newReceiver(t)
			b := newBench(t, Options{WebhookURL: hook.URL})
			b.bill("A-1")
			b.pass(time.Second)
			hook.got = nil
			tt.fault.Where = "webhook"
			_, err := b.Inject(tt.fault)
			b.must(err)
			b.must(b.Pending(Attempt{Reference: "A-1"}))
			b.must(b.Pay(Attempt{Reference: "A-1"}))
			b.pass(0)
			same(t, "at once", hook.events(t), tt.want)
			b.pass(time.Minute)
			same(t, "later", hook.events(t), append(tt.want, tt.later...))
		})
	}
}

func TestBatchedWebhooks(t *testing.T) {
	hook := newReceiver(t)
	b := newBench(t, Options{WebhookURL: hook.URL, AppSecret: "secret"})
	b.bill("A-1")
	_, err := b.Inject(Fault{Where: "webhook", What: "batched", Times: 2})
	b.must(err)
	b.must(b.Pending(Attempt{Reference: "A-1"}))
	b.must(b.Fail(Attempt{Reference: "A-1"}))
	b.pass(0)
	if len(hook.got) != 0 {
		t.Fatal("a batch of one was not held back")
	}
	b.must(b.Pay(Attempt{Reference: "A-1"}))
	b.pass(0)
	if len(hook.got) != 1 {
		t.Fatalf("%d posts, want 1", len(hook.got))
	}
	var body object
	b.must(json.Unmarshal(hook.got[0].body, &body))
	for i, want := range []string{"pending", "failed", "success"} {
		if got := dig[string](t, body, "entry", i, "changes", 0, "value", "statuses", 0, "payment", "transaction", "status"); got != want {
			t.Errorf("entry %d is %s, want %s", i, got, want)
		}
	}
}

func TestForgedWebhooks(t *testing.T) {
	hook := newReceiver(t)
	hook.answer = func(int) int { return 401 }
	b := newBench(t, Options{WebhookURL: hook.URL, AppSecret: "secret"})
	b.bill("A-1")
	_, err := b.Inject(Fault{Where: "webhook", What: "forged", Kind: "pending"})
	b.must(err)
	b.must(b.Pending(Attempt{Reference: "A-1"}))
	b.must(b.Forge("", "A-1"))
	b.pass(0)
	same(t, "webhooks", hook.events(t), []string{"payment pending", "payment captured", "payment captured"})
	if hook.got[0].signature == hook.got[1].signature || hook.got[1].signature == "" {
		t.Errorf("signatures: %v", hook.got)
	}
	if o := b.order("A-1"); o.Payment.Captured() != 0 {
		t.Error("the forgery moved money")
	}
	b.pass(2 * time.Second)
	if n := len(hook.events(t)); n != 6 { // pending again, and the message's two
		t.Errorf("%d posts: a forger does not insist", n)
	}
}
