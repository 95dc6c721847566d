package reconcile

import (
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

// TestAStatusOfUnknownOutcome is about what may follow an order_status of which nobody can
// say whether it arrived: the record is its only trace (I8, I9).
func TestAStatusOfUnknownOutcome(t *testing.T) {
	unknown := func(to spec.Status, ago time.Duration, f ...func(*Attempt)) step {
		return moving(to, Undecided, append(f, claimed(ago))...)
	}
	second := func(a *Attempt) { a.N = 2 }
	text := says(func(o *spec.Order) { o.StatusMessages = []spec.StatusMessage{{Body: "On its way!"}} })
	for _, tt := range []struct {
		name  string
		steps []step
		want  []string
	}{
		{"it is sent once more after ten minutes", steps(billed, paid, unknown(spec.Shipped, 10*time.Minute), wants(spec.Shipped)), gives("status shipped")},
		{"and not a third time", steps(billed, paid, unknown(spec.Shipped, time.Hour, second), wants(spec.Shipped)), gives("unknown status")},
		{"nor because its words changed", steps(billed, paid, unknown(spec.Shipped, time.Hour, second), wants(spec.Shipped), text), gives("unknown status")},
		{"its words may change the second time", steps(billed, paid, unknown(spec.Shipped, 10*time.Minute), wants(spec.Shipped), text), gives("status shipped")},
		{"another status waits ten minutes", steps(billed, paid, unknown(spec.Processing, 9*time.Minute), wants(spec.Shipped)), gives("unknown status")},
		{"and then goes where it is legal from both", steps(billed, paid, unknown(spec.Processing, 10*time.Minute), wants(spec.Shipped)), gives("status shipped")},
		{"and nowhere from what may be an end", steps(billed, paid, unknown(spec.Completed, time.Hour), wants(spec.Shipped)), gives("unknown status")},
		{"nor from what may be a cancel", steps(billed, unpaidIsFine, unknown(spec.Canceled, time.Hour), wants(spec.Shipped)), gives("unknown status")},
		{"it is shown when nothing more is asked for", steps(billed, paid, unknown(spec.Shipped, time.Hour)), gives("unknown status")},
		{"and when what is asked for is what is recorded", steps(billed, paid, moved(spec.Processing), unknown(spec.Shipped, time.Hour), wants(spec.Processing)), gives("unknown status")},
		{"and beside what waits", steps(billed, looks(PaymentPending), unpaidIsFine, unknown(spec.Processing, time.Minute), wants(spec.Canceled)),
			gives("waiting status payment_pending", "unknown status")},
		{"a replace waits for it", steps(billed, unpaidIsFine, unknown(spec.Processing, time.Minute), wants(spec.Processing), repriced), gives("unknown replace")},
		{"and begins after ten minutes", steps(billed, unpaidIsFine, unknown(spec.Processing, 10*time.Minute), wants(spec.Processing), repriced), gives("replace BREAD-1-2")},
		{"a replace of unknown outcome is begun once more", steps(billed, repriced, replaceTried(Undecided, 10*time.Minute)), gives("replace BREAD-1-2")},
		{"not before", steps(billed, repriced, replaceTried(Undecided, 9*time.Minute)), gives("unknown replace BREAD-1-2")},
		{"nor for other content", steps(billed, repriced, replaceTried(Undecided, 9*time.Minute), expiresIn(time.Hour)), gives("unknown replace")},
		{"it is shown when the content is put back", steps(billed, repriced, replaceTried(Undecided, time.Hour), unpriced), gives("unknown status")},
	} {
		t.Run(tt.name, func(t *testing.T) { expect(t, situated(tt.steps...).diff(), tt.want...) })
	}
}

func replaceTried(state AttemptState, ago time.Duration) step {
	return func(s *situation) {
		tried(s, KindReplace, "BREAD-1", state, func(a *Attempt) { a.To = spec.Canceled }, claimed(ago))
	}
}

// unpriced puts the content back.
func unpriced(s *situation) {
	s.want.Items, s.want.Subtotal, s.want.Total = bread().Items, 21000, 21000
}

// TestStatusesHaveOneIDEach walks an order back and forth: no step is taken for one that was
// made before.
func TestStatusesHaveOneIDEach(t *testing.T) {
	s := situated(billed, paid)
	seen := map[string]bool{}
	for i, to := range []spec.Status{spec.Processing, spec.Shipped, spec.Processing, spec.Shipped, spec.PartiallyShipped, spec.Shipped, spec.Processing, spec.Shipped} {
		s.want.Status = to
		c := s.diff()
		if len(c.Actions) != 1 || seen[c.Actions[0].ID] {
			t.Fatalf("step %d to %s: %q, known before: %v", i, to, c.all(), len(c.Actions) == 1 && seen[c.Actions[0].ID])
		}
		seen[c.Actions[0].ID] = true
		moved(to)(s)
	}
}

// TestATurnThatIsTakenBackIsNotTakenForDone: webhooks take statuses back in any order, and
// what was made before from another turn is no answer to this one.
func TestATurnThatIsTakenBackIsNotTakenForDone(t *testing.T) {
	turns := []spec.Status{spec.Processing, spec.Shipped, spec.Processing, spec.Shipped, spec.Processing}
	for a := range turns {
		for b := range turns {
			s := situated(billed, paid)
			for _, to := range turns {
				moved(to)(s)
			}
			for _, i := range []int{a, b} {
				taken := &s.have.Attempts[1+i] // after the bill's
				taken.State, taken.Code, taken.Meaning = Rejected, codeBadTransition, "no"
			}
			for _, to := range []spec.Status{spec.Processing, spec.PartiallyShipped, spec.Shipped, spec.Completed} {
				s.want.Status = to
				if c := s.diff(); to != s.have.Status() && len(c.Actions)+len(c.Blocked) != 1 {
					t.Errorf("taken back %d and %d, the order is %s, wanted %s: %q", a, b, s.have.Status(), to, c.all())
				}
			}
		}
	}
}

func TestARefusedCancelIsTriedAgainOnceThePaymentFailed(t *testing.T) {
	s := situated(billed, looks(Unpaid), wants(spec.Canceled), moving(spec.Canceled, Rejected, refusedWith(codePaidAlready)))
	expect(t, s.diff(), "blocked status status_refused")
	lookedAt("BREAD-1", PaymentPending, noon, func(p *Payment) { p.Transactions = []Transaction{{ID: "order_1", State: TransactionPending}} })(s)
	expect(t, s.diff(), "waiting status payment_pending")
	lookedAt("BREAD-1", Unpaid, noon.Add(time.Minute), failedTry)(s)
	expect(t, s.diff(), "status canceled")
}
