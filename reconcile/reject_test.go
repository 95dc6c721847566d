package reconcile

import (
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

// TestACancelInDoubtOutlivesTheRefusalOfItsRepeat: that the second was refused says nothing of
// the first, and an order that may be canceled takes no other status.
func TestACancelInDoubtOutlivesTheRefusalOfItsRepeat(t *testing.T) {
	given := func(why string) *situation {
		s := situated(billed, looks(Unpaid), moving(spec.Canceled, Undecided, claimed(time.Hour)))
		first := s.have.Attempts[len(s.have.Attempts)-1]
		s.have.move(s.have.Attempt(first.ID), Abandoned, noon, why)
		s.have.Attempts = append(s.have.Attempts, Attempt{ID: "next-1", Action: "next", Kind: KindReplace, To: spec.Canceled, Reference: first.Reference, N: 1, State: Sending})
		s.have.reject(s.have.Attempt("next-1"), noon, "invalid parameter")
		wants(spec.Shipped)(s)
		s.want.RequirePayment = false
		return s
	}
	expect(t, given(followedBy("next-1")).diff(), "unknown status")
	expect(t, given("abandon by asha: seen in the dashboard").diff(), "status shipped")
}
