package reconcile

import (
	"testing"

	"github.com/hisab/hisab/spec"
)

// TestWhatIsSaidOfThePayment: paid tells of all that was paid, offline_payment of its own
// part, and a refund of the captured payment, whatever its label.
func TestWhatIsSaidOfThePayment(t *testing.T) {
	two := says(func(o *spec.Order) {
		o.OfflinePayments = []spec.OfflinePayment{
			{Label: "late", Amount: 13000, Date: "2026-11-21", Method: "cheque"},
			{Label: "early", Amount: 8000, Date: "2026-11-19", Method: "cash"},
		}
	})
	till := spec.PaymentScope{Amount: 100, Date: "2026-11-20", Method: "cash"}
	captured := spec.PaymentScope{Amount: 21000, Date: "2026-11-20", Method: "upi", ID: "order_BREAD-1"}
	for _, tt := range []struct {
		name string
		s    *situation
		of   Attempt
		want spec.PaymentScope
	}{
		{"paid offline in two parts", situated(billed, two), Attempt{Event: spec.EventPaid}, spec.PaymentScope{Amount: 21000, Date: "2026-11-21", Method: "cheque"}},
		{"one of them", situated(billed, two), Attempt{Event: spec.EventOfflinePayment, Label: "early"}, spec.PaymentScope{Amount: 8000, Date: "2026-11-19", Method: "cash"}},
		{"a payment beside a captured one", situated(billed, paid, cash("till", 100)), Attempt{Event: spec.EventOfflinePayment, Label: "till"}, till},
		{"captured, and a part offline", situated(billed, paid, cash("till", 100)), Attempt{Event: spec.EventPaid}, captured},
		{"a refund with the label of an offline payment", situated(billed, paid, cash("loaf", 100)), Attempt{Event: spec.EventRefund, Label: "loaf"}, captured},
		{"a message of nothing paid", situated(billed, two), Attempt{Event: spec.EventCreated}, spec.PaymentScope{}},
	} {
		tt.of.Kind = KindNotify
		if got := scope(tt.s.have, tt.s.want, &tt.of, nil).Payment; got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
