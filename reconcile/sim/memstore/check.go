package memstore

import (
	"errors"
	"fmt"

	"github.com/hisab/hisab/reconcile"
)

// check refuses what a journal must not hold, of an order that was this and is that. The
// flags say which of its lists differ; what does not differ was checked when it came.
func (im *image) check(was, is *reconcile.Observed, bills, attempts, refunds bool) error {
	if err := twice(is); err != nil {
		return err
	}
	if err := im.checkHead(was, is); err != nil {
		return err
	}
	if bills {
		for i := range is.Bills {
			if err := im.checkBill(was, is, i); err != nil {
				return fmt.Errorf("bill %s of order %s: %w", is.Bills[i].Reference, is.Ref, err)
			}
		}
	}
	if attempts {
		for i := range is.Attempts {
			if err := im.checkAttempt(was, is, i); err != nil {
				return fmt.Errorf("attempt %s of order %s: %w", is.Attempts[i].ID, is.Ref, err)
			}
		}
	}
	if refunds {
		for i := range is.Refunds {
			if err := im.checkRefund(was, is, i); err != nil {
				return fmt.Errorf("refund %s of order %s: %w", is.Refunds[i].ID, is.Ref, err)
			}
		}
	}
	if err := checkMarks(is); err != nil {
		return err
	}
	return kept(was, is)
}

// twice refuses two rows of an order with one key. Bills, refunds and marks are sorted by it.
func twice(o *reconcile.Observed) error {
	for i := 1; i < len(o.Bills); i++ {
		if o.Bills[i].Seq == o.Bills[i-1].Seq {
			return fmt.Errorf("bill %d of order %s twice: %w", o.Bills[i].Seq, o.Ref, reconcile.ErrTaken)
		}
	}
	for i := range o.Attempts {
		for j := range i {
			if o.Attempts[i].ID == o.Attempts[j].ID {
				return fmt.Errorf("attempt %s of order %s twice: %w", o.Attempts[i].ID, o.Ref, reconcile.ErrTaken)
			}
		}
	}
	for i := 1; i < len(o.Refunds); i++ {
		if o.Refunds[i].ID == o.Refunds[i-1].ID {
			return fmt.Errorf("refund %s of order %s twice: %w", o.Refunds[i].ID, o.Ref, reconcile.ErrTaken)
		}
	}
	for i := 1; i < len(o.Marks); i++ {
		if o.Marks[i].Name == o.Marks[i-1].Name {
			return fmt.Errorf("mark %s of order %s twice: %w", o.Marks[i].Name, o.Ref, reconcile.ErrTaken)
		}
	}
	return nil
}

func (im *image) checkHead(was, is *reconcile.Observed) error {
	if was.Version == 0 && im.owner(is.Ref) != nil {
		return fmt.Errorf("reference %s belongs to another order: %w", is.Ref, reconcile.ErrTaken)
	}
	if is.Ref == "" || is.PaidOffline < 0 || !legalKind(is.Kind) || !legalStanding(is.Standing) {
		return fmt.Errorf("order %q: kind %q, standing %q, paid offline %d: %w", is.Ref, is.Kind, is.Standing, is.PaidOffline, errIllegal)
	}
	return nil
}

func checkMarks(is *reconcile.Observed) error {
	for i := range is.Marks {
		if is.Marks[i].Name == "" {
			return fmt.Errorf("mark of order %s: %w", is.Ref, errIllegal)
		}
	}
	for i := range is.News {
		if is.News[i].Name == "" {
			return fmt.Errorf("event of order %s: %w", is.Ref, errIllegal)
		}
	}
	return nil
}

// kept refuses to forget what moved money, or may have.
func kept(was, is *reconcile.Observed) error {
	for i := range was.Attempts {
		if id := was.Attempts[i].ID; find(is.Attempts, i, func(a *reconcile.Attempt) bool { return a.ID == id }) == nil {
			return fmt.Errorf("order %s: an attempt is never removed, and %s is missing", is.Ref, id)
		}
	}
	for i := range was.Refunds {
		if id := was.Refunds[i].ID; find(is.Refunds, i, func(r *reconcile.RefundSeen) bool { return r.ID == id }) == nil {
			return fmt.Errorf("order %s: a refund that was seen is never removed, and %s is missing", is.Ref, id)
		}
	}
	return nil
}

// find returns the row that is the one, which is likely at place i; nil where there is none.
func find[T any](list []T, i int, is func(*T) bool) *T {
	if i < len(list) && is(&list[i]) {
		return &list[i]
	}
	for i := range list {
		if is(&list[i]) {
			return &list[i]
		}
	}
	return nil
}

// errIllegal is a value that the journal has no place for.
var errIllegal = errors.New("a value that a journal does not hold")
