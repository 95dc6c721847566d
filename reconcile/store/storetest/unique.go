package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

type change = func(*reconcile.Observed)

// always makes a change an f that never fails.
func always(c change) func(*reconcile.Observed) error {
	return func(o *reconcile.Observed) error { c(o); return nil }
}

func bills(bs ...reconcile.Bill) change {
	return func(o *reconcile.Observed) { o.Bills = append(o.Bills, bs...) }
}

func attempts(as ...reconcile.Attempt) change {
	return func(o *reconcile.Observed) { o.Attempts = append(o.Attempts, as...) }
}

func refunds(rs ...reconcile.RefundSeen) change {
	return func(o *reconcile.Observed) { o.Refunds = append(o.Refunds, rs...) }
}

func in(state reconcile.AttemptState, a reconcile.Attempt) reconcile.Attempt {
	a.State = state
	return a
}

func as(id string, a reconcile.Attempt) reconcile.Attempt {
	a.ID = id
	return a
}

func with(result string, a reconcile.Attempt) reconcile.Attempt {
	a.Result = result
	return a
}

// replace is the cancel that begins a replace; its second half, the new bill, is no
// order_status.
func replace(ref string, to spec.Status, state reconcile.AttemptState) reconcile.Attempt {
	return reconcile.Attempt{ID: "replace-" + ref + string(to), Kind: reconcile.KindReplace, Reference: ref, To: to, State: state}
}

// uniqueness: each rule of reconcile.Store.Update, and that it refuses no more than it says.
func uniqueness(t *testing.T, f Factory) {
	for _, c := range []struct {
		name  string
		setup map[string]change
		ref   string // order that is updated
		do    change
		taken bool
	}{
		{"a later bill's reference is another order's",
			map[string]change{"A": bills(bill("A", 1))}, "B", bills(bill("B", 1), bill("A", 2)), true},
		{"a bill's reference is the first of an order without bills",
			map[string]change{"A": func(o *reconcile.Observed) { o.Standing = reconcile.Managed }}, "B", bills(bill("A", 1)), true},
		{"a new order's first reference is a later one of another",
			map[string]change{"A": bills(bill("A", 1), bill("A-2", 2))}, "A-2", func(o *reconcile.Observed) { o.Standing = reconcile.Managed }, true},
		{"two bills of one order under one reference",
			nil, "A", bills(bill("A", 1), bill("A", 2)), true},
		{"two bills with one number",
			nil, "A", bills(bill("A", 1), bill("A-2", 1)), true},
		{"a further bill of its own",
			map[string]change{"A": bills(bill("A", 1))}, "A", bills(bill("A-2", 2)), false},
		{"references differ in case",
			map[string]change{"A": bills(bill("A", 1))}, "a", bills(bill("a", 1)), false},

		{"an attempt id of another order",
			map[string]change{"A": attempts(sent("A"))}, "B", attempts(as("send-A-1", sent("B"))), true},
		{"an attempt id twice in one order",
			map[string]change{"A": attempts(sent("A"))}, "A", attempts(sent("A")), true},

		{"a refund id of another order",
			map[string]change{"A": refunds(seen("A", "r1"))}, "B", refunds(seen("B", "r1")), true},
		{"a refund id twice in one order",
			nil, "A", refunds(seen("A", "r1"), seen("A", "r1")), true},
		{"two attempts with one refund",
			map[string]change{"A": attempts(with("r1", in(reconcile.Settled, refund("A", "x"))))}, "B",
			attempts(with("r1", in(reconcile.Settled, refund("B", "x")))), true},
		{"refunds without an id",
			map[string]change{"A": attempts(in(reconcile.Rejected, refund("A", "x")))}, "A",
			attempts(in(reconcile.Rejected, refund("A", "y"))), false},
		{"messages with one id",
			map[string]change{"A": attempts(sent("A"))}, "B", attempts(sent("B")), false},

		{"a refund while one is sending", openRefund(reconcile.Sending), "A", attempts(in(reconcile.Sending, refund("A", "y"))), true},
		{"a refund while one is unknown", openRefund(reconcile.Undecided), "A", attempts(in(reconcile.Sending, refund("A", "y"))), true},
		{"a refund while one is held", openRefund(reconcile.Held), "A", attempts(in(reconcile.Sending, refund("A", "y"))), true},
		{"a refund that becomes open while one is unknown",
			map[string]change{"A": attempts(in(reconcile.Undecided, refund("A", "x")), in(reconcile.Ready, refund("A", "y")))}, "A",
			func(o *reconcile.Observed) { o.Attempts[1].State = reconcile.Sending }, true},
		{"a refund that waits while one is unknown", openRefund(reconcile.Undecided), "A", attempts(in(reconcile.Ready, refund("A", "y"))), false},
		{"a refund after a settled one", openRefund(reconcile.Settled), "A", attempts(in(reconcile.Sending, refund("A", "y"))), false},
		{"a refund after a rejected one", openRefund(reconcile.Rejected), "A", attempts(in(reconcile.Sending, refund("A", "y"))), false},
		{"a refund after a closed one", openRefund(reconcile.Closed), "A", attempts(in(reconcile.Sending, refund("A", "y"))), false},
		{"a refund after an abandoned one", openRefund(reconcile.Abandoned), "A", attempts(in(reconcile.Sending, refund("A", "y"))), false},
		{"a refund of the order's other payment", openRefund(reconcile.Held), "A", attempts(in(reconcile.Sending, refund("A-2", "y"))), false},
		{"a refund that follows one that ends in the same update", openRefund(reconcile.Held), "A",
			func(o *reconcile.Observed) {
				o.Attempts = append(o.Attempts, in(reconcile.Sending, refund("A", "y")))
				o.Attempts[0].State = reconcile.Closed
			}, false},
		{"a refund that opens before one that ends in the same update",
			map[string]change{"A": attempts(in(reconcile.Ready, refund("A", "x")), in(reconcile.Held, refund("A", "y")))}, "A",
			func(o *reconcile.Observed) {
				o.Attempts[0].State, o.Attempts[1].State = reconcile.Sending, reconcile.Settled
			}, false},

		{"a status while one is sending", openStatus(reconcile.Sending), "A", attempts(status("A", 2, spec.Shipped, reconcile.Sending)), true},
		{"a status while one is unknown", openStatus(reconcile.Undecided), "A", attempts(status("A", 2, spec.Shipped, reconcile.Sending)), true},
		{"a status while one is held", openStatus(reconcile.Held), "A", attempts(status("A", 2, spec.Shipped, reconcile.Sending)), true},
		{"a status of the other bill while one is unknown", openStatus(reconcile.Undecided), "A",
			func(o *reconcile.Observed) {
				a := status("A", 2, spec.Shipped, reconcile.Sending)
				a.Reference = "A-2"
				o.Attempts = append(o.Attempts, a)
			}, true},
		{"a cancel for a replace while a status is unknown", openStatus(reconcile.Undecided), "A", attempts(replace("A", spec.Canceled, reconcile.Sending)), true},
		{"a status while the cancel for a replace is unknown",
			map[string]change{"A": attempts(replace("A", spec.Canceled, reconcile.Undecided))}, "A",
			attempts(status("A", 2, spec.Shipped, reconcile.Sending)), true},
		{"a status after a settled one", openStatus(reconcile.Settled), "A", attempts(status("A", 2, spec.Shipped, reconcile.Sending)), false},
		{"a status of another order", openStatus(reconcile.Undecided), "B", attempts(status("B", 2, spec.Shipped, reconcile.Sending)), false},
		{"a refund while a status is unknown", openStatus(reconcile.Undecided), "A", attempts(in(reconcile.Sending, refund("A", "y"))), false},
		{"a message while a status is unknown", openStatus(reconcile.Undecided), "A", attempts(in(reconcile.Sending, sent("A"))), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, f)
			for ref, setup := range c.setup {
				update(t, s, ref, setup)
			}
			before, _, _ := s.Get(context.Background(), c.ref)
			_, err := s.Update(context.Background(), c.ref, func(o *reconcile.Observed) error {
				c.do(o)
				o.News = append(o.News, event(c.ref, "tried", 1))
				return nil
			})
			if errors.Is(err, reconcile.ErrTaken) != c.taken || (err != nil) != c.taken {
				t.Fatalf("error %v; refused as taken: want %v", err, c.taken)
			}
			if !c.taken {
				return
			}
			after, _, _ := s.Get(context.Background(), c.ref)
			same(t, "a refused update saved something", after, before)
			if events, _ := s.Timeline(context.Background(), c.ref); len(events) > 0 {
				t.Errorf("a refused update wrote the log: %v", events)
			}
		})
	}
}

func openRefund(state reconcile.AttemptState) map[string]change {
	return map[string]change{"A": attempts(in(state, refund("A", "x")))}
}

func openStatus(state reconcile.AttemptState) map[string]change {
	return map[string]change{"A": attempts(status("A", 1, spec.Processing, state))}
}

// kept: an attempt that was begun and a refund that was seen are never lost, not even by an
// update that leaves them out.
func kept(t *testing.T, f Factory) {
	for _, c := range []struct {
		name string
		lose change
	}{
		{"first attempt", func(o *reconcile.Observed) { o.Attempts = o.Attempts[1:] }},
		{"attempts", func(o *reconcile.Observed) { o.Attempts = nil }},
		{"last refund", func(o *reconcile.Observed) { o.Refunds = o.Refunds[:1] }},
		{"refund's id", func(o *reconcile.Observed) { o.Refunds[0].ID = "other" }},
	} {
		s := open(t, f)
		update(t, s, "A", fill)
		before := get(t, s, "A")
		if _, err := s.Update(context.Background(), "A", always(c.lose)); err == nil {
			t.Errorf("an update without its %s was saved", c.name)
		}
		same(t, "after an update without its "+c.name, get(t, s, "A"), before)
	}
}
