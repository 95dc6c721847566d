package whatsapp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// answered is a transport that answers everything alike.
type answered struct {
	status int
	header http.Header
	body   []byte
}

func (a answered) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body))}, nil
}

// FuzzAnswer: a message is accepted and a refund made only where the answer says so in so
// many words; of any other the outcome is what the codes prove, and nothing that must not be
// shown is in what is said of it.
func FuzzAnswer(f *testing.F) {
	seed(f, func(b []byte) {
		for _, status := range []int{200, 400, 429, 503} {
			f.Add(status, b, "")
		}
	})
	for _, s := range []string{
		`{"id": "rfnd_1", "status": "completed", "speed_processed": "normal"}`, `{"id": 403993715, "status": "pending"}`,
		`{"id": "r", "amount": {"value": "100", "offset": "100", "currency": "INR"}}`, `{"id": "r", "amount": {"value": 1e2, "offset": 100}}`,
		`{"messages": [{"id": "wamid.1", "message_status": "held_for_quality_assessment"}]}`, `{"messages": [{"id": "a"}], "messages": [{"id": "b"}]}`,
		`{"id": "r", "status": "failed", "error": {"code": 100}}`, `{"error": {"code": 131056, "message": "to +919876543210"}}`,
	} {
		f.Add(200, []byte(s), "120")
		f.Add(400, []byte(s), "Fri, 20 Nov 2026 12:00:45 GMT")
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, hint string) {
		c := testClient("")
		c.ordinary = answered{status, http.Header{"Retry-After": {hint}}, body}
		c.money = c.ordinary
		r, err := c.Refund(t.Context(), reconcile.RefundRequest{Reference: "R", Configuration: "c", Amount: 100, Currency: "INR", Speed: "normal"})
		if judged(t, status, err, onRefund) {
			id := member(body, "id")
			if r.ID == "" || len(r.ID) > maxID || r.ID != id || r.State == "" || utf8.RuneCountInString(r.Speed) > 200 {
				t.Errorf("%s is read as %+v", body, r)
			}
		}
		m := reconcile.Message{Kind: reconcile.OrderStatus, To: "919876543210", Reference: "R", Status: spec.Shipped, Body: "Dear Asha Rao"}
		sent, err := c.Send(t.Context(), m)
		if judged(t, status, err, onMessage) {
			if sent.MessageID == "" || len(sent.MessageID) > maxID || !bytes.Contains(body, []byte(`"messages"`)) || utf8.RuneCountInString(sent.Note) > 200 {
				t.Errorf("%s is read as %+v", body, sent)
			}
		}
		list, err := c.PaymentConfigurations(t.Context())
		if judged(t, status, err, onLookup) {
			for _, p := range list {
				if p.Status != fold(p.Status) || p.Gateway != fold(p.Gateway) {
					t.Errorf("not folded: %+v", p)
				}
			}
		}
	})
}

// judged holds an error against what may be said after an answer. True: there is none.
func judged(t *testing.T, status int, err error, op operation) bool {
	t.Helper()
	if err == nil {
		if !success(status) {
			t.Errorf("HTTP %d is a success", status)
		}
		return true
	}
	var call *reconcile.CallError
	if !errors.As(err, &call) || call.Class == "" || call.Class == reconcile.NotSent || call.Meaning == "" {
		t.Fatalf("after an answer: %#v", err)
	}
	if call.RetryAfter < 0 || call.RetryAfter > maxHint {
		t.Errorf("wait %v", call.RetryAfter)
	}
	text := call.Error()
	for _, private := range []string{testToken, "919876543210", "Asha Rao"} {
		if strings.Contains(text, private) {
			t.Errorf("%q shows %q", text, private)
		}
	}
	if len(text) > 1500 || strings.ContainsAny(text, "\n\r\x1b") {
		t.Errorf("unfit to be shown: %q", text)
	}
	if op == onRefund && call.Class != reconcile.Unknown && (status < 400 || status > 499) {
		t.Errorf("HTTP %d is proof of %s", status, call.Class)
	}
	return false
}

// member reads a member as another reader of JSON does: the last of a name, which is the only
// one where this package accepts the document.
func member(body []byte, name string) string {
	var doc map[string]json.RawMessage
	if json.Unmarshal(body, &doc) != nil {
		return ""
	}
	var s string
	if json.Unmarshal(doc[name], &s) == nil {
		return s
	}
	return string(doc[name])
}

// FuzzRetryAfter: a hint is taken for what it says, within an hour; a longer one never for a
// shorter wait.
func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"", "0", "30", "-1", "+5", "1.5", "99999999999999999999", "Fri, 20 Nov 2026 12:00:45 GMT", "Fri, 20 Nov 1996 12:00:45 GMT", "soon", " 7", "0x10"} {
		f.Add(s, "60")
	}
	read := func(hint string) time.Duration { return retryAfter(http.Header{"Retry-After": {hint}}, lookedAt) }
	f.Fuzz(func(t *testing.T, hint, other string) {
		got := read(hint)
		if got < 0 || got > maxHint {
			t.Fatalf("%q is %v", hint, got)
		}
		n, isNumber := new(big.Int).SetString(hint, 10)
		m, both := new(big.Int).SetString(other, 10)
		if !isNumber || strings.Contains(hint, "_") {
			return
		}
		want := time.Duration(0)
		if n.Sign() > 0 {
			want = maxHint
			if n.IsInt64() && n.Int64() < 3600 {
				want = time.Duration(n.Int64()) * time.Second
			}
		}
		if got != want {
			t.Errorf("%q is %v, want %v", hint, got, want)
		}
		if both && n.Cmp(m) <= 0 && got > read(other) {
			t.Errorf("%q waits longer than %q", hint, other)
		}
	})
}

// FuzzNumbers holds the reader of whole numbers and of amounts against math/big.
func FuzzNumbers(f *testing.F) {
	for _, s := range []string{"0", "007", "21000", "9223372036854775807", "9223372036854775808", "-1", "1.0", "1e3", "", "99999999999999999999", "1 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := wholeNumber([]byte(text))
		want, ok := new(big.Int).SetString(text, 10)
		plain := ok && strings.Trim(text, "0123456789") == ""
		if err == nil && (!plain || !want.IsInt64() || want.Int64() != got) {
			t.Errorf("%q is read as %d", text, got)
		}
		if err != nil && plain && want.IsInt64() && len(text) <= mostDigits {
			t.Errorf("%q is refused: %v", text, err)
		}
		quoted, _ := json.Marshal(text)
		for _, value := range []string{text, string(quoted)} {
			var a seenAmount
			if read([]byte(`{"value": `+value+`, "offset": "100", "currency": "INR"}`), &a) != nil {
				continue
			}
			minor, err := a.minor()
			exact, whole := new(big.Int).SetString(strings.Trim(value, "\" \t\r\n"), 10)
			if err == nil && (minor < 0 || minor > maxValue || !whole || exact.Int64() != int64(minor)) {
				t.Errorf("%s is an amount of %d", value, minor)
			}
		}
		if at, err := moment(digits(max(got, 0))); err == nil && got > 0 && at.Unix() != got {
			t.Errorf("%d seconds are %v", got, at)
		}
	})
}
