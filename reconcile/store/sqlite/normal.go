package sqlite

import (
	"slices"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// normalize gives an order the form in which it comes back from the file: times in whole
// milliseconds of UTC, lists in their order, empty ones nil. What is not kept (Stray, and a
// look's own list of refunds, which stand in Refunds) it leaves alone.
func normalize(o *reconcile.Observed) {
	slices.SortStableFunc(o.Bills, func(a, b reconcile.Bill) int { return a.Seq - b.Seq })
	slices.SortStableFunc(o.Refunds, func(a, b reconcile.RefundSeen) int { return strings.Compare(a.ID, b.ID) })
	slices.SortStableFunc(o.Marks, func(a, b reconcile.Mark) int { return strings.Compare(a.Name, b.Name) })
	for i := range o.Bills {
		b := &o.Bills[i]
		round(&b.ExpiresAt, &b.CapturedAt, &b.ClearSince)
		if b.Look != nil {
			normalizeLook(b.Look, b.Reference)
		}
	}
	for i := range o.Attempts {
		a := &o.Attempts[i]
		round(&a.ClaimedAt, &a.EndedAt, &a.NextAt, &a.LookedFirst, &a.LookedLast)
		a.Baseline = orNil(a.Baseline)
	}
	for i := range o.Refunds {
		round(&o.Refunds[i].CreatedAt, &o.Refunds[i].FirstSeenAt)
	}
	for i := range o.Marks {
		round(&o.Marks[i].At)
	}
	o.Bills, o.Attempts = orNil(o.Bills), orNil(o.Attempts)
	o.Refunds, o.Marks = orNil(o.Refunds), orNil(o.Marks)
}

func normalizeLook(p *reconcile.Payment, reference string) {
	p.Reference = reference
	round(&p.At)
	for i := range p.Transactions {
		round(&p.Transactions[i].CreatedAt, &p.Transactions[i].UpdatedAt)
	}
	p.Transactions = orNil(p.Transactions)
}

func round(times ...*time.Time) {
	for _, t := range times {
		*t = instant(millis(*t))
	}
}

func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
