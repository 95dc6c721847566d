package whatsapp

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// A server that acts on a second request of a kept connection and then closes it is where
// net/http repeats requests it holds to be safe. A refund and a message must not be.
func TestActedThenClosedOnAKeptConnection(t *testing.T) {
	var acted atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, `{"payments": []}`)
			return
		}
		acted.Add(1)
		panic(http.ErrAbortHandler)
	}))
	defer s.Close()
	for name, act := range map[string]func(*Client) error{
		"refund": func(c *Client) error {
			_, err := c.Refund(t.Context(), reconcile.RefundRequest{Reference: "R", Configuration: "c", Amount: 100, Currency: "INR", Speed: "normal"})
			return err
		},
		"message": func(c *Client) error {
			_, err := c.Send(t.Context(), reconcile.Message{Kind: reconcile.OrderStatus, To: "9", Reference: "R", Status: spec.Shipped})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			acted.Store(0)
			c := testClient(s.URL)
			if _, err := c.Lookup(t.Context(), reconcile.PaymentKey{Configuration: "c", Reference: "R"}); err != nil {
				t.Fatal(err) // leaves a connection behind
			}
			err := act(c)
			if call, ok := err.(*reconcile.CallError); !ok || call.Class != reconcile.Unknown {
				t.Errorf("got %v, want an unknown outcome", err)
			}
			if n := acted.Load(); n != 1 {
				t.Errorf("the server acted %d times", n)
			}
		})
	}
}

// A segment stays one whatever it holds, below any base URL.
func TestResource(t *testing.T) {
	for base, want := range map[string]string{
		"https://h":               "https://h/v24.0/",
		"https://h:/":             "https://h/v24.0/",
		"https://h:8443/x":        "https://h:8443/x/v24.0/",
		"https://h/a%20b":         "https://h/a%20b/v24.0/",
		"https://h/a%2Fb":         "https://h/a%2Fb/v24.0/",
		"https://h/%C3%A4/100%25": "https://h/%C3%A4/100%25/v24.0/",
	} {
		c := New(Config{PhoneNumberID: "1", BaseURL: base, APIVersion: "v24.0", AccessToken: spec.NewSecret(testToken)})
		for segment, escaped := range map[string]string{
			"payments": "payments", "a/b": "a%2Fb", "..": "%2E%2E", ".": "%2E", "a b?": "a%20b%3F", "100%": "100%25", "ä;,": "%C3%A4%3B%2C", "%2F": "%252F",
		} {
			to := c.resource("x", segment)
			if got := to.String(); got != want+"x/"+escaped {
				t.Errorf("%s, %s: %s", base, segment, got)
			}
		}
	}
	for _, base := range []string{"https://h/?", "https://h?x", "https://h/#x", "https://h/#", "https://a@h", "http://h", "h", "https://"} {
		if c := New(Config{PhoneNumberID: "1", BaseURL: base, AccessToken: spec.NewSecret(testToken)}); c.problem == "" {
			t.Errorf("%s is used", base)
		}
	}
}

func TestRequest(t *testing.T) {
	var got *http.Request
	var body string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got, body = r, string(b)
		_, _ = io.WriteString(w, `{"payments": [], "messages": [{"id": "wamid.1", "message_status": "held_for_quality_assessment"}], "id": 17, "status": "completed", "speed_processed": "instant"}`)
	}))
	defer s.Close()
	c := New(Config{PhoneNumberID: "106540352242922", BaseURL: s.URL + "/", APIVersion: "v21.0", AccessToken: spec.NewSecret(testToken), Version: "1.2.3"})

	if _, err := c.Lookup(t.Context(), reconcile.PaymentKey{Configuration: "a/b c?", Reference: ".."}); err != nil {
		t.Fatal(err)
	}
	if want := "/v21.0/106540352242922/payments/a%2Fb%20c%3F/%2E%2E"; got.Method != "GET" || got.RequestURI != want {
		t.Errorf("%s %s, want GET %s", got.Method, got.RequestURI, want)
	}
	if got.Header.Get("Authorization") != "Bearer "+testToken || got.UserAgent() != "hisab/1.2.3" {
		t.Errorf("headers %v", got.Header)
	}

	r, err := c.Send(t.Context(), reconcile.Message{Kind: reconcile.OrderStatus, To: "919876543210", Reference: "R", Status: spec.Shipped})
	if err != nil || r.MessageID != "wamid.1" || r.Note != "held_for_quality_assessment" {
		t.Errorf("%+v, %v", r, err)
	}
	if got.Method != "POST" || got.URL.Path != "/v21.0/106540352242922/messages" || got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %s %v", got.Method, got.URL, got.Header)
	}

	a, err := c.Refund(t.Context(), reconcile.RefundRequest{Reference: "R", Configuration: "c", Amount: 12345, Currency: "INR", Speed: "normal"})
	if err != nil || a != (reconcile.RefundAnswer{ID: "17", State: reconcile.RefundSuccess, Speed: "instant"}) {
		t.Errorf("%+v, %v", a, err)
	}
	if want := `{"reference_id":"R","speed":"normal","payment_config_id":"c","amount":{"currency":"INR","value":"12345","offset":"100"}}`; got.URL.Path != "/v21.0/106540352242922/payments_refund" || body != want {
		t.Errorf("%s %s", got.URL, body)
	}
}

func TestAnswersOfOtherKinds(t *testing.T) {
	var answered string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, answered)
	}))
	defer s.Close()
	c := testClient(s.URL)
	refund := func(answer string) (reconcile.RefundAnswer, error) {
		answered = answer
		return c.Refund(t.Context(), reconcile.RefundRequest{Reference: "R", Configuration: "c", Amount: 100, Currency: "INR", Speed: "normal"})
	}
	for _, unknown := range []string{
		`{"status": "pending"}`, `{"id": "", "status": "pending"}`, `{"id": null}`, `{"id": {}}`,
		`{"id": "r", "amount": {"value": 200, "offset": 100}}`, `{"id": "r", "amount": {"value": "100", "offset": "1"}}`,
		`{"id": "r", "amount": {"value": "100", "offset": "100", "currency": "USD"}}`,
		`{"id": "r", "status": "pending", "error": {"code": 131009}}`,
		`{"id": "` + strings.Repeat("r", 256) + `"}`,
	} {
		_, err := refund(unknown)
		if call, ok := err.(*reconcile.CallError); !ok || call.Class != reconcile.Unknown {
			t.Errorf("%.60s: %v, want an unknown outcome", unknown, err)
		}
	}
	for answer, want := range map[string]reconcile.RefundState{
		`{"id": "r", "status": "pending"}`: reconcile.RefundPending,
		`{"id": "r", "status": "failed"}`:  reconcile.RefundFailed,
		`{"id": "r", "status": "queued"}`:  reconcile.RefundUnknown,
		`{"id": "r"}`:                      reconcile.RefundUnknown,
		`{"id": "r", "status": "success", "error": null, "errors": [], "amount": {"value": "100", "offset": "100", "currency": "INR"}}`: reconcile.RefundSuccess,
	} {
		if a, err := refund(answer); err != nil || a.ID != "r" || a.State != want {
			t.Errorf("%s: %+v, %v", answer, a, err)
		}
	}
	for _, unknown := range []string{
		`{"messages": []}`, `{"messages": [{"id": ""}]}`, `{"messages": [{"id": "a"}, {"id": "b"}]}`, `{"messages": [{"id": 7}]}`,
	} {
		answered = unknown
		_, err := c.Send(t.Context(), reconcile.Message{Kind: reconcile.OrderStatus, To: "9"})
		if call, ok := err.(*reconcile.CallError); !ok || call.Class != reconcile.Unknown {
			t.Errorf("%s: %v, want an unknown outcome", unknown, err)
		}
	}
}

func TestValidatorsJudgeFirst(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"messages": [{"id": "w"}], "id": "r", "status": "pending"}`)
	}))
	defer s.Close()
	refuse := func(body []byte) error {
		if !bytes.Contains(body, []byte("messages")) {
			t.Errorf("judged %s", body)
		}
		return io.ErrUnexpectedEOF
	}
	c := New(Config{
		PhoneNumberID: "1", BaseURL: s.URL, AccessToken: spec.NewSecret(testToken),
		Validators: Validators{Receipt: refuse, Refund: refuse},
	})
	_, sent := c.Send(t.Context(), reconcile.Message{Kind: reconcile.OrderStatus, To: "9"})
	_, refunded := c.Refund(t.Context(), reconcile.RefundRequest{Amount: 1})
	for _, err := range []error{sent, refunded} {
		if call, ok := err.(*reconcile.CallError); !ok || call.Class != reconcile.Unknown || !strings.Contains(call.Meaning, "schema") {
			t.Errorf("got %v", err)
		}
	}
}

// What cannot be used is said before anything leaves, and without the token.
func TestUnusableConfigurations(t *testing.T) {
	token := spec.NewSecret(testToken)
	for _, test := range []struct {
		config Config
		want   string
	}{
		{Config{PhoneNumberID: "1", AccessToken: token, BaseURL: "http://graph.example"}, "neither https nor"},
		{Config{PhoneNumberID: "1", AccessToken: token, BaseURL: "ftp://127.0.0.1"}, "neither https nor"},
		{Config{PhoneNumberID: "1", AccessToken: token, BaseURL: "graph.facebook.com"}, "not a URL"},
		{Config{PhoneNumberID: "1", AccessToken: token, BaseURL: "https://user:pass@graph.example"}, "scheme, host and path"},
		{Config{PhoneNumberID: "1", AccessToken: token, BaseURL: "https://graph.example?x=1"}, "scheme, host and path"},
		{Config{AccessToken: token}, "phone_number_id"},
		{Config{PhoneNumberID: "1"}, "no access token"},
		{Config{PhoneNumberID: "1", AccessToken: spec.NewSecret("")}, "no access token"},
		{Config{PhoneNumberID: "1", AccessToken: spec.NewSecret(testToken + "\n")}, "line end"},
	} {
		_, err := New(test.config).Refund(t.Context(), reconcile.RefundRequest{Amount: 1})
		call, ok := err.(*reconcile.CallError)
		if !ok || call.Class != reconcile.Paused || !strings.Contains(call.Meaning, test.want) || strings.Contains(err.Error(), testToken) {
			t.Errorf("%q: %v, want %q", test.config.BaseURL, err, test.want)
		}
	}
	_, err := testClient("").Refund(t.Context(), reconcile.RefundRequest{})
	if call, ok := err.(*reconcile.CallError); !ok || call.Class != reconcile.Refused {
		t.Errorf("a refund of nothing: %v", err)
	}
}

// What a spec takes as this machine is one here too, and no proxy sees what goes there.
func TestThisMachine(t *testing.T) {
	for base, here := range map[string]bool{
		"http://localhost:4127": true, "http://LOCALHOST:4127": true, "http://127.8.9.1": true, "http://[::1]:4127": true,
		"http://localhost.example": false, "http://192.0.2.1": false,
	} {
		c := New(Config{PhoneNumberID: "1", AccessToken: spec.NewSecret(testToken), BaseURL: base})
		if (c.problem == "") != here {
			t.Errorf("%s: %q", base, c.problem)
		}
		for _, transport := range []http.RoundTripper{c.ordinary, c.money} {
			if asked := transport.(*http.Transport).Proxy != nil; asked == here {
				t.Errorf("%s: a proxy is asked for: %v", base, asked)
			}
		}
	}
}

func TestAccount(t *testing.T) {
	for base, want := range map[string]string{
		"":                                "whatsapp|graph.facebook.com|1",
		"https://graph.facebook.com":      "whatsapp|graph.facebook.com|1",
		"https://Graph.Facebook.com:443/": "whatsapp|graph.facebook.com|1",
		"http://127.0.0.1:8080":           "whatsapp|127.0.0.1|1",
		"http://[::1]:8080/x":             "whatsapp|::1|1",
	} {
		if got := Account(base, "1"); got != want {
			t.Errorf("%q: %q, want %q", base, got, want)
		}
	}
}

// A certificate that is not trusted ends the call before a byte of it is written.
func TestUntrustedCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the request arrived")
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	_, err := testClient(s.URL).Refund(t.Context(), reconcile.RefundRequest{Amount: 1})
	if call, ok := err.(*reconcile.CallError); !ok || call.Class != reconcile.NotSent || !strings.Contains(call.Meaning, "certificate") {
		t.Errorf("got %v", err)
	}
}

// Over TLS too the request is HTTP/1.1, whatever the platform offers.
func TestNoHTTP2(t *testing.T) {
	var proto atomic.Value
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proto.Store(r.Proto)
		_, _ = io.WriteString(w, `{"id": "r", "status": "pending"}`)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	for _, transport := range []*http.Transport{ordinaryTransport(1, nil), refundTransport(time.Second, nil)} {
		transport.TLSClientConfig = &tls.Config{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
		c := testClient(s.URL)
		c.money = transport
		if _, err := c.Refund(t.Context(), reconcile.RefundRequest{Amount: 1}); err != nil {
			t.Fatal(err)
		}
		if proto.Load() != "HTTP/1.1" {
			t.Errorf("the request came as %v", proto.Load())
		}
		transport.CloseIdleConnections()
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	var now, most atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(time.Millisecond)
		_, _ = io.WriteString(w, `{"payments": []}`)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			most.Store(max(most.Load(), now.Add(1)))
		case http.StateClosed:
			now.Add(-1)
		}
	}
	s.Start()
	defer s.Close()
	c := New(Config{PhoneNumberID: "1", BaseURL: s.URL, AccessToken: spec.NewSecret(testToken), MaxConns: 3})
	var callers sync.WaitGroup
	for range 20 {
		callers.Go(func() {
			for range 5 {
				if _, err := c.Lookup(context.Background(), reconcile.PaymentKey{Configuration: "c", Reference: "R"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	callers.Wait()
	if got := most.Load(); got > 3 {
		t.Errorf("%d connections at once, want at most 3", got)
	}
}

func TestPaymentConfigurations(t *testing.T) {
	var path, answered string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path = r.URL.Path
		_, _ = io.WriteString(w, answered)
	}))
	defer s.Close()
	answered = `{"data": [{"payment_configurations": [
		{"configuration_name": "shop-razorpay", "merchant_category_code": {"code": "0000"}, "status": "Active", "provider_name": "RazorPay", "created_timestamp": 1},
		{"configuration_name": "new", "status": "Needs Connecting", "provider_name": "payu"},
		{"configuration_name": "newer", "status": "Needs_Connecting", "provider_name": "upi_vpa"}]}]}`
	got, err := testClient(s.URL).PaymentConfigurations(t.Context())
	want := []PaymentConfiguration{{"shop-razorpay", "razorpay", "active"}, {"new", "payu", "needs_connecting"}, {"newer", "upi_vpa", "needs_connecting"}}
	if err != nil || len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("%+v, %v", got, err)
	}
	if path != "/v24.0/102290129340398/payment_configurations" || !got[0].Active() || got[1].Active() {
		t.Errorf("%s %+v", path, got)
	}
	for _, answered = range []string{`{}`, `[]`, `{"data": [], "paging": {"next": "https://evil.example"}}`, `{"error": {"code": 190}}`} {
		if got, err := testClient(s.URL).PaymentConfigurations(t.Context()); err == nil {
			t.Errorf("%s: %+v", answered, got)
		}
	}
	if _, err := New(Config{PhoneNumberID: "1", BaseURL: s.URL, AccessToken: spec.NewSecret("t")}).PaymentConfigurations(t.Context()); err == nil {
		t.Error("no business account was asked for its configurations")
	}
}
