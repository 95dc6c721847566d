package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"runtime"

	sqlite3 "modernc.org/sqlite/lib"
)

// readerCount is how many short reads may go on beside each other. They never wait for one
// another: none begins inside of another.
func readerCount() int { return max(2, runtime.GOMAXPROCS(0)) }

// connect opens the file for reading, in the first way that works, and says which.
func (s *Store) connect(ctx context.Context) (*sql.DB, string, error) {
	way := reading(s.path)
	db, err := try(ctx, way)
	if c := code(err); !s.options.ReadOnly || (c != sqlite3.SQLITE_CANTOPEN && c != sqlite3.SQLITE_READONLY) {
		return db, way, err
	}
	// The folder is read-only for us, and SQLite cannot put its index there.
	still, quiet, statErr := observeStill(s.path)
	if statErr != nil {
		return db, way, statErr
	}
	way = readingBeside(s.path)
	if quiet {
		s.still, way = still, readingStill(s.path)
	}
	second, err := try(ctx, way)
	return second, way, errors.Join(err, db.Close())
}

// try opens a database and reads from it: SQLite finds out no earlier whether it can.
func try(ctx context.Context, dsn string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(readerCount())
	db.SetMaxIdleConns(readerCount())
	var tables int
	return db, db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables)
}

func (s *Store) openWriter(ctx context.Context, list []migration, schema int) error {
	db, err := sql.Open("sqlite", writing(s.path))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	s.writer = &writer{db: db}
	if s.writer.conn, err = db.Conn(ctx); err != nil {
		return err
	}
	if err := writeAhead(ctx, s.writer.conn); err != nil {
		return err
	}
	if schema < len(list) {
		if err := s.migrate(ctx, list, schema); err != nil {
			return err
		}
	}
	if err := s.adopt(ctx); err != nil {
		return err
	}
	return s.writer.prepare(ctx, &s.tables)
}

// migrate changes the schema under the lock, so that no other process acts on the old one.
func (s *Store) migrate(ctx context.Context, list []migration, schema int) (err error) {
	if s.guard == nil {
		guard, locked := Lock(s.path, s.holder())
		if locked != nil {
			return locked
		}
		defer func() { err = errors.Join(err, guard.Unlock()) }()
	}
	return migrate(ctx, s.writer.conn, list, schema, s.options.Now())
}

// adopt writes the id into a state that was made without one, once its spec has got one.
func (s *Store) adopt(ctx context.Context) error {
	if s.options.SpecID == "" || s.guard == nil {
		return nil
	}
	_, err := s.writer.conn.ExecContext(ctx, "UPDATE meta SET spec_id = ? WHERE spec_id = ''", s.options.SpecID)
	return err
}
