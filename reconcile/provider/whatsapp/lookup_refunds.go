package whatsapp

import (
	"errors"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// seenRefund is one refund of a list.
type seenRefund struct {
	id               word
	amount           seenAmount
	speedProcessed   word
	status           phrase
	createdTimestamp digits
	updatedTimestamp digits
}

// UnmarshalJSONFrom reads one.
func (s *seenRefund) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return members(dec, s) }

func (s *seenRefund) member(name []byte) json.UnmarshalerFrom {
	switch string(name) {
	case "id":
		return &s.id
	case "amount":
		return &s.amount
	case "speed_processed":
		return &s.speedProcessed
	case "status":
		return &s.status
	case "created_timestamp":
		return &s.createdTimestamp
	case "updated_timestamp":
		return &s.updatedTimestamp
	}
	return nil
}

// seenRefunds is such a list.
type seenRefunds []seenRefund

// UnmarshalJSONFrom reads it.
func (s *seenRefunds) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return elements(dec, (*[]seenRefund)(s))
}

// listed is a refund as one list has it.
type listed struct {
	reconcile.RefundSeen
	updated digits
}

// refundsSeen gathers the refunds of the payment and of its transactions, each id once, sorted
// by id: the lookup's sample nests them, a webhook's does not, and nothing says that an
// answer cannot do both.
func (s *seenPayment) refundsSeen() ([]reconcile.RefundSeen, error) {
	var all []listed
	gather := func(rs []seenRefund, transaction word) error {
		for i := range rs {
			r, err := s.refund(&rs[i], string(transaction))
			if err != nil {
				return err
			}
			all = append(all, listed{r, rs[i].updatedTimestamp})
		}
		return nil
	}
	for i := range s.transactions {
		if err := gather(s.transactions[i].refunds, s.transactions[i].id); err != nil {
			return nil, err
		}
	}
	if err := gather(s.refunds, ""); err != nil {
		return nil, err
	}
	return onceEach(all)
}

// onceEach takes the mentions of one refund together.
func onceEach(all []listed) ([]reconcile.RefundSeen, error) {
	slices.SortStableFunc(all, func(a, b listed) int { return strings.Compare(a.ID, b.ID) })
	var out []reconcile.RefundSeen
	for i := 0; i < len(all); {
		one := all[i]
		for i++; i < len(all) && all[i].ID == one.ID; i++ {
			if all[i].Amount != one.Amount {
				return nil, errors.New("one refund id with two amounts")
			}
			one.State = laterState(one.State, all[i].State, one.updated, all[i].updated)
			one.updated = max(one.updated, all[i].updated)
		}
		out = append(out, one.RefundSeen)
	}
	return out, nil
}

// refund reads one mention of a refund of the payment.
func (p *seenPayment) refund(s *seenRefund, transaction string) (reconcile.RefundSeen, error) {
	r := reconcile.RefundSeen{
		ID:          string(s.id),
		Reference:   string(p.referenceID),
		Transaction: transaction,
		Currency:    string(p.currency),
		State:       refundState(string(s.status)),
		Speed:       remark(s.speedProcessed),
	}
	if r.Currency == "" {
		r.Currency = spec.INR // a listed refund says none, and there is no other
	}
	switch {
	case r.ID == "":
		return r, errors.New("a refund without an id")
	case len(r.ID) > maxID:
		return r, errLongID
	case !s.amount.given:
		return r, errors.New("a refund without an amount")
	}
	var err error
	if r.Amount, err = s.amount.minor(); err != nil {
		return r, err
	}
	r.CreatedAt, err = moment(s.createdTimestamp)
	return r, err
}

// laterState settles a refund that one answer lists twice: the later change holds; without
// one, an end holds against pending, and two different ends are unknown.
func laterState(a, b reconcile.RefundState, aAt, bAt digits) reconcile.RefundState {
	switch {
	case a == b:
		return a
	case aAt != 0 && bAt != 0 && aAt != bAt:
		if aAt > bAt {
			return a
		}
		return b
	case a == reconcile.RefundPending:
		return b
	case b == reconcile.RefundPending:
		return a
	}
	return reconcile.RefundUnknown
}

// refundState reads both vocabularies: a refund's answer says completed where lists say
// success (orders guide, "Refunds" and "Confirm Payment").
func refundState(s string) reconcile.RefundState {
	switch strings.ToLower(s) {
	case "pending":
		return reconcile.RefundPending
	case "success", "completed", "processed", "refunded":
		return reconcile.RefundSuccess
	case "failed":
		return reconcile.RefundFailed
	}
	return reconcile.RefundUnknown
}
