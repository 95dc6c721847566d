package sandbox

import (
	"net/http"
	"time"
)

// Kind is what a message is.
type Kind string

// The kinds of messages. Inbound is one that the customer wrote.
const (
	OrderDetails    Kind = "order_details"
	OrderStatus     Kind = "order_status"
	TemplateMessage Kind = "template"
	TextMessage     Kind = "text"
	Inbound         Kind = "inbound"
)

// Message is one message between a business number and a customer.
type Message struct {
	ID        string    `json:"id"` // wamid
	Number    string    `json:"phone_number_id"`
	Phone     string    `json:"phone"` // the customer's
	Kind      Kind      `json:"kind"`
	Reference string    `json:"reference_id,omitempty"`
	Status    string    `json:"order_status,omitempty"` // an order_status asks for
	Note      string    `json:"description,omitempty"`
	Header    *Image    `json:"header,omitempty"`
	Body      string    `json:"body,omitempty"`
	Footer    string    `json:"footer,omitempty"`
	Template  string    `json:"template,omitempty"`
	Language  string    `json:"language,omitempty"`
	Params    []string  `json:"parameters,omitempty"`
	Opaque    string    `json:"biz_opaque_callback_data,omitempty"`
	State     string    `json:"state"`             // accepted, sent, delivered, read, failed
	Code      int       `json:"code,omitempty"`    // why it failed
	Details   string    `json:"details,omitempty"` // the same in words
	At        time.Time `json:"at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// send lets a valid message take effect, or refuses it.
func (w *world) send(number string, d draft, now time.Time) (*Message, *graphError) {
	if d.to == number {
		return nil, refuse(131021, "the recipient is the business number itself")
	}
	if err := w.admit(number, d.to, now); err != nil {
		return nil, err
	}
	if err := w.checkTemplate(d.template); err != nil {
		return nil, err
	}
	c := w.customer(number, d.to, now)
	m := w.newMessage(number, d, now)
	if d.template == nil && !c.open(now) {
		if !w.Rules.AsyncWindowErrors {
			return nil, refuse(131047, "more than 24 hours have passed since the customer last wrote to this number")
		}
		w.record(m)
		w.failLater(m, 131047, now)
		return m, nil
	}
	if err := w.take(m, d, now); err != nil {
		return nil, err
	}
	return m, nil
}

// take is what the message does to the order it is about.
func (w *world) take(m *Message, d draft, now time.Time) *graphError {
	switch d.kind {
	case OrderDetails:
		if err := w.placeOrder(m, *d.details, now); err != nil {
			return err
		}
	case OrderStatus:
		return w.changeStatus(m, now)
	}
	w.record(m)
	w.receipts(m, now)
	return nil
}

func (w *world) newMessage(number string, d draft, now time.Time) *Message {
	m := &Message{
		ID: w.wamid(d.to), Number: number, Phone: d.to, Kind: d.kind, Opaque: d.opaque,
		Header: d.header, Body: d.body, Footer: d.footer, State: "accepted", At: now, UpdatedAt: now,
	}
	if d.details != nil {
		m.Reference = d.details.ReferenceID
	}
	if d.status != nil {
		m.Reference, m.Status, m.Note = d.status.Reference, d.status.Status, d.status.Description
	}
	if d.template != nil {
		m.Template, m.Language, m.Params = d.template.name, d.template.language, d.template.body
	}
	return m
}

func (w *world) record(m *Message) {
	w.Messages = append(w.Messages, m)
	w.msgs[m.ID] = m
}

// receipts schedules what webhooks will say of a message that goes through.
func (w *world) receipts(m *Message, now time.Time) {
	t := w.opts.Timing
	w.later(t.Sent, now, event{Kind: progress, Message: m.ID, State: "sent"})
	w.later(t.Delivered, now, event{Kind: progress, Message: m.ID, State: "delivered"})
	w.later(t.Read, now, event{Kind: progress, Message: m.ID, State: "read"})
}

// later schedules e, which happens at once without a delay and never with a negative one.
func (w *world) later(delay time.Duration, now time.Time, e event) {
	if delay < 0 {
		return
	}
	e.At = now.Add(delay)
	if delay == 0 {
		w.happen(e)
		return
	}
	w.schedule(e)
}

// failLater lets an accepted message fail with a code, as a webhook will say.
func (w *world) failLater(m *Message, code int, now time.Time) {
	w.later(max(w.opts.Timing.Sent, 0), now, event{Kind: progress, Message: m.ID, State: "failed", Code: code})
}

// progress moves a message on and calls the business back.
func (w *world) progress(m *Message, state string, code int, at time.Time) {
	if m == nil || m.State == "failed" {
		return
	}
	m.State, m.UpdatedAt = state, at
	if code != 0 {
		m.Code, m.Details = code, refuse(code, "").Title
	}
	w.callMessageStatus(m, at)
}

// messageReply is the answer to a message that was accepted.
func messageReply(m *Message, input string) reply {
	return jsonReply(http.StatusOK, map[string]any{
		"messaging_product": "whatsapp",
		"contacts":          []map[string]string{{"input": input, "wa_id": m.Phone}},
		"messages":          []map[string]string{{"id": m.ID}},
	})
}
