package whatsapp

import (
	"errors"
	"slices"
	"strings"

	"github.com/hisab/hisab/reconcile"
)

// together takes the entries of one reference together. The answer is a list (orders guide,
// "Confirm Payment") and no guide says of what: a customer who paid twice may stand in it as
// two successful attempts of one payment or as two payments. Entries that nothing tells apart
// may be one payment or two, which is no answer.
func together(entries []*seenPayment) (*seenPayment, error) {
	if len(entries) == 1 {
		return entries[0], nil
	}
	all := seenPayment{referenceID: entries[0].referenceID, status: statusOfAll(entries), currency: entries[0].currency}
	for _, e := range entries {
		if e.currency != all.currency {
			return nil, errors.New("the reference is listed in two currencies")
		}
		switch was, err := all.total(); {
		case err != nil:
			return nil, err
		case was == 0:
			all.totalAmount, all.amount = e.totalAmount, e.amount
		default:
			if is, err := e.total(); err != nil || is != was && is != 0 {
				return nil, errors.Join(errors.New("the reference is listed with two amounts"), err)
			}
		}
		if isCaptured(e.status) && !slices.ContainsFunc(e.transactions, tookMoney) {
			return nil, errors.New("the reference is listed twice, and nothing tells the one payment from the other")
		}
		for i := range e.transactions {
			t := &e.transactions[i]
			if slices.ContainsFunc(all.transactions, t.repeats) {
				all.refunds = append(all.refunds, t.refunds...)
			} else {
				all.transactions = append(all.transactions, *t)
			}
		}
		all.refunds = append(all.refunds, e.refunds...)
	}
	return &all, nil
}

// statusOfAll is the status that several entries make: captured where money came in, pending
// where each waits for it, and else one that nobody knows.
func statusOfAll(entries []*seenPayment) phrase {
	var words []string
	for _, e := range entries {
		if isCaptured(e.status) {
			return e.status
		}
		if !slices.Contains(words, string(e.status)) {
			words = append(words, string(e.status))
		}
	}
	if len(words) > 1 && !slices.ContainsFunc(words, func(w string) bool { return !awaitsMoney(w) }) {
		return "pending"
	}
	return phrase(strings.Join(words, " and "))
}

func isCaptured(s phrase) bool { return strings.EqualFold(string(s), "captured") }

// tookMoney reports whether an attempt succeeded, and can be told from others.
func tookMoney(t seenTransaction) bool {
	return transactionState(string(t.status)) == reconcile.TransactionSuccess && (t.id != "" || t.pgTransactionID != "")
}

// repeats reports whether two entries list the same attempt to pay.
func (t *seenTransaction) repeats(u seenTransaction) bool {
	return t.id == u.id && t.pgTransactionID == u.pgTransactionID && t.status == u.status
}
