package crash

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hisab/hisab/cmd/internal/kill"
	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sandbox"
)

// check holds the journal against what the platform saw and did (reliability 7).
func (s *shop) check(state *wire.State) {
	s.t.Helper()
	e := &kill.Evidence{
		Requests: s.asked(), Messages: s.platform.Messages(), Orders: s.platform.Orders(), Ledger: s.platform.Ledger(),
		Journal: s.journal(state), Log: map[string][]reconcile.Event{}, Reported: s.told,
		Private: []string{"Asha", "9876543210", token},
	}
	for _, o := range e.Journal {
		events, err := state.Timeline(context.Background(), o.Ref)
		if err != nil {
			s.t.Fatal(err)
		}
		e.Log[o.Ref] = events
	}
	for _, v := range kill.Check(e) {
		s.t.Error(v)
	}
}

// recovered checks what the next process finds: a database that is whole, and a journal that
// is true.
func (s *shop) recovered(state *wire.State) {
	s.t.Helper()
	if err := state.Store.(interface{ Check(context.Context) error }).Check(context.Background()); err != nil {
		s.t.Error(err)
	}
	s.check(state)
}

// effect is the id of what an attempt did on the platform; empty: nothing. A story has one
// refund, so every one in the ledger is of it.
func (s *shop) effect(ref string, a *reconcile.Attempt) string {
	if a.Kind == reconcile.KindRefund {
		for _, e := range s.platform.Ledger() {
			if e.Kind == "refund" {
				return e.ID
			}
		}
		return ""
	}
	for _, m := range s.platform.Messages() {
		if m.State != "failed" && m.Opaque == reconcile.Opaque(ref, a.ID) {
			return m.ID
		}
	}
	return ""
}

// history is what the journal and the platform say of a shop, for whoever has to find out what
// went wrong in it.
func (s *shop) history() string {
	p := s.start(&fate{})
	defer p.end()
	var lines []string
	for _, o := range s.journal(p.state) {
		events, err := p.state.Timeline(context.Background(), o.Ref)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, e := range events {
			lines = append(lines, fmt.Sprintf("%s  log       %s %s by %s: %s", e.At.Format(time.TimeOnly), e.Name, e.Attempt, e.Incarnation, e.Detail))
		}
	}
	for _, m := range s.platform.Messages() {
		lines = append(lines, fmt.Sprintf("%s  platform  %s %s %s of %s is %s", m.At.Format(time.TimeOnly), m.Kind, m.Reference, m.Status, m.Opaque, m.State))
	}
	for _, e := range s.platform.Ledger() {
		lines = append(lines, fmt.Sprintf("%s  platform  %s %s of %d", e.At.Format(time.TimeOnly), e.Kind, e.ID, e.Amount))
	}
	return strings.Join(lines, "\n")
}

// refunds counts what was given back.
func (s *shop) refunds() (n int) {
	for _, e := range s.platform.Ledger() {
		if e.Kind == "refund" {
			n++
		}
	}
	return n
}

// messages counts those of a kind about a reference that the customer got.
func (s *shop) messages(kind sandbox.Kind, reference string) (n int) {
	for _, m := range s.platform.Messages() {
		if m.Kind == kind && m.Reference == reference && m.State != "failed" {
			n++
		}
	}
	return n
}

// stands is how the platform has an order.
func (s *shop) stands(reference string) string {
	o, ok := s.platform.Order(reference)
	if !ok {
		return "unknown"
	}
	return o.Status
}
