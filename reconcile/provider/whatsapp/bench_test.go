package whatsapp

import (
	"context"
	"io"
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

var testSecret = spec.NewSecret("app-secret")

// captured is a whole answer of a payment that was paid at the second try and refunded in
// part.
var captured = `{"payments": [{"reference_id": "BM345A-12", "status": "captured", "currency": "INR",
	"total_amount": {"value": 21000, "offset": 100}, "transactions": [
	{"id": "order_1", "pg_transaction_id": "pay_1", "type": "razorpay", "status": "failed", "created_timestamp": 1732080000,
	 "updated_timestamp": 1732080100, "method": {"type": "upi"}, "error": {"code": "BAD_REQUEST_ERROR", "reason": "incorrect_pin"}},
	{"id": "order_1", "pg_transaction_id": "pay_2", "type": "razorpay", "status": "success", "created_timestamp": 1732080200,
	 "updated_timestamp": 1732080300, "method": {"type": "upi"}, "refunds": [{"id": "rfnd_1", "amount": {"value": 10000, "offset": 100},
	 "speed_processed": "normal", "status": "success", "created_timestamp": 1732090000, "updated_timestamp": 1732090100}]}],
	"receipt": "rcpt-12", "notes": {"channel": "web"}}]}`

func BenchmarkEncodeOrderDetails(b *testing.B) {
	m := reconcile.Message{
		Kind: reconcile.OrderDetails, To: "919876543210", Opaque: "a1-1", Reference: "BM345A-12",
		Order: plainOrder(&spec.Payment{Gateway: "payu", Fields: numbered("udf", 4, "value%d")}),
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := encodeMessage(m); err != nil {
			b.Fatal(err)
		}
	}
}

// waiting is the answer for a customer who has not tried yet: most of what is looked at.
var waiting = `{"payments": [{"reference_id": "BM345A-12", "status": "pending", "currency": "INR",
	"total_amount": {"value": 21000, "offset": 100}, "receipt": "rcpt-12", "notes": {"channel": "web"}}]}`

var lookups = map[string]string{"paid and refunded": captured, "waiting": waiting}

func BenchmarkDecodeLookup(b *testing.B) {
	for name, body := range lookups {
		b.Run(name, func(b *testing.B) {
			c := testClient("")
			a := answer{status: http.StatusOK, body: []byte(body)}
			b.SetBytes(int64(len(a.body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.readLookup(a, "BM345A-12"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLookups makes the same number of requests with the same number in flight, once
// through the client and once in a bare loop over net/http that reads each answer and
// looks at nothing, by turns in small batches so that both see the same machine. It reports
// the client's rate as a part of the bare one.
func BenchmarkLookups(b *testing.B) {
	for name, body := range lookups {
		b.Run(name, func(b *testing.B) { benchmarkLookups(b, body) })
	}
}

func benchmarkLookups(b *testing.B, body string) {
	const inFlight, batch = 16, 160
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, body)
	}))
	defer s.Close()
	c := New(Config{PhoneNumberID: "106540352242922", BaseURL: s.URL, AccessToken: spec.NewSecret(testToken), MaxConns: inFlight})
	bare := &http.Client{Transport: &http.Transport{MaxConnsPerHost: inFlight, MaxIdleConnsPerHost: inFlight}}
	url := s.URL + "/v24.0/106540352242922/payments/shop-razorpay/BM345A-12"

	looking := func() error {
		p, err := c.Lookup(context.Background(), reconcile.PaymentKey{Configuration: "shop-razorpay", Reference: "BM345A-12"})
		if err == nil && p.Amount != 21000 {
			b.Errorf("read as %+v", p)
		}
		return err
	}
	fetching := func() error {
		resp, err := bare.Get(url)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	beside(b, inFlight, batch, looking) // both start warm
	beside(b, inFlight, batch, fetching)
	var ours, theirs time.Duration
	requests := 0
	for b.Loop() {
		ours += beside(b, inFlight, batch, looking)
		theirs += beside(b, inFlight, batch, fetching)
		requests += batch
	}
	b.ReportMetric(float64(requests)/ours.Seconds(), "lookups/s")
	b.ReportMetric(float64(requests)/theirs.Seconds(), "bare/s")
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "ratio")
}

// beside calls f n times, so many at a time, and returns how long it took.
func beside(b *testing.B, inFlight, n int, f func() error) time.Duration {
	b.Helper()
	start := time.Now()
	var next atomic.Int64
	var workers sync.WaitGroup
	for range inFlight {
		workers.Go(func() {
			for next.Add(1) <= int64(n) {
				if err := f(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	workers.Wait()
	return time.Since(start)
}

func BenchmarkParseWebhook(b *testing.B) {
	event := `{"id": "wamid.1", "status": "delivered", "timestamp": "1732080000", "recipient_id": "919876543210", "biz_opaque_callback_data": "a1-1"}`
	body := []byte(delivery(`"statuses": [` + strings.Repeat(event+",", 99) + event + `]`))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if es, err := ParseWebhook(body, ours, lookedAt); err != nil || len(es) != 100 {
			b.Fatal(len(es), err)
		}
	}
}
