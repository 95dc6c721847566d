package sqlite

import (
	"errors"
	"strings"
	"testing"

	"github.com/hisab/hisab/reconcile"
)

// Every read goes by an index, and none sorts: cost grows with what is asked for, not with
// what is kept.
func TestQueryPlans(t *testing.T) {
	s := openNew(t)
	tb := &s.tables
	type plan struct{ query, want string }
	plans := []plan{
		{selectTimeline, "USING INDEX events_of_order"},
		{selectRefunded, "USING INDEX refunds_by_claim"},
		{selectApprovals, "USING INDEX approvals_by_time"},
		{selectName, "USING INTEGER PRIMARY KEY"},
	}
	for _, x := range []*table{tb.orders, tb.bills, tb.attempts, tb.refunds, tb.marks} {
		plans = append(plans, plan{x.selectAll(), "SCAN " + x.name}, plan{x.selectOne(), "USING PRIMARY KEY"})
	}
	for _, p := range plans {
		rows, err := s.readers.db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+p.query, "x")
		if err != nil {
			rows, err = s.readers.db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+p.query)
		}
		if err != nil {
			t.Fatal(err)
		}
		var steps []string
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			steps = append(steps, detail)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(steps, "; ")
		if !strings.Contains(got, p.want) || strings.Contains(got, "TEMP B-TREE") || (p.want[0] == 'U' && strings.Contains(got, "SCAN")) {
			t.Errorf("%s\nruns as %s; want %s", p.query, got, p.want)
		}
	}
}

// A refusal names what is taken.
func TestTakenNamesWhat(t *testing.T) {
	s := openNew(t)
	open := func(id string) reconcile.Attempt {
		return reconcile.Attempt{ID: id, Kind: reconcile.KindRefund, Reference: "A", State: reconcile.Held}
	}
	if _, err := s.Update(t.Context(), "A", func(o *reconcile.Observed) error {
		o.Bills = []reconcile.Bill{{Reference: "A", Seq: 1}, {Reference: "A-2", Seq: 2}}
		o.Attempts = []reconcile.Attempt{open("a-1"),
			{ID: "s-1", Kind: reconcile.KindStatus, State: reconcile.Sending},
			{ID: "r-1", Kind: reconcile.KindRefund, State: reconcile.Settled, Result: "rfnd-9"}}
		o.Refunds = []reconcile.RefundSeen{{ID: "rfnd-1", State: reconcile.RefundPending}}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		ref  string
		do   func(*reconcile.Observed)
		want string
	}{
		{"A-2", func(o *reconcile.Observed) { o.PaidOffline = 1 }, "reference A-2 belongs to another order"},
		{"B", func(o *reconcile.Observed) { o.Bills = []reconcile.Bill{{Reference: "A", Seq: 1}} }, "reference A belongs to another order"},
		{"B", func(o *reconcile.Observed) { o.Bills = []reconcile.Bill{{Reference: "A-2", Seq: 1}} }, "reference A-2 belongs to another order"},
		{"B", func(o *reconcile.Observed) {
			o.Attempts = []reconcile.Attempt{{ID: "s-1", Kind: reconcile.KindSend, State: reconcile.Ready}}
		}, "attempt s-1 is another order's"},
		{"A", func(o *reconcile.Observed) { o.Attempts = append(o.Attempts, open("a-2")) }, "payment A has a refund whose outcome is not known"},
		{"A", func(o *reconcile.Observed) {
			o.Attempts = append(o.Attempts, reconcile.Attempt{ID: "s-2", Kind: reconcile.KindStatus, State: reconcile.Sending})
		}, "order A has an order_status whose outcome is not known"},
		{"B", func(o *reconcile.Observed) {
			o.Attempts = []reconcile.Attempt{{ID: "r-2", Kind: reconcile.KindRefund, State: reconcile.Settled, Result: "rfnd-9"}}
		}, "refund rfnd-9 is the outcome of another attempt"},
		{"B", func(o *reconcile.Observed) {
			o.Refunds = []reconcile.RefundSeen{{ID: "rfnd-1", State: reconcile.RefundPending}}
		}, "refund rfnd-1 belongs to another order"},
	} {
		_, err := s.Update(t.Context(), c.ref, func(o *reconcile.Observed) error { c.do(o); return nil })
		if !errors.Is(err, reconcile.ErrTaken) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("refused with %v; want %q", err, c.want)
		}
	}
	_, err := s.Update(t.Context(), "B", func(o *reconcile.Observed) error {
		o.Bills = []reconcile.Bill{{Reference: "B", Seq: 1, Total: -1}}
		return nil
	})
	if err == nil || errors.Is(err, reconcile.ErrTaken) || !strings.Contains(err.Error(), "bills of order B") {
		t.Errorf("a negative total: %v", err)
	}
}
