package sandbox

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// controlled is a sandbox with a paid order and one that waits, and a clock that stands.
func controlled(t testing.TB) *Server {
	t.Helper()
	at := start
	s, err := New(Options{Rand: rand.NewChaCha8([32]byte{1}), Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"A-1", "A-2"} {
		b, err := json.Marshal(orderDetails(ref))
		if err != nil {
			t.Fatal(err)
		}
		s.view(func(w *world) { w.perform(&call{Where: "messages", ID: DefaultNumber, Body: b}, at) })
	}
	if err := s.Pay(Attempt{Reference: "A-1"}); err != nil {
		t.Fatal(err)
	}
	at = at.Add(time.Minute)
	return s
}

// FuzzControl: whatever is asked of the sandbox, line by line, it answers in JSON and as what
// went wrong, its books are right, its page can be shown, and a restart changes nothing.
func FuzzControl(f *testing.F) {
	for _, s := range []string{
		"pay {\"reference_id\": \"A-2\", \"method\": \"upi\"}\nmanual_refund {\"reference_id\": \"A-2\", \"amount\": 500}",
		"pay {\"reference_id\": \"A-1\", \"amount\": 99, \"force\": true}\npay {\"reference_id\": \"A-1\", \"amount\": -9223372036854775808, \"force\": true}",
		"pending {\"reference_id\": \"A-2\"}\nfail {\"reference_id\": \"A-2\", \"code\": \"E\", \"reason\": \"\\u0000\"}\ncancel {\"reference_id\": \"A-2\", \"final\": true}",
		"refund_outcome {\"id\": \"x\", \"status\": \"failed\"}\nwindow {\"phone\": \"919876543210\"}\nwrite {\"phone\": \"+919876543210\", \"text\": \"<x-mark>\", \"name\": \"<x-mark>\"}",
		"faults {\"where\": \"refund\", \"what\": \"late\", \"delay\": \"5s\", \"times\": -1}\nfaults {\"delay\": \"-1h\"}",
		"rules {\"not_found\": \"404\"}\nsample {}\nforge {\"reference_id\": \"A-1\"}\nreset {}",
		"webhook {\"url\": \"http://127.0.0.1:1/x\", \"phone_number_id\": \"1\"}\nwebhook {\"url\": \"file:///etc\"}",
		"manual_refund {\"reference_id\": \"A-1\", \"amount\": 21000}\nmanual_refund {\"reference_id\": \"A-1\", \"amount\": 100}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, script string) {
		s := controlled(t)
		for n, line := range strings.Split(script, "\n") {
			name, body, found := strings.Cut(line, " ")
			if !found || n > 8 || strings.ContainsAny(name, "?#%/ \t\r") || name == "webhook" && strings.Contains(body, "verify") {
				continue // a challenge is posted to wherever the URL says
			}
			status, answer := s.control(name, body)
			if status >= 500 || !json.Valid([]byte(answer)) && status != 404 && status != 405 {
				t.Fatalf("%s %s: %d %s", name, body, status, answer)
			}
			s.view(func(w *world) { w.checkBooks(t) })
		}
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, fromHere("GET", "http://127.0.0.1/", nil))
		if rec.Code != 200 || strings.Contains(rec.Body.String(), "<x-mark") {
			t.Errorf("the page answers %d, or with what a customer wrote", rec.Code)
		}
		s.view(func(w *world) { w.checkRestart(t) })
	})
}

func (s *Server) control(name, body string) (int, string) {
	r := fromHere("POST", "/_sandbox/x", strings.NewReader(body))
	r.URL.Path, r.Host = "/_sandbox/"+name, "127.0.0.1:4010"
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, r)
	return rec.Code, rec.Body.String()
}

// checkBooks holds each payment against the ledger of the bank.
func (w *world) checkBooks(t *testing.T) {
	t.Helper()
	captured, refunded := map[orderKey]int64{}, map[orderKey]int64{}
	for _, e := range w.Ledger {
		key := orderKey{e.Number, e.Reference}
		switch e.Kind {
		case "capture":
			captured[key] += e.Amount
		case "refund":
			refunded[key] += e.Amount
		case "refund_failed":
			refunded[key] -= e.Amount
		}
		if e.Amount <= 0 || e.ID == "" || e.Currency == "" {
			t.Fatalf("the ledger has %+v", e)
		}
	}
	for key, o := range w.orders {
		p := &o.Payment
		if p.Captured() != captured[key] || p.Refunded() != refunded[key] {
			t.Fatalf("%s: captured %d and refunded %d, and the ledger says %d and %d", o.Reference, p.Captured(), p.Refunded(), captured[key], refunded[key])
		}
		for _, tx := range p.Transactions {
			if tx.refunded() > tx.Amount && tx.Status == stateSuccess {
				t.Fatalf("%s: %d of %d given back", o.Reference, tx.refunded(), tx.Amount)
			}
		}
	}
}

// checkRestart writes the state and reads it again.
func (w *world) checkRestart(t *testing.T) {
	t.Helper()
	saved, err := json.Marshal(&w.State)
	if err != nil {
		t.Fatal(err)
	}
	var state State
	if err := json.Unmarshal(saved, &state); err != nil {
		t.Fatalf("what was saved cannot be read: %v", err)
	}
	again, err := json.Marshal(&state)
	if err != nil || !bytes.Equal(saved, again) {
		t.Fatalf("a restart changes the state:\n%s\n%s", saved, again)
	}
}

// FuzzState: a file of state is one that the sandbox works with, or it is refused with a word
// on what to do.
func FuzzState(f *testing.F) {
	s := controlled(f)
	for _, line := range []string{`faults {"where": "webhook", "what": "delayed", "delay": "5s"}`, `sample {}`, `manual_refund {"reference_id": "A-1", "amount": 500}`} {
		name, body, _ := strings.Cut(line, " ")
		s.control(name, body)
	}
	var saved []byte
	s.view(func(w *world) { saved, _ = json.Marshal(&w.State) })
	f.Add(saved)
	for _, s := range []string{
		`{"format": 1}`, `{"format": 2}`, `{}`, `[]`, ``, `{"format": 1, "orders": [null]}`, `{"format": 1, "messages": [null], "webhooks": [null]}`,
		`{"format": 1, "due": [{"kind": "judge", "message": "gone"}]}`, `{"format": 1, "due": [{"kind": "request"}]}`, `{"format": 1, "faults": [null], "customers": [null]}`,
		`{"format": 1, "messages": [{"id": "of nobody"}]}`, `{"format": 1, "orders": [{"history": [{}]}]}`,
		`{"format": 1, "orders": [{"payment": {"transactions": [null]}}]}`, `{"format": 1, "orders": [{"payment": {"transactions": [{"refunds": [null]}]}}]}`,
		`{"format": 1, "webhooks": [{"next_at": "2026-11-20T09:30:00Z"}]}`, `{"format": 1, "due": [{"kind": "refund", "refund": "gone"}]}`,
	} {
		f.Add([]byte(s))
	}
	path := filepath.Join(f.TempDir(), "state.json")
	f.Fuzz(func(t *testing.T, file []byte) {
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		at := start
		s, err := New(Options{StateFile: path, Rand: rand.NewChaCha8([32]byte{1}), Now: func() time.Time { return at }})
		if err != nil {
			if len(file) > 0 && !strings.Contains(err.Error(), path) {
				t.Errorf("an error that does not name the file: %v", err)
			}
			return
		}
		s.opts.StateFile, s.store.path = "", ""
		at = at.Add(100 * 24 * time.Hour)
		s.view(func(w *world) {
			for _, o := range w.Orders {
				w.lookup(o.Number, o.Payment.Configuration, o.Reference, at)
			}
			w.checkRestart(t)
		})
		if status, answer := s.control("sample", "{}"); status != 200 && status != 409 {
			t.Errorf("a sample order: %d %s", status, answer)
		}
		for _, path := range []string{"/", "/_sandbox/state"} {
			r := fromHere("GET", path, nil)
			r.Host = "localhost"
			rec := httptest.NewRecorder()
			if s.ServeHTTP(rec, r); rec.Code != 200 {
				t.Errorf("%s answers %d", path, rec.Code)
			}
		}
	})
}
