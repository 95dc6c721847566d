package whatsapp

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hisab/hisab/reconcile"
)

// seed adds every sample and a few bodies that are none.
func seed(f *testing.F, add func(body []byte)) {
	files, err := filepath.Glob("testdata/samples/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no samples: %v", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		add(b)
	}
	for _, s := range []string{
		"", "{}", "[]", "null", "{", "\xff", `{"payments": null}`, one("pending", total, "failed", "pending"),
		`{"error": {"code": "190", "error_data": {"details": "x"}}}`, `{"errors": [{"code": 131047}]}`,
		delivery(`"statuses": [{"id": "w", "status": "failed", "errors": [{"code": 2047}]}]`),
	} {
		add([]byte(s))
	}
}

func FuzzLookup(f *testing.F) {
	seed(f, func(b []byte) {
		f.Add(200, b)
		f.Add(404, b)
	})
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		p, err := lookup(status, string(body), "reference-id-value")
		if err != nil {
			var call *reconcile.CallError
			if !errors.As(err, &call) || call.Meaning == "" {
				t.Fatalf("error %#v", err)
			}
			return
		}
		if p.Reference != "reference-id-value" || p.State == "" || p.At.IsZero() || p.Amount < 0 {
			t.Fatalf("payment %+v", p)
		}
		if p.State == reconcile.Captured && p.Amount == 0 {
			t.Fatal("captured nothing")
		}
		ids := map[string]bool{}
		for _, r := range p.Refunds {
			if r.ID == "" || ids[r.ID] || r.Amount < 0 || r.State == "" {
				t.Fatalf("refund %+v", r)
			}
			ids[r.ID] = true
		}
		for _, x := range p.Transactions {
			if x.Amount < 0 || x.State == "" {
				t.Fatalf("transaction %+v", x)
			}
			if _, err := x.CreatedAt.MarshalText(); err != nil {
				t.Fatal(err) // a time that no store can keep
			}
		}
	})
}

func FuzzWebhook(f *testing.F) {
	seed(f, func(b []byte) { f.Add(b) })
	f.Fuzz(func(t *testing.T, body []byte) {
		es, _ := ParseWebhook(body, func(string) string { return "a" }, lookedAt)
		again, _ := ParseWebhook(body, func(string) string { return "a" }, lookedAt)
		if len(es) != len(again) {
			t.Fatal("read differently the second time")
		}
		for i, e := range es {
			if e != again[i] || e.Account != "a" || len(e.Key) != 64 {
				t.Fatalf("evidence %+v", e)
			}
			if e.Reference != "" && (e.MessageID != "" || e.Delivery != "") {
				t.Fatalf("a payment that is a message: %+v", e)
			}
		}
		if VerifySignature(body, string(body), testSecret) == nil {
			t.Fatal("a body signed itself")
		}
	})
}

func FuzzErrors(f *testing.F) {
	seed(f, func(b []byte) {
		for _, status := range []int{200, 302, 400, 401, 409, 429, 500} {
			f.Add(status, b, "30")
		}
	})
	f.Fuzz(func(t *testing.T, status int, body []byte, hint string) {
		c := testClient("")
		a := answer{status: status, header: http.Header{"Retry-After": {hint}}, body: body}
		m := &reconcile.Message{To: "919876543210"}
		for _, op := range []operation{onLookup, onMessage, onRefund} {
			e := c.refusal(op, a, m)
			if e.Class == "" || e.Class == reconcile.NotSent || e.Meaning == "" || e.RetryAfter < 0 || e.RetryAfter > maxHint {
				t.Fatalf("%+v", e)
			}
			if strings.Contains(e.Error(), testToken) || strings.Contains(e.Error(), m.To) || strings.ContainsAny(e.Error(), "\n\x1b") {
				t.Fatalf("unfit to be shown: %q", e.Error())
			}
			if op == onRefund && e.Class != reconcile.Unknown {
				row, known := codeOf(e.Code)
				if status < 400 || status > 499 || status == 408 || status == 409 || !known || row.Refund != e.Class {
					t.Fatalf("HTTP %d with code %d is proof of %q", status, e.Code, e.Class)
				}
			}
		}
	})
}
