package memstore

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// normalize gives an order the form in which a store gives it back: times in whole
// milliseconds of UTC, lists in their order, empty ones nil. What is not kept (Stray, and a
// look's own list of refunds) it leaves alone.
func normalize(o *reconcile.Observed) {
	slices.SortStableFunc(o.Bills, func(a, b reconcile.Bill) int { return cmp.Compare(a.Seq, b.Seq) })
	slices.SortStableFunc(o.Refunds, func(a, b reconcile.RefundSeen) int { return strings.Compare(a.ID, b.ID) })
	slices.SortStableFunc(o.Marks, func(a, b reconcile.Mark) int { return strings.Compare(a.Name, b.Name) })
	for i := range o.Bills {
		normalizeBill(&o.Bills[i])
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
	for i := range o.News {
		o.News[i].Ref = o.Ref
		round(&o.News[i].At)
	}
	o.Bills, o.Attempts = orNil(o.Bills), orNil(o.Attempts)
	o.Refunds, o.Marks = orNil(o.Refunds), orNil(o.Marks)
}

func normalizeBill(b *reconcile.Bill) {
	round(&b.ExpiresAt, &b.CapturedAt, &b.ClearSince)
	p := b.Look
	if p == nil {
		return
	}
	p.Reference = b.Reference
	round(&p.At)
	for i := range p.Transactions {
		round(&p.Transactions[i].CreatedAt, &p.Transactions[i].UpdatedAt)
	}
	p.Transactions = orNil(p.Transactions)
}

func round(times ...*time.Time) {
	for _, t := range times {
		if t.IsZero() {
			*t = time.Time{}
			continue
		}
		ms := t.UnixMilli()
		if ms == 0 {
			*t = time.Time{} // the journal has no other word for it
			continue
		}
		*t = time.UnixMilli(ms).UTC()
	}
}

// millis is a time as the journal compares it; 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
