package spec

import (
	"math"
	"strings"
	"testing"
)

func TestSumOrder(t *testing.T) {
	sale := Amount(10000)
	o := &Order{
		Items:    []Item{{Amount: 14000, SaleAmount: &sale, Quantity: 2}, {Amount: 500, Quantity: 1}},
		Tax:      Charge{Amount: 1000},
		Shipping: &Charge{Amount: 1000},
		Discount: &Discount{Amount: 1500},
	}
	if err := SumOrder(o); err != nil {
		t.Fatal(err)
	}
	if o.Subtotal != 20500 || o.Total != 21000 {
		t.Errorf("subtotal %s, total %s", o.Subtotal, o.Total)
	}
	const want = "2 × 100.00 + 1 × 5.00 = 205.00, + 10.00 tax + 10.00 shipping − 15.00 discount = 210.00"
	if got := ExplainTotal(o); got != want {
		t.Errorf("explained as %q, want %q", got, want)
	}
}

func TestExplainTotalStaysShort(t *testing.T) {
	o := &Order{Items: make([]Item, 1000)}
	for i := range o.Items {
		o.Items[i] = Item{Amount: 100, Quantity: 1}
	}
	if err := SumOrder(o); err != nil {
		t.Fatal(err)
	}
	const want = "1 × 1.00 + 1 × 1.00 + 1 × 1.00 + 1 × 1.00 + 1 × 1.00 + 995 more items = 1000.00"
	if got := ExplainTotal(o); got != want {
		t.Errorf("explained as %q, want %q", got, want)
	}
}

func TestSumOrderOverflow(t *testing.T) {
	for name, test := range map[string]struct {
		o    Order
		want string
	}{
		"a line":     {Order{Items: []Item{{Amount: math.MaxInt64, Quantity: 2}}}, "item[0] brings"},
		"the lines":  {Order{Items: []Item{{Amount: math.MaxInt64, Quantity: 1}, {Amount: 1, Quantity: 1}}}, "item[1] brings"},
		"a negative": {Order{Items: []Item{{Amount: 1, Quantity: -1}}}, "item[0] brings"},
		"the tax":    {Order{Items: []Item{{Amount: math.MaxInt64, Quantity: 1}}, Tax: Charge{Amount: 1}}, "the total is beyond"},
		"the parts":  {Order{Tax: Charge{Amount: math.MaxInt64}, Shipping: &Charge{Amount: 1}}, "the total is beyond"},
		"a discount": {Order{Discount: &Discount{Amount: math.MinInt64}}, "the total is beyond"},
	} {
		o := test.o
		o.Subtotal, o.Total = 7, 7
		if err := SumOrder(&o); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		if o.Subtotal != 7 || o.Total != 7 {
			t.Errorf("%s: a sum that does not fit was stored", name)
		}
	}
}
