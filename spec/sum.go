package spec

import (
	"fmt"
	"strings"
)

// SumOrder computes Subtotal and Total from the items and the parts: price × quantity
// summed, plus tax and shipping, less the discount, where the price is sale_amount if there
// is one (orders guide, subtotal and total_amount). It fails where a sum does not fit an
// Amount, and where an amount or a quantity is negative, naming the item; then the order is
// unchanged. Whether the total is acceptable is for Check to say.
func SumOrder(o *Order) error {
	subtotal := Amount(0)
	for i := range o.Items {
		item := &o.Items[i]
		line, ok := item.Price().times(item.Quantity)
		if ok {
			subtotal, ok = subtotal.add(line)
		}
		if !ok {
			return fmt.Errorf("item[%d] brings the subtotal beyond what an amount can hold: %d × %s", i, item.Quantity, item.Price())
		}
	}
	total, ok := subtotal.add(o.Tax.Amount)
	if ok && o.Shipping != nil {
		total, ok = total.add(o.Shipping.Amount)
	}
	if ok && o.Discount != nil {
		total, ok = total.sub(o.Discount.Amount)
	}
	if !ok {
		return fmt.Errorf("the total is beyond what an amount can hold: the subtotal alone is %s", subtotal)
	}
	o.Subtotal, o.Total = subtotal, total
	return nil
}

// ExplainTotal writes the sum that SumOrder computed, for an error about a declared
// subtotal or total that differs: "2 × 100.00 = 200.00, + 10.00 tax = 210.00".
func ExplainTotal(o *Order) string {
	var b strings.Builder
	const most = 5
	for i := range o.Items[:min(len(o.Items), most)] {
		if i > 0 {
			b.WriteString(" + ")
		}
		fmt.Fprintf(&b, "%d × %s", o.Items[i].Quantity, o.Items[i].Price())
	}
	if more := len(o.Items) - most; more > 0 {
		fmt.Fprintf(&b, " + %d more items", more)
	}
	fmt.Fprintf(&b, " = %s", o.Subtotal)
	if o.Total == o.Subtotal {
		return b.String()
	}
	b.WriteString(",")
	if o.Tax.Amount != 0 {
		fmt.Fprintf(&b, " + %s tax", o.Tax.Amount)
	}
	if o.Shipping != nil && o.Shipping.Amount != 0 {
		fmt.Fprintf(&b, " + %s shipping", o.Shipping.Amount)
	}
	if o.Discount != nil && o.Discount.Amount != 0 {
		fmt.Fprintf(&b, " − %s discount", o.Discount.Amount)
	}
	fmt.Fprintf(&b, " = %s", o.Total)
	return b.String()
}
