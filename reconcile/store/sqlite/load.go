package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/hisab/hisab/reconcile"
)

// readers serve what reads little: one order, one sum. They are few and shared.
type readers struct {
	db *sql.DB

	owner                                  *sql.Stmt // the ref that a reference belongs to
	order, bills, attempts, refunds, marks *sql.Stmt // of one order
	timeline, refunded, approvals, name    *sql.Stmt
}

// statements is a list of statements to prepare and where to put them.
type statements []struct {
	into  **sql.Stmt
	query string
}

const selectName = "SELECT name FROM names WHERE id = ?"

func (r *readers) prepare(ctx context.Context, t *tables) error {
	return prepare(ctx, r.db, statements{
		{&r.owner, "SELECT ref FROM orders WHERE ref = ?1 UNION ALL SELECT ref FROM bills WHERE reference = ?1 LIMIT 1"},
		{&r.order, t.orders.selectOne()},
		{&r.bills, t.bills.selectOne()},
		{&r.attempts, t.attempts.selectOne()},
		{&r.refunds, t.refunds.selectOne()},
		{&r.marks, t.marks.selectOne()},
		{&r.timeline, selectTimeline},
		{&r.refunded, selectRefunded},
		{&r.approvals, selectApprovals},
		{&r.name, selectName},
	})
}

func prepare(ctx context.Context, db *sql.DB, list statements) error {
	for _, s := range list {
		var err error
		if *s.into, err = db.PrepareContext(ctx, s.query); err != nil {
			return err
		}
	}
	return nil
}

// snapshot is a view of the state at one moment.
type snapshot struct {
	s        *Store
	tx       *sql.Tx
	nameStmt *sql.Stmt
}

// read calls f with a snapshot for a short read.
func (s *Store) read(ctx context.Context, f func(*snapshot) error) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	return s.view(ctx, s.readers.db, s.readers.name, f)
}

// view calls f with a snapshot. Statements are not interrupted: they are short, and those
// that are not look at ctx between rows.
func (s *Store) view(ctx context.Context, db *sql.DB, name *sql.Stmt, f func(*snapshot) error) error {
	tx, err := db.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return s.explain(err)
	}
	err = f(&snapshot{s, tx, name})
	if rollback := tx.Rollback(); err == nil && rollback != nil {
		err = rollback
	}
	if err != nil {
		return s.explain(err)
	}
	return s.unchanged()
}

// Get returns what is known under any reference the order ever had.
func (s *Store) Get(ctx context.Context, reference string) (reconcile.Observed, bool, error) {
	var o reconcile.Observed
	err := s.read(ctx, func(v *snapshot) error {
		var ref string
		err := v.tx.Stmt(s.readers.owner).QueryRow(reference).Scan(&ref)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		o, err = v.load(ref)
		return err
	})
	if err != nil {
		return reconcile.Observed{}, false, err
	}
	return o, o.Version > 0, nil
}

// load reads one order; empty but for Ref where nothing is known.
func (v *snapshot) load(ref string) (reconcile.Observed, error) {
	q, t := v.s.readers, &v.s.tables
	orders, err := collect(v, q.order, t.orders, ref, readOrder)
	if err != nil || len(orders) == 0 {
		return reconcile.Observed{Ref: ref}, err
	}
	o := orders[0]
	if o.Bills, err = collect(v, q.bills, t.bills, ref, readBill); err != nil {
		return o, err
	}
	attempts, err := collect(v, q.attempts, t.attempts, ref, readAttempt)
	if err != nil {
		return o, err
	}
	o.Attempts = arrange(attempts)
	if o.Refunds, err = collect(v, q.refunds, t.refunds, ref, readRefund); err != nil {
		return o, err
	}
	o.Marks, err = collect(v, q.marks, t.marks, ref, readMark)
	return o, err
}

// collect reads the rows that belong to one order.
func collect[T any](v *snapshot, stmt *sql.Stmt, t *table, ref string, read func(*cells) (string, T)) ([]T, error) {
	rows, err := v.tx.Stmt(stmt).Query(ref)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	var c *cells
	for rows.Next() {
		if c == nil {
			c = newCells(v, len(t.columns))
		}
		c.read(rows)
		_, x := read(c)
		if c.err != nil {
			return nil, fmt.Errorf("%s of order %s: %w", t.name, ref, c.err)
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// arrange puts attempts in the order begun.
func arrange(list []placed) []reconcile.Attempt {
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b placed) int { return cmp.Compare(a.position, b.position) })
	attempts := make([]reconcile.Attempt, len(list))
	for i := range list {
		attempts[i] = list[i].Attempt
	}
	return attempts
}
