package whatsapp

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/hisab/hisab/reconcile"
)

var (
	errAlike = errors.New("the reference is listed twice, and nothing tells the one payment from the other")
	errMany  = errors.New("the reference is listed with more payments than one order has")
	errOpen  = errors.New("the reference is listed with a payment that succeeded and is not captured, beside one that is")
)

// most bounds the entries of one order, and their successes, that are told from one another.
const most = 100

// together takes the entries of one reference together. The answer is a list (orders guide,
// "Confirm Payment") and no guide says of what: a customer who paid twice may stand in it as
// two successful attempts of one payment or as two payments. Where it cannot be told whether
// two entries hold one payment or two, that is no answer: taken for two, the one would be given
// back as a surplus, taken for one, the surplus would stay.
func together(entries []*seenPayment) (*seenPayment, error) {
	switch {
	case len(entries) == 1:
		return entries[0], nil
	case len(entries) > most:
		return nil, errMany
	}
	slices.SortStableFunc(entries, func(a, b *seenPayment) int { return cmp.Compare(rank(a), rank(b)) })
	all := &seenPayment{referenceID: entries[0].referenceID, status: statusOfAll(entries)}
	var earlier []int // the successes of earlier entries, in all.transactions
	for _, e := range entries {
		if err := all.agree(e); err != nil {
			return nil, err
		}
		successes, err := all.take(e, earlier)
		switch {
		case err != nil:
			return nil, err
		case isCaptured(e.status) && !slices.ContainsFunc(e.transactions, succeeded):
			return nil, errAlike
		case isCaptured(all.status) && !isCaptured(e.status) && len(successes) > 0:
			return nil, errOpen
		}
		earlier = append(earlier, successes...)
	}
	return all, nil
}

// rank puts captured entries first.
func rank(e *seenPayment) int {
	if isCaptured(e.status) {
		return 0
	}
	return 1
}

// take adds the attempts and refunds of an entry, and returns where its successes are that no
// earlier entry has.
func (s *seenPayment) take(e *seenPayment, earlier []int) (successes []int, err error) {
	var own []*seenTransaction
	for i := range e.transactions {
		t := &e.transactions[i]
		if !succeeded(*t) {
			s.transactions = append(s.transactions, *t)
			continue
		}
		switch {
		case len(own) == most:
			return nil, errMany
		case slices.ContainsFunc(own, t.mayBe):
			return nil, errAlike
		}
		own = append(own, t)
		known, err := s.known(earlier, t)
		switch {
		case err != nil:
			return nil, err
		case known != nil:
			known.refunds = slices.Concat(known.refunds, t.refunds)
		default:
			successes = append(successes, len(s.transactions))
			s.transactions = append(s.transactions, *t)
		}
	}
	s.refunds = append(s.refunds, e.refunds...)
	return successes, nil
}

// agree takes over currency and total of an entry, where those before gave none.
func (s *seenPayment) agree(e *seenPayment) error {
	is, err := e.total()
	switch {
	case err != nil:
		return err
	case is == 0 && isCaptured(e.status):
		return errNoAmount
	case s.currency != "" && e.currency != "" && s.currency != e.currency:
		return errors.New("the reference is listed in two currencies")
	}
	was, err := s.total()
	switch {
	case err != nil:
		return err
	case was == 0:
		s.totalAmount, s.amount = e.totalAmount, e.amount
	case is != 0 && is != was:
		return errors.New("the reference is listed with two amounts")
	}
	if s.currency == "" {
		s.currency = e.currency
	}
	return nil
}

// known finds a success among those of earlier entries.
func (s *seenPayment) known(earlier []int, t *seenTransaction) (*seenTransaction, error) {
	for _, i := range earlier {
		if u := &s.transactions[i]; t.mayBe(u) {
			if !t.is(u) {
				return nil, errAlike
			}
			return u, nil
		}
	}
	return nil, nil
}

func succeeded(t seenTransaction) bool {
	return transactionState(string(t.status)) == reconcile.TransactionSuccess
}

// mayBe reports whether nothing tells two successes apart. The gateway's payment id may come
// later than its order id, and an order may see several payments (payment lookup guide of 2026).
func (t *seenTransaction) mayBe(u *seenTransaction) bool {
	if t.pgTransactionID != "" && u.pgTransactionID != "" {
		return t.pgTransactionID == u.pgTransactionID
	}
	return t.id == u.id || t.id == "" || u.id == ""
}

// is reports whether two successes are surely one: the same in all that says which.
func (t *seenTransaction) is(u *seenTransaction) bool {
	ids := t.pgTransactionID != "" || t.id != "" && t.createdTimestamp != 0
	return ids && t.id == u.id && t.pgTransactionID == u.pgTransactionID && t.createdTimestamp == u.createdTimestamp && t.amount == u.amount
}

// statusOfAll is the status that several entries make: captured where money came in, pending
// where each waits for it, and else one that nobody knows.
func statusOfAll(entries []*seenPayment) phrase {
	var words []string
	for _, e := range entries {
		if isCaptured(e.status) {
			return e.status
		}
		if word := strings.ToLower(string(e.status)); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	if len(words) > 1 && !slices.ContainsFunc(words, func(w string) bool { return !awaitsMoney(w) }) {
		return "pending"
	}
	return phrase(strings.Join(words, " and "))
}

func isCaptured(s phrase) bool { return strings.EqualFold(string(s), "captured") }
