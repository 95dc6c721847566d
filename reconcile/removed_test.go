package reconcile

import (
	"slices"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

func cancelOnRemove(s *situation) { s.have.CancelOnRemove = true }

func TestRemoval(t *testing.T) {
	for _, tt := range []struct {
		name    string
		steps   []step
		archive bool
		want    []string
	}{
		{"what was never sent is archived", nil, true, nil},
		{"what was refused too", steps(billing(Rejected, refusedWith(131026))), true, nil},
		{"completed and converged is archived", steps(billed, paid, moved(spec.Completed)), true, nil},
		{"canceled is archived", steps(billed, moved(spec.Canceled), looks(Unpaid)), true, nil},
		{"completed with a refund under way is forgotten", steps(billed, looks(Captured, listing("rfnd_1", 5, RefundPending)), moved(spec.Completed)), false, gives("forget")},
		{"canceled and paid all the same is forgotten aloud", steps(billed, moved(spec.Canceled), paid), false, gives("forget")},
		{"pending is forgotten", steps(billed, looks(Unpaid)), false, gives("forget")},
		{"shipped is forgotten", steps(billed, paid, moved(spec.Shipped)), false, gives("forget")},
		{"on_remove = cancel cancels first", steps(billed, looks(Unpaid), cancelOnRemove), false, gives("status canceled")},
		{"and waits for a payment under way", steps(billed, looks(PaymentPending), cancelOnRemove), false, gives("waiting status payment_pending")},
		{"and for one that nobody knows", steps(billed, looks(PaymentUnknown), cancelOnRemove), false, gives("waiting status payment_unknown")},
		{"and cancels nothing that is paid", steps(billed, paid, cancelOnRemove), false, gives("forget")},
		{"nor what is paid in cash", steps(billed, looks(Unpaid), cash("till", 21000), adopted, cancelOnRemove), false, gives("forget")},
		{"also in part", steps(billed, looks(Unpaid), cash("till", 1), adopted, cancelOnRemove), false, gives("forget")},
		{"nor what nobody can see", steps(billed, cancelOnRemove, func(s *situation) { s.have.Bills[0].Configuration = "" }), false, gives("forget")},
		{"completed and paid twice is forgotten aloud", steps(billed, looks(Captured, twice), moved(spec.Completed)), false, gives("forget")},
		{"and archived once the surplus went back",
			steps(billed, looks(Captured, twice, listing("rfnd_1", 21000, RefundSuccess)), moved(spec.Completed)), true, nil},
		{"a bill in doubt is kept", steps(billing(Undecided)), false, gives("unknown send")},
		{"a refund in doubt is kept", steps(billed, paid, refunding("loaf", 100), refunded("loaf", Held)), false, gives("unknown refund loaf")},
		{"a status in doubt is waited for", steps(billed, paid, moving(spec.Shipped, Undecided, claimed(9*time.Minute))), false, gives("unknown status")},
		{"for ten minutes", steps(billed, paid, moving(spec.Shipped, Undecided, claimed(10*time.Minute))), false, gives("forget")},
		{"a cancel in doubt is sent once more", steps(billed, cancelOnRemove, moving(spec.Canceled, Undecided, claimed(10*time.Minute))), false, gives("status canceled")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := situated(tt.steps...)
			l := DiffRemoved(s.have, "whatsapp.main", s.terms)
			if l.Archive != tt.archive || !slices.Equal(l.all(), tt.want) {
				t.Errorf("archived %v, %q; want %v, %q", l.Archive, l.all(), tt.archive, tt.want)
			}
		})
	}
}

// TestForgottenAndDeclaredAgain goes on where it was: nothing is sent or refunded anew, and
// erasing the customer is no change of content.
func TestForgottenAndDeclaredAgain(t *testing.T) {
	s := situated(billed, paid, wants(spec.Shipped), moved(spec.Shipped), refunding("loaf", 100), refunded("loaf", Settled),
		notifying("paid"), knowing("paid", 2*time.Hour), notified(Settled))
	expect(t, s.diff())
	erase(s.have, noon)
	if b := s.have.Bills[0]; b.Phone != "" || b.Facets.Phone != "" {
		t.Errorf("the customer is still known: %+v", b)
	}
	expect(t, s.diff())
	adopt(s.have, s.want, s.terms)
	if b := s.have.Bills[0]; s.have.Standing != Managed || b.Phone != s.want.Customer.Phone || b.Facets != facetsOf(s.want, account) {
		t.Errorf("not taken up again: %s, %+v", s.have.Standing, b)
	}
	expect(t, s.diff())
}

func TestArchivedAndDeclaredAgain(t *testing.T) {
	s := situated(billed, paid, moved(spec.Completed), wants(spec.Completed))
	s.have.Standing = Archived
	expect(t, s.diff())
	repriced(s)
	expect(t, s.diff(), "blocked replace content_changed_after_payment")
}
