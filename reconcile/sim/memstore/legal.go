package memstore

import (
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// The values that a journal holds, as the tables of the real one are declared: money is not
// negative, what identifies is not empty, and words are those of the domain.

func legalKind(k spec.Kind) bool {
	switch k {
	case "", spec.KindOrder, spec.KindInvoice:
		return true
	}
	return false
}

func legalStanding(s reconcile.Standing) bool {
	switch s {
	case "", reconcile.Managed, reconcile.Archived, reconcile.Forgotten:
		return true
	}
	return false
}

func legalStatus(s spec.Status) bool {
	switch s {
	case "", spec.Pending, spec.Processing, spec.PartiallyShipped, spec.Shipped, spec.Completed, spec.Canceled:
		return true
	}
	return false
}

func legalBill(b *reconcile.Bill) bool {
	return b.Seq > 0 && b.Reference != "" && b.Total >= 0 && legalStatus(b.ImportedStatus) &&
		(b.Look == nil || b.Look.Amount >= 0 && legalPayment(b.Look.State))
}

func legalPayment(s reconcile.PaymentState) bool {
	switch s {
	case reconcile.NotFound, reconcile.Unpaid, reconcile.PaymentPending, reconcile.Authorized, reconcile.Captured,
		reconcile.PaymentDead, reconcile.PaymentUnknown:
		return true
	}
	return false
}

func legalAttempt(a *reconcile.Attempt) bool {
	return a.ID != "" && legalAction(a.Kind) && legalStatus(a.To) && a.Amount >= 0 && legalSpeed(a.Speed) &&
		legalState(a.State) && legalDelivery(a.Delivery) && a.Looks >= 0
}

func legalAction(k reconcile.ActionKind) bool {
	switch k {
	case reconcile.KindSend, reconcile.KindStatus, reconcile.KindRefund, reconcile.KindNotify, reconcile.KindReplace, reconcile.KindForget:
		return true
	}
	return false
}

func legalSpeed(s string) bool { return s == "" || s == "normal" || s == "instant" }

func legalState(s reconcile.AttemptState) bool {
	switch s {
	case reconcile.Ready, reconcile.Sending, reconcile.Settled, reconcile.Rejected, reconcile.Undecided, reconcile.Held,
		reconcile.Closed, reconcile.Abandoned:
		return true
	}
	return false
}

func legalDelivery(d reconcile.Delivery) bool {
	switch d {
	case reconcile.Unconfirmed, reconcile.SentOn, reconcile.Delivered, reconcile.Read, reconcile.FailedOnRoute:
		return true
	}
	return false
}

func legalRefund(r *reconcile.RefundSeen) bool {
	return r.ID != "" && r.Amount >= 0 && legalRefundState(r.State)
}

func legalRefundState(s reconcile.RefundState) bool {
	switch s {
	case reconcile.RefundPending, reconcile.RefundSuccess, reconcile.RefundFailed, reconcile.RefundUnknown:
		return true
	}
	return false
}
