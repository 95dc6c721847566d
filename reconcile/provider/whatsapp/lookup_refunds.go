package whatsapp

import (
	"errors"
	"strings"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// seenRefund is one refund of a list.
type seenRefund struct {
	ID               word        `json:"id"`
	Amount           *seenAmount `json:"amount"`
	SpeedProcessed   word        `json:"speed_processed"`
	Status           string      `json:"status"`
	CreatedTimestamp digits      `json:"created_timestamp"`
	UpdatedTimestamp digits      `json:"updated_timestamp"`
}

// refunds gathers the refunds of the payment and of its transactions, each id once: the
// lookup's sample nests them, a webhook's does not, and nothing says that an answer cannot
// do both.
func (s *seenPayment) refunds() ([]reconcile.RefundSeen, error) {
	g := gathering{payment: s, at: map[string]int{}}
	for i := range s.Transactions {
		t := &s.Transactions[i]
		if err := g.add(t.Refunds, string(t.ID)); err != nil {
			return nil, err
		}
	}
	if err := g.add(s.Refunds, ""); err != nil {
		return nil, err
	}
	return g.list, nil
}

// gathering collects refunds. updated holds, beside list, when each was last changed.
type gathering struct {
	payment *seenPayment
	list    []reconcile.RefundSeen
	updated []digits
	at      map[string]int // index in list by id
}

func (g *gathering) add(rs []seenRefund, transaction string) error {
	for i := range rs {
		r, err := g.read(&rs[i], transaction)
		if err != nil {
			return err
		}
		known, twice := g.at[r.ID]
		if !twice {
			g.at[r.ID] = len(g.list)
			g.list = append(g.list, r)
			g.updated = append(g.updated, rs[i].UpdatedTimestamp)
			continue
		}
		old := &g.list[known]
		if old.Amount != r.Amount {
			return errors.New("one refund id with two amounts")
		}
		if old.Transaction == "" {
			old.Transaction = r.Transaction
		}
		old.State = laterState(old.State, r.State, g.updated[known], rs[i].UpdatedTimestamp)
		g.updated[known] = max(g.updated[known], rs[i].UpdatedTimestamp)
	}
	return nil
}

func (g *gathering) read(s *seenRefund, transaction string) (reconcile.RefundSeen, error) {
	r := reconcile.RefundSeen{
		ID:          string(s.ID),
		Reference:   g.payment.ReferenceID,
		Transaction: transaction,
		Currency:    g.payment.Currency,
		State:       refundState(s.Status),
		Speed:       remark(s.SpeedProcessed),
	}
	if r.Currency == "" {
		r.Currency = spec.INR // a listed refund says none, and there is no other
	}
	switch {
	case r.ID == "":
		return r, errors.New("a refund without an id")
	case len(r.ID) > maxID:
		return r, errLongID
	case s.Amount == nil:
		return r, errors.New("a refund without an amount")
	}
	var err error
	if r.Amount, err = s.Amount.minor(); err != nil {
		return r, err
	}
	r.CreatedAt, err = moment(s.CreatedTimestamp)
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
