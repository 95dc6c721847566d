package whatsapp

import (
	"strings"

	"github.com/hisab/hisab/reconcile"
)

// paymentState says what a payment's status means together with its transactions. The
// platform's "pending" covers everything that is not captured, and a failed attempt never
// fails the payment (orders guide, "Payment Status", "Response by payment stage"), so the
// transactions decide:
//
//	status           transactions              state
//	captured         any                       Captured
//	pending new      one pending or success    PaymentPending
//	  failed         one of another word       PaymentUnknown
//	                 none, or all failed       Unpaid
//	canceled         one pending or success    PaymentUnknown
//	                 otherwise                 PaymentDead
//	anything else    any                       PaymentUnknown
func paymentState(status string, ts []reconcile.Transaction) reconcile.PaymentState {
	var open, odd bool
	for _, t := range ts {
		switch t.State {
		case reconcile.TransactionPending, reconcile.TransactionSuccess:
			open = true
		case reconcile.TransactionUnknown:
			odd = true
		}
	}
	word := strings.ToLower(status)
	switch {
	case isCaptured(phrase(status)):
		return reconcile.Captured
	case awaitsMoney(word) && open:
		return reconcile.PaymentPending
	case awaitsMoney(word) && !odd:
		return reconcile.Unpaid
	case (word == "canceled" || word == "cancelled") && !open && !odd:
		return reconcile.PaymentDead
	}
	return reconcile.PaymentUnknown
}

// awaitsMoney reports whether a status says that the money is not in yet.
func awaitsMoney(status string) bool {
	switch strings.ToLower(status) {
	case "pending", "new", "failed":
		return true
	}
	return false
}
