package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/hisab/hisab/reconcile"
)

// save writes the changes of one order, durable when it returns.
func (s *Store) save(ctx context.Context, c *changes) error {
	if err := s.introduce(ctx, s.names.missing(c.rows())); err != nil {
		return err
	}
	return s.write(ctx, func(w *writer) error {
		fresh, err := s.saveOrder(w, c)
		if err != nil {
			return s.refusal(change{s.tables.orders, c.order}, err)
		}
		if !fresh {
			return errStale
		}
		for _, p := range c.put {
			if err := exec(w.put[p.table], s.names.args(p.row)...); err != nil {
				return s.refusal(p, err)
			}
		}
		for _, d := range c.drop {
			if err := exec(w.drop[d.table], d.row...); err != nil {
				return s.refusal(d, err)
			}
		}
		for _, e := range c.events {
			if err := exec(w.insertEvent, s.names.args(e)...); err != nil {
				return fmt.Errorf("event %q of order %s: %w", e[2], c.ref, err)
			}
		}
		return nil
	})
}

// saveOrder is the compare-and-set: false where the order has another version by now.
func (s *Store) saveOrder(w *writer, c *changes) (bool, error) {
	if c.from == 0 {
		return changed(w.insertOrder, c.order...)
	}
	return changed(w.updateOrder, append(c.order, c.from)...)
}

// introduce gives ids to new names. They are committed on their own, and first, so that an
// order that refers to one cannot be saved without it.
func (s *Store) introduce(ctx context.Context, list []name) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]int64, len(list))
	err := s.write(ctx, func(w *writer) error {
		for i, n := range list {
			if err := exec(w.insertName, string(n)); err != nil {
				return err
			}
			if err := w.selectName.QueryRow(string(n)).Scan(&ids[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, n := range list {
		s.names.add(n, ids[i])
	}
	return nil
}

// uniqueness says, for each constraint as SQLite names it, what is taken. The value is that
// of the column in the refused row.
func uniqueness() []struct{ constraint, column, taken string } {
	return []struct{ constraint, column, taken string }{
		{"orders.ref", "ref", "reference %v belongs to another order"},
		{"bills.reference", "reference", "reference %v belongs to another order"},
		{"attempts.id", "id", "attempt %v is another order's"},
		{"attempts.reference", "reference", "payment %v has a refund whose outcome is not known"},
		{"attempts.result", "result", "refund %v is the outcome of another attempt"},
		{"attempts.ref", "ref", "order %v has an order_status whose outcome is not known"},
		{"refunds.id", "id", "refund %v belongs to another order"},
	}
}

// refusal turns a violated constraint into what it means for the row.
func (s *Store) refusal(c change, err error) error {
	if code(err) != sqlite3.SQLITE_CONSTRAINT {
		return err
	}
	switch extended(err) {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_TRIGGER:
		for _, u := range uniqueness() {
			if violates(err, u.constraint) {
				return fmt.Errorf(u.taken+": %w", c.table.column(c.row, u.column), reconcile.ErrTaken)
			}
		}
	}
	return fmt.Errorf("%s of order %v: %w", c.table.name, c.row[0], err)
}

// violates reports whether an error names a constraint: "UNIQUE constraint failed:
// attempts.ref (2067)" names attempts.ref and not attempts.reference.
func violates(err error, constraint string) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	for _, word := range strings.FieldsFunc(e.Error(), func(r rune) bool { return r == ' ' || r == ',' }) {
		if word == constraint {
			return true
		}
	}
	return false
}
