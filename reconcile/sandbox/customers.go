package sandbox

import "time"

// window is how long after a customer's last message a business may write freely.
const window = 24 * time.Hour

// Customer is one person who chats with one business number.
type Customer struct {
	Number string    `json:"phone_number_id"`
	Phone  string    `json:"phone"`
	Name   string    `json:"name,omitempty"`
	Since  time.Time `json:"since"`
	// LastWrote is when the customer last wrote; zero: never, or the window was closed by
	// hand.
	LastWrote time.Time `json:"last_wrote,omitzero"`
}

// open reports whether the 24-hour window is open at now.
func (c *Customer) open(now time.Time) bool {
	return !c.LastWrote.IsZero() && now.Before(c.LastWrote.Add(window))
}

// customer returns the customer with this phone. One who is not known yet has just
// written, unless the rules say otherwise.
func (w *world) customer(number, phone string, now time.Time) *Customer {
	key := customerKey{number, phone}
	if c, ok := w.people[key]; ok {
		return c
	}
	c := &Customer{Number: number, Phone: phone, Since: now}
	if !w.Rules.WindowStartsClosed {
		c.LastWrote = now
	}
	w.people[key] = c
	w.Customers = append(w.Customers, c)
	return c
}

// setWindow opens or closes the window of a customer towards one number, or towards all
// that know the customer; one nobody knows yet is made known to the number.
func (w *world) setWindow(number, phone string, open bool, now time.Time) {
	found := false
	for _, c := range w.Customers {
		if c.Phone == phone && (number == "" || c.Number == number) {
			found = true
			c.LastWrote = time.Time{}
			if open {
				c.LastWrote = now
			}
		}
	}
	if found {
		return
	}
	if number == "" {
		number = DefaultNumber
	}
	c := w.customer(number, phone, now)
	c.LastWrote = time.Time{}
	if open {
		c.LastWrote = now
	}
}

// write is a message from the customer, which opens the window.
func (w *world) write(number, phone, name, text string, now time.Time) *Message {
	c := w.customer(number, phone, now)
	c.LastWrote = now
	if name != "" {
		c.Name = name
	}
	m := &Message{
		ID: w.wamid(phone), Number: number, Phone: phone, Kind: Inbound, Body: text,
		State: "received", At: now, UpdatedAt: now,
	}
	w.record(m)
	w.callInbound(c, m, now)
	return m
}
