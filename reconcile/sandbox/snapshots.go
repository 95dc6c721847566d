package sandbox

import "slices"

// Orders returns a copy of all orders, in the order in which they were sent.
func (s *Server) Orders() []Order {
	var out []Order
	s.view(func(w *world) {
		for _, o := range w.Orders {
			out = append(out, o.clone())
		}
	})
	return out
}

// Order returns a copy of the order with a reference; false if there is none, or more than
// one number has it.
func (s *Server) Order(reference string) (out Order, ok bool) {
	s.view(func(w *world) {
		if o, err := w.find("", reference); err == nil {
			out, ok = o.clone(), true
		}
	})
	return out, ok
}

func (o *Order) clone() Order {
	c := *o
	c.History = slices.Clone(o.History)
	c.Past = slices.Clone(o.Past) // what is past no longer changes
	c.Payment = o.Payment.clone()
	return c
}

// Messages returns a copy of all messages, oldest first.
func (s *Server) Messages() (out []Message) {
	s.view(func(w *world) { out = copies(w.Messages) })
	return out
}

// Ledger returns all movements of money, oldest first.
func (s *Server) Ledger() (out []Entry) {
	s.view(func(w *world) { out = slices.Clone(w.Ledger) })
	return out
}

// Webhooks returns a copy of the latest webhooks, oldest first.
func (s *Server) Webhooks() (out []Webhook) {
	s.view(func(w *world) { out = copies(w.Webhooks) })
	return out
}

// Requests returns a copy of the latest requests to the Graph API, oldest first.
func (s *Server) Requests() (out []Request) {
	s.view(func(w *world) { out = copies(w.requests) })
	return out
}

// Faults returns a copy of the faults, those that are spent included.
func (s *Server) Faults() (out []Fault) {
	s.view(func(w *world) { out = copies(w.Faults) })
	return out
}

// Customers returns a copy of everybody who chats with a business number.
func (s *Server) Customers() (out []Customer) {
	s.view(func(w *world) { out = copies(w.Customers) })
	return out
}

// copies returns the values behind pointers; an empty list is not nil, so that it is []
// in JSON.
func copies[T any](ps []*T) []T {
	out := make([]T, len(ps))
	for i, p := range ps {
		out[i] = *p
	}
	return out
}
