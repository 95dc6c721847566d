package sandbox

import (
	"maps"
	"net/http"
	"strconv"
	"time"
)

// lookup answers GET /{phone-number-id}/payments/{configuration}/{reference_id} with the
// payment as it was at a moment.
func (w *world) lookup(number, configuration, reference string, at time.Time) reply {
	o, ok := w.orders[orderKey{number, reference}]
	if !ok || o.Payment.Gateway == "" || o.Payment.Configuration != configuration {
		return w.paymentNotFound(configuration, reference)
	}
	p := o.paymentAt(at)
	if p == nil {
		return w.paymentNotFound(configuration, reference)
	}
	return jsonReply(http.StatusOK, map[string]any{"payments": []any{w.lookupPayment(o, p)}})
}

// paymentNotFound is undocumented; see Rules.NotFound.
func (w *world) paymentNotFound(configuration, reference string) reply {
	switch w.Rules.NotFound {
	case "empty":
		return jsonReply(http.StatusOK, map[string]any{"payments": []any{}})
	case "404":
		e := refuse(100, "no payment %s in configuration %s", reference, configuration)
		e.Status = http.StatusNotFound
		return w.errorReply(e)
	}
	return w.errorReply(refuse(100, "no payment %s in configuration %s", reference, configuration))
}

func (w *world) lookupPayment(o *Order, p *Payment) map[string]any {
	out := map[string]any{
		"reference_id": o.Reference,
		"status":       w.paymentWord(p),
		"currency":     p.Currency,
	}
	maps.Copy(out, o.Details.way().echo)
	amountKey := "amount"
	if w.Rules.SeedShape {
		amountKey = "total_amount"
	}
	out[amountKey] = wireAmount(p.Amount)
	if len(p.Transactions) == 0 && !w.Rules.SeedShape {
		return out // absent until a first attempt
	}
	list := []any{}
	for _, t := range p.Transactions {
		wire := w.transaction(t)
		if refunds := w.refunds(t); len(refunds) > 0 {
			wire["refunds"] = refunds
		}
		list = append(list, wire)
	}
	out["transactions"] = list
	return out
}

// paymentWord is the payment's status in the words of the platform.
func (w *world) paymentWord(p *Payment) string {
	if !w.Rules.PartnerWords {
		if p.Status == payCaptured {
			return payCaptured
		}
		return payPending
	}
	if p.Status == payPending && p.open() == nil {
		return stateFailed
	}
	return p.Status
}

// transaction is an attempt to pay without its refunds, which lookups and webhooks put in
// different places.
func (w *world) transaction(t *Transaction) map[string]any {
	out := map[string]any{
		"id":                t.PaymentID,
		"type":              t.Gateway,
		"status":            t.Status,
		"created_timestamp": w.wireTime(t.CreatedAt),
		"updated_timestamp": w.wireTime(t.UpdatedAt),
	}
	if !w.Rules.SeedShape {
		out["id"], out["pg_transaction_id"] = t.OrderID, t.PaymentID
		out["amount"], out["currency"] = wireAmount(t.Amount), t.Currency
	}
	if t.Method != "" {
		out["method"] = map[string]any{"type": t.Method}
	}
	if t.ErrorCode != "" {
		out["error"] = map[string]any{"code": t.ErrorCode, "reason": t.ErrorReason}
	}
	return out
}

func (w *world) refunds(ts ...*Transaction) []any {
	var out []any
	for _, t := range ts {
		for _, r := range t.Refunds {
			out = append(out, map[string]any{
				"id":                r.ID,
				"amount":            wireAmount(r.Amount),
				"speed_processed":   r.Speed,
				"status":            r.Status,
				"created_timestamp": w.wireTime(r.CreatedAt),
				"updated_timestamp": w.wireTime(r.UpdatedAt),
			})
		}
	}
	return out
}

func wireAmount(v int64) map[string]any { return map[string]any{"value": v, "offset": 100} }

// wireTime is epoch seconds: a number, and in the older shape a string.
func (w *world) wireTime(t time.Time) any {
	if w.Rules.SeedShape {
		return strconv.FormatInt(t.Unix(), 10)
	}
	return t.Unix()
}
