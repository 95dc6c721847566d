// Package providertest is the exam that every provider adapter sits. It stands in for the
// platform with a server that answers, breaks off, stalls and misleads in every way a
// network or a platform can, and holds the adapter to the promises of reconcile.Provider:
// one request a call, every doubt Unknown, no secret and nothing personal in an error.
package providertest

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// Exam describes the adapter under test. All fields but Refusals are required.
type Exam struct {
	// New returns the adapter for a platform at baseURL, http or https on a loopback
	// address, that gives a request up after timeout.
	New func(baseURL string, timeout time.Duration) reconcile.Provider
	// Secrets must reach the platform and never an error.
	Secrets []string
	// Personal are texts of Message that must never reach an error.
	Personal []string

	Key     reconcile.PaymentKey
	Message reconcile.Message
	Refund  reconcile.RefundRequest

	// Good answers, each to its operation, with status 200.
	LookupAnswer, MessageAnswer, RefundAnswer string
	// Refusals are answers whose meaning the platform documents.
	Refusals []Refusal
}

// Refusal is a documented answer and the classes it must have. An empty class is not
// examined.
type Refusal struct {
	Name                    string
	Status                  int
	Body                    string
	Lookup, Message, Refund reconcile.Class
}

// operation is one of the adapter's three methods.
type operation struct {
	name string
	good string
	call func(context.Context, reconcile.Provider) error
}

func (x *Exam) operations() []operation {
	return []operation{
		{"lookup", x.LookupAnswer, func(ctx context.Context, p reconcile.Provider) error {
			_, err := p.Lookup(ctx, x.Key)
			return err
		}},
		{"send", x.MessageAnswer, func(ctx context.Context, p reconcile.Provider) error {
			_, err := p.Send(ctx, x.Message)
			return err
		}},
		{"refund", x.RefundAnswer, func(ctx context.Context, p reconcile.Provider) error {
			_, err := p.Refund(ctx, x.Refund)
			return err
		}},
	}
}

// How long an adapter gets for a request that has to run into its deadline, and
// generous for one that has not.
const (
	short    = 150 * time.Millisecond
	generous = 10 * time.Second
	sanest   = time.Hour // the longest hint to wait that may be believed
)

// Run holds the adapter to the whole exam.
func (x *Exam) Run(t *testing.T) {
	for _, op := range x.operations() {
		t.Run(op.name, func(t *testing.T) {
			x.answers(t, op)
			x.connections(t, op)
			x.content(t, op)
			x.refusals(t, op)
			x.redirects(t, op)
			x.contexts(t, op)
		})
	}
	t.Run("refund connection", x.refundConnection)
}

// answers examines the one case in which all is well.
func (x *Exam) answers(t *testing.T, op operation) {
	t.Run("good answer", func(t *testing.T) {
		p := newPlatform(t, reply(http.StatusOK, op.good))
		if err := op.call(t.Context(), x.New(p.url, generous)); err != nil {
			t.Fatalf("a good answer gave an error: %v", err)
		}
		p.wantRequests(t, 1)
		x.judgeRequest(t, p.requests()[0])
	})
}

// judgeRequest examines what every request has in common.
func (x *Exam) judgeRequest(t *testing.T, r request) {
	t.Helper()
	for _, h := range []string{"Idempotency-Key", "X-Idempotency-Key", "Expect"} {
		if r.header.Get(h) != "" {
			t.Errorf("the request carries %s, with which net/http would repeat or delay it", h)
		}
	}
	if r.proto != "HTTP/1.1" {
		t.Errorf("the request came as %s, want HTTP/1.1", r.proto)
	}
	for _, s := range x.Secrets {
		if !r.holds(s) {
			t.Errorf("a secret did not reach the platform")
		}
	}
}

// fails makes the call and judges its error.
func (x *Exam) fails(t *testing.T, ctx context.Context, op operation, p reconcile.Provider, want ...reconcile.Class) *reconcile.CallError {
	t.Helper()
	err := op.call(ctx, p)
	if err == nil {
		t.Fatalf("no error, want one of class %v", want)
	}
	var call *reconcile.CallError
	if !errors.As(err, &call) {
		t.Fatalf("error is a %T, want a *reconcile.CallError: %v", err, err)
	}
	x.judgeError(t, err, call)
	for _, w := range want {
		if call.Class == w {
			return call
		}
	}
	t.Fatalf("class %q, want %v: %v", call.Class, want, err)
	return nil
}
