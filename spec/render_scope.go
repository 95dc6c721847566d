package spec

import (
	"time"

	"github.com/zclconf/go-cty/cty"
)

// scopeValues is what a template reads. Amounts are texts such as 4500.00, which inr and
// arithmetic accept; what there is none of is an empty text. The types are the same
// whatever the scope holds, so that a template can be checked without an event.
func scopeValues(sc Scope) map[string]cty.Value {
	o := sc.Order
	return map[string]cty.Value{
		"customer": personalTexts(map[string]string{
			"name":  o.Customer.Name,
			"phone": o.Customer.Phone,
			"email": o.Customer.Email,
		}),
		"order": orderScope(o),
		"payment": texts(map[string]string{
			"amount": amountText(sc.Payment.Amount),
			"date":   sc.Payment.Date,
			"method": sc.Payment.Method,
			"id":     sc.Payment.ID,
		}),
		"refund": texts(map[string]string{
			"label":  sc.Refund.Label,
			"amount": amountText(sc.Refund.Amount),
			"id":     sc.Refund.ID,
			"reason": sc.Refund.Reason,
			"speed":  sc.Refund.Speed,
		}),
		"status": cty.StringVal(string(sc.Status)),
	}
}

func orderScope(o *Order) cty.Value {
	members := map[string]string{
		"reference_id": o.ReferenceID,
		"address":      o.Address,
		"kind":         string(o.Kind),
		"type":         o.Type,
		"body":         o.Body,
		"footer":       o.Footer,
		"description":  "",
		"status":       string(o.Status),
		"currency":     o.Currency,
		"subtotal":     o.Subtotal.String(),
		"tax":          o.Tax.Amount.String(),
		"shipping":     Amount(0).String(),
		"discount":     Amount(0).String(),
		"total":        o.Total.String(),
		"total_amount": o.Total.String(),
		"amount":       o.Total.String(),
		"due":          o.Due,
		"expiration":   "",
	}
	if len(o.Items) > 0 {
		members["description"] = o.Items[0].Name
	}
	if o.Shipping != nil {
		members["shipping"] = o.Shipping.Amount.String()
	}
	if o.Discount != nil {
		members["discount"] = o.Discount.Amount.String()
	}
	if o.Expiration != nil {
		members["expiration"] = o.Expiration.Timestamp.Format(time.RFC3339)
	}
	values := texts(members).AsValueMap()
	values["items"] = itemScope(o.Items)
	return cty.ObjectVal(values)
}

func itemScope(items []Item) cty.Value {
	if len(items) == 0 {
		return cty.ListValEmpty(itemObject(&Item{}).Type())
	}
	values := make([]cty.Value, len(items))
	for i := range items {
		values[i] = itemObject(&items[i])
	}
	return cty.ListVal(values)
}

func itemObject(item *Item) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"name":        cty.StringVal(item.Name),
		"retailer_id": cty.StringVal(item.RetailerID),
		"amount":      cty.StringVal(item.Amount.String()),
		"price":       cty.StringVal(item.Price().String()),
		"quantity":    cty.NumberIntVal(item.Quantity),
	})
}

// amountText leaves out an amount that there is none of: nobody pays or gets back nothing.
func amountText(a Amount) string {
	if a == 0 {
		return ""
	}
	return a.String()
}

// personal marks what an error about a message must not quote.
const personal = sensitivity("personal")

func personalTexts(members map[string]string) cty.Value {
	values := texts(members).AsValueMap()
	for name, v := range values {
		values[name] = v.Mark(personal)
	}
	return cty.ObjectVal(values)
}

func texts(members map[string]string) cty.Value {
	values := make(map[string]cty.Value, len(members))
	for name, text := range members {
		values[name] = cty.StringVal(text)
	}
	return cty.ObjectVal(values)
}
