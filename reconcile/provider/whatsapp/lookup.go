package whatsapp

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// readLookup reads the answer about one reference. A platform that does not know it says
// so with HTTP 404, with Graph's code 100, or with an empty list; which, the guides leave
// open. A list of others alone is an answer to another question.
func (c *Client) readLookup(a answer, reference string) (reconcile.Payment, error) {
	if a.status != http.StatusOK {
		return c.refusedLookup(a, reference)
	}
	list := c.list()
	defer c.lists.Put(list)
	if err := c.readAnswer(a, nil, list); err != nil {
		return reconcile.Payment{}, err
	}
	if _, refusedIt := list.failed.refusal(); refusedIt {
		return c.refusedLookup(a, reference)
	}
	p, err := list.payment(reference)
	if err != nil {
		return reconcile.Payment{}, unreadable(a.status, "the payment lookup's answer makes no sense: "+err.Error())
	}
	p.At = c.config.Now()
	return p, nil
}

// list takes what an answer is read into; what is made of it does not refer to it.
func (c *Client) list() *paymentsAnswer {
	l, ok := c.lists.Get().(*paymentsAnswer)
	if !ok {
		return new(paymentsAnswer)
	}
	payments := l.payments.list
	if cap(payments) > 8 {
		payments = nil // rare, and not worth keeping
	}
	*l = paymentsAnswer{payments: seenPayments{list: payments[:0]}}
	return l
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
	if !l.payments.listed {
		return reconcile.Payment{}, errors.New("it holds no list of payments")
	}
	if l.paging.next != "" {
		return reconcile.Payment{}, errors.New("it is one page of several, which no guide describes")
	}
	if len(l.payments.list) == 0 {
		return reconcile.Payment{Reference: reference, State: reconcile.NotFound}, nil
	}
	seen, err := pick(l.payments.list, reference)
	if err != nil {
		return reconcile.Payment{}, err
	}
	return seen.payment()
}

// pick finds what is listed of exactly this reference; references are case sensitive (orders
// guide, reference_id).
func pick(list []seenPayment, reference string) (*seenPayment, error) {
	found := make([]*seenPayment, 0, 1)
	for i := range list {
		switch string(list[i].referenceID) {
		case "":
			return nil, errors.New("a payment without a reference_id")
		case reference:
			found = append(found, &list[i])
		}
	}
	if len(found) == 0 {
		return nil, errors.New("it lists other payments, and not the one that was asked for")
	}
	return together(found)
}

var errNoAmount = errors.New("a captured payment without an amount")

func (s *seenPayment) payment() (reconcile.Payment, error) {
	p := reconcile.Payment{Reference: string(s.referenceID), Raw: remark(word(s.status)), Currency: string(s.currency)}
	var err error
	if p.Amount, err = s.total(); err != nil {
		return p, err
	}
	p.Transactions = slices.Grow(p.Transactions, len(s.transactions))
	for i := range s.transactions {
		t, err := s.transactions[i].transaction()
		if err != nil {
			return p, err
		}
		p.Transactions = append(p.Transactions, t)
	}
	p.State = paymentState(string(s.status), p.Transactions)
	if p.State == reconcile.Captured && p.Amount == 0 {
		return p, errNoAmount
	}
	p.Refunds, err = s.refundsSeen()
	return p, err
}

// total is the amount under either of its names; under both, they must agree. Zero where
// the answer has neither.
func (s *seenPayment) total() (spec.Amount, error) {
	first, second := &s.totalAmount, &s.amount
	if !first.given {
		first, second = second, first
	}
	if !first.given {
		return 0, nil
	}
	a, err := first.minor()
	if err != nil || !second.given {
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
		ID:              string(s.id),
		PGTransactionID: string(s.pgTransactionID),
		Gateway:         remark(s.gateway),
		State:           transactionState(string(s.status)),
		Method:          remark(s.method.kind),
		ErrorCode:       remark(s.failure.code),
		ErrorReason:     remark(s.failure.reason),
	}
	if len(t.ID) > maxID || len(t.PGTransactionID) > maxID {
		return t, errLongID
	}
	if s.amount.given {
		if t.Amount, err = s.amount.minor(); err != nil {
			return t, err
		}
	}
	if t.CreatedAt, err = moment(s.createdTimestamp); err != nil {
		return t, err
	}
	t.UpdatedAt, err = moment(s.updatedTimestamp)
	return t, err
}

func transactionState(s string) reconcile.TransactionState {
	switch t := reconcile.TransactionState(strings.ToLower(s)); t {
	case reconcile.TransactionPending, reconcile.TransactionSuccess, reconcile.TransactionFailed:
		return t
	}
	return reconcile.TransactionUnknown
}
