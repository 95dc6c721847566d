package sandbox

import (
	"io"
	"slices"
	"time"
)

// world is everything that exists in the sandbox and the rules it obeys. It knows no HTTP,
// no lock and no clock: the time is passed in, and what happens later is in its queue.
type world struct {
	State
	opts   *Options
	rand   io.Reader
	orders map[orderKey]*Order
	msgs   map[string]*Message
	people map[customerKey]*Customer
	// byRef finds an order without its number, refunded a refund by its id.
	byRef    map[string][]*Order
	refunded map[string]refundPlace
	queue    []*Webhook // those still to be posted, by time
	lonely   []*Webhook // those of them that wait for another one
	trimAt   int        // how many Webhooks there may be before the old ones are forgotten
	pace     pace
	requests []*Request // the latest ones, for the page and for tests
}

// State is what survives a restart.
type State struct {
	Format    int               `json:"format"`
	Rules     Rules             `json:"rules"`
	Callbacks map[string]string `json:"callbacks"` // business number → webhook URL; "" for all
	Customers []*Customer       `json:"customers"`
	Orders    []*Order          `json:"orders"`
	Messages  []*Message        `json:"messages"`
	Ledger    []Entry           `json:"ledger"`
	Webhooks  []*Webhook        `json:"webhooks"`
	Faults    []*Fault          `json:"faults"`
	Due       []event           `json:"due"`
	Seq       uint64            `json:"seq"`
}

type orderKey struct{ number, reference string }
type customerKey struct{ number, phone string }

// stateFormat is the version of State on disk.
const stateFormat = 1

func newWorld(o *Options, st State) *world {
	w := &world{State: st, opts: o, rand: o.Rand}
	if w.Format == 0 { // nothing was saved: a saved state goes on by the rules that it had
		w.Format, w.Rules = stateFormat, o.Rules
	}
	if w.Callbacks == nil {
		w.Callbacks = map[string]string{}
	}
	if o.WebhookURL != "" {
		w.Callbacks[""] = o.WebhookURL
	}
	w.index()
	return w
}

// index builds the maps that find things by name.
func (w *world) index() {
	w.orders = make(map[orderKey]*Order, len(w.Orders))
	w.msgs = make(map[string]*Message, len(w.Messages))
	w.people = make(map[customerKey]*Customer, len(w.Customers))
	w.byRef = make(map[string][]*Order, len(w.Orders))
	w.refunded = map[string]refundPlace{}
	w.queue, w.lonely = nil, nil
	w.pace = pace{}
	for _, o := range w.Orders {
		w.indexOrder(o)
	}
	for _, h := range w.Webhooks {
		if h.waiting() {
			w.enqueue(h)
		}
		if h.waiting() && (h.Reordered || h.Batched) {
			w.lonely = append(w.lonely, h)
		}
	}
	for _, m := range w.Messages {
		w.msgs[m.ID] = m
	}
	for _, c := range w.Customers {
		w.people[customerKey{c.Number, c.Phone}] = c
	}
}

func (w *world) indexOrder(o *Order) {
	w.orders[orderKey{o.Number, o.Reference}] = o
	w.byRef[o.Reference] = append(w.byRef[o.Reference], o)
	for _, t := range o.Payment.Transactions {
		for _, r := range t.Refunds {
			w.refunded[r.ID] = refundPlace{o, t, r}
		}
	}
}

// reset forgets everything but the rules and the callbacks.
func (w *world) reset() {
	w.State = State{Format: stateFormat, Rules: w.Rules, Callbacks: w.Callbacks, Seq: w.Seq}
	w.requests = nil
	w.index()
}

// next returns a number that grows with every call, also over restarts.
func (w *world) next() uint64 {
	w.Seq++
	return w.Seq
}

// event is something that happens by itself at its time.
type event struct {
	At      time.Time `json:"at"`
	Seq     uint64    `json:"seq"`
	Kind    eventKind `json:"kind"`
	Message string    `json:"message,omitempty"` // wamid
	State   string    `json:"state,omitempty"`   // of the message or the refund
	Code    int       `json:"code,omitempty"`    // why it failed
	Refund  string    `json:"refund,omitempty"`
	Request *call     `json:"request,omitempty"`
}

type eventKind string

const (
	judgeStatus   eventKind = "judge"   // an order_status is allowed or refused
	progress      eventKind = "message" // a message is sent, delivered, read, failed
	refundOutcome eventKind = "refund"  // a refund becomes success or failed
	lateRequest   eventKind = "request" // a request takes effect long after it was dropped
)

// schedule puts e in the queue, after others of the same time.
func (w *world) schedule(e event) {
	e.Seq = w.next()
	i, _ := slices.BinarySearchFunc(w.Due, e, func(a, b event) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return int(int64(a.Seq - b.Seq))
	})
	w.Due = slices.Insert(w.Due, i, e)
}

// settle lets happen what is due at now and reports whether anything did.
func (w *world) settle(now time.Time) bool {
	happened := false
	for len(w.Due) > 0 && !w.Due[0].At.After(now) {
		e := w.Due[0]
		w.Due = w.Due[1:]
		w.happen(e)
		happened = true
	}
	return happened
}

func (w *world) happen(e event) {
	switch e.Kind {
	case judgeStatus:
		w.judge(w.msgs[e.Message], e.At)
	case progress:
		w.progress(w.msgs[e.Message], e.State, e.Code, e.At)
	case refundOutcome:
		w.finishRefund(e.Refund, e.State, e.At)
	case lateRequest:
		w.perform(e.Request, e.At)
	}
}
