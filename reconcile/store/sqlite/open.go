package sqlite

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hisab/hisab/reconcile"
)

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
	readers *readers
	walkers *walkers
	writer  *writer // nil: read-only
	still   *still  // set where the file is read without locks
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
	if err := inspectFile(ctx, path); err != nil {
		return nil, err
	}
	if !o.ReadOnly {
		if err := keepPrivate(path); err != nil {
			return nil, err
		}
	}
	s := &Store{path: path, options: o, tables: newTables(), names: newNames(), turns: newTurns(), group: newGroup()}
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
	db, dsn, err := s.connect(ctx)
	s.readers = &readers{db: db}
	if err != nil {
		return err
	}
	if err := checkVersion(ctx, db); err != nil {
		return err
	}
	list, err := migrations(embedded)
	if err != nil {
		return err
	}
	schema, err := s.check(ctx, db, list)
	if err != nil {
		return err
	}
	if !s.options.ReadOnly {
		if err := s.openWriter(ctx, list, schema); err != nil {
			return err
		}
	}
	if err := s.readers.prepare(ctx, &s.tables); err != nil {
		return err
	}
	s.walkers, err = openWalkers(ctx, dsn, &s.tables)
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
