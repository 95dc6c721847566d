package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
)

// endpoint is one line of the control API.
type endpoint struct {
	Pattern string
	Help    string
	handle  http.HandlerFunc
}

// endpoints are the control API below /_sandbox, as JSON.
func (s *Server) endpoints() []endpoint {
	return []endpoint{
		{"GET /_sandbox/state", "everything: orders, messages, ledger, webhooks, requests, faults", s.getState},
		{"GET /_sandbox/orders", "orders with their payments", list(s.Orders)},
		{"GET /_sandbox/messages", "messages", list(s.Messages)},
		{"GET /_sandbox/customers", "who chats, and since when the 24-hour window is open", list(s.Customers)},
		{"GET /_sandbox/ledger", "every capture and refund", list(s.Ledger)},
		{"GET /_sandbox/webhooks", "webhooks and how often they were posted", list(s.Webhooks)},
		{"GET /_sandbox/requests", "requests to the Graph API with their raw bodies", list(s.Requests)},
		{"GET /_sandbox/faults", "faults", list(s.Faults)},
		{"GET /_sandbox/rules", "the rules in force", func(w http.ResponseWriter, _ *http.Request) { respond(w, s.Rules()) }},
		{"POST /_sandbox/pay", `pay: {"reference_id", "method", "gateway", "amount", "force"}`, act(s.Pay)},
		{"POST /_sandbox/pending", `leave a payment pending: {"reference_id", "method"}`, act(s.Pending)},
		{"POST /_sandbox/fail", `let a payment fail: {"reference_id", "code", "reason"}`, act(s.Fail)},
		{"POST /_sandbox/cancel", `the customer gives up: {"reference_id", "final"}`, act(s.CancelByCustomer)},
		{"POST /_sandbox/manual_refund", `a refund made at the gateway: {"reference_id", "amount"}`, answerID(s.ManualRefund)},
		{"POST /_sandbox/refund_outcome", `{"id", "status": "success" or "failed"}`, act(s.postOutcome)},
		{"POST /_sandbox/window", `close or open the 24-hour window: {"phone", "open"}`, act(s.postWindow)},
		{"POST /_sandbox/write", `the customer writes: {"phone_number_id", "phone", "name", "text"}`, answerID(s.postWrite)},
		{"POST /_sandbox/sample", "send a sample order: {}", answerID(func(struct{}) (string, error) { return s.Sample() })},
		{"POST /_sandbox/forge", `a forged webhook claims payment: {"reference_id"}`, act(s.postForge)},
		{"POST /_sandbox/webhook", `where webhooks go: {"url", "phone_number_id", "verify_token"}`, s.postWebhook},
		{"POST /_sandbox/rules", "change rules; those left out stay", s.postRules},
		{"POST /_sandbox/faults", `inject: {"where", "what", "times", "reference_id", "delay": "5s", …}`, answerID(s.Inject)},
		{"DELETE /_sandbox/faults/{id}", "remove a fault", s.deleteFault},
		{"DELETE /_sandbox/faults", "remove all faults", s.deleteFault},
		{"POST /_sandbox/reset", "forget orders, messages, ledger, faults: {}", act(func(struct{}) error { return s.Reset() })},
	}
}

// maxControl bounds the body of a control request.
const maxControl = 4 << 20

// act handles an action that answers nothing but whether it worked.
func act[T any](f func(T) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		in, err := decode[T](w, r)
		if err == nil {
			err = f(in)
		}
		if err != nil {
			respondError(w, err)
			return
		}
		respond(w, map[string]bool{"ok": true})
	}
}

// answerID handles an action that makes something with an id.
func answerID[T any](f func(T) (string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		in, err := decode[T](w, r)
		var id string
		if err == nil {
			id, err = f(in)
		}
		if err != nil {
			respondError(w, err)
			return
		}
		respond(w, map[string]string{"id": id})
	}
}

func list[T any](f func() []T) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if out := f(); out != nil {
			respond(w, out)
			return
		}
		respond(w, []T{})
	}
}

// decode reads a body as exactly one JSON value without unknown fields.
func decode[T any](w http.ResponseWriter, r *http.Request) (v T, err error) {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControl))
	if err != nil {
		return v, badAction("read body: %v", err)
	}
	err = decodeInto(b, &v)
	return v, err
}

func decodeInto(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return badAction("the body is not what is expected here: %v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return badAction("the body has more after its JSON value")
	}
	return nil
}

func respond(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a caller that has gone away is no business of ours
}

func respondError(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	var bad *ActionError
	if errors.As(err, &bad) {
		status = bad.Status
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}

func (s *Server) getState(w http.ResponseWriter, _ *http.Request) {
	respond(w, map[string]any{
		"orders": nonNil(s.Orders()), "messages": s.Messages(), "customers": s.Customers(),
		"ledger": nonNil(s.Ledger()), "webhooks": s.Webhooks(), "requests": s.Requests(),
		"faults": s.Faults(), "rules": s.Rules(),
	})
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (s *Server) postOutcome(in struct {
	ID     string `json:"id"`
	Status string `json:"status"`
}) error {
	return s.RefundOutcome(in.ID, in.Status)
}

func (s *Server) postWindow(in struct {
	Number string `json:"phone_number_id"`
	Phone  string `json:"phone"`
	Open   bool   `json:"open"`
}) error {
	return s.Window(in.Number, in.Phone, in.Open)
}

func (s *Server) postWrite(in struct {
	Number string `json:"phone_number_id"`
	Phone  string `json:"phone"`
	Name   string `json:"name"`
	Text   string `json:"text"`
}) (string, error) {
	return s.Write(orDefault(in.Number, DefaultNumber), in.Phone, in.Name, in.Text)
}

func (s *Server) postForge(in struct {
	Number    string `json:"phone_number_id"`
	Reference string `json:"reference_id"`
}) error {
	return s.Forge(in.Number, in.Reference)
}

func (s *Server) postRules(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControl))
	rules := s.Rules()
	if err == nil {
		err = decodeInto(b, &rules)
	}
	if err == nil {
		err = s.SetRules(rules)
	}
	if err != nil {
		respondError(w, err)
		return
	}
	respond(w, rules)
}

func (s *Server) deleteFault(w http.ResponseWriter, r *http.Request) {
	if err := s.RemoveFault(r.PathValue("id")); err != nil {
		respondError(w, err)
		return
	}
	respond(w, map[string]bool{"ok": true})
}

func isHTTP(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
