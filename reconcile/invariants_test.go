package reconcile_test

import (
	"context"
	"slices"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// check holds the journal and the ledger against the invariants (reliability 7).
func (s *shop) check() {
	s.t.Helper()
	requests := map[string]int{}
	for _, e := range s.platform.ledger {
		if !e.failed {
			requests[e.intent]++
		}
	}
	for intent, n := range requests {
		if n > 1 {
			s.t.Errorf("I1: %d effects of the attempt %s", n, intent)
		}
	}
	owners := map[string]string{}
	for o, err := range s.store.All(context.Background()) {
		if err != nil {
			s.t.Fatal(err)
		}
		s.checkAttempts(o, requests)
		s.checkPayments(o)
		for _, a := range o.Attempts {
			if a.Kind != reconcile.KindRefund || a.Result == "" {
				continue
			}
			if other := owners[a.Result]; other != "" {
				s.t.Errorf("I6: refund %s belongs to %s and %s", a.Result, other, a.ID)
			}
			owners[a.Result] = a.ID
		}
	}
	s.checkStatuses()
}

func (s *shop) checkAttempts(o *reconcile.Observed, requests map[string]int) {
	s.t.Helper()
	open := map[string]int{}
	for _, a := range o.Attempts {
		switch a.State {
		case reconcile.Rejected, reconcile.Ready:
			if requests[a.ID] > 0 && a.Delivery != reconcile.FailedOnRoute {
				s.t.Errorf("I3: %s %s is %s, and it happened", a.Kind, a.ID, a.State)
			}
		case reconcile.Settled:
			if a.Kind == reconcile.KindRefund {
				s.checkSettled(a)
			}
		}
		moves := a.Kind == reconcile.KindStatus || a.Kind == reconcile.KindReplace
		if !a.State.Open() {
			continue
		}
		if a.Kind == reconcile.KindRefund {
			if open[a.Reference]++; open[a.Reference] > 1 {
				s.t.Errorf("I5: two refunds of %s in doubt", a.Reference)
			}
		}
		if moves {
			if open["status"]++; open["status"] > 1 {
				s.t.Errorf("I9: two order_status of %s in doubt", o.Ref)
			}
		}
	}
}

func (s *shop) checkSettled(a reconcile.Attempt) {
	s.t.Helper()
	for _, e := range s.platform.ledger {
		if e.op == onRefund && e.id == a.Result {
			if e.intent != a.ID || e.amount != a.Amount || e.reference != a.Reference {
				s.t.Errorf("I2: %s is settled as %s, which is of %s over %d", a.ID, e.id, e.intent, e.amount)
			}
			return
		}
	}
	s.t.Errorf("I2: %s is settled as %s, which never happened", a.ID, a.Result)
}

func (s *shop) checkPayments(o *reconcile.Observed) {
	s.t.Helper()
	for reference, b := range s.platform.bills {
		back, ours := b.back(), spec.Amount(0)
		for _, a := range o.Attempts {
			if a.Kind == reconcile.KindRefund && a.Reference == reference && (a.State == reconcile.Settled && !b.failed(a.Result) || a.State.Open()) {
				ours += a.Amount
			}
		}
		if paid := b.total; b.payment == reconcile.Captured && (back > paid || ours > paid) {
			s.t.Errorf("I4: %d given back and %d asked for of %d on %s", back, ours, paid, reference)
		}
	}
}

// failed reports whether a refund was taken, and failed later.
func (b *bill) failed(id string) bool {
	return slices.ContainsFunc(b.refunds, func(r reconcile.RefundSeen) bool { return r.ID == id && r.State == reconcile.RefundFailed })
}

// checkStatuses walks each bill's order_status messages as the platform took them. One that
// repeats the last is the second of two, of which the first was in doubt.
func (s *shop) checkStatuses() {
	s.t.Helper()
	at := map[string]spec.Status{}
	for _, e := range s.platform.ledger {
		switch {
		case e.op == onBill && !e.failed:
			at[e.reference] = spec.Pending
		case e.op == onStatus && e.illegal == 2046 && at[e.reference] != e.status:
			s.t.Errorf("I8: %s went from %s to %s", e.reference, at[e.reference], e.status)
		case e.op == onStatus && e.illegal == 0 && !e.failed:
			at[e.reference] = e.status
		}
	}
}
