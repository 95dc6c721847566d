package sqlite

import (
	"context"
	"errors"
)

// Close folds the write-ahead log back into the file, closes it and gives the lock back.
// Nothing that an Update reported as saved depends on it. A second Close does nothing.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		s.group.turn <- struct{}{} // what is being committed is committed first
		s.closed.Store(true)
		<-s.group.turn
		err = s.shut()
	})
	return err
}

func (s *Store) shut() error {
	var errs []error
	if s.walkers != nil {
		errs = append(errs, s.walkers.db.Close())
	}
	if s.readers != nil && s.readers.db != nil {
		errs = append(errs, s.readers.db.Close())
	}
	// After an I/O error the writer stays open until the process ends: closing it would
	// write and sync again what the disk refused, and may be told that all is well.
	if s.writer != nil && s.failure.Load() == nil {
		errs = append(errs, s.writer.close())
	}
	if s.guard != nil {
		errs = append(errs, s.guard.Unlock())
	}
	return errors.Join(errs...)
}

// usable reports why nothing can be done with the store, if so.
func (s *Store) usable(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.broken()
}

func (s *Store) broken() error {
	if p := s.failure.Load(); p != nil {
		return p
	}
	if s.closed.Load() {
		return &Problem{Path: s.path, Reason: ErrClosed}
	}
	return nil
}

// fail makes an error final: from here on everything is refused with it.
func (s *Store) fail(err error) {
	s.failure.CompareAndSwap(nil, &Problem{Path: s.path, Reason: ErrBroken, Cause: err,
		Detail: "an earlier step met a disk that refused or a damaged file",
		Help:   "nothing more is done with it; check the disk and run again"})
}

// explain says what an error from below means; a damaged file or a refusing disk is final.
func (s *Store) explain(err error) error {
	if _, known := errors.AsType[*Problem](err); known || err == nil {
		return err
	}
	if final(err) {
		s.fail(err)
	}
	return explain(s.path, err)
}

// place completes a Problem that does not know its file.
func (s *Store) place(err error) error {
	if p, ok := errors.AsType[*Problem](err); ok && p.Path == "" {
		p.Path = s.path
	}
	return err
}
