package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	sqlite3 "modernc.org/sqlite/lib"
)

// writer is the one connection that writes. It is used by one goroutine at a time.
type writer struct {
	db         *sql.DB
	conn       *sql.Conn
	statements []*sql.Stmt

	begin, commit, rollback    *sql.Stmt
	savepoint, release, undo   *sql.Stmt
	insertOrder, updateOrder   *sql.Stmt
	insertEvent                *sql.Stmt
	put, drop                  map[*table]*sql.Stmt
	insertName, selectName     *sql.Stmt
	insertApproval, insertPlan *sql.Stmt
}

func (w *writer) prepare(ctx context.Context, t *tables) error {
	list := statements{
		{&w.begin, "BEGIN IMMEDIATE"},
		{&w.commit, "COMMIT"},
		{&w.rollback, "ROLLBACK"},
		{&w.savepoint, "SAVEPOINT job"},
		{&w.release, "RELEASE job"},
		{&w.undo, "ROLLBACK TO job"},
		{&w.insertOrder, "INSERT INTO orders (" + t.orders.list() + ") VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ref) DO NOTHING"},
		{&w.updateOrder, "UPDATE orders SET version = ?2, kind = ?3, address = ?4, standing = ?5, cancel_on_remove = ?6," +
			" paid_offline = ?7 WHERE ref = ?1 AND version = ?8"},
		{&w.insertEvent, "INSERT INTO events (ref, at, name, attempt, fence, incarnation, detail) VALUES (?, ?, ?, ?, ?, ?, ?)"},
		{&w.insertName, "INSERT INTO names (name) VALUES (?) ON CONFLICT (name) DO NOTHING"},
		{&w.selectName, "SELECT id FROM names WHERE name = ?"},
		{&w.insertApproval, insertApproval},
		{&w.insertPlan, insertPlan},
	}
	for _, p := range list {
		var err error
		if *p.into, err = w.statement(ctx, p.query); err != nil {
			return err
		}
	}
	w.put, w.drop = map[*table]*sql.Stmt{}, map[*table]*sql.Stmt{}
	for _, tb := range []*table{t.bills, t.attempts, t.refunds, t.marks} {
		var err error
		if w.put[tb], err = w.statement(ctx, tb.put()); err != nil {
			return err
		}
		if w.drop[tb], err = w.statement(ctx, tb.drop()); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	stmt, err := w.conn.PrepareContext(ctx, query)
	if err == nil {
		w.statements = append(w.statements, stmt)
	}
	return stmt, err
}

// close closes the statements first: database/sql does not know those of a Conn, and with
// one of them open SQLite neither closes the file nor folds its log back.
func (w *writer) close() error {
	var errs []error
	for _, stmt := range w.statements {
		errs = append(errs, stmt.Close())
	}
	if w.conn != nil {
		errs = append(errs, w.conn.Close())
	}
	return errors.Join(append(errs, w.db.Close())...)
}

// transact runs jobs in one transaction. Its error is that of all; a job's own error is in
// the job.
func (w *writer) transact(jobs []*job) error {
	if err := exec(w.begin); err != nil {
		return err
	}
	for _, j := range jobs {
		if err := w.run(j); err != nil {
			return w.abandon(err)
		}
	}
	if err := exec(w.commit); err != nil {
		return w.abandon(err)
	}
	return nil
}

// abandon rolls the transaction back. SQLite may have done so already, which is no error.
func (w *writer) abandon(cause error) error {
	if err := exec(w.rollback); err != nil && code(err) != sqlite3.SQLITE_ERROR {
		return errors.Join(cause, err)
	}
	return cause
}

// run runs one job between savepoints. An error that spoils the transaction is returned.
func (w *writer) run(j *job) error {
	if err := exec(w.savepoint); err != nil {
		return err
	}
	if j.err = j.do(w); j.err != nil {
		if spoils(j.err) {
			return j.err
		}
		if err := exec(w.undo); err != nil {
			return fmt.Errorf("undo after %w: %w", j.err, err)
		}
	}
	return exec(w.release)
}

// spoils reports whether an error ends the transaction it happened in: the disk is full or
// refuses, memory ran out (https://sqlite.org/lang_transaction.html, "Response To Errors
// Within A Transaction").
func spoils(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_INTERRUPT:
		return true
	}
	return final(err)
}

// exec runs a prepared statement. It is never canceled: what is begun is ended.
func exec(stmt *sql.Stmt, args ...any) error {
	_, err := stmt.Exec(args...)
	return err
}

// changed runs a prepared statement and reports whether it changed a row.
func changed(stmt *sql.Stmt, args ...any) (bool, error) {
	r, err := stmt.Exec(args...)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n > 0, err
}
