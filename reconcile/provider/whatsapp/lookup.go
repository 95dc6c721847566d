package whatsapp

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// paymentsAnswer is the answer of the payment lookup (orders guide, "Confirm Payment").
type paymentsAnswer struct {
	Payments seenPayments `json:"payments"`
	Paging   struct {
		Next string `json:"next"`
	} `json:"paging"`
	errorShape
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
	return json.UnmarshalDecode(dec, &s.list)
}

// seenPayment has the total as total_amount in one edition of the guide and as amount in
// the other, and refunds at its own level where a webhook has them.
type seenPayment struct {
	ReferenceID  string            `json:"reference_id"`
	Status       string            `json:"status"`
	Currency     string            `json:"currency"`
	TotalAmount  *seenAmount       `json:"total_amount"`
	Amount       *seenAmount       `json:"amount"`
	Transactions []seenTransaction `json:"transactions"` // absent before the first attempt
	Refunds      []seenRefund      `json:"refunds"`
}

type seenTransaction struct {
	ID               word        `json:"id"`
	PGTransactionID  word        `json:"pg_transaction_id"`
	Type             word        `json:"type"`
	Status           string      `json:"status"`
	Amount           *seenAmount `json:"amount"`
	CreatedTimestamp digits      `json:"created_timestamp"`
	UpdatedTimestamp digits      `json:"updated_timestamp"`
	Method           struct {
		Type word `json:"type"`
	} `json:"method"`
	Error struct {
		Code   word `json:"code"`
		Reason word `json:"reason"`
	} `json:"error"`
	Refunds []seenRefund `json:"refunds"`
}

// readLookup reads the answer about one reference. A platform that does not know it says
// so with HTTP 404, with Graph's code 100, or with an empty list; which, the guides leave
// open. A list of others alone is an answer to another question.
func (c *Client) readLookup(a answer, reference string) (reconcile.Payment, error) {
	if a.status != http.StatusOK {
		return c.refusedLookup(a, reference)
	}
	var list paymentsAnswer
	if err := c.readAnswer(a, nil, &list); err != nil {
		return reconcile.Payment{}, err
	}
	if _, refusedIt := list.refusal(); refusedIt {
		return c.refusedLookup(a, reference)
	}
	p, err := list.payment(reference)
	if err != nil {
		return reconcile.Payment{}, unreadable(a.status, "the payment lookup's answer makes no sense: "+err.Error())
	}
	p.At = c.config.Now()
	return p, nil
}

// refusedLookup tells a reference that is not known from a lookup that failed. What the
// platform says of an unknown one is not documented, so every 404 counts as that unless its
// code says that the account is refused or throttled whatever it asks. Nothing seen before is
// unseen by it, and a bill that is sent through something that answers 404 to everything gets
// no answer that counts.
func (c *Client) refusedLookup(a answer, reference string) (reconcile.Payment, error) {
	r, _ := readRefusal(a.body)
	code, known := codeOf(r.Code)
	known = known && r.HasCode
	ofAccount := known && code.Lookup() != reconcile.Unknown
	if a.status == http.StatusNotFound && !ofAccount || known && r.Code == notFound {
		return reconcile.Payment{Reference: reference, State: reconcile.NotFound, At: c.config.Now()}, nil
	}
	return reconcile.Payment{}, c.refusal(onLookup, a, nil)
}

// payment finds the payment of a reference in the list.
func (l *paymentsAnswer) payment(reference string) (reconcile.Payment, error) {
	if !l.Payments.listed {
		return reconcile.Payment{}, errors.New("it holds no list of payments")
	}
	if l.Paging.Next != "" {
		return reconcile.Payment{}, errors.New("it is one page of several, which no guide describes")
	}
	if len(l.Payments.list) == 0 {
		return reconcile.Payment{Reference: reference, State: reconcile.NotFound}, nil
	}
	seen, err := pick(l.Payments.list, reference)
	if err != nil {
		return reconcile.Payment{}, err
	}
	return seen.payment()
}

// pick finds the payment of exactly this reference; references are case sensitive (orders
// guide, reference_id).
func pick(list []seenPayment, reference string) (*seenPayment, error) {
	var found *seenPayment
	for i := range list {
		switch {
		case list[i].ReferenceID == "":
			return nil, errors.New("a payment without a reference_id")
		case list[i].ReferenceID != reference:
		case found != nil:
			return nil, errors.New("the reference is listed twice")
		default:
			found = &list[i]
		}
	}
	if found == nil {
		return nil, errors.New("it lists other payments, and not the one that was asked for")
	}
	return found, nil
}

func (s *seenPayment) payment() (reconcile.Payment, error) {
	p := reconcile.Payment{Reference: s.ReferenceID, Raw: remark(word(s.Status)), Currency: s.Currency}
	var err error
	if p.Amount, err = s.total(); err != nil {
		return p, err
	}
	p.Transactions = slices.Grow(p.Transactions, len(s.Transactions))
	for i := range s.Transactions {
		t, err := s.Transactions[i].transaction()
		if err != nil {
			return p, err
		}
		p.Transactions = append(p.Transactions, t)
	}
	p.State = paymentState(s.Status, p.Transactions)
	if p.State == reconcile.Captured && p.Amount == 0 {
		return p, errors.New("a captured payment without an amount")
	}
	p.Refunds, err = s.refunds()
	return p, err
}

// total is the amount under either of its names; under both, they must agree. Zero where
// the answer has neither.
func (s *seenPayment) total() (spec.Amount, error) {
	first, second := s.TotalAmount, s.Amount
	if first == nil {
		first, second = second, nil
	}
	if first == nil {
		return 0, nil
	}
	a, err := first.minor()
	if err != nil || second == nil {
		return a, err
	}
	b, err := second.minor()
	if err == nil && a != b {
		err = errors.New("total_amount and amount differ")
	}
	return a, err
}

func (s *seenTransaction) transaction() (t reconcile.Transaction, err error) {
	t = reconcile.Transaction{
		ID:              string(s.ID),
		PGTransactionID: string(s.PGTransactionID),
		Gateway:         remark(s.Type),
		State:           transactionState(s.Status),
		Method:          remark(s.Method.Type),
		ErrorCode:       remark(s.Error.Code),
		ErrorReason:     remark(s.Error.Reason),
	}
	if len(t.ID) > maxID || len(t.PGTransactionID) > maxID {
		return t, errLongID
	}
	if s.Amount != nil {
		if t.Amount, err = s.Amount.minor(); err != nil {
			return t, err
		}
	}
	if t.CreatedAt, err = moment(s.CreatedTimestamp); err != nil {
		return t, err
	}
	t.UpdatedAt, err = moment(s.UpdatedTimestamp)
	return t, err
}

func transactionState(s string) reconcile.TransactionState {
	switch t := reconcile.TransactionState(strings.ToLower(s)); t {
	case reconcile.TransactionPending, reconcile.TransactionSuccess, reconcile.TransactionFailed:
		return t
	}
	return reconcile.TransactionUnknown
}
