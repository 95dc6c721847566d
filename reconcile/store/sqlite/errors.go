package sqlite

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Reasons for which a state cannot be used. Errors of this package that a user can cause
// wrap one of them.
var (
	ErrMissing   = errors.New("there is no state")
	ErrExists    = errors.New("there is a state already")
	ErrNotState  = errors.New("this is no Hisab state")
	ErrCorrupt   = errors.New("the state is damaged")
	ErrOtherSpec = errors.New("the state belongs to another spec")
	ErrNewer     = errors.New("the state was written by a newer Hisab")
	ErrOlder     = errors.New("the state was written by an older Hisab")
	ErrEdited    = errors.New("the state was made by another build of Hisab")
	ErrLocked    = errors.New("the state is locked")
	ErrBusy      = errors.New("another process is writing to the state")
	ErrReadOnly  = errors.New("the state is open for reading only")
	ErrDenied    = errors.New("the state cannot be opened")
	ErrFull      = errors.New("the disk is full")
	ErrBroken    = errors.New("writing to the state went wrong")
	ErrChanged   = errors.New("the state changed while it was read")
	ErrClosed    = errors.New("the state is closed")
)

// Problem is an error about a state: where, why, and the way out.
type Problem struct {
	Path   string
	Reason error  // one of the reasons above
	Detail string // more about the reason; may be empty
	Help   string // what to do
	Cause  error  // what was found below; may be nil
}

func (p *Problem) Error() string {
	s := fmt.Sprintf("state %s: %v", p.Path, p.Reason)
	if p.Detail != "" {
		s += ": " + p.Detail
	}
	if p.Cause != nil {
		s += fmt.Sprintf(" (%v)", p.Cause)
	}
	if p.Help != "" {
		s += "; " + p.Help
	}
	return s
}

// Unwrap gives the reason and the cause.
func (p *Problem) Unwrap() []error {
	if p.Cause == nil {
		return []error{p.Reason}
	}
	return []error{p.Reason, p.Cause}
}

// code is SQLite's primary result code of an error; 0 where it is none of SQLite's.
func code(err error) int { return extended(err) & 0xff }

// extended is SQLite's extended result code of an error.
func extended(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}

// final reports whether nothing more may be done with the state after this error: the disk
// refused, or the file is not what it should be (reliability 8, Storage).
func final(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	return false
}

// explain turns what SQLite said into a Problem; other errors stay as they are.
func explain(path string, err error) error {
	p := &Problem{Path: path, Cause: err}
	switch code(err) {
	case sqlite3.SQLITE_NOTADB:
		p.Reason, p.Help = ErrNotState, "point hisab.state or HISAB_STATE at the right file"
	case sqlite3.SQLITE_CORRUPT:
		p.Reason, p.Help = ErrCorrupt, "put a backup in its place: lookups show what that one has forgotten"
	case sqlite3.SQLITE_FULL:
		p.Reason, p.Help = ErrFull, "nothing of this step was recorded; make room and run again"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		p.Reason, p.Help = ErrBusy, "run again when it is done"
	case sqlite3.SQLITE_IOERR:
		p.Reason = ErrBroken
		p.Help = "whether this step was recorded is not known, and nothing more is done with it; check the disk and run again"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		p.Reason = ErrDenied
		p.Help = "file and folder must belong to the user who runs Hisab, and the folder must be writable"
	default:
		return err
	}
	return p
}
