package memstore

import (
	"context"
	"fmt"

	"github.com/hisab/hisab/reconcile"
)

// Update hands f one order and keeps what it changed; all processes see it at once, and Sync
// makes it durable. Updates follow one another, whatever their orders.
func (s *Store) Update(ctx context.Context, ref string, f func(*reconcile.Observed) error) (reconcile.Observed, error) {
	d := s.disk
	if err := d.lock(ctx); err != nil {
		return reconcile.Observed{}, err
	}
	defer d.unlock()
	if err := s.usable(); err != nil {
		return reconcile.Observed{}, err
	}
	im := d.latest.Load()
	_, old := im.find(ref)
	was := &reconcile.Observed{Ref: ref}
	if old != nil {
		was = &old.Observed
	}
	mine := was.Clone()
	if err := f(mine); err != nil {
		return reconcile.Observed{}, err
	}
	// f may keep what it was given; what is returned is another copy.
	is := mine.Clone()
	if is.Ref != ref {
		return reconcile.Observed{}, fmt.Errorf("order %s: an update changed its first reference to %q", ref, is.Ref)
	}
	normalize(is)
	is.Version = was.Version
	next, err := im.next(old, was, is)
	is.News = nil
	switch {
	case err != nil:
		return reconcile.Observed{}, err
	case next == nil:
		return *is, nil
	}
	is.Version++
	d.latest.Store(im.with(next))
	if d.Committed != nil {
		d.committed(old, next)
	}
	return *is, nil
}

func (d *Disk) committed(old, next *order) {
	var before *reconcile.Observed
	var told *entry
	if old != nil {
		before, told = &old.Observed, old.log
	}
	if next.log == told {
		d.Committed(before, &next.Observed, nil)
		return
	}
	d.Committed(before, &next.Observed, next.log.events)
}

// next is what an order becomes that was this and is that; nil where that is the same and
// nothing is to be told. It shares with the order before what did not change.
func (im *image) next(old *order, was, is *reconcile.Observed) (*order, error) {
	bills, attempts := !same(was.Bills, is.Bills, sameBill), !same(was.Attempts, is.Attempts, sameAttempt)
	refunds, marks := !same(was.Refunds, is.Refunds, sameRefund), !same(was.Marks, is.Marks, sameMark)
	if !bills && !attempts && !refunds && !marks && len(is.News) == 0 && sameHead(was, is) {
		return nil, nil
	}
	if err := im.check(was, is, bills, attempts, refunds); err != nil {
		return nil, err
	}
	o := &order{Observed: *was}
	o.Version++
	o.Kind, o.Address, o.Standing, o.CancelOnRemove, o.PaidOffline = is.Kind, is.Address, is.Standing, is.CancelOnRemove, is.PaidOffline
	if bills {
		o.Bills = copyBills(was.Bills, is.Bills)
	}
	if attempts {
		o.Attempts = copyAttempts(was.Attempts, is.Attempts)
	}
	if refunds {
		o.Refunds = append([]reconcile.RefundSeen(nil), is.Refunds...)
	}
	if marks {
		o.Marks = append([]reconcile.Mark(nil), is.Marks...)
	}
	if old != nil {
		o.log = old.log
	}
	if len(is.News) > 0 {
		// is gives its News away: nobody else has them.
		o.log = &entry{before: o.log, events: is.News}
	}
	return o, nil
}

// copyBills copies what is kept of bills: not a look's own list of refunds, which stand in
// Refunds.
func copyBills(was, is []reconcile.Bill) []reconcile.Bill {
	list := append([]reconcile.Bill(nil), is...)
	for i := range list {
		b := &list[i]
		if b.Look == nil {
			continue
		}
		if i < len(was) && was[i].Look != nil && sameLook(was[i].Look, b.Look) {
			b.Look = was[i].Look
			continue
		}
		look := *b.Look
		look.Transactions = append([]reconcile.Transaction(nil), look.Transactions...)
		look.Refunds = nil
		b.Look = &look
	}
	return list
}

func copyAttempts(was, is []reconcile.Attempt) []reconcile.Attempt {
	list := append([]reconcile.Attempt(nil), is...)
	for i := range list {
		a := &list[i]
		if i < len(was) && len(was[i].Baseline) == len(a.Baseline) && sameAttempt(&was[i], a) {
			a.Baseline = was[i].Baseline
			continue
		}
		a.Baseline = append([]string(nil), a.Baseline...)
	}
	return list
}
