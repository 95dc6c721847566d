package reconcile

import (
	"testing"

	"github.com/hisab/hisab/spec"
)

// A bill that is paid by UPI intent or a payment link is paid where WhatsApp does not look.
// Whatever its lookup says of the reference, nothing is canceled, replaced or fulfilled on
// its word; money declared by a person counts.
func TestNothingIsDecidedOnALookupThatCannotKnow(t *testing.T) {
	by := func(gateway string) step {
		return func(s *situation) {
			p := *s.want.Payment
			p.Gateway, p.Link = gateway, "upi://pay?pa=shop@bank"
			s.want.Payment = &p
			s.want.Observe = "razorpay.main"
		}
	}
	for _, gateway := range []string{"upi", "payment_link"} {
		for _, target := range []spec.Status{spec.Canceled, spec.Processing, spec.Completed} {
			for _, state := range []PaymentState{Unpaid, Captured} {
				s := situated(by(gateway), billed, looks(state), wants(target))
				if c := s.diff(); len(c.Actions) != 0 || len(c.Waiting) != 1 || c.Waiting[0].Code != "payment_unknown" {
					t.Errorf("%s, %s said, %s declared: %+v", gateway, state, target, c)
				}
			}
		}
		s := situated(by(gateway), billed, looks(Unpaid), cash("till", 21000), wants(spec.Completed))
		if c := s.diff(); len(c.Actions) != 1 || c.Actions[0].To != spec.Completed {
			t.Errorf("%s, paid at the till: %+v", gateway, c)
		}
		s = situated(by(gateway), billed, looks(Unpaid), repriced)
		if c := s.diff(); len(c.Actions) != 0 {
			t.Errorf("%s, replaced on a lookup that cannot know: %+v", gateway, c.Actions)
		}
	}
}
