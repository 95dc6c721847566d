package reconcile

import (
	"slices"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

// lookups are the references that a situation asks to look at; patient ones and those
// beside it are marked.
func (s *situation) lookups() []string {
	var all []string
	for _, l := range Looks(s.want, s.have, s.terms) {
		if l.Patient {
			l.Key.Reference += " in turn"
		}
		if l.Beside {
			l.Key.Reference += " beside"
		}
		all = append(all, l.Key.Reference)
	}
	return all
}

func later(d time.Duration) step { return func(s *situation) { s.terms.Now = s.terms.Now.Add(d) } }

func TestLooks(t *testing.T) {
	canceled := steps(billed, moved(spec.Canceled), wants(spec.Canceled), lookedAt("BREAD-1", Unpaid, noon.Add(-59*time.Minute)))
	for _, tt := range []struct {
		name  string
		steps []step
		want  []string
	}{
		{"before a first send", nil, gives("BREAD-1")},
		{"not for what is canceled before it is sent", steps(wants(spec.Canceled)), nil},
		{"not for what is paid in cash and recorded", steps(cash("till", 21000), adopted), nil},
		{"not for an invoice that is not billed", steps(invoice, says(func(o *spec.Order) { o.Provider = "" })), nil},
		{"what was sent and never looked at", steps(billed), gives("BREAD-1")},
		{"what waits for the customer, in turn", steps(billed, looks(Unpaid), wants(spec.Shipped)), gives("BREAD-1 in turn")},
		{"a doubt about the bill", steps(billing(Undecided)), gives("BREAD-1")},
		{"a doubt about a refund", steps(billed, paid, refunding("loaf", 100), refunded("loaf", Held)), gives("BREAD-1")},
		{"a refund that is on its way", steps(billed, looks(Captured, listing("rfnd_1", 5, RefundPending)), moved(spec.Completed), wants(spec.Completed)), gives("BREAD-1")},
		{"a refund that is to go out", steps(billed, paid, moved(spec.Completed), wants(spec.Completed), refunding("loaf", 100)), gives("BREAD-1", "BREAD-1-2 beside")},
		{"not of a bill nobody knows for a refund that waits", steps(billed, looks(PaymentPending), refunding("loaf", 100)), gives("BREAD-1 in turn")},
		{"before every action", steps(billed, paid, wants(spec.Shipped)), gives("BREAD-1")},
		{"before a replace", steps(billed, looks(Unpaid), repriced), gives("BREAD-1")},
		{"both bills while a replace waits", steps(billed, repriced, replacing(), looks(Unpaid)), gives("BREAD-1", "BREAD-1-2")},
		{"not for a replace that nobody wants any more", steps(billed, repriced, replacing(), lookedAt("BREAD-1", Unpaid, noon.Add(-20*time.Minute)), wants(spec.Canceled)), nil},
		{"nothing of what is paid and as it should be", steps(billed, paid), nil},
		{"nothing of what is paid and shipped", steps(billed, paid, moved(spec.Shipped), wants(spec.Shipped)), nil},
		{"nothing of what is completed", steps(billed, paid, moved(spec.Completed), wants(spec.Completed)), nil},
		{"what is paid and not as it should be", steps(billed, paid, wants(spec.Canceled)), gives("BREAD-1")},
		{"a canceled one 30 minutes later", canceled, gives("BREAD-1 in turn")},
		{"not twice", slices.Concat(canceled, steps(looks(Unpaid))), nil},
		{"a day later", slices.Concat(canceled, steps(looks(Unpaid), later(24*time.Hour))), gives("BREAD-1 in turn")},
		{"not again before the week", slices.Concat(canceled, steps(lookedAt("BREAD-1", Unpaid, noon.Add(24*time.Hour)), later(6*24*time.Hour))), nil},
		{"a week later", slices.Concat(canceled, steps(lookedAt("BREAD-1", Unpaid, noon.Add(24*time.Hour)), later(7*24*time.Hour))), gives("BREAD-1 in turn")},
		{"and never more", slices.Concat(canceled, steps(lookedAt("BREAD-1", Unpaid, noon.Add(7*24*time.Hour)), later(365*24*time.Hour))), nil},
		{"an expired one 30 minutes later", steps(expiresIn(-30*time.Minute), billed, lookedAt("BREAD-1", Unpaid, noon.Add(-time.Hour))), gives("BREAD-1 in turn")},
		{"not before", steps(expiresIn(-29*time.Minute), billed, lookedAt("BREAD-1", Unpaid, noon.Add(-28*time.Minute))), nil},
		{"the old bill of a replace, as long as it can be paid", steps(billed, looks(Unpaid), billedAs("BREAD-1-2"), lookedAt("BREAD-1-2", Unpaid, noon)), gives("BREAD-1 in turn", "BREAD-1-2 in turn")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := situated(tt.steps...).lookups(); !slices.Equal(got, tt.want) {
				t.Errorf("looks at %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLooksOfWhatLeftTheSpec(t *testing.T) {
	s := situated(billed, looks(Unpaid))
	erase(s.have, noon)
	s.want = nil
	for _, tt := range []struct {
		after time.Duration
		look  bool
	}{{29 * time.Minute, false}, {30 * time.Minute, true}, {24 * time.Hour, true}, {8 * 24 * time.Hour, true}, {9 * 24 * time.Hour, false}} {
		s.terms.Now = noon.Add(tt.after)
		if got := s.lookups(); (len(got) > 0) != tt.look {
			t.Errorf("%s after it was forgotten: looks at %q", tt.after, got)
		}
		if tt.look {
			s.look("BREAD-1", Unpaid, s.terms.Now)
		}
	}
}

// TestALookGoesToTheAccountTheBillWasSentWith: what was sent is looked up with the provider
// and configuration it was sent with (contract section 2, Names and identity).
func TestALookGoesToTheAccountTheBillWasSentWith(t *testing.T) {
	s := situated(billed, looks(Unpaid))
	s.terms.Account = "another"
	s.want.Payment = &spec.Payment{Gateway: "payu", Configuration: "other"}
	l := Looks(s.want, s.have, s.terms)
	if len(l) != 1 || l[0].Account != account || l[0].Key != (PaymentKey{"shop-razorpay", "BREAD-1"}) {
		t.Errorf("looks %+v", l)
	}
}
