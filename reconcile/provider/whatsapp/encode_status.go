package whatsapp

import (
	"strconv"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// statusParameters moves an order on (orders guide, "Update Order Status").
type statusParameters struct {
	ReferenceID string      `json:"reference_id"`
	Order       statusOrder `json:"order"`
}

type statusOrder struct {
	Status      string `json:"status"`
	Description string `json:"description,omitzero"`
}

func encodeStatus(m reconcile.Message) *statusParameters {
	return &statusParameters{
		ReferenceID: m.Reference,
		Order:       statusOrder{Status: string(m.Status), Description: m.Description},
	}
}

// refundBody asks for a refund. Here alone value and offset are strings, the currency is
// inside the amount, and the payment configuration is called payment_config_id (orders
// guide, "Refunds").
type refundBody struct {
	ReferenceID     string       `json:"reference_id"`
	Speed           string       `json:"speed"`
	PaymentConfigID string       `json:"payment_config_id"`
	Amount          refundAmount `json:"amount"`
}

type refundAmount struct {
	Currency string `json:"currency"`
	Value    string `json:"value"`
	Offset   string `json:"offset"`
}

func encodeRefund(r reconcile.RefundRequest) ([]byte, error) {
	return marshal(refundBody{
		ReferenceID:     r.Reference,
		Speed:           r.Speed,
		PaymentConfigID: r.Configuration,
		Amount: refundAmount{
			Currency: r.Currency,
			Value:    strconv.FormatInt(int64(r.Amount), 10),
			Offset:   strconv.Itoa(spec.Offset),
		},
	})
}
