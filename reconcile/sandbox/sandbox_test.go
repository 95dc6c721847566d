package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	asha   = "919876543210"
	ravi   = "919812345678"
	config = "shop-razorpay"
)

// bench is a sandbox with a clock that only a test moves.
type bench struct {
	*testing.T
	*Server
	web *httptest.Server
	mu  sync.Mutex
	at  time.Time
}

var start = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)

func newBench(t *testing.T, o Options) *bench {
	t.Helper()
	b := &bench{T: t, at: start}
	o.Now = b.clock
	o.Rand = rand.NewChaCha8([32]byte{1})
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	b.Server = s
	b.web = httptest.NewServer(s)
	t.Cleanup(b.web.Close)
	return b
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at
}

// pass lets time go by and everything happen that falls into it.
func (b *bench) pass(d time.Duration) {
	b.Helper()
	b.mu.Lock()
	b.at = b.at.Add(d)
	b.mu.Unlock()
	if _, err := b.Tick(b.Context(), b.clock()); err != nil {
		b.Fatal(err)
	}
}

// request makes one request to the Graph API; status 0 means the connection was dropped.
func (b *bench) request(method, path string, body any) (int, map[string]any) {
	b.Helper()
	status, raw, err := b.try(method, path, body)
	if err != nil {
		return 0, nil
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		b.Fatalf("%s %s answered %d and no JSON: %v: %q", method, path, status, err, raw)
	}
	return status, out
}

func (b *bench) try(method, path string, body any) (int, []byte, error) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), method, b.web.URL+path, bytes.NewReader(encode(b.T, body)))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer token")
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return resp.StatusCode, raw, err
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return []byte(v)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

const messagesPath = "/v24.0/" + DefaultNumber + "/messages"

// send posts a message that must be accepted and returns its id.
func (b *bench) send(body any) string {
	b.Helper()
	status, out := b.request("POST", messagesPath, body)
	if status != 200 {
		b.Fatalf("message refused with %d: %v", status, out)
	}
	return dig[string](b.T, out, "messages", 0, "id")
}

// bill sends an order_details that must be accepted.
func (b *bench) bill(ref string) string {
	b.Helper()
	return b.send(orderDetails(ref))
}

func (b *bench) status(ref, status string) string {
	b.Helper()
	return b.send(orderStatus(ref, status))
}

func (b *bench) lookup(ref string) (int, map[string]any) {
	b.Helper()
	return b.request("GET", "/v24.0/"+DefaultNumber+"/payments/"+config+"/"+ref, nil)
}

func (b *bench) refundCall(ref, value string) (int, map[string]any) {
	b.Helper()
	return b.request("POST", "/v24.0/"+DefaultNumber+"/payments_refund", refundBody(ref, value))
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) order(ref string) Order {
	b.Helper()
	o, ok := b.Order(ref)
	if !ok {
		b.Fatalf("no order %s", ref)
	}
	return o
}

// message returns the message with an id.
func (b *bench) message(id string) Message {
	b.Helper()
	for _, m := range b.Messages() {
		if m.ID == id {
			return m
		}
	}
	b.Fatalf("no message %s", id)
	return Message{}
}

type object = map[string]any

func paise(v int) object { return object{"value": v, "offset": 100} }

// orderDetails is an order of two loaves for ₹210.00 with every part.
func orderDetails(ref string) object {
	return object{
		"messaging_product": "whatsapp", "recipient_type": "individual", "to": asha, "type": "interactive",
		"biz_opaque_callback_data": "intent-" + ref,
		"interactive": object{
			"type":   "order_details",
			"header": object{"type": "image", "image": object{"link": "https://shop.example/bread.jpg"}},
			"body":   object{"text": "Thank you for ordering from Sharma Stores."},
			"footer": object{"text": "GSTIN 29ABCDE1234F1Z5"},
			"action": object{"name": "review_and_pay", "parameters": parametersOf(ref)},
		},
	}
}

func parametersOf(ref string) object {
	return object{
		"reference_id": ref, "type": "physical-goods", "currency": "INR", "total_amount": paise(21000),
		"beneficiaries": []any{object{"name": "Asha Rao", "address_line1": "12 MG Road", "city": "Bengaluru",
			"state": "Karnataka", "country": "India", "postal_code": "560001"}},
		"payment_settings": []any{object{"type": "payment_gateway", "payment_gateway": object{
			"type": "razorpay", "configuration_name": config,
			"razorpay": object{"receipt": "rcpt-12", "notes": object{"channel": "web"}},
		}}},
		"order": object{
			"status": "pending",
			"items": []any{object{
				"retailer_id": "1234567", "name": "Sourdough bread", "amount": paise(14000), "sale_amount": paise(10000),
				"quantity": 2, "country_of_origin": "India", "importer_name": "Sharma Stores",
				"importer_address": object{"address_line1": "12 MG Road", "city": "Bengaluru", "zone_code": "KA",
					"postal_code": "560001", "country_code": "IN"},
			}},
			"subtotal":   paise(20000),
			"tax":        with(paise(1000), "description", "GST"),
			"shipping":   paise(1000),
			"discount":   with(paise(1000), "discount_program_name", "diwali"),
			"expiration": object{"timestamp": fmt.Sprint(start.Add(48 * time.Hour).Unix()), "description": "Offer ends"},
		},
	}
}

func orderStatus(ref, status string) object {
	return object{
		"messaging_product": "whatsapp", "to": asha, "type": "interactive", "biz_opaque_callback_data": "intent-" + ref + "-" + status,
		"interactive": object{
			"type": "order_status", "body": object{"text": "News of your order."},
			"action": object{"name": "review_order", "parameters": object{"reference_id": ref,
				"order": object{"status": status, "description": "AWB 4711"}}},
		},
	}
}

func refundBody(ref, value string) object {
	return object{"reference_id": ref, "speed": "normal", "payment_config_id": config,
		"amount": object{"currency": "INR", "value": value, "offset": "100"}}
}

func with(m object, key string, v any) object {
	m = maps.Clone(m)
	m[key] = v
	return m
}

// set changes a value deep in a JSON tree; nil takes it away.
func set(tree any, v any, path ...any) {
	for _, step := range path[:len(path)-1] {
		tree = child(tree, step)
	}
	switch last := path[len(path)-1].(type) {
	case string:
		if tree.(object)[last] = v; v == nil {
			delete(tree.(object), last)
		}
	case int:
		tree.([]any)[last] = v
	}
}

func child(tree any, step any) any {
	if key, ok := step.(string); ok {
		return tree.(object)[key]
	}
	return tree.([]any)[step.(int)]
}

// dig returns a value deep in a JSON tree.
func dig[T any](t *testing.T, tree any, path ...any) T {
	t.Helper()
	at := tree
	for i, step := range path {
		switch node := at.(type) {
		case object:
			at = node[step.(string)]
		case []any:
			if n := step.(int); n < len(node) {
				at = node[n]
				continue
			}
			t.Fatalf("nothing at %v in %v", path[:i+1], tree)
		default:
			t.Fatalf("nothing at %v in %v", path[:i+1], tree)
		}
	}
	v, ok := at.(T)
	if !ok {
		t.Fatalf("%v is a %T in %v", path, at, tree)
	}
	return v
}

func errorCode(t *testing.T, answer object) int {
	t.Helper()
	return int(dig[float64](t, answer, "error", "code"))
}

// receiver is a business's webhook endpoint.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []received
	answer func(n int) int // HTTP status for the nth webhook
}

type received struct {
	body      []byte
	signature string
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{answer: func(int) int { return 200 }}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, received{body, req.Header.Get("X-Hub-Signature-256")})
		w.WriteHeader(r.answer(len(r.got)))
	}))
	t.Cleanup(r.Close)
	return r
}

// events tells the webhooks received so far, each as "reference or message kind status".
func (r *receiver) events(t *testing.T) []string {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, g := range r.got {
		var body object
		if err := json.Unmarshal(g.body, &body); err != nil {
			t.Fatalf("webhook is no JSON: %v", err)
		}
		value := dig[object](t, body, "entry", 0, "changes", 0, "value")
		if value["messages"] != nil {
			out = append(out, "inbound")
			continue
		}
		s := dig[object](t, value, "statuses", 0)
		if s["type"] == "payment" {
			out = append(out, fmt.Sprint("payment ", s["status"]))
			continue
		}
		line := fmt.Sprint(s["biz_opaque_callback_data"], " ", s["status"])
		if s["errors"] != nil {
			line += fmt.Sprint(" ", dig[float64](t, s, "errors", 0, "code"))
		}
		out = append(out, line)
	}
	return out
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n  got  %s\n  want %s", what, strings.Join(got, " | "), strings.Join(want, " | "))
	}
}
