package sandbox

import (
	"cmp"
	"net/url"
	"slices"
	"time"
)

// pageView is what the page shows: one view, and in the chats one chat with one order.
type pageView struct {
	Host      string
	View      string // chats, ledger, traffic, faults, help
	Tabs      []tab
	Number    string // to write to before there is a chat
	Endpoints []endpoint

	Chats []chatRow
	Chat  *chatView
	Order *orderView
	// Picked and OrderPicked tell what the address names from what is shown beside it where
	// there is room.
	Picked, OrderPicked bool

	Ledger  ledgerView
	Traffic trafficView
	Faults  faultsView
}

type tab struct {
	Name, Title, Href string
	Current           bool
	Count             int
}

// shown is how many rows a list on the page has at most.
const shown = 200

func (w *world) page(q url.Values, now time.Time) pageView {
	v := pageView{View: q.Get("view"), Number: DefaultNumber}
	switch v.View {
	case "ledger", "traffic", "faults", "help":
	default:
		v.View = "chats"
	}
	v.Tabs = w.tabs(v.View)
	switch v.View {
	case "chats":
		w.fillChats(&v, q, now)
	case "ledger":
		v.Ledger = w.ledgerView()
	case "traffic":
		v.Traffic = w.trafficView()
	case "faults":
		v.Faults = w.faultsView()
	}
	return v
}

func (w *world) tabs(current string) []tab {
	active := 0
	for _, f := range w.Faults {
		if f.Active() {
			active++
		}
	}
	tabs := []tab{
		{Name: "chats", Title: "Chats", Href: "/"},
		{Name: "ledger", Title: "Ledger", Href: "/?view=ledger"},
		{Name: "traffic", Title: "Traffic", Href: "/?view=traffic"},
		{Name: "faults", Title: "Faults", Href: "/?view=faults", Count: active},
		{Name: "help", Title: "Help", Href: "/?view=help"},
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Name == current
	}
	return tabs
}

// chatRow is one line of the list of chats.
type chatRow struct {
	Customer
	Title   string
	Initial string
	Tone    int // which of the colours
	Last    string
	At      time.Time
	Href    string
	Current bool
	Due     int // orders that wait for the customer
	WinOpen bool
}

// fillChats finds the chats, the one to show, and its order.
func (w *world) fillChats(v *pageView, q url.Values, now time.Time) {
	v.Chats = w.chatRows(now)
	if len(v.Chats) == 0 {
		return
	}
	current := slices.IndexFunc(v.Chats, func(c chatRow) bool {
		return c.Number == q.Get("number") && c.Phone == q.Get("phone")
	})
	v.Picked = current >= 0
	row := &v.Chats[max(current, 0)]
	row.Current = true
	v.Chat = w.chatView(row, now)

	ref := q.Get("order")
	v.OrderPicked = v.Picked && ref != ""
	if !v.OrderPicked {
		ref = w.latestOrder(row.Number, row.Phone)
	}
	if o, ok := w.orders[orderKey{row.Number, ref}]; ok && o.Phone == row.Phone {
		v.Order = w.orderView(o, now)
	} else {
		v.OrderPicked = false
	}
}

// chatRows are the customers, the one with the latest message first.
func (w *world) chatRows(now time.Time) []chatRow {
	rows := make(map[customerKey]*chatRow, len(w.Customers))
	for _, c := range w.Customers {
		rows[customerKey{c.Number, c.Phone}] = newChatRow(c, now)
	}
	for _, m := range w.Messages {
		r := rows[customerKey{m.Number, m.Phone}]
		r.Last, r.At = summary(m), m.At
	}
	for _, o := range w.Orders {
		if w.unpayable(o, Attempt{}, now) == "" {
			rows[customerKey{o.Number, o.Phone}].Due++
		}
	}
	out := make([]chatRow, 0, len(rows))
	for _, c := range w.Customers {
		out = append(out, *rows[customerKey{c.Number, c.Phone}])
	}
	slices.SortStableFunc(out, func(a, b chatRow) int { return b.At.Compare(a.At) })
	return out[:min(len(out), shown)]
}

func newChatRow(c *Customer, now time.Time) *chatRow {
	r := &chatRow{Customer: *c, Title: c.Name, At: c.Since, WinOpen: c.open(now), Href: chatHref(c.Number, c.Phone, "")}
	if r.Title == "" {
		r.Title = prettyPhone(c.Phone)
	}
	r.Initial = "#"
	if c.Name != "" {
		r.Initial = string([]rune(c.Name)[:1])
	}
	for _, d := range c.Phone {
		r.Tone = (r.Tone*7 + int(d)) % 6
	}
	return r
}

func chatHref(number, phone, order string) string {
	q := url.Values{"number": {number}, "phone": {phone}}
	if order != "" {
		q.Set("order", order)
	}
	return "/?" + q.Encode()
}

// summary is a message in one line.
func summary(m *Message) string {
	if m.State == "failed" {
		return "Not delivered: " + m.Details
	}
	switch m.Kind {
	case OrderDetails:
		return "Order " + m.Reference
	case OrderStatus:
		return "Order " + m.Reference + " is " + statusWords(m.Status)
	case TemplateMessage:
		return "Template " + m.Template
	}
	return m.Body
}

func (w *world) latestOrder(number, phone string) string {
	for _, o := range slices.Backward(w.Orders) {
		if o.Number == number && o.Phone == phone {
			return o.Reference
		}
	}
	return ""
}

// chatView is one chat as the customer sees it.
type chatView struct {
	chatRow
	Closes  time.Time // end of the 24-hour window
	Bubbles []bubble
	Earlier int // messages that are not shown
	Latest  string
}

// bubble is one message. Order is the order it is about.
type bubble struct {
	Message
	DOM     string
	Own     bool // written by the customer
	Day     string
	Order   *Order
	Href    string
	Payable bool
	Text    string // of a template, filled in
	Paid    bool
	Failed  bool
}

func (w *world) chatView(row *chatRow, now time.Time) *chatView {
	v := &chatView{chatRow: *row, Closes: row.LastWrote.Add(window)}
	var theirs []*Message
	for _, m := range w.Messages {
		if m.Number == row.Number && m.Phone == row.Phone {
			theirs = append(theirs, m)
		}
	}
	v.Earlier = max(len(theirs)-shown, 0)
	day := ""
	for i, m := range theirs[v.Earlier:] {
		b := w.bubble(m, now)
		b.DOM = "m" + itoa(v.Earlier+i)
		if d := m.At.In(india).Format("2 January 2006"); d != day {
			b.Day, day = d, d
		}
		v.Bubbles = append(v.Bubbles, b)
		v.Latest = summary(m)
	}
	return v
}

func (w *world) bubble(m *Message, now time.Time) bubble {
	b := bubble{Message: *m, Own: m.Kind == Inbound, Failed: m.State == "failed"}
	if o, ok := w.orders[orderKey{m.Number, m.Reference}]; ok && o.Phone == m.Phone {
		b.Href = chatHref(m.Number, m.Phone, m.Reference)
		b.Payable = w.unpayable(o, Attempt{}, now) == ""
		b.Paid = o.Payment.Status == payCaptured
		c := o.clone() // the template reads it when the lock is gone
		b.Order = &c
	}
	if m.Template != "" {
		b.Text = w.templateText(m)
	}
	return b
}

func statusWords(s string) string {
	if s == "partially_shipped" {
		return "partially shipped"
	}
	return s
}

// ledgerView is the money.
type ledgerView struct {
	Entries            []Entry // latest first
	Captured, Refunded int64
}

func (w *world) ledgerView() ledgerView {
	var v ledgerView
	for _, e := range w.Ledger {
		switch e.Kind {
		case "capture":
			v.Captured += e.Amount
		case "refund":
			v.Refunded += e.Amount
		case "refund_failed":
			v.Refunded -= e.Amount
		}
	}
	v.Entries = latest(w.Ledger)
	return v
}

// Balance is what is left of what was captured.
func (v ledgerView) Balance() int64 { return v.Captured - v.Refunded }

// latest returns the last rows of a list, the last one first.
func latest[T any](all []T) []T {
	out := slices.Clone(all[max(len(all)-shown, 0):])
	slices.Reverse(out)
	return out
}

// trafficView is what went over the wire.
type trafficView struct {
	Callbacks []callbackRow
	Webhooks  []Webhook
	Requests  []Request
}

type callbackRow struct{ Number, URL string }

func (w *world) trafficView() trafficView {
	v := trafficView{Webhooks: latest(copies(w.Webhooks)), Requests: latest(copies(w.requests))}
	for number, u := range w.Callbacks {
		if u != "" {
			v.Callbacks = append(v.Callbacks, callbackRow{number, u})
		}
	}
	slices.SortFunc(v.Callbacks, func(a, b callbackRow) int { return cmp.Compare(a.Number, b.Number) })
	return v
}
