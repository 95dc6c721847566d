package reconcile

import (
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

// TestACancelInDoubtOutlivesWhatFollowedIt: that nothing came of the second says nothing of the
// first, and an order that may be canceled takes no other status.
func TestACancelInDoubtOutlivesWhatFollowedIt(t *testing.T) {
	given := func(followedBy string, to AttemptState) *situation {
		s := situated(billed, looks(Unpaid), moving(spec.Canceled, Undecided, claimed(time.Hour)))
		first := s.have.Attempts[len(s.have.Attempts)-1]
		s.have.Attempt(first.ID).FollowedBy = followedBy
		s.have.move(s.have.Attempt(first.ID), Abandoned, noon, "given up")
		s.have.Attempts = append(s.have.Attempts, Attempt{ID: "next-1", Action: "next", Kind: KindReplace, To: spec.Canceled, Reference: first.Reference, N: 1, State: Sending})
		s.have.move(s.have.Attempt("next-1"), to, noon, "nothing was sent, or it was refused")
		wants(spec.Shipped)(s)
		s.want.RequirePayment = false
		return s
	}
	expect(t, given("next-1", Rejected).diff(), "unknown status")
	expect(t, given("next-1", Ready).diff(), "unknown status")
	expect(t, given("next-1", Closed).diff(), "unknown status")
	expect(t, given("", Rejected).diff(), "status shipped")
}

// TestADoubtAboutABillThatWasReplacedStaysWhereItIs: the customer has another bill, no status
// follows on the first, and the one order_status in doubt may be the other's.
func TestADoubtAboutABillThatWasReplacedStaysWhereItIs(t *testing.T) {
	s := situated(billed, looks(Unpaid), moving(spec.Canceled, Abandoned, claimed(time.Hour)))
	first := &s.have.Attempts[len(s.have.Attempts)-1]
	first.FollowedBy = "next-1"
	next := Attempt{ID: "next-1", Action: "next", Kind: KindReplace, To: spec.Canceled, Reference: first.Reference, N: 1, State: Settled}
	s.have.Attempts = append(s.have.Attempts, next)
	billedAs("BREAD-1-2")(s)
	s.have.move(s.have.Attempt("next-1"), Rejected, noon, "a webhook says it failed")
	if got := s.have.Attempt(first.ID).State; got != Abandoned {
		t.Errorf("the first cancel is %s", got)
	}
}

// TestAStatusAndItsRepeatAreBothRefused: both reached the platform hours late, when the order
// had gone on, and in whatever order their webhooks come, neither happened.
func TestAStatusAndItsRepeatAreBothRefused(t *testing.T) {
	for _, order := range [][]string{{"x-1", "x-2"}, {"x-2", "x-1"}, {"x-2", "x-1", "x-2"}} {
		s := situated(billed, paid)
		for n, id := range []string{"x-1", "x-2"} {
			s.have.Attempts = append(s.have.Attempts, Attempt{ID: id, Action: "x", Kind: KindStatus, To: spec.Shipped, Reference: "BREAD-1", N: n + 1, State: Abandoned})
		}
		for _, id := range order {
			s.have.witness(id, Evidence{Delivery: FailedOnRoute, MessageID: "wamid." + id, Code: codeBadTransition}, noon)
		}
		for _, id := range []string{"x-1", "x-2"} {
			if got := s.have.Attempt(id).State; got != Rejected {
				t.Errorf("told in the order %q: %s is %s", order, id, got)
			}
		}
	}
}

// TestARequestThatIsDeliveredTwice: one delivery is refused, and the other takes effect.
func TestARequestThatIsDeliveredTwice(t *testing.T) {
	open := func(kind ActionKind, to spec.Status, state AttemptState) (*Observed, *Attempt) {
		s := situated(billed)
		s.have.Attempts = append(s.have.Attempts, Attempt{ID: "x-1", Action: "x", Kind: kind, To: to, Reference: "BREAD-1", N: 1, State: state})
		return s.have, s.have.Attempt("x-1")
	}
	arrived, illegal := Evidence{Delivery: Delivered, MessageID: "wamid.2"}, Evidence{Delivery: FailedOnRoute, MessageID: "wamid.2", Code: codeBadTransition}
	for _, c := range []struct {
		name  string
		to    spec.Status
		state AttemptState
		e     Evidence
		want  AttemptState
	}{
		{"what was refused at once arrived", spec.Canceled, Rejected, arrived, Settled},
		{"an open cancel that is no legal change may have arrived before", spec.Canceled, Undecided, illegal, Undecided},
		{"and one that is being sent", spec.Completed, Sending, illegal, Sending},
		{"an open middle status is refused", spec.Shipped, Undecided, illegal, Rejected},
		{"so is a cancel that was accepted", spec.Canceled, Settled, illegal, Rejected},
	} {
		o, a := open(KindStatus, c.to, c.state)
		o.witness("x-1", c.e, noon)
		if a.State != c.want {
			t.Errorf("%s: %s, want %s", c.name, a.State, c.want)
		}
	}
	o, a := open(KindStatus, spec.Canceled, Rejected)
	a.Result, a.Delivery = "wamid.1", FailedOnRoute
	if o.witness("x-1", arrived, noon); a.State != Rejected {
		t.Errorf("what failed on its way is %s by a late webhook", a.State)
	}
}
