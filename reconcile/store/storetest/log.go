package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// timeline: the log of one order in the order written, whatever the clocks said.
func timeline(t *testing.T, f Factory) {
	s := open(t, f)
	var want []reconcile.Event
	for i, minute := range []int{5, 3, 9, 9, 1} {
		e, second := event("A", "looked", minute), event("A", "claimed", minute)
		second.Attempt, second.Incarnation, second.Fence, second.Detail = "", "", 0, ""
		want = append(want, e, second)
		update(t, s, "A", func(o *reconcile.Observed) { o.News = append(o.News, e, second) })
		update(t, s, "B", func(o *reconcile.Observed) { o.News = append(o.News, event("B", "looked", i)) })
	}
	got, err := s.Timeline(context.Background(), "A")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "timeline", got, want)
	if got, err := s.Timeline(context.Background(), "C"); len(got) > 0 || err != nil {
		t.Errorf("timeline of an unknown order: %v, %v", got, err)
	}
}

// approvals: the latest for each action, for ApprovalLife.
func approvals(t *testing.T, f Factory) {
	s := open(t, f)
	ctx := context.Background()
	if as, err := s.Approvals(ctx); err != nil || len(as) > 0 {
		t.Fatalf("approvals of an empty store: %v, %v", as, err)
	}
	ago := func(d time.Duration) time.Time { return Now().Add(-d) }
	const life = reconcile.ApprovalLife
	for _, batch := range [][]reconcile.Approval{
		{
			{Action: "fresh", Who: "asha", Reason: "ok", At: ago(0)},
			{Action: "nearly over", Who: "asha", Reason: "", At: ago(life - time.Second)},
			{Action: "just over", Who: "asha", Reason: "ok", At: ago(life)},
			{Action: "long over", Who: "asha", Reason: "ok", At: ago(10 * life)},
			{Action: "renewed", Who: "asha", Reason: "ok", At: ago(2 * life)},
			{Action: "twice", Who: "asha", Reason: "first", At: ago(time.Hour)},
		},
		{
			{Action: "renewed", Who: "ravi", Reason: "again", At: ago(time.Hour)},
			{Action: "twice", Who: "ravi", Reason: "second", At: ago(time.Minute)},
		},
		nil,
	} {
		if err := s.Approve(ctx, batch); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Approvals(ctx)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "approvals in force", got, map[string]reconcile.Approval{
		"fresh":       {Action: "fresh", Who: "asha", Reason: "ok", At: ago(0)},
		"nearly over": {Action: "nearly over", Who: "asha", At: ago(life - time.Second)},
		"renewed":     {Action: "renewed", Who: "ravi", Reason: "again", At: ago(time.Hour)},
		"twice":       {Action: "twice", Who: "ravi", Reason: "second", At: ago(time.Minute)},
	})
	if err := s.Approve(ctx, []reconcile.Approval{{Action: "half", At: Now()}, {Action: "", At: Now()}}); err == nil {
		t.Error("an approval of nothing was recorded")
	}
	if again, _ := s.Approvals(ctx); len(again) != len(got) {
		t.Error("half of a refused list of approvals was recorded")
	}
}

// plans: a plan is spent once.
func plans(t *testing.T, f Factory) {
	s := open(t, f)
	for _, c := range []struct {
		id    string
		first bool
	}{{"p", true}, {"p", false}, {"q", true}, {"P", true}, {"p", false}} {
		if first, err := s.SpendPlan(context.Background(), c.id, Now()); first != c.first || err != nil {
			t.Errorf("spend %s: %v, %v; want %v", c.id, first, err, c.first)
		}
	}
}

// refundedSince: what was claimed since then and did not provably fail.
func refundedSince(t *testing.T, f Factory) {
	s := open(t, f)
	claim := func(label string, state reconcile.AttemptState, amount spec.Amount, claimed time.Time) reconcile.Attempt {
		a := in(state, refund("X", label)) // each on a payment of its own
		a.ID, a.Reference, a.Amount, a.ClaimedAt = label, label, amount, claimed
		return a
	}
	since := at(0)
	update(t, s, "A", attempts(
		claim("early", reconcile.Settled, 1, since.Add(-time.Millisecond)),
		claim("at once", reconcile.Settled, 10, since),
		claim("sending", reconcile.Sending, 100, at(1)),
		claim("unknown", reconcile.Undecided, 1_000, at(1)),
		claim("held", reconcile.Held, 10_000, at(1)),
		claim("abandoned", reconcile.Abandoned, 100_000, at(1)),
		claim("ready", reconcile.Ready, 7, at(1)),
		claim("rejected", reconcile.Rejected, 7, at(1)),
		claim("closed", reconcile.Closed, 7, at(1)),
		with("failed", claim("failed later", reconcile.Settled, 7, at(1))),
		with("pending", claim("pending", reconcile.Settled, 1_000_000, at(1))),
		sent("A"),
	))
	update(t, s, "A", refunds(
		reconcile.RefundSeen{ID: "failed", State: reconcile.RefundFailed, Amount: 7},
		reconcile.RefundSeen{ID: "pending", State: reconcile.RefundPending, Amount: 1_000_000},
		reconcile.RefundSeen{ID: "by hand", State: reconcile.RefundSuccess, Amount: 5},
	))
	update(t, s, "B", attempts(claim("of another order", reconcile.Settled, 20_000_000, at(2))))
	for _, c := range []struct {
		since time.Time
		want  spec.Amount
	}{
		{since, 21_111_110}, {since.Add(-time.Hour), 21_111_111}, {time.Time{}, 21_111_111}, {at(2), 20_000_000}, {at(3), 0},
	} {
		if got, err := s.RefundedSince(context.Background(), c.since); got != c.want || err != nil {
			t.Errorf("since %v: %d, %v; want %d", c.since, got, err, c.want)
		}
	}
}
