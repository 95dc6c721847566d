package memstore

import (
	"slices"

	"github.com/hisab/hisab/reconcile"
)

// What is compared here is normal: times are whole milliseconds of UTC, so that == tells.

func same[T any](a, b []T, equal func(a, b *T) bool) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !equal(&a[i], &b[i]) {
			return false
		}
	}
	return true
}

func sameHead(a, b *reconcile.Observed) bool {
	return a.Kind == b.Kind && a.Address == b.Address && a.Standing == b.Standing &&
		a.CancelOnRemove == b.CancelOnRemove && a.PaidOffline == b.PaidOffline
}

func sameBill(a, b *reconcile.Bill) bool {
	if (a.Look == nil) != (b.Look == nil) || a.Look != nil && !sameLook(a.Look, b.Look) {
		return false
	}
	x := *b
	x.Look = a.Look
	return *a == x
}

// sameLook leaves out what is not kept of a look.
func sameLook(a, b *reconcile.Payment) bool {
	return a.Reference == b.Reference && a.State == b.State && a.Raw == b.Raw && a.Amount == b.Amount &&
		a.Currency == b.Currency && a.At.Equal(b.At) && slices.Equal(a.Transactions, b.Transactions)
}

func sameAttempt(a, b *reconcile.Attempt) bool {
	return a.ID == b.ID && a.State == b.State && a.Result == b.Result && a.Fence == b.Fence &&
		a.Looks == b.Looks && a.Delivery == b.Delivery && a.Retry == b.Retry && a.Code == b.Code && a.N == b.N &&
		a.ClaimedAt.Equal(b.ClaimedAt) && a.EndedAt.Equal(b.EndedAt) && a.NextAt.Equal(b.NextAt) &&
		a.LookedFirst.Equal(b.LookedFirst) && a.LookedLast.Equal(b.LookedLast) &&
		a.Meaning == b.Meaning && a.FollowedBy == b.FollowedBy && a.Incarnation == b.Incarnation && a.Digest == b.Digest &&
		a.Action == b.Action && a.Kind == b.Kind && a.Reference == b.Reference && a.To == b.To &&
		a.Label == b.Label && a.Event == b.Event && a.Template == b.Template && a.Account == b.Account &&
		a.Amount == b.Amount && a.Currency == b.Currency && a.Speed == b.Speed &&
		slices.Equal(a.Baseline, b.Baseline)
}

func sameRefund(a, b *reconcile.RefundSeen) bool { return *a == *b }

func sameMark(a, b *reconcile.Mark) bool { return *a == *b }
