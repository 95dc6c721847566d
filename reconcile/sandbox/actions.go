package sandbox

import (
	"fmt"
	"time"
)

// ActionError is why something asked of the sandbox, not of the Graph API, cannot be done.
type ActionError struct {
	Status  int // the HTTP status of the control API
	Message string
}

func (e *ActionError) Error() string { return e.Message }

func badAction(f string, args ...any) error { return &ActionError{400, fmt.Sprintf(f, args...)} }
func notFound(f string, args ...any) error  { return &ActionError{404, fmt.Sprintf(f, args...)} }
func conflict(f string, args ...any) error  { return &ActionError{409, fmt.Sprintf(f, args...)} }

// Pay is the customer paying an order; an attempt that was left pending succeeds.
func (s *Server) Pay(a Attempt) error {
	return s.change(func(w *world, now time.Time) error { return w.pay(a, now) })
}

// Pending is the customer beginning to pay, with no outcome yet.
func (s *Server) Pending(a Attempt) error {
	return s.change(func(w *world, now time.Time) error { return w.leavePending(a, now) })
}

// Fail is an attempt to pay that fails; the customer can try again.
func (s *Server) Fail(a Attempt) error {
	return s.change(func(w *world, now time.Time) error { return w.failAttempt(a, now) })
}

// CancelByCustomer is the customer giving up an attempt; for good if a.Final.
func (s *Server) CancelByCustomer(a Attempt) error {
	return s.change(func(w *world, now time.Time) error { return w.cancelByCustomer(a, now) })
}

// GatewayRefund is a refund made by hand at the gateway. Its amount is in paise.
type GatewayRefund struct {
	Number    string `json:"phone_number_id,omitempty"`
	Reference string `json:"reference_id"`
	Amount    int64  `json:"amount"`
	Speed     string `json:"speed,omitempty"`
}

// ManualRefund refunds by hand at the gateway and returns the refund's id.
func (s *Server) ManualRefund(g GatewayRefund) (id string, err error) {
	err = s.change(func(w *world, now time.Time) error {
		o, err := w.find(g.Number, g.Reference)
		if err != nil {
			return err
		}
		if g.Amount <= 0 {
			return badAction("amount %d: must be paise, more than zero", g.Amount)
		}
		t, refused := refundable(o, g.Amount)
		if refused != nil {
			return conflict("%s", refused.Details)
		}
		r := w.giveBack(o, t, g.Amount, orDefault(g.Speed, "normal"), "gateway", now)
		id = r.ID
		return nil
	})
	return id, err
}

// RefundOutcome gives a refund its outcome now: "success" or "failed". One that has failed
// stays so.
func (s *Server) RefundOutcome(id, state string) error {
	return s.change(func(w *world, now time.Time) error {
		if state != stateSuccess && state != stateFailed {
			return badAction("outcome %q: must be success or failed", state)
		}
		if _, ok := w.refunded[id]; !ok {
			return notFound("no refund %q", id)
		}
		if !w.finishRefund(id, state, now) {
			return conflict("refund %s has failed or is %s already", id, state)
		}
		return nil
	})
}

// Window opens or closes the 24-hour window of a customer.
func (s *Server) Window(number, phone string, open bool) error {
	return s.change(func(w *world, now time.Time) error {
		digits, err := phoneDigits(phone)
		if err == nil {
			w.setWindow(number, digits, open, now)
		}
		return err
	})
}

// Write is the customer writing to a business number, which opens the window.
func (s *Server) Write(number, phone, name, text string) (id string, err error) {
	err = s.change(func(w *world, now time.Time) error {
		digits, err := phoneDigits(phone)
		if err != nil {
			return err
		}
		if text == "" || len(text) > 4096 {
			return badAction("text: must have 1 to 4096 bytes")
		}
		if !idSegment().MatchString(number) {
			return badAction("phone_number_id %q: must be digits", number)
		}
		id = w.write(number, digits, name, text, now).ID
		return nil
	})
	return id, err
}

func phoneDigits(phone string) (string, error) {
	if !phonePattern().MatchString(phone) {
		return "", badAction("phone: must be 8 to 15 digits with the country code")
	}
	if phone[0] == '+' {
		phone = phone[1:]
	}
	return phone, nil
}

// Inject puts a fault in place and returns its id.
func (s *Server) Inject(f Fault) (id string, err error) {
	err = s.change(func(w *world, _ time.Time) error {
		id, err = w.inject(f)
		return err
	})
	return id, err
}

// RemoveFault takes a fault away, or all of them if id is empty.
func (s *Server) RemoveFault(id string) error {
	return s.change(func(w *world, _ time.Time) error {
		kept := w.Faults[:0:0]
		for _, f := range w.Faults {
			if id != "" && f.ID != id {
				kept = append(kept, f)
			}
		}
		if id != "" && len(kept) == len(w.Faults) {
			return notFound("no fault %q", id)
		}
		w.Faults = kept
		return nil
	})
}

// Forge sends a webhook, with a wrong signature, that claims an order to be paid.
func (s *Server) Forge(number, reference string) error {
	return s.change(func(w *world, now time.Time) error {
		o, err := w.find(number, reference)
		if err == nil {
			w.forge(o, now)
		}
		return err
	})
}

// SetWebhook sets where webhooks of a business number go; an empty number means every one
// without its own, an empty url nowhere.
func (s *Server) SetWebhook(number, url string) error {
	return s.change(func(w *world, _ time.Time) error {
		if url != "" && !isHTTP(url) {
			return badAction("url %q: must be an http or https address", url)
		}
		w.Callbacks[number] = url
		return nil
	})
}

// Rules returns the rules in force.
func (s *Server) Rules() (r Rules) {
	s.view(func(w *world) { r = w.Rules })
	return r
}

// SetRules puts other rules in force.
func (s *Server) SetRules(r Rules) error {
	return s.change(func(w *world, _ time.Time) error {
		switch r.NotFound {
		case "", "error", "404", "empty":
			w.Rules = r
			return nil
		}
		return badAction("not_found %q: must be error, 404 or empty", r.NotFound)
	})
}

// Reset forgets everything but the rules and the webhook addresses.
func (s *Server) Reset() error {
	return s.change(func(w *world, _ time.Time) error {
		w.reset()
		return nil
	})
}
