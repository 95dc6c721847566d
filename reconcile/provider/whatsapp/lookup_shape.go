package whatsapp

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// paymentsAnswer is the answer of the payment lookup (orders guide, "Confirm Payment").
type paymentsAnswer struct {
	payments seenPayments
	paging   seenPaging
	failed   errorShape
}

// UnmarshalJSONFrom reads the body.
func (l *paymentsAnswer) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return members(dec, l) }

func (l *paymentsAnswer) member(name []byte) json.UnmarshalerFrom {
	switch string(name) {
	case "payments":
		return &l.payments
	case "paging":
		return &l.paging
	case "error":
		return &l.failed.Error
	case "errors":
		return &l.failed.Errors
	}
	return nil
}

// seenPaging says where the rest of a list is.
type seenPaging struct{ next phrase }

// UnmarshalJSONFrom reads it.
func (p *seenPaging) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return members(dec, p) }

func (p *seenPaging) member(name []byte) json.UnmarshalerFrom {
	if string(name) == "next" {
		return &p.next
	}
	return nil
}

// seenPayments is the list, and whether there is one. Null is an empty one, as some languages
// write it; no list at all is no answer.
type seenPayments struct {
	listed bool
	list   []seenPayment
}

// UnmarshalJSONFrom reads a list and null.
func (s *seenPayments) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	s.listed = true
	return elements(dec, &s.list)
}

// seenPayment has the total as total_amount in one edition of the guide and as amount in
// the other, and refunds at its own level where a webhook has them.
type seenPayment struct {
	referenceID  phrase
	status       phrase
	currency     phrase
	totalAmount  seenAmount
	amount       seenAmount
	transactions seenTransactions // none before the first attempt
	refunds      seenRefunds
}

// UnmarshalJSONFrom reads one.
func (s *seenPayment) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return members(dec, s) }

func (s *seenPayment) member(name []byte) json.UnmarshalerFrom {
	switch string(name) {
	case "reference_id":
		return &s.referenceID
	case "status":
		return &s.status
	case "currency":
		return &s.currency
	case "total_amount":
		return &s.totalAmount
	case "amount":
		return &s.amount
	case "transactions":
		return &s.transactions
	case "refunds":
		return &s.refunds
	}
	return nil
}

// seenTransactions is a list of attempts to pay.
type seenTransactions []seenTransaction

// UnmarshalJSONFrom reads it.
func (s *seenTransactions) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return elements(dec, (*[]seenTransaction)(s))
}

type seenTransaction struct {
	id               word
	pgTransactionID  word
	gateway          word // type
	status           phrase
	amount           seenAmount
	createdTimestamp digits
	updatedTimestamp digits
	method           seenMethod
	failure          seenFailure // error
	refunds          seenRefunds
}

// UnmarshalJSONFrom reads one.
func (s *seenTransaction) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return members(dec, s) }

func (s *seenTransaction) member(name []byte) json.UnmarshalerFrom {
	switch string(name) {
	case "id":
		return &s.id
	case "pg_transaction_id":
		return &s.pgTransactionID
	case "type":
		return &s.gateway
	case "status":
		return &s.status
	case "amount":
		return &s.amount
	case "created_timestamp":
		return &s.createdTimestamp
	case "updated_timestamp":
		return &s.updatedTimestamp
	case "method":
		return &s.method
	case "error":
		return &s.failure
	case "refunds":
		return &s.refunds
	}
	return nil
}

// seenMethod is how the customer paid.
type seenMethod struct{ kind word }

// UnmarshalJSONFrom reads it.
func (m *seenMethod) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return members(dec, m) }

func (m *seenMethod) member(name []byte) json.UnmarshalerFrom {
	if string(name) == "type" {
		return &m.kind
	}
	return nil
}

// seenFailure is why an attempt to pay failed.
type seenFailure struct{ code, reason word }

// UnmarshalJSONFrom reads it.
func (f *seenFailure) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return members(dec, f) }

func (f *seenFailure) member(name []byte) json.UnmarshalerFrom {
	switch string(name) {
	case "code":
		return &f.code
	case "reason":
		return &f.reason
	}
	return nil
}
