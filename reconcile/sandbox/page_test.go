package sandbox

import (
	"bufio"
	"context"
	"html"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRupees(t *testing.T) {
	for paise, want := range map[int64]string{
		0: "₹0.00", 5: "₹0.05", 100: "₹1.00", 99999: "₹999.99", 100000: "₹1,000.00", 12345600: "₹1,23,456.00",
		1234567890: "₹1,23,45,678.90", -450000: "−₹4,500.00",
	} {
		if got := inr(paise); got != want {
			t.Errorf("%d paise are %s, want %s", paise, got, want)
		}
	}
}

func TestPaymentInAWord(t *testing.T) {
	refund := func(amount int64, status string) *Refund { return &Refund{Amount: amount, Status: status} }
	taken := func(refunds ...*Refund) *Transaction {
		return &Transaction{Status: stateSuccess, Amount: 21000, Refunds: refunds}
	}
	failed, open := &Transaction{Status: stateFailed}, &Transaction{Status: statePending}
	for _, tt := range []struct {
		want, status string
		attempts     []*Transaction
	}{
		{"unpaid", "pending", nil},
		{"payment failed", "pending", []*Transaction{failed}},
		{"payment pending", "pending", []*Transaction{failed, open}},
		{"payment canceled", payCanceled, []*Transaction{failed}},
		{"paid", payCaptured, []*Transaction{failed, taken()}},
		{"paid", payCaptured, []*Transaction{taken(refund(21000, stateFailed))}},
		{"refund pending", payCaptured, []*Transaction{taken(refund(21000, statePending))}},
		{"partly refunded", payCaptured, []*Transaction{taken(refund(1000, stateSuccess))}},
		{"refunded", payCaptured, []*Transaction{taken(refund(1000, stateSuccess), refund(20000, stateSuccess))}},
	} {
		o := Order{Payment: Payment{Status: tt.status, Transactions: tt.attempts}}
		if got := o.State(); got != tt.want {
			t.Errorf("the page says %q, want %q", got, tt.want)
		}
	}
}

// get returns the page at a path.
func (b *bench) get(path string) string {
	b.Helper()
	status, raw, err := b.try("GET", path, nil)
	if err != nil || status != http.StatusOK {
		b.Fatalf("GET %s: %d %v %s", path, status, err, raw)
	}
	return string(raw)
}

func TestEveryViewRenders(t *testing.T) {
	b := newBench(t, Options{Templates: []Template{{Name: "bill", Body: 1, Text: "Namaste {{1}}"}}})
	if page := b.get("/"); !strings.Contains(page, "Send a sample order") || !strings.Contains(page, b.web.URL) {
		t.Error("the empty page does not tell how to begin")
	}
	_, err := b.Sample()
	b.must(err)
	b.send(detailsTemplate("A-2"))
	b.must(b.Fail(Attempt{Reference: "A-2"}))
	b.bill("A-1")
	b.must(b.Pay(Attempt{Reference: "A-1"}))
	b.refundCall("A-1", "1000")
	b.status("A-1", "canceled")
	b.pass(time.Second)
	_, err = b.Inject(Fault{Where: "refund", What: "late", Delay: time.Second, Phone: asha, Times: -1})
	b.must(err)
	for path, wants := range map[string][]string{
		chatHref(DefaultNumber, asha, ""):    {"Order <span>A-1</span>", "Review and Pay", "₹210.00", "2047", "Namaste Asha", "Paid · view order"},
		chatHref(DefaultNumber, asha, "A-1"): {`aria-label="Order A-1"`, "refund pending", "Succeed now", "by upi at razorpay"},
		chatHref(DefaultNumber, asha, "A-2"): {"incorrect_pin", "Pay ₹210.00"},
		"/?number=1&phone=2&order=3":         {"Asha Rao"},
		"/?view=ledger":                      {"capture", "−₹10.00"},
		"/?view=traffic":                     {"payments_refund", "no url"},
		"/?view=faults":                      {"acts, answers late", "+91 98765 43210", "always"},
		"/?view=help":                        {"/_sandbox/refund_outcome", "late_effect"},
	} {
		page := html.UnescapeString(b.get(path))
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
	}
}

// What a business or a customer sends is text, wherever it is shown.
func TestNothingSentBecomesMarkup(t *testing.T) {
	b := newBench(t, Options{})
	const nasty = `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	m := orderDetails("A-1")
	set(m, nasty, "interactive", "body", "text")
	set(m, "<b>GST</b>", "interactive", "footer", "text")
	set(m, "javascript:alert(1)", "biz_opaque_callback_data")
	set(m, "https://x.example/"+nasty, "interactive", "header", "image", "link")
	set(m, nasty, append(toItem[:6:6], "name")...)
	b.send(m)
	_, err := b.Write(DefaultNumber, asha, nasty, nasty)
	b.must(err)
	b.request("GET", "/"+DefaultNumber+"/payments/x/"+`%22%3E%3Cscript%3E`, nil)
	for _, path := range []string{"/", chatHref(DefaultNumber, asha, "A-1"), "/?view=traffic", "/?view=" + `%22%3E%3Cscript%3E`} {
		page := b.get(path)
		for _, bad := range []string{"<script>", "<img src=x", "<b>GST"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s has %s in it", path, bad)
			}
		}
	}
}

func TestEventsTellOfChanges(t *testing.T) {
	b := newBench(t, Options{})
	ctx, stop := context.WithCancel(t.Context())
	ran := make(chan error)
	go func() { ran <- b.Server.Run(ctx) }()
	resp, err := http.Get(b.web.URL + "/_sandbox/events")
	b.must(err)
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	next := func() string {
		for lines.Scan() {
			if lines.Text() != "" {
				return lines.Text()
			}
		}
		return ""
	}
	first := next()
	b.bill("A-1")
	if second := next(); second == first || second == "" {
		t.Errorf("told %q, then %q", first, second)
	}
	stop()
	b.must(<-ran)
	for line := next(); line != ""; line = next() { // whatever came before the end
	}
	if lines.Err() != nil {
		t.Errorf("the stream did not end with Run: %v", lines.Err())
	}
}

func TestPageOfManyOrders(t *testing.T) {
	b := newBench(t, Options{})
	for i := range 2 * shown {
		b.send(with(text(asha), "text", object{"body": "message " + itoa(i)}))
	}
	page := b.get(chatHref(DefaultNumber, asha, ""))
	if !strings.Contains(page, "200 earlier messages") || strings.Contains(page, "message 199<") || !strings.Contains(page, "message 200<") {
		t.Error("the page does not show the latest messages alone")
	}
}
