package reconcile

import (
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

// TestACancelInDoubtOutlivesWhatFollowedIt: that nothing came of the second says nothing of the
// first, and an order that may be canceled takes no other status.
func TestACancelInDoubtOutlivesWhatFollowedIt(t *testing.T) {
	given := func(why string, to AttemptState) *situation {
		s := situated(billed, looks(Unpaid), moving(spec.Canceled, Undecided, claimed(time.Hour)))
		first := s.have.Attempts[len(s.have.Attempts)-1]
		s.have.move(s.have.Attempt(first.ID), Abandoned, noon, why)
		s.have.Attempts = append(s.have.Attempts, Attempt{ID: "next-1", Action: "next", Kind: KindReplace, To: spec.Canceled, Reference: first.Reference, N: 1, State: Sending})
		s.have.move(s.have.Attempt("next-1"), to, noon, "nothing was sent, or it was refused")
		wants(spec.Shipped)(s)
		s.want.RequirePayment = false
		return s
	}
	expect(t, given(followedBy("next-1"), Rejected).diff(), "unknown status")
	expect(t, given(followedBy("next-1"), Ready).diff(), "unknown status")
	expect(t, given("abandon by asha: seen in the dashboard", Rejected).diff(), "status shipped")
}
