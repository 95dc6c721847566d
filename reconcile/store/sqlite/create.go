package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Genesis is what a new state is made with.
type Genesis struct {
	SpecID  string    // id of the hisab block; empty where the spec has none
	Lineage string    // unique to this state; required
	Now     time.Time // recorded as the time of creation
	Holder  Holder    // who makes it; shown to whoever tries at the same moment
}

// Create makes an empty state. It never touches an existing file: where there is one, it
// fails with ErrExists. The state appears whole or not at all.
func Create(ctx context.Context, path string, g Genesis) error {
	if g.Lineage == "" {
		return fmt.Errorf("create state %s: no lineage given", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return &Problem{Path: path, Reason: ErrDenied, Cause: err, Help: "choose a folder that can be made and written to"}
	}
	path, err := resolve(path)
	if err != nil {
		return err
	}
	if err := absent(path); err != nil {
		return err // also beside somebody who acts on it
	}
	guard, err := Lock(path, g.Holder)
	if err != nil {
		return err
	}
	return errors.Join(create(ctx, path, g), guard.Unlock())
}

// create runs under the lock, so nobody makes the same state in between.
func create(ctx context.Context, path string, g Genesis) (err error) {
	if err := absent(path); err != nil {
		return err
	}
	draft := path + ".new"
	defer func() { err = errors.Join(err, discard(draft)) }()
	if err := discard(draft); err != nil { // left by a crash
		return err
	}
	if err := fill(ctx, draft, g); err != nil {
		return explain(path, err)
	}
	if err := os.Rename(draft, path); err != nil {
		return fmt.Errorf("create state %s: %w", path, err)
	}
	return syncDir(filepath.Dir(path))
}

// absent is an error where there is a file, or where nobody can tell.
func absent(path string) error {
	switch _, err := os.Lstat(path); {
	case err == nil:
		return &Problem{Path: path, Reason: ErrExists, Help: "nothing was changed; use it, or move it away first"}
	case !errors.Is(err, fs.ErrNotExist):
		return &Problem{Path: path, Reason: ErrDenied, Cause: err, Help: writableFolder}
	}
	return nil
}

// fill writes the schema and meta into a new file, and closes it with its log folded back.
func fill(ctx context.Context, path string, g Genesis) (err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return &Problem{Path: path, Reason: ErrDenied, Cause: err, Help: "choose a folder that can be written to"}
	}
	if err := file.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", writing(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := checkVersion(ctx, conn); err != nil {
		return err
	}
	if err := writeAhead(ctx, conn); err != nil {
		return err
	}
	list, err := migrations(embedded)
	if err != nil {
		return err
	}
	if err := migrate(ctx, conn, list, 0, g.Now); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "INSERT INTO meta (one, spec_id, lineage, created_at) VALUES (1, ?, ?, ?)",
		g.SpecID, g.Lineage, millis(g.Now))
	return err
}

// writeAhead puts the file into write-ahead mode, where readers and the writer do not wait
// for one another. The mode stays with the file.
func writeAhead(ctx context.Context, conn *sql.Conn) error {
	var mode string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("journal mode is %s where write-ahead is needed; keep the state on a local disk", mode)
	}
	return nil
}

// discard removes a draft and what SQLite put beside it.
func discard(path string) error {
	for _, p := range []string{path, path + "-wal", path + "-shm", path + "-journal"} {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove what is left of an earlier try: %w", err)
		}
	}
	return nil
}

// syncDir makes a rename in a folder durable. Windows cannot sync a folder, and does not
// need to.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
