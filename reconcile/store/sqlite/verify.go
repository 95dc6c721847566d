package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	sqlite3 "modernc.org/sqlite/lib"
)

// inspectFile checks that there is a file, and that it is a state as far as its first bytes
// say. Before that nothing is touched: the path may name any file of the machine.
func inspectFile(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Problem{Path: path, Reason: ErrMissing,
			Help: "hisab init makes one; or point hisab.state or HISAB_STATE at the one there is"}
	case err != nil:
		return &Problem{Path: path, Reason: ErrDenied, Cause: err, Help: "make it readable for the user who runs Hisab"}
	case !info.Mode().IsRegular():
		return &Problem{Path: path, Reason: ErrNotState, Detail: "it is not a file", Help: "point hisab.state or HISAB_STATE at a file"}
	case info.Size() == 0:
		return &Problem{Path: path, Reason: ErrNotState, Detail: "it is empty",
			Help: "remove it and run hisab init, or point hisab.state or HISAB_STATE at the right file"}
	}
	return inspectHeader(ctx, path)
}

const (
	anotherFile   = "point hisab.state or HISAB_STATE at the right file"
	somethingElse = "it is a database of something else"
)

// inspectHeader reads the application id through SQLite. Reading the bytes ourselves would be
// shorter and a trap: closing any descriptor of a file gives up all locks that the process
// has on it, those of a store that is open among them (SQLite, How To Corrupt, 2.2).
func inspectHeader(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", readingStill(path))
	if err != nil {
		return err
	}
	defer db.Close()
	var id int64
	switch err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); {
	case code(err) == sqlite3.SQLITE_NOTADB:
		return &Problem{Path: path, Reason: ErrNotState, Detail: "it is not a database", Help: anotherFile}
	case err != nil:
		return explain(path, err)
	case id != applicationID:
		return &Problem{Path: path, Reason: ErrNotState, Detail: somethingElse, Help: anotherFile}
	}
	return nil
}

// keepPrivate takes a state away from everybody else: it holds phone numbers.
func keepPrivate(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	if err := os.Chmod(path, info.Mode().Perm()&0o700); err != nil {
		return &Problem{Path: path, Reason: ErrDenied, Cause: err,
			Detail: "others can read it, and it holds personal data", Help: "set its mode to 0600"}
	}
	return nil
}

// check refuses a file that is no state, or not this spec's, or of another version. It
// returns the number of migrations that made it.
func (s *Store) check(ctx context.Context, db queryer, list []migration) (int, error) {
	id, err := identify(ctx, db)
	if err != nil {
		return 0, err
	}
	if id.application != applicationID || id.schema < 1 {
		return 0, &Problem{Path: s.path, Reason: ErrNotState, Detail: somethingElse, Help: anotherFile}
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
	if err := verify(ctx, db, list, id.schema); err != nil {
		return 0, s.place(err)
	}
	m, err := readMeta(ctx, db)
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
