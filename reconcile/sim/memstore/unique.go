package memstore

import (
	"fmt"

	"github.com/hisab/hisab/reconcile"
)

// Uniqueness is judged by what an Update leads to. A database that writes row by row refuses
// one thing more, two rows that exchange what only one may have; nothing ever asks for that.

func (im *image) checkBill(was, is *reconcile.Observed, i int) error {
	b := &is.Bills[i]
	old := find(was.Bills, i, func(o *reconcile.Bill) bool { return o.Seq == b.Seq })
	if old != nil && sameBill(old, b) {
		return nil
	}
	if o := im.owner(b.Reference); o != nil && o.Ref != is.Ref {
		return fmt.Errorf("reference %s belongs to another order: %w", b.Reference, reconcile.ErrTaken)
	}
	if !legalBill(b) {
		return errIllegal
	}
	for j := range is.Bills {
		if j != i && is.Bills[j].Reference == b.Reference {
			return fmt.Errorf("reference %s stands on two bills: %w", b.Reference, reconcile.ErrTaken)
		}
	}
	return nil
}

func (im *image) checkAttempt(was, is *reconcile.Observed, i int) error {
	a := &is.Attempts[i]
	old := find(was.Attempts, i, func(o *reconcile.Attempt) bool { return o.ID == a.ID })
	if old != nil && sameAttempt(old, a) {
		return nil
	}
	if !legalAttempt(a) {
		return errIllegal
	}
	for j := range is.Attempts {
		if b := &is.Attempts[j]; j != i && isStatus(a) && isStatus(b) && a.State.Open() && b.State.Open() {
			return fmt.Errorf("order %s has an order_status whose outcome is not known: %w", is.Ref, reconcile.ErrTaken)
		} else if j != i {
			if err := clash(a, b); err != nil {
				return err
			}
		}
	}
	for _, o := range im.orders {
		if o.Ref == is.Ref {
			continue
		}
		for j := range o.Attempts {
			if err := clash(a, &o.Attempts[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

// clash refuses two attempts of which there may be one, whatever their orders.
func clash(a, b *reconcile.Attempt) error {
	if a.ID == b.ID {
		return fmt.Errorf("attempt %s is another order's: %w", a.ID, reconcile.ErrTaken)
	}
	if a.Kind != reconcile.KindRefund || b.Kind != reconcile.KindRefund {
		return nil
	}
	if a.Result != "" && a.Result == b.Result {
		return fmt.Errorf("refund %s is the outcome of another attempt: %w", a.Result, reconcile.ErrTaken)
	}
	if a.Reference == b.Reference && a.State.Open() && b.State.Open() {
		return fmt.Errorf("payment %s has a refund whose outcome is not known: %w", a.Reference, reconcile.ErrTaken)
	}
	return nil
}

// isStatus: it sends an order_status. The cancel that begins a replace is one too.
func isStatus(a *reconcile.Attempt) bool {
	return a.Kind == reconcile.KindStatus || a.Kind == reconcile.KindReplace && a.To == "canceled"
}

func (im *image) checkRefund(was, is *reconcile.Observed, i int) error {
	r := &is.Refunds[i]
	old := find(was.Refunds, i, func(o *reconcile.RefundSeen) bool { return o.ID == r.ID })
	if old != nil && *old == *r {
		return nil
	}
	if !legalRefund(r) {
		return errIllegal
	}
	if old != nil {
		return nil
	}
	for _, o := range im.orders {
		if o.Ref == is.Ref {
			continue
		}
		for j := range o.Refunds {
			if o.Refunds[j].ID == r.ID {
				return fmt.Errorf("refund %s belongs to another order: %w", r.ID, reconcile.ErrTaken)
			}
		}
	}
	return nil
}
