package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Webhook is one call back to the business. It is posted until it is answered with 200.
type Webhook struct {
	ID        string          `json:"id"`
	Number    string          `json:"phone_number_id"`
	Kind      string          `json:"kind"`   // message, payment, inbound
	Status    string          `json:"status"` // sent … failed; captured, pending
	Reference string          `json:"reference_id,omitempty"`
	MessageID string          `json:"message_id,omitempty"`
	Body      json.RawMessage `json:"body"`
	Forged    bool            `json:"forged,omitempty"` // signed with a wrong secret
	URL       string          `json:"url"`
	State     string          `json:"state"` // waiting, delivered, lost, batched, no_url, gave_up
	Attempts  int             `json:"attempts"`
	// LastStatus and LastError are what the latest attempt came to.
	LastStatus int       `json:"last_status,omitempty"`
	LastError  string    `json:"last_error,omitempty"`
	CreatedAt  time.Time `json:"created_at"`
	NextAt     time.Time `json:"next_at,omitzero"`
	// Reordered holds it back until another one was delivered, Batched until it can go
	// along in another one's body.
	Reordered bool `json:"reordered,omitempty"`
	Batched   bool `json:"batched,omitempty"`
}

// keptWebhooks is how many finished webhooks are remembered.
const keptWebhooks = 2000

// companyWait is how long a webhook that is held back waits for another one.
const companyWait = time.Minute

func (h *Webhook) waiting() bool { return h.State == "waiting" }

// callMessageStatus tells the business how far a message got.
func (w *world) callMessageStatus(m *Message, at time.Time) {
	status := map[string]any{
		"id":           m.ID,
		"status":       m.State,
		"timestamp":    strconv.FormatInt(at.Unix(), 10),
		"recipient_id": m.Phone,
	}
	if m.Opaque != "" {
		status["biz_opaque_callback_data"] = m.Opaque
	}
	if m.State == "failed" {
		e := refuse(m.Code, "")
		status["errors"] = []any{map[string]any{
			"code": e.Code, "title": e.Title, "message": e.Title,
			"error_data": map[string]any{"details": e.Title},
			"href":       "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
		}}
	}
	w.call(&Webhook{Number: m.Number, Kind: "message", Status: m.State, Reference: m.Reference, MessageID: m.ID},
		map[string]any{"statuses": []any{status}}, at)
}

// callPayment tells the business of an attempt to pay, or of a refund.
func (w *world) callPayment(o *Order, t *Transaction, at time.Time) {
	status := w.paymentStatus(o, t, w.paymentWord(&o.Payment), at)
	w.call(&Webhook{Number: o.Number, Kind: "payment", Status: w.paymentWord(&o.Payment), Reference: o.Reference},
		map[string]any{"statuses": []any{status}}, at)
}

func (w *world) paymentStatus(o *Order, t *Transaction, word string, at time.Time) map[string]any {
	payment := map[string]any{
		"reference_id": o.Reference,
		"amount":       wireAmount(t.Amount),
		"currency":     t.Currency,
		"transaction":  w.transaction(t),
	}
	maps.Copy(payment, o.Details.way().echo)
	if refunds := w.refunds(o.Payment.Transactions...); len(refunds) > 0 {
		payment["refunds"] = refunds
	}
	return map[string]any{
		"id":           w.webhookID(),
		"recipient_id": o.Phone,
		"timestamp":    strconv.FormatInt(at.Unix(), 10),
		"type":         "payment",
		"status":       word,
		"payment":      payment,
	}
}

// callInbound tells the business what a customer wrote.
func (w *world) callInbound(c *Customer, m *Message, at time.Time) {
	w.call(&Webhook{Number: m.Number, Kind: "inbound", Status: "received", MessageID: m.ID}, map[string]any{
		"contacts": []any{map[string]any{"profile": map[string]any{"name": c.Name}, "wa_id": c.Phone}},
		"messages": []any{map[string]any{
			"from": c.Phone, "id": m.ID, "timestamp": strconv.FormatInt(at.Unix(), 10),
			"type": "text", "text": map[string]any{"body": m.Body},
		}},
	}, at)
}

// call queues a webhook with one change, after the faults had their say.
func (w *world) call(h *Webhook, value map[string]any, at time.Time) {
	value["messaging_product"] = "whatsapp"
	value["metadata"] = map[string]any{"display_phone_number": h.Number, "phone_number_id": h.Number}
	body := envelope([]any{map[string]any{
		"id":      w.opts.WABA,
		"changes": []any{map[string]any{"field": "messages", "value": value}},
	}})
	h.Body, h.CreatedAt, h.NextAt, h.State = body, at, at, "waiting"
	h.URL = w.callback(h.Number)
	if h.URL == "" {
		h.State = "no_url" // Meta keeps no history of them either
		w.add(h)
		return
	}
	held := w.held(h.URL)
	for _, early := range held {
		if early.Batched {
			w.dequeue(early)
			early.State, h.Body = "batched", merge(early.Body, h.Body)
		}
	}
	w.addFaulty(h, at)
	w.release(held, at)
}

func (w *world) callback(number string) string {
	if url := w.Callbacks[number]; url != "" {
		return url
	}
	return w.Callbacks[""]
}

// envelope is the body of a webhook with its entries.
func envelope(entries any) json.RawMessage {
	b, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": entries})
	if err != nil {
		panic(fmt.Sprintf("sandbox: a webhook of its own is no JSON: %v", err))
	}
	return b
}

// merge puts the entries of one webhook before those of another.
func merge(first, second json.RawMessage) json.RawMessage {
	var a, b struct {
		Entry []json.RawMessage `json:"entry"`
	}
	if err := errors.Join(json.Unmarshal(first, &a), json.Unmarshal(second, &b)); err != nil {
		panic(fmt.Sprintf("sandbox: a webhook of its own is no JSON: %v", err))
	}
	return envelope(append(a.Entry, b.Entry...))
}

// held takes out the webhooks that wait for another one to this address.
func (w *world) held(url string) (out []*Webhook) {
	w.lonely = slices.DeleteFunc(w.lonely, func(h *Webhook) bool {
		if h.URL == url && h.waiting() {
			out = append(out, h)
		}
		return h.URL == url || !h.waiting()
	})
	return out
}

// release lets reordered webhooks go, behind all that are due at the same time.
func (w *world) release(held []*Webhook, at time.Time) {
	for _, h := range held {
		if h.Reordered {
			w.dequeue(h)
			h.Reordered, h.NextAt = false, at
			w.enqueue(h)
		}
	}
}

// addFaulty queues h, or what a fault makes of it.
func (w *world) addFaulty(h *Webhook, at time.Time) {
	f := w.takeFault("webhook", subject{reference: h.Reference, kind: h.Kind, status: h.Status})
	if f == nil {
		w.add(h)
		return
	}
	switch f.What {
	case "lost":
		h.State = "lost"
	case "delayed":
		h.NextAt = at.Add(f.Delay)
	case "reordered":
		h.Reordered, h.NextAt = true, at.Add(companyWait)
		w.lonely = append(w.lonely, h)
	case "batched":
		h.Batched, h.NextAt = true, at.Add(companyWait)
		w.lonely = append(w.lonely, h)
	}
	w.add(h)
	switch f.What {
	case "duplicate":
		twin := *h
		w.add(&twin)
	case "forged":
		twin := *h
		twin.Forged, twin.Body = true, forgedBody(h.Body)
		w.add(&twin)
	}
}

// add records h and queues it where it is to be posted.
func (w *world) add(h *Webhook) {
	h.ID = "wh-" + strconv.FormatUint(w.next(), 10)
	w.Webhooks = append(w.Webhooks, h)
	if len(w.Webhooks) > max(w.trimAt, 2*keptWebhooks) {
		w.Webhooks = trimWebhooks(w.Webhooks)
		w.trimAt = len(w.Webhooks) + keptWebhooks // those that wait cannot be forgotten
	}
	if h.waiting() {
		w.enqueue(h)
	}
}

// trimWebhooks forgets the oldest that are finished.
func trimWebhooks(all []*Webhook) []*Webhook {
	surplus := len(all) - keptWebhooks
	return slices.DeleteFunc(all, func(h *Webhook) bool {
		if surplus > 0 && !h.waiting() {
			surplus--
			return true
		}
		return false
	})
}

func (w *world) enqueue(h *Webhook) {
	i, _ := slices.BinarySearchFunc(w.queue, h.NextAt, func(q *Webhook, at time.Time) int {
		if q.NextAt.After(at) {
			return 1
		}
		return -1 // behind all of the same time
	})
	w.queue = slices.Insert(w.queue, i, h)
}

func (w *world) dequeue(h *Webhook) {
	if i := slices.Index(w.queue, h); i >= 0 {
		w.queue = slices.Delete(w.queue, i, i+1)
	}
}

// forge queues a webhook that nobody but its sender vouches for: it claims an order to be
// paid and is signed with a wrong secret.
func (w *world) forge(o *Order, at time.Time) {
	t := &Transaction{
		OrderID: "order_forged", PaymentID: "pay_forged", Gateway: orDefault(o.Payment.Gateway, "razorpay"),
		Status: stateSuccess, Method: "upi", Amount: o.Details.Total.Value, Currency: o.Details.Currency,
		CreatedAt: at, UpdatedAt: at,
	}
	status := w.paymentStatus(o, t, payCaptured, at)
	w.call(&Webhook{Number: o.Number, Kind: "payment", Status: payCaptured, Reference: o.Reference, Forged: true},
		map[string]any{"statuses": []any{status}}, at)
}
