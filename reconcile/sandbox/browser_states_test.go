//go:build browser

package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// orderStates are the states in which the page can find an order: how each comes about, and
// what the sheet says of it where.
var orderStates = []struct {
	name, order string
	do          func(*tabOf)
	at, says    string
}{
	{"unpaid", "A-1", (*tabOf).bill, "#payment-state", "unpaid"},
	{"pending", "A-1", func(b *tabOf) {
		b.bill()
		b.must(b.srv.Pending(Attempt{Reference: "A-1", Method: "wallet"}))
	}, "#payment-state", "payment pending"},
	{"failed", "A-1", func(b *tabOf) {
		b.bill()
		b.must(b.srv.Fail(Attempt{Reference: "A-1", Method: "netbanking", Reason: "insufficient_funds"}))
	}, "#payment-state", "payment failed"},
	{"canceled-payment", "A-1", func(b *tabOf) {
		b.bill()
		b.must(b.srv.CancelByCustomer(Attempt{Reference: "A-1", Final: true}))
	}, ".sheet .hint", "for good"},
	{"canceled", "A-1", func(b *tabOf) {
		b.bill()
		b.send(orderStatus("A-1", "canceled"))
	}, "#order-status", "order canceled"},
	{"expired", "A-1", func(b *tabOf) {
		b.bill()
		b.ahead.Add(int64(49 * time.Hour))
	}, ".sheet .hint", "it expired"},
	{"refunded", "A-1", func(b *tabOf) {
		b.bill()
		b.must(b.srv.Pay(Attempt{Reference: "A-1"}))
		id, err := b.srv.ManualRefund(GatewayRefund{Reference: "A-1", Amount: 21000})
		b.must(err)
		b.must(b.srv.RefundOutcome(id, stateSuccess))
	}, "#payment-state", "refunded"},
	{"completed", "A-1", func(b *tabOf) {
		b.bill()
		b.must(b.srv.Pay(Attempt{Reference: "A-1"}))
		for _, status := range []string{"processing", "partially_shipped", "shipped", "completed"} {
			b.send(orderStatus("A-1", status))
		}
	}, "#order-status", "order completed"},
	{"template", "T-1", func(b *tabOf) { b.send(detailsTemplate("T-1")) }, "#payment-state", "unpaid"},
	{"long", longest, (*tabOf).billAtLength, ".items .name", "खट्टी रोटी"},
	{"many", "A-29", func(b *tabOf) {
		for i := range 30 {
			m := orderDetails(fmt.Sprintf("A-%d", i))
			if i%2 == 0 {
				m["to"] = fmt.Sprintf("9198%08d", i)
			}
			b.send(m)
		}
	}, "#payment-state", "unpaid"},
}

// longest is a reference_id of as many letters as there may be.
var longest = strings.Repeat("R", 35)

func (b *tabOf) bill() { b.send(orderDetails("A-1")) }

// billAtLength sends a bill whose texts are in Hindi, long, or without a place to break.
func (b *tabOf) billAtLength() {
	_, err := b.srv.Write(DefaultNumber, asha, "श्रीमती आशालता वेंकटनरसिंहराजुवारिपेटा कुलकर्णी", "नमस्ते! क्या आज ताज़ी रोटी मिलेगी? "+strings.Repeat("धन्यवाद ", 12))
	b.must(err)
	m := orderDetails(longest)
	order := []any{"interactive", "action", "parameters", "order"}
	set(m, "बहुत स्वादिष्ट खट्टी रोटी "+strings.Repeat("w", 34), append(order, "items", 0, "name")...)
	set(m, "Donaudampfschiffahrtsgesellschaft", append(order, "tax", "description")...)
	set(m, "आपके आदेश के लिए शर्मा स्टोर्स की ओर से धन्यवाद।\n\n"+strings.Repeat("x", 120), "interactive", "body", "text")
	b.send(m)
}

// TestBrowserStates looks at an order's chat and sheet in each of its states.
func TestBrowserStates(t *testing.T) {
	browser := newBrowser(t)
	for _, s := range []screen{screens[0], screens[3]} {
		for _, state := range orderStates {
			t.Run(s.name+" "+state.name, func(t *testing.T) {
				b := newTab(t, browser, s)
				state.do(b)
				b.open(chatHref(DefaultNumber, asha, ""))
				b.sees(".msg .total", "Total")
				b.calm("chat")
				b.shoot(state.name + "-chat")
				b.open(chatHref(DefaultNumber, asha, state.order))
				b.sees(".sheet h2", state.order)
				b.sees(state.at, state.says)
				b.calm("order")
				b.shoot(state.name + "-order")
			})
		}
	}
}
