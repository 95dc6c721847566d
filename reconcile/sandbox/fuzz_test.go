package sandbox

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
)

// Whatever is posted, the sandbox answers; and what it accepts adds up.
func FuzzMessage(f *testing.F) {
	for _, m := range []object{orderDetails("A-1"), orderStatus("A-1", "shipped"), detailsTemplate("A-1"), statusTemplate("A-1", "canceled"), text(asha)} {
		b, err := json.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	o := Options{Rand: rand.NewChaCha8([32]byte{1})}
	fill(&o)
	f.Fuzz(func(t *testing.T, body []byte) {
		w := newWorld(&o, State{})
		rep, m := w.perform(&call{Where: "messages", ID: DefaultNumber, Body: body}, start)
		if (rep.status == 200) != (m.message != "") || !json.Valid(rep.body) {
			t.Errorf("answered %d %s", rep.status, rep.body)
		}
		peek(body)
		for _, o := range w.Orders {
			g := o.Details.Order
			sum := g.Subtotal.Value + g.Tax.Value
			if g.Shipping != nil {
				sum += g.Shipping.Value
			}
			if g.Discount != nil {
				sum -= g.Discount.Value
			}
			if sum != o.Details.Total.Value || sum <= 0 || len(g.Items) == 0 {
				t.Errorf("an order of %d that adds up to %d: %s", o.Details.Total.Value, sum, body)
			}
		}
	})
}

func FuzzRefund(f *testing.F) {
	b, err := json.Marshal(refundBody("A-1", "100"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, body []byte) {
		if r, err := readRefund(body); err == nil && (r.amount <= 0 || r.reference == "" || r.currency != "INR") {
			t.Errorf("%+v", r)
		}
	})
}
