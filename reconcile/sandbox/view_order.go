package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// orderView is the sheet of one order.
type orderView struct {
	Order
	Unpayable string // why WhatsApp would not show the button; empty: it would
	Expires   time.Time
	Gateways  []string
	Left      int64 // paise that can still be refunded
	Steps     []StatusChange
	Close     string // address of the chat without the sheet
}

func (w *world) orderView(o *Order, now time.Time) *orderView {
	v := &orderView{
		Order: o.clone(), Unpayable: w.unpayable(o, Attempt{}, now), Gateways: gateways,
		Left: o.Payment.Captured() - o.Payment.Refunded(), Close: chatHref(o.Number, o.Phone, ""),
	}
	v.Expires, _ = o.Details.expires()
	v.Steps = v.History
	return v
}

// State is the payment in a word for the customer.
func (o *Order) State() string {
	p := &o.Payment
	switch {
	case p.Status == payCaptured:
		return p.afterCapture()
	case p.open() != nil:
		return "payment pending"
	case p.Status == payCanceled:
		return "payment canceled"
	case len(p.Transactions) > 0 && p.Transactions[len(p.Transactions)-1].Status == stateFailed:
		return "payment failed"
	}
	return "unpaid"
}

// afterCapture is what became of the money that came in.
func (p *Payment) afterCapture() string {
	back := p.Refunded()
	switch {
	case back == 0:
		return "paid"
	case p.refundPending():
		return "refund pending"
	case back < p.Captured():
		return "partly refunded"
	}
	return "refunded"
}

// refundPending reports whether money is on its way back.
func (p *Payment) refundPending() bool {
	return slices.ContainsFunc(p.Transactions, func(t *Transaction) bool {
		return slices.ContainsFunc(t.Refunds, func(r *Refund) bool { return r.Status == statePending })
	})
}

// Rows are the sums of an order below its items.
func (g Goods) Rows() []sumRow {
	rows := []sumRow{{"Subtotal", "", g.Subtotal.Value, false}, {"Tax", g.Tax.Description, g.Tax.Value, false}}
	if g.Shipping != nil {
		rows = append(rows, sumRow{"Shipping", g.Shipping.Description, g.Shipping.Value, false})
	}
	if g.Discount != nil {
		note := g.Discount.Description
		if note == "" {
			note = g.Discount.Program
		}
		rows = append(rows, sumRow{"Discount", note, g.Discount.Value, true})
	}
	return rows
}

type sumRow struct {
	Name, Note string
	Value      int64
	Less       bool
}

// Line is what an item costs altogether.
func (i Item) Line() int64 { return i.Price() * i.Quantity }

// First are the items that a bubble has room for.
func (g Goods) First() []Item { return g.Items[:min(len(g.Items), bubbleItems)] }

// More is how many items a bubble leaves out.
func (g Goods) More() int { return max(len(g.Items)-bubbleItems, 0) }

const bubbleItems = 4

// Label is how the page names a picture that it does not fetch.
func (i *Image) Label() string {
	if i.Link == "" {
		return "media " + i.ID
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(i.Link, "https://"), "http://")
	host, path, _ := strings.Cut(rest, "/")
	if cut := strings.LastIndexByte(path, '/'); cut >= 0 {
		path = path[cut+1:]
	}
	if path == "" {
		return host
	}
	return path + " · " + host
}

// Tone picks a colour for a picture.
func (i *Image) Tone() int {
	tone := 0
	for _, b := range []byte(i.Link + i.ID) {
		tone = (tone*31 + int(b)) % 6
	}
	return tone
}

// templateText fills a template's text in; of one that is not known only its parameters
// are shown.
func (w *world) templateText(m *Message) string {
	t, ok := w.findTemplate(m.Template, m.Language)
	if !ok || t.Text == "" {
		return strings.Join(m.Params, "\n")
	}
	text := t.Text
	for i, p := range m.Params {
		text = strings.ReplaceAll(text, "{{"+itoa(i+1)+"}}", p)
	}
	return text
}

func itoa(n int) string { return strconv.Itoa(n) }
