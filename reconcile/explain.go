package reconcile

import (
	"context"
	"fmt"
	"time"

	"github.com/hisab/hisab/spec"
)

// Explanation says where an order stands and where it can go, from the same tables that
// plan and apply decide with.
type Explanation struct {
	Ref       string
	Reference string // the current one
	Desired   spec.Status
	Status    spec.Status
	Sent      bool
	Payment   PaymentState
	Looked    time.Time // the latest look at the current bill's payment; zero: never
	Change    Change
	Moves     []MoveAnswer
}

// MoveAnswer says of one status whether the order could take it now.
type MoveAnswer struct {
	To     spec.Status
	Result Effect // Act: it would be sent now
	Code   string
	Detail string
	Source string // of the rule that decides
}

// Observe makes the looks at one order that a plan would make, and adds them to what is known
// of it; it writes nothing. An error is of the first look that failed: what have holds then
// is as much as could be seen.
func Observe(ctx context.Context, w *World, want *spec.Order, have *Observed, t Terms) error {
	var failed error
	for _, l := range Looks(want, have, t) {
		if other, err := w.anothers(ctx, have.Ref, l); err != nil {
			return fmt.Errorf("read the state: %w", err)
		} else if other {
			continue
		}
		pay, err := w.lookup(ctx, l.Account, l.Key)
		switch {
		case err == nil:
			Absorb(have, pay)
		case failed == nil:
			failed = fmt.Errorf("%s could not be looked up: %w", l.Key.Reference, err)
		}
	}
	return failed
}

// Explain answers for every status, or for one where to is not empty. want is nil for an
// order that left the spec.
func Explain(want *spec.Order, have *Observed, to spec.Status, t Terms) Explanation {
	x := Explanation{Ref: have.Ref, Status: have.Status(), Payment: have.Current().state()}
	if want == nil {
		if have.Standing == Managed { // what is archived or forgotten is left alone
			x.Change = DiffRemoved(have, "", t).Change
		}
		want = remnant(have, "left the spec")
	} else {
		x.Desired = want.Status
		x.Change = Diff(want, have, t)
	}
	f := newFacts(want, have, t)
	x.Sent, x.Reference = f.sent, want.ReferenceID
	if f.bill != nil {
		x.Reference = f.bill.Reference
		if f.bill.Look != nil {
			x.Looked = f.bill.Look.At
		}
	}
	for _, s := range spec.Statuses {
		if to == "" || to == s {
			x.Moves = append(x.Moves, f.couldBe(s))
		}
	}
	return x
}

// couldBe asks the status table about one status as if it were the declared one. What was
// not sent yet is judged as if it had been.
func (f *facts) couldBe(to spec.Status) MoveAnswer {
	if f.want.Kind == spec.KindInvoice && to != spec.Pending && !to.Terminal() {
		return MoveAnswer{To: to, Result: Block, Code: "invoice_status", Source: "language, invoice: no fulfilment statuses",
			Detail: "an invoice is paid or canceled; only an order is shipped"}
	}
	g := *f
	g.target, g.sent = to, true
	row := first(statusRows, &g)
	m := MoveAnswer{To: to, Result: row.Result, Code: row.Code, Source: row.Source}
	if row.detail != nil {
		m.Detail = row.detail(&g)
	}
	switch {
	case to == g.status:
		m.Detail = "it is " + string(to) + " now"
	case row.Result == Act:
		if mv, ok := FindMove(g.status, to); ok {
			m.Source = mv.Source
			if mv.Back {
				m.Detail = "goes back, which is legal"
			}
		}
	case row.Code == "terminal_status" || row.Code == "cannot_return_to_pending":
		m.Detail += fmt.Sprintf("; from %s the legal steps are: %s", g.status, list(movesFrom(g.status)))
	}
	return m
}

func list(ss []spec.Status) string {
	if len(ss) == 0 {
		return "none"
	}
	text := ""
	for i, s := range ss {
		if i > 0 {
			text += ", "
		}
		text += string(s)
	}
	return text
}
