package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// ours knows one phone number id.
func ours(id string) string {
	if id == "106540352242922" {
		return "whatsapp|graph.facebook.com|106540352242922"
	}
	return ""
}

// delivery wraps events as Meta does.
func delivery(value string) string {
	return `{"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [{"field": "messages", "value": {
		"messaging_product": "whatsapp", "metadata": {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"}, ` + value + `}}]}]}`
}

func parse(t *testing.T, body string) []reconcile.Evidence {
	t.Helper()
	es, err := ParseWebhook([]byte(body), ours, lookedAt)
	if err != nil {
		t.Fatal(err)
	}
	for i := range es {
		if es[i].Account != ours("106540352242922") || !es[i].At.Equal(lookedAt) || len(es[i].Key) != 64 {
			t.Errorf("evidence %+v", es[i])
		}
	}
	return es
}

func TestWebhookReadsTheSample(t *testing.T) {
	fill := strings.NewReplacer("[PHONE_NUMBER_ID]", "106540352242922", "[TRANSACTION_STATUS]", "captured", "[REFERENCE_ID]", "BM345A-12")
	es := parse(t, fill.Replace(string(sampleFile(t, "webhook_payment"))))
	if len(es) != 1 {
		t.Fatalf("%d events", len(es))
	}
	want := reconcile.Evidence{Account: es[0].Account, Reference: "BM345A-12", At: lookedAt, Key: es[0].Key}
	if es[0] != want {
		t.Errorf("got %+v, want %+v: of a payment, the reference alone is believed", es[0], want)
	}
}

func TestWebhookMessageStatuses(t *testing.T) {
	for _, test := range []struct {
		name, event string
		want        reconcile.Evidence
	}{
		{"sent", `{"id": "wamid.1", "status": "sent", "timestamp": "1", "recipient_id": "919876543210", "biz_opaque_callback_data": "a1-1", "pricing": {"billable": true}}`,
			reconcile.Evidence{MessageID: "wamid.1", Opaque: "a1-1", Delivery: reconcile.SentOn}},
		{"delivered", `{"id": "wamid.1", "status": "delivered"}`, reconcile.Evidence{MessageID: "wamid.1", Delivery: reconcile.Delivered}},
		{"read", `{"id": "wamid.1", "status": "read"}`, reconcile.Evidence{MessageID: "wamid.1", Delivery: reconcile.Read}},
		{"played", `{"id": "wamid.1", "status": "played"}`, reconcile.Evidence{MessageID: "wamid.1", Delivery: reconcile.Read}},
		{"a word nobody documented", `{"id": "wamid.1", "status": "warned", "biz_opaque_callback_data": "a1-1"}`,
			reconcile.Evidence{MessageID: "wamid.1", Opaque: "a1-1"}},
		{"2046", `{"id": "wamid.1", "status": "failed", "biz_opaque_callback_data": "a1-1", "errors": [{"code": 2046, "title": "New order status was not correctly transitioned."}]}`,
			reconcile.Evidence{MessageID: "wamid.1", Opaque: "a1-1", Delivery: reconcile.FailedOnRoute, Code: 2046, Class: reconcile.BadTransition, Meaning: "the order status may not follow the last one"}},
		{"2047 as text, behind another", `{"id": "wamid.1", "status": "failed", "errors": [{"code": 7}, {"code": "2047", "error_data": {"details": "919876543210"}}]}`,
			reconcile.Evidence{MessageID: "wamid.1", Delivery: reconcile.FailedOnRoute, Code: 2047, Class: reconcile.PaidAlready, Meaning: "the order cannot be canceled: it is paid or being paid"}},
		{"throttled on its way", `{"id": "wamid.1", "status": "failed", "errors": [{"code": 130429, "message": "919876543210"}]}`,
			reconcile.Evidence{MessageID: "wamid.1", Delivery: reconcile.FailedOnRoute, Code: 130429, Class: reconcile.Throttled, Meaning: "the phone number has reached its throughput"}},
		{"a code nobody documented", `{"id": "wamid.1", "status": "failed", "errors": [{"code": 424242, "message": "919876543210"}]}`,
			reconcile.Evidence{MessageID: "wamid.1", Delivery: reconcile.FailedOnRoute, Code: 424242, Meaning: "an error code that is not documented"}},
		{"failed without an error", `{"id": "wamid.1", "status": "failed", "errors": []}`,
			reconcile.Evidence{MessageID: "wamid.1", Delivery: reconcile.FailedOnRoute}},
	} {
		t.Run(test.name, func(t *testing.T) {
			es := parse(t, delivery(`"statuses": [`+test.event+`]`))
			if len(es) != 1 {
				t.Fatalf("%d events", len(es))
			}
			test.want.Account, test.want.At, test.want.Key = es[0].Account, es[0].At, es[0].Key
			if es[0] != test.want {
				t.Errorf("got  %+v\nwant %+v", es[0], test.want)
			}
		})
	}
}

func TestWebhookErrorsInAllPlaces(t *testing.T) {
	es := parse(t, delivery(`
		"statuses": [{"id": "wamid.1", "status": "failed", "errors": [{"code": 131026}]}],
		"messages": [{"id": "wamid.2", "from": "919876543210", "type": "text", "text": {"body": "hello"}},
		             {"id": "wamid.3", "type": "unsupported", "errors": [{"code": 131051}]}],
		"errors": [{"code": 130429, "title": "Rate limit hit"}]`))
	var got []string
	for _, e := range es {
		got = append(got, e.MessageID+" "+string(e.Delivery)+" "+e.Meaning)
	}
	want := []string{
		"wamid.1 failed the message cannot be delivered to this number",
		"wamid.3 failed the platform does not support this type of message",
		"  the phone number has reached its throughput",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestWebhookPassesOver(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":                      `{}`,
		"no entry":                     `{"object": "whatsapp_business_account", "entry": []}`,
		"a payment configuration":      `{"entry": [{"changes": [{"field": "payment_configuration_update", "value": {"configuration_name": "c", "status": "Needs Connecting"}}]}]}`,
		"a field with another value":   `{"entry": [{"changes": [{"field": "account_update", "value": 7}]}]}`,
		"another's number":             strings.Replace(delivery(`"statuses": [{"id": "w", "status": "sent"}]`), "106540352242922", "999", 1),
		"a number without metadata":    `{"entry": [{"changes": [{"field": "messages", "value": {"statuses": [{"id": "w", "status": "sent"}]}}]}]}`,
		"a status that names nothing":  delivery(`"statuses": [{"status": "sent"}]`),
		"what customers write":         delivery(`"contacts": [{"wa_id": "9"}], "messages": [{"id": "w", "from": "9", "type": "text"}]`),
		"fields nobody documented yet": delivery(`"statuses": [], "more": {"deep": [1, 2, {}]}`),
	} {
		if es, err := ParseWebhook([]byte(body), ours, lookedAt); err != nil || len(es) != 0 {
			t.Errorf("%s: %+v, %v", name, es, err)
		}
	}
}

func TestOneUnreadableEventLosesNoOther(t *testing.T) {
	body := delivery(`"statuses": [
		{"id": "wamid.1", "status": "sent"},
		{"id": "wamid.2", "status": 7},
		{"id": "x", "type": "payment", "status": "captured", "payment": {"reference_id": ""}},
		{"id": "x", "type": "payment", "status": "captured"},
		"not an object",
		{"id": "y", "type": "payment", "status": "captured", "payment": {"reference_id": "R"}}]`)
	es, err := ParseWebhook([]byte(body), ours, lookedAt)
	if err == nil || strings.Count(err.Error(), "read status") != 4 {
		t.Errorf("error %v, want four events in it", err)
	}
	if len(es) != 2 || es[0].MessageID != "wamid.1" || es[1].Reference != "R" {
		t.Errorf("evidence %+v", es)
	}
}

func TestWebhookRefusesWhatIsNotJSON(t *testing.T) {
	for name, body := range map[string]string{
		"empty": "", "half": `{"entry": [`, "HTML": "<html>", "a key twice": `{"entry": [], "entry": []}`,
		"invalid UTF-8": "{\"entry\": [], \"x\": \"\xff\"}", "entry of another kind": `{"entry": 1}`,
	} {
		if es, err := ParseWebhook([]byte(body), ours, lookedAt); err == nil || len(es) != 0 {
			t.Errorf("%s: %+v, %v", name, es, err)
		}
	}
	if _, err := ParseWebhook(make([]byte, MaxWebhook+1), ours, lookedAt); !errors.Is(err, ErrWebhookTooLong) {
		t.Errorf("a body over the limit: %v", err)
	}
}

// Duplicates come in other envelopes, spaced otherwise and with their keys in another order.
func TestKeyIsOfTheEvent(t *testing.T) {
	key := func(value string) string {
		es := parse(t, delivery(value))
		return es[len(es)-1].Key
	}
	first := key(`"statuses": [{"id": "w", "status": "sent", "n": 12345678901234567890}]`)
	for name, value := range map[string]string{
		"other spaces":       `"statuses": [{"id":"w","status":"sent","n":12345678901234567890}]`,
		"another order":      `"statuses": [{"n": 12345678901234567890, "status": "sent", "id": "w"}]`,
		"in another batch":   `"statuses": [{"id": "other", "status": "read"}, {"id": "w", "status": "sent", "n": 12345678901234567890}]`,
		"an escaped letter":  `"statuses": [{"id": "\u0077", "status": "sent", "n": 12345678901234567890}]`,
		"beside a new field": `"more": 1, "statuses": [{"id": "w", "status": "sent", "n": 12345678901234567890}]`,
	} {
		if key(value) != first {
			t.Errorf("%s: another key", name)
		}
	}
	for name, value := range map[string]string{
		"another status": `"statuses": [{"id": "w", "status": "read", "n": 12345678901234567890}]`,
		"another number": `"statuses": [{"id": "w", "status": "sent", "n": 12345678901234567891}]`,
	} {
		if key(value) == first {
			t.Errorf("%s: the same key", name)
		}
	}
}

func TestVerifySignature(t *testing.T) {
	body := []byte(`{"entry": []}`)
	current, previous := spec.NewSecret("current"), spec.NewSecret("previous")
	for _, test := range []struct {
		name, header string
		secrets      []spec.Secret
		want         error
	}{
		{"the current secret", signed(body, "current"), []spec.Secret{current, previous}, nil},
		{"the previous secret", signed(body, "previous"), []spec.Secret{current, previous}, nil},
		{"capital letters", "sha256=" + strings.ToUpper(signed(body, "current")[7:]), []spec.Secret{current}, nil},
		{"another secret", signed(body, "other"), []spec.Secret{current, previous}, ErrForged},
		{"other bytes", signed([]byte(`{"entry":[]}`), "current"), []spec.Secret{current}, ErrForged},
		{"no header", "", []spec.Secret{current}, ErrNoSignature},
		{"sha1", strings.Replace(signed(body, "current"), "sha256", "sha1", 1), []spec.Secret{current}, ErrNoSignature},
		{"no prefix", signed(body, "current")[7:], []spec.Secret{current}, ErrNoSignature},
		{"too short", signed(body, "current")[:20], []spec.Secret{current}, ErrNoSignature},
		{"no hex", "sha256=" + strings.Repeat("z", 64), []spec.Secret{current}, ErrNoSignature},
		{"no secrets", signed(body, "current"), nil, ErrNoSecret},
		{"an empty secret", signed(body, ""), []spec.Secret{spec.NewSecret(""), {}}, ErrNoSecret},
	} {
		if err := VerifySignature(body, test.header, test.secrets...); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}

// signed is the header Meta would send.
func signed(body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func TestVerifyChallenge(t *testing.T) {
	token := spec.NewSecret("t0ken")
	query := func(mode, challenge, token string) url.Values {
		return url.Values{"hub.mode": {mode}, "hub.challenge": {challenge}, "hub.verify_token": {token}}
	}
	if got, err := VerifyChallenge(query("subscribe", "1158201444", "t0ken"), token); got != "1158201444" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	for name, test := range map[string]struct {
		query url.Values
		token spec.Secret
	}{
		"another token":   {query("subscribe", "1", "other"), token},
		"no token":        {query("subscribe", "1", ""), token},
		"none to compare": {query("subscribe", "1", ""), spec.Secret{}},
		"an empty one":    {query("subscribe", "1", ""), spec.NewSecret("")},
		"another mode":    {query("unsubscribe", "1", "t0ken"), token},
		"no challenge":    {query("subscribe", "", "t0ken"), token},
		"a line end":      {query("subscribe", "1\r\nX: y", "t0ken"), token},
		"a long one":      {query("subscribe", strings.Repeat("1", 257), "t0ken"), token},
		"nothing":         {url.Values{}, token},
	} {
		if got, err := VerifyChallenge(test.query, test.token); got != "" || !errors.Is(err, ErrChallenge) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
