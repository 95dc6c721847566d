package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/hisab/hisab/reconcile"
)

// readerCount is how many reads may go on beside each other.
func readerCount() int { return max(4, 2*runtime.GOMAXPROCS(0)) }

// Options say what a state is opened for.
type Options struct {
	// SpecID is the id that the state must belong to; empty: that of a spec without one.
	SpecID string
	// AnySpec takes a state of whatever spec, to look at it when the spec does not load.
	AnySpec bool
	// ReadOnly opens for looking: nothing is created or changed, and nobody's lock matters.
	ReadOnly bool
	// Operation is what the lock is taken for: apply, watch. Empty: the lock is not taken;
	// such a store may write beside the holder, as approve and resolve do, and must not send.
	Operation string
	// Incarnation names this process run in the lock.
	Incarnation string
	// Now tells the time; nil: the system's.
	Now func() time.Time
}

// Store is an open state. It is safe for use by many goroutines.
type Store struct {
	path    string
	options Options
	guard   *Guard // nil: the lock is not held
	tables  tables
	names   *names
	turns   *turns
	group   *group
	readers *sql.DB
	writer  *writer // nil: read-only
	q       queries
	still   *still // set where the file is read without locks
	failure atomic.Pointer[Problem]
	closed  atomic.Bool
	closing sync.Once
}

var _ reconcile.Store = (*Store)(nil)

// Open opens the state at path. Its errors are a *Problem or a *LockedError.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := inspectFile(path, o.ReadOnly); err != nil {
		return nil, err
	}
	s := &Store{path: path, options: o, tables: newTables(), turns: newTurns(), group: newGroup()}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(s.explain(err), s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if s.options.Operation != "" && !s.options.ReadOnly {
		guard, err := Lock(s.path, s.holder())
		if err != nil {
			return err
		}
		s.guard = guard
	}
	if err := s.openReaders(ctx); err != nil {
		return err
	}
	if err := checkVersion(ctx, s.readers); err != nil {
		return err
	}
	list, err := migrations(embedded)
	if err != nil {
		return err
	}
	schema, err := s.check(ctx, list)
	if err != nil {
		return err
	}
	if !s.options.ReadOnly {
		if err := s.openWriter(ctx, list, schema); err != nil {
			return err
		}
	}
	if err := s.q.prepare(ctx, s.readers, &s.tables); err != nil {
		return err
	}
	s.names = newNames(s.q.findName)
	return nil
}

// inspectFile checks that there is a file, and that it is nobody else's to read: a state
// holds phone numbers.
func inspectFile(path string, readOnly bool) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Problem{Path: path, Reason: ErrMissing,
			Help: "hisab init makes one; or point hisab.state or HISAB_STATE at the one there is"}
	case err != nil:
		return &Problem{Path: path, Reason: ErrDenied, Cause: err, Help: "make it readable for the user who runs Hisab"}
	case !info.Mode().IsRegular():
		return &Problem{Path: path, Reason: ErrNotState, Detail: "it is not a file", Help: "point hisab.state or HISAB_STATE at a file"}
	case readOnly || info.Mode().Perm()&0o077 == 0:
		return nil
	}
	if err := os.Chmod(path, info.Mode().Perm()&0o700); err != nil {
		return &Problem{Path: path, Reason: ErrDenied, Cause: err,
			Detail: "others can read it, and it holds personal data", Help: "set its mode to 0600"}
	}
	return nil
}

// check refuses a file that is no state, or not this spec's, or of another version. It
// returns the number of migrations that made it.
func (s *Store) check(ctx context.Context, list []migration) (int, error) {
	id, err := identify(ctx, s.readers)
	if err != nil {
		return 0, err
	}
	if id.application != applicationID || id.schema < 1 {
		return 0, &Problem{Path: s.path, Reason: ErrNotState, Detail: "it is a database of something else",
			Help: "point hisab.state or HISAB_STATE at the right file"}
	}
	if id.schema > len(list) {
		return 0, &Problem{Path: s.path, Reason: ErrNewer,
			Detail: fmt.Sprintf("its schema is %d and this program knows %d", id.schema, len(list)), Help: "use that version"}
	}
	if id.schema < len(list) && s.options.ReadOnly {
		return 0, &Problem{Path: s.path, Reason: ErrOlder,
			Detail: fmt.Sprintf("its schema is %d and this program reads %d", id.schema, len(list)),
			Help:   "hisab apply brings it up to date"}
	}
	if err := verify(ctx, s.readers, list, id.schema); err != nil {
		return 0, s.place(err)
	}
	m, err := readMeta(ctx, s.readers)
	if err != nil {
		return 0, err
	}
	return id.schema, s.belongs(m)
}

// belongs refuses a state of another spec. One made without an id may be used by a spec
// that has got one since.
func (s *Store) belongs(m Meta) error {
	want := s.options.SpecID
	if s.options.AnySpec || m.SpecID == want || m.SpecID == "" {
		return nil
	}
	p := &Problem{Path: s.path, Reason: ErrOtherSpec}
	if want == "" {
		p.Detail = fmt.Sprintf("it was made for id %q and the spec declares none", m.SpecID)
		p.Help = fmt.Sprintf("write hisab { id = %q }, or point hisab.state at another file and run hisab init", m.SpecID)
	} else {
		p.Detail = fmt.Sprintf("it was made for id %q and the spec is %q", m.SpecID, want)
		p.Help = "correct hisab.id, or point hisab.state at another file and run hisab init"
	}
	return p
}

func (s *Store) openReaders(ctx context.Context) error {
	err := s.tryReaders(ctx, reading(s.path))
	if c := code(err); !s.options.ReadOnly || (c != sqlite3.SQLITE_CANTOPEN && c != sqlite3.SQLITE_READONLY) {
		return err
	}
	// The folder is read-only for us, and SQLite cannot put its index there.
	still, quiet, statErr := observeStill(s.path)
	if statErr != nil {
		return statErr
	}
	if !quiet {
		return s.tryReaders(ctx, readingBeside(s.path))
	}
	s.still = still
	return s.tryReaders(ctx, readingStill(s.path))
}

func (s *Store) tryReaders(ctx context.Context, dsn string) error {
	if s.readers != nil {
		s.readers.Close()
	}
	var err error
	if s.readers, err = sql.Open("sqlite", dsn); err != nil {
		return err
	}
	s.readers.SetMaxOpenConns(readerCount())
	s.readers.SetMaxIdleConns(readerCount())
	var tables int
	return s.readers.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables)
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
		guard, err := Lock(s.path, s.holder())
		if err != nil {
			return err
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

func (s *Store) holder() Holder {
	host, err := os.Hostname()
	if err != nil {
		host = "an unnamed host"
	}
	operation := s.options.Operation
	if operation == "" {
		operation = "migrate"
	}
	return Holder{Host: host, PID: os.Getpid(), Operation: operation,
		Since: s.options.Now().UTC().Truncate(time.Second), Incarnation: s.options.Incarnation}
}
