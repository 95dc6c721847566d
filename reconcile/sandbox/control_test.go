package sandbox

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func newLocal(t *testing.T, s *Server) *httptest.Server {
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return srv
}

func TestControl(t *testing.T) {
	b := newBench(t, Options{})
	b.bill("A-1")
	steps := []struct {
		method, path string
		body         any
		want         int
	}{
		{"POST", "/pay", object{"reference_id": "A-2"}, 404},
		{"POST", "/pay", object{"reference_id": "A-1", "method": "cheque"}, 400},
		{"POST", "/pay", object{"reference_id": "A-1", "gateway": "stripe"}, 400},
		{"POST", "/pay", object{"reference": "A-1"}, 400},
		{"POST", "/pay", "{}{}", 400},
		{"POST", "/fail", object{"reference_id": "A-1", "reason": "insufficient_funds"}, 200},
		{"POST", "/pending", object{"reference_id": "A-1", "method": "wallet"}, 200},
		{"POST", "/cancel", object{"reference_id": "A-1"}, 200},
		{"POST", "/pay", object{"reference_id": "A-1", "method": "card", "gateway": "payu"}, 200},
		{"POST", "/pay", object{"reference_id": "A-1"}, 409},
		{"POST", "/manual_refund", object{"reference_id": "A-1", "amount": 500}, 200},
		{"POST", "/manual_refund", object{"reference_id": "A-1", "amount": 50000}, 409},
		{"POST", "/manual_refund", object{"reference_id": "A-1", "amount": -1}, 400},
		{"POST", "/refund_outcome", object{"id": "rfnd_none", "status": "failed"}, 404},
		{"POST", "/window", object{"phone": asha, "open": false}, 200},
		{"POST", "/window", object{"phone": "x", "open": false}, 400},
		{"POST", "/write", object{"phone": ravi, "name": "Ravi", "text": "Hello"}, 200},
		{"POST", "/write", object{"phone": ravi}, 400},
		{"POST", "/webhook", object{"url": "nowhere"}, 400},
		{"POST", "/rules", object{"not_found": "empty", "pacing": object{"pair_every": "6s"}}, 200},
		{"POST", "/rules", object{"not_found": "maybe"}, 400},
		{"POST", "/faults", object{"where": "messages", "what": "late", "delay": "5s", "times": 2}, 200},
		{"POST", "/faults", object{"where": "messages", "what": "late", "delay": "soon"}, 400},
		{"DELETE", "/faults/fault-0", nil, 404},
		{"GET", "/state", nil, 200},
		{"GET", "", nil, 0},
		{"DELETE", "/faults", nil, 200},
		{"POST", "/reset", object{}, 200},
	}
	for _, step := range steps {
		if step.want == 0 {
			continue
		}
		if status, out := b.request(step.method, "/_sandbox"+step.path, step.body); status != step.want {
			t.Errorf("%s %s %v: answered %d %v, want %d", step.method, step.path, step.body, status, out, step.want)
		}
	}
	if r := b.Rules(); r.NotFound != "empty" || r.Pacing.PairEvery != 6*time.Second {
		t.Errorf("rules: %+v", r)
	}
}

func TestStateShowsEverything(t *testing.T) {
	b := paid(t, Options{})
	_, out := b.request("GET", "/_sandbox/state", nil)
	if dig[string](t, out, "orders", 0, "reference_id") != "A-1" || dig[string](t, out, "ledger", 0, "kind") != "capture" {
		t.Errorf("state: %v", out)
	}
	body := dig[string](t, out, "requests", 0, "body")
	if !strings.Contains(body, `"biz_opaque_callback_data":"intent-A-1"`) {
		t.Errorf("the raw body is not there: %s", body)
	}
}

func TestGuard(t *testing.T) {
	s := newBench(t, Options{}).Server
	tests := []struct {
		name, method, target, host, origin, contentType string
		want                                            int
	}{
		{"loopback", "GET", "/_sandbox/orders", "127.0.0.1:4010", "", "", 200},
		{"localhost", "GET", "/", "localhost:4010", "", "", 200},
		{"another loopback", "GET", "/_sandbox/orders", "127.8.9.1", "", "", 200},
		{"IPv6", "GET", "/_sandbox/orders", "[::1]:4010", "", "", 200},
		{"rebound", "GET", "/_sandbox/orders", "evil.example:4010", "", "", 403},
		{"rebound page", "GET", "/", "evil.example", "", "", 403},
		{"looks like loopback", "GET", "/_sandbox/orders", "127.0.0.1.evil.example", "", "", 403},
		{"no host", "GET", "/_sandbox/orders", "", "", "", 403},
		{"from this page", "POST", "/_sandbox/reset", "localhost:4010", "http://localhost:4010", "application/json", 200},
		{"from another site", "POST", "/_sandbox/reset", "localhost:4010", "https://evil.example", "application/json", 403},
		{"a form", "POST", "/_sandbox/reset", "localhost:4010", "", "application/x-www-form-urlencoded", 415},
		{"no type", "POST", "/_sandbox/reset", "localhost:4010", "", "", 415},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := fromHere(tt.method, tt.target, strings.NewReader("{}"))
			r.Host = tt.host
			if tt.origin != "" {
				r.Header.Set("Origin", tt.origin)
			}
			if tt.contentType != "" {
				r.Header.Set("Content-Type", tt.contentType)
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != tt.want {
				t.Errorf("answered %d %s, want %d", w.Code, w.Body, tt.want)
			}
			if w.Header().Get("Content-Security-Policy") == "" {
				t.Error("no content security policy")
			}
		})
	}
}

// fromHere is a request of this machine; those of httptest come from another one.
func fromHere(method, target string, body io.Reader) *http.Request {
	r := httptest.NewRequest(method, target, body)
	r.RemoteAddr = "127.0.0.1:50000"
	return r
}

// Another machine reaches the API alone, whatever Host it claims.
func TestGuardAgainstOtherMachines(t *testing.T) {
	s := newBench(t, Options{}).Server
	for peer, want := range map[string]int{
		"127.0.0.1:50000": 200, "127.8.9.1:50000": 200, "[::1]:50000": 200, "[::ffff:127.0.0.1]:50000": 200,
		"192.0.2.1:50000": 403, "[2001:db8::1]:50000": 403, "[fe80::1%eth0]:50000": 403, "": 403,
	} {
		for _, path := range []string{"/", "/_sandbox", "/_sandbox/orders", "/_sandbox/state"} {
			r := httptest.NewRequest("GET", path, nil)
			r.Host, r.RemoteAddr = "127.0.0.1:4010", peer
			w := httptest.NewRecorder()
			if s.ServeHTTP(w, r); w.Code != want {
				t.Errorf("%s of %q: answered %d, want %d", path, peer, w.Code, want)
			}
		}
		r := httptest.NewRequest("POST", messagesPath, strings.NewReader("{}"))
		r.Header.Set("Authorization", "Bearer token")
		r.RemoteAddr = peer
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != 400 {
			t.Errorf("an empty message of %q: answered %d, want 400", peer, w.Code)
		}
	}
}

func TestIndexListsEveryEndpoint(t *testing.T) {
	b := newBench(t, Options{})
	for _, e := range b.endpoints() {
		method, path, _ := strings.Cut(e.Pattern, " ")
		req := fromHere(method, strings.ReplaceAll(path, "{id}", "x"), strings.NewReader("!"))
		req.Host = "localhost"
		req.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		b.ServeHTTP(w, req)
		if w.Code == http.StatusNotFound && method != "DELETE" || w.Code == http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", e.Pattern, w.Code)
		}
	}
}
