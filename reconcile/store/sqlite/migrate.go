package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed migrations/*.sql
var embedded embed.FS

// applicationID marks a file as a Hisab state: "HISB" (PRAGMA application_id).
const applicationID = 0x48495342

// migration is one numbered step of the schema: NNNN_name.sql.
type migration struct {
	number int
	name   string
	sql    string
	digest string
}

// migrations reads all steps; their numbers are 1, 2, 3 …
func migrations(dir fs.FS) ([]migration, error) {
	names, err := fs.Glob(dir, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	list := make([]migration, 0, len(names))
	for i, file := range names {
		text, err := fs.ReadFile(dir, file)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(path.Base(file), ".sql")
		number, _, _ := strings.Cut(name, "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s stands in place %d", file, i+1)
		}
		sum := sha256.Sum256(text)
		list = append(list, migration{i + 1, name, string(text), hex.EncodeToString(sum[:8])})
	}
	return list, nil
}

// identity is what a file says of itself before anything in it is relied on.
type identity struct {
	application int64
	schema      int
}

func identify(ctx context.Context, db queryer) (identity, error) {
	var id identity
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id.application); err != nil {
		return id, err
	}
	return id, db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&id.schema)
}

// queryer is what *sql.DB, *sql.Conn and *sql.Tx have in common.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// verify checks that the migrations which made the file are the ones of this program.
func verify(ctx context.Context, db queryer, list []migration, schema int) error {
	rows, err := db.QueryContext(ctx, "SELECT number, name, digest FROM migrations ORDER BY number")
	if err != nil {
		return err
	}
	defer rows.Close()
	for want := 1; rows.Next(); want++ {
		var m migration
		if err := rows.Scan(&m.number, &m.name, &m.digest); err != nil {
			return err
		}
		if m.number != want || want > schema {
			return &Problem{Reason: ErrCorrupt, Detail: fmt.Sprintf("its record of migrations has %d in place %d", m.number, want),
				Help: "put a backup in its place"}
		}
		if ours := list[want-1]; m.digest != ours.digest {
			return &Problem{Reason: ErrEdited, Detail: fmt.Sprintf("migration %s was another when it ran here", ours.name),
				Help: "use the Hisab that made it"}
		}
	}
	return rows.Err()
}

// migrate brings a file from schema to the newest, each step in a transaction of its own.
func migrate(ctx context.Context, conn *sql.Conn, list []migration, schema int, now time.Time) error {
	for _, m := range list[schema:] {
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if err := m.apply(ctx, tx, now); err != nil {
			return errors.Join(fmt.Errorf("migration %s: %w", m.name, err), tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	return nil
}

func (m *migration) apply(ctx context.Context, tx *sql.Tx, now time.Time) error {
	steps := []string{m.sql, fmt.Sprintf("PRAGMA user_version = %d", m.number)}
	if m.number == 1 {
		steps = append([]string{
			fmt.Sprintf("PRAGMA application_id = %d", applicationID),
			`CREATE TABLE migrations (
				number     INTEGER PRIMARY KEY,
				name       TEXT    NOT NULL,
				digest     TEXT    NOT NULL,
				applied_at INTEGER NOT NULL
			) STRICT`,
		}, steps...)
	}
	for _, s := range steps {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO migrations (number, name, digest, applied_at) VALUES (?, ?, ?, ?)",
		m.number, m.name, m.digest, millis(now))
	return err
}
