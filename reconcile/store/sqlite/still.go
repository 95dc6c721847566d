package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// still is a file that is read without locks, as it was when it was opened. On a read-only
// folder SQLite has no place for its index, and can read only what does not change.
type still struct {
	size     int64
	modified time.Time
}

// observeStill looks at the file at path. quiet is false while a write-ahead log with
// content lies beside it: then the file alone is not the state.
func observeStill(path string) (s *still, quiet bool, err error) {
	log, err := os.Stat(path + "-wal")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, false, err
	}
	quiet = err != nil || log.Size() == 0
	file, err := os.Stat(path)
	if err != nil {
		return nil, false, err
	}
	return &still{file.Size(), file.ModTime()}, quiet, nil
}

// unchanged reports an error if a file that is read without locks is not what it was: what
// was read is then of no single moment.
func (s *Store) unchanged() error {
	if s.still == nil {
		return nil
	}
	now, quiet, err := observeStill(s.path)
	if err != nil {
		return err
	}
	if !quiet || *now != *s.still {
		return &Problem{Path: s.path, Reason: ErrChanged, Detail: "its folder is read-only here and another process writes to it",
			Help: "run again"}
	}
	return nil
}
