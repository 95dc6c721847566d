package reconcile

import (
	"testing"

	"github.com/hisab/hisab/spec"
)

// TestABillWhoseTextIsMendedIsAnother: what goes out beyond the content that the customer
// agrees to is part of a bill's id, so that a refused one is tried again once that is mended,
// and an approval of it lapses. It is no part of the content: of a bill that was sent it
// changes nothing.
func TestABillWhoseTextIsMendedIsAnother(t *testing.T) {
	delivered := says(func(o *spec.Order) {
		o.Beneficiaries = []spec.Beneficiary{{Name: "Ravi", AddressLine1: "1 MG Road", City: "Pune", State: "Maharashtra", Country: "India", PostalCode: "411001"}}
	})
	linked := says(func(o *spec.Order) {
		o.Payment = &spec.Payment{Gateway: "payment_link", Link: "https://pay.example/1", SuccessURL: "https://shop.example/thanks", CancelURL: "https://shop.example/basket"}
	})
	payment := func(f func(*spec.Payment)) step {
		return says(func(o *spec.Order) { p := *o.Payment; f(&p); o.Payment = &p })
	}
	beneficiary := func(f func(*spec.Beneficiary)) step {
		return says(func(o *spec.Order) { b := o.Beneficiaries[0]; f(&b); o.Beneficiaries = []spec.Beneficiary{b} })
	}
	for _, tt := range []struct {
		name         string
		order, mends step
		content      bool // the customer agreed to it
	}{
		{"the beneficiary's name", delivered, beneficiary(func(b *spec.Beneficiary) { b.Name = "Ravi Rao" }), false},
		{"the beneficiary's city", delivered, beneficiary(func(b *spec.Beneficiary) { b.City = "Mumbai" }), true},
		{"where a payment link leads after success", linked, payment(func(p *spec.Payment) { p.SuccessURL += "/you" }), false},
		{"where it leads after a cancel", linked, payment(func(p *spec.Payment) { p.CancelURL = "" }), false},
		{"which of the two", linked, payment(func(p *spec.Payment) { p.SuccessURL, p.CancelURL = p.CancelURL, p.SuccessURL }), false},
		{"the link", linked, payment(func(p *spec.Payment) { p.Link += "2" }), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, situated(tt.order, billing(Rejected, refusedWith(131009))).diff(), "blocked send refused")
			expect(t, situated(tt.order, billing(Rejected, refusedWith(131009)), tt.mends).diff(), "send BREAD-1")
			s := situated(tt.order, billed, looks(Unpaid), tt.mends)
			if changed := newFacts(s.want, s.have, s.terms).changed; len(changed) > 0 != tt.content {
				t.Errorf("of a bill that was sent, %q changed", changed)
			}
		})
	}
}
