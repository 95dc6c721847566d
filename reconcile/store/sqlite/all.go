package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"github.com/hisab/hisab/reconcile"
)

// errStop ends a walk whose consumer has seen enough.
var errStop = errors.New("stop")

// walkers serve All. A consumer may stay in a walk for as long as it likes, and read and
// write meanwhile; so a walk has a connection of its own and never waits for one.
type walkers struct {
	db                                            *sql.DB
	orders, bills, attempts, refunds, marks, name *sql.Stmt
}

func openWalkers(ctx context.Context, dsn string, t *tables) (*walkers, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxIdleConns(1)
	w := &walkers{db: db}
	return w, prepare(ctx, db, statements{
		{&w.orders, t.orders.selectAll()},
		{&w.bills, t.bills.selectAll()},
		{&w.attempts, t.attempts.selectAll()},
		{&w.refunds, t.refunds.selectAll()},
		{&w.marks, t.marks.selectAll()},
		{&w.name, selectName},
	})
}

// All yields every order, sorted by Ref, from one snapshot. Five scans, each clustered by
// ref, are merged as they go: one order is in memory at a time, and nothing is sorted. The
// yielded order is the consumer's to keep.
func (s *Store) All(ctx context.Context) iter.Seq2[*reconcile.Observed, error] {
	return func(yield func(*reconcile.Observed, error) bool) {
		if err := s.usable(ctx); err != nil {
			yield(nil, err)
			return
		}
		err := s.view(ctx, s.walkers.db, s.walkers.name, func(v *snapshot) error {
			return v.walk(ctx, func(o *reconcile.Observed) bool { return yield(o, nil) })
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}

func (v *snapshot) walk(ctx context.Context, yield func(*reconcile.Observed) bool) error {
	q, t := v.s.walkers, &v.s.tables
	orders := scan(v, q.orders, t.orders, readOrder)
	defer orders.close()
	bills := scan(v, q.bills, t.bills, readBill)
	defer bills.close()
	attempts := scan(v, q.attempts, t.attempts, readAttempt)
	defer attempts.close()
	refunds := scan(v, q.refunds, t.refunds, readRefund)
	defer refunds.close()
	marks := scan(v, q.marks, t.marks, readMark)
	defer marks.close()
	for ; orders.ok; orders.advance() {
		if err := ctx.Err(); err != nil {
			return err
		}
		o := orders.head
		o.Bills = bills.of(o.Ref)
		o.Attempts = arrange(attempts.of(o.Ref))
		o.Refunds = refunds.of(o.Ref)
		o.Marks = marks.of(o.Ref)
		if err := errors.Join(bills.err, attempts.err, refunds.err, marks.err); err != nil {
			return err
		}
		if !yield(&o) {
			return errStop
		}
	}
	return orders.err
}

// stream is a scan of a table with its next row in hand.
type stream[T any] struct {
	table *table
	rows  *sql.Rows
	cells *cells
	read  func(*cells) (string, T)
	ok    bool // head is a row
	ref   string
	head  T
	err   error
}

func scan[T any](v *snapshot, stmt *sql.Stmt, t *table, read func(*cells) (string, T)) *stream[T] {
	st := &stream[T]{table: t, read: read, cells: newCells(v, len(t.columns))}
	if st.rows, st.err = v.tx.Stmt(stmt).Query(); st.err == nil {
		st.advance()
	}
	return st
}

func (st *stream[T]) advance() {
	if st.ok = st.rows.Next(); !st.ok {
		st.err = st.rows.Err()
		return
	}
	st.cells.read(st.rows)
	st.ref, st.head = st.read(st.cells)
	if st.cells.err != nil {
		st.ok, st.err = false, fmt.Errorf("%s: %w", st.table.name, st.cells.err)
	}
}

// of takes the rows of the order that is next. Every row belongs to an order (foreign
// keys), so none is passed over.
func (st *stream[T]) of(ref string) []T {
	var list []T
	for st.ok && st.ref == ref {
		list = append(list, st.head)
		st.advance()
	}
	return list
}

func (st *stream[T]) close() {
	if st.rows != nil {
		st.rows.Close()
	}
}
