package sqlite

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func steps(t *testing.T, files map[string]string) []migration {
	t.Helper()
	dir := fstest.MapFS{}
	for name, text := range files {
		dir["migrations/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	list, err := migrations(dir)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func connection(t *testing.T) *sql.Conn {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "m.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// Steps run once, in order, each whole or not at all; one that was edited after it ran is
// refused.
func TestMigrate(t *testing.T) {
	conn := connection(t)
	ctx := t.Context()
	now := time.Unix(5, 0)
	one := steps(t, map[string]string{"0001_one.sql": "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);"})
	if err := migrate(ctx, conn, one, 0, now); err != nil {
		t.Fatal(err)
	}
	broken := steps(t, map[string]string{"0001_one.sql": one[0].sql, "0002_two.sql": "INSERT INTO a VALUES (2); INSERT INTO b VALUES (1);"})
	if err := migrate(ctx, conn, broken, 1, now); err == nil || !strings.Contains(err.Error(), "0002_two") {
		t.Errorf("a step that fails: %v", err)
	}
	expect := func(schema, sum int) {
		t.Helper()
		id, err := identify(ctx, conn)
		if err != nil || id.application != applicationID || id.schema != schema {
			t.Errorf("identity %+v, %v; want schema %d", id, err, schema)
		}
		var got int
		if err := conn.QueryRowContext(ctx, "SELECT sum(x) FROM a").Scan(&got); err != nil || got != sum {
			t.Errorf("sum %d, %v; want %d", got, err, sum)
		}
	}
	expect(1, 1)
	two := steps(t, map[string]string{"0001_one.sql": one[0].sql, "0002_two.sql": "INSERT INTO a VALUES (2);"})
	if err := migrate(ctx, conn, two, 1, now); err != nil {
		t.Fatal(err)
	}
	expect(2, 3)
	if err := verify(ctx, conn, two, 2); err != nil {
		t.Errorf("verify: %v", err)
	}
	edited := steps(t, map[string]string{"0001_one.sql": one[0].sql, "0002_two.sql": "INSERT INTO a VALUES (2) ;"})
	if err := verify(ctx, conn, edited, 2); !errors.Is(err, ErrEdited) || !strings.Contains(err.Error(), "0002_two") {
		t.Errorf("an edited step: %v", err)
	}
}

func TestMigrationNumbers(t *testing.T) {
	for _, names := range [][]string{{"0002_a.sql"}, {"0001_a.sql", "0003_b.sql"}, {"0001_a.sql", "0001_b.sql"}, {"a.sql"}} {
		dir := fstest.MapFS{}
		for _, n := range names {
			dir["migrations/"+n] = &fstest.MapFile{}
		}
		if list, err := migrations(dir); err == nil {
			t.Errorf("%v: accepted as %v", names, list)
		}
	}
}

// What was told in words before is in a column of its own.
func TestADoubtOfAnOlderState(t *testing.T) {
	list, err := migrations(embedded)
	if err != nil {
		t.Fatal(err)
	}
	conn, ctx, now := connection(t), t.Context(), time.Unix(5, 0)
	if err := migrate(ctx, conn, list[:2], 0, now); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(ctx, `INSERT INTO orders VALUES ('A', 1, 'order', 'order.A', 'managed', 0, 0)`); err != nil {
		t.Fatal(err)
	}
	for id, meaning := range map[string]string{"a-1": "no word of it for 10 minutes; a-2 follows", "b-1": "abandon by asha: seen"} {
		if _, err := conn.ExecContext(ctx, `INSERT INTO attempts (ref, id, action, n, kind, reference, to_status, label, event,
			amount, currency, speed, state, digest, fence, baseline, claimed_at, ended_at, next_at, result, code, meaning,
			delivery, retry, looks, looked_first, looked_last, position)
			VALUES ('A', ?, 'a', 1, 'status', 'A', 'canceled', '', '', 0, 'INR', '', 'abandoned', '', 1, '', 0, 0, 0, '', 0, ?, '', 0, 0, 0, 0, 0)`, id, meaning); err != nil {
			t.Fatal(err)
		}
	}
	if err := migrate(ctx, conn, list, 2, now); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"a-1": "a-2", "b-1": ""} {
		var got string
		if err := conn.QueryRowContext(ctx, "SELECT followed_by FROM attempts WHERE id = ?", id).Scan(&got); err != nil || got != want {
			t.Errorf("%s is followed by %q, %v; want %q", id, got, err, want)
		}
	}
}

// A state of an older schema is brought up to date by whoever may act, and by nobody who
// only looks or while somebody acts.
func TestOlderSchema(t *testing.T) {
	s := openNew(t)
	list, err := migrations(embedded)
	if err != nil {
		t.Fatal(err)
	}
	next := append(list, migration{len(list) + 1, "9999_next", "CREATE TABLE next (x INTEGER) STRICT", "d"})
	reader := &Store{path: s.path, options: Options{ReadOnly: true}}
	if _, err := reader.check(t.Context(), s.readers.db, next); !errors.Is(err, ErrOlder) || !strings.Contains(err.Error(), "hisab apply") {
		t.Errorf("looking at an older schema: %v", err)
	}
	if schema, err := s.check(t.Context(), s.readers.db, next); schema != len(list) || err != nil {
		t.Errorf("schema %d, %v", schema, err)
	}
	beside, err := Open(t.Context(), s.path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	if err := beside.migrate(t.Context(), next, len(list)); !errors.Is(err, ErrLocked) {
		t.Errorf("changing the schema below another process: %v", err)
	}
	if err := s.migrate(t.Context(), next, len(list)); err != nil {
		t.Fatal(err)
	}
	if err := verify(t.Context(), s.readers.db, next, len(next)); err != nil {
		t.Error(err)
	}
	if _, err := Open(t.Context(), s.path, Options{}); !errors.Is(err, ErrNewer) {
		t.Errorf("an older program: %v", err)
	}
}

func TestVersionBefore(t *testing.T) {
	for _, c := range []struct {
		version string
		want    bool
	}{
		{"3.51.2", true}, {"3.51", true}, {"3.9.99", true}, {"2.99.99", true}, {"", true}, {"x", true},
		{"3.51.3", false}, {"3.51.10", false}, {"3.52.0", false}, {"4.0", false}, {"3.51.3.1", false},
	} {
		if got := before(c.version, minVersion); got != c.want {
			t.Errorf("%q before %s: %v", c.version, minVersion, got)
		}
	}
}

// A file that is read without locks is believed only while it does not change.
func TestStill(t *testing.T) {
	s := openNew(t)
	path := s.path
	if _, err := s.SpendPlan(t.Context(), "p", time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	if _, quiet, err := observeStill(path); quiet || err != nil {
		t.Errorf("a file with a log beside it is quiet: %v, %v", quiet, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	reader, err := Open(t.Context(), path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var quiet bool
	if reader.still, quiet, err = observeStill(path); !quiet || err != nil {
		t.Fatalf("a closed file is not quiet: %v", err)
	}
	if _, _, err := reader.Get(t.Context(), "A"); err != nil {
		t.Errorf("an unchanged file: %v", err)
	}
	reader.still.size++
	if _, _, err := reader.Get(t.Context(), "A"); !errors.Is(err, ErrChanged) {
		t.Errorf("a changed file: %v", err)
	}
}

// What durability and the rules rest on is switched on, whatever SQLite's defaults become.
func TestPragmas(t *testing.T) {
	s := openNew(t)
	for _, c := range []struct {
		db     queryer
		pragma string
		want   string
	}{
		{s.writer.conn, "journal_mode", "wal"},
		{s.writer.conn, "synchronous", "2"}, // FULL
		{s.writer.conn, "foreign_keys", "1"},
		{s.writer.conn, "secure_delete", "1"},
		{s.writer.conn, "trusted_schema", "0"},
		{s.writer.conn, "busy_timeout", "15000"},
		{s.readers.db, "query_only", "1"},
		{s.walkers.db, "query_only", "1"},
		{s.readers.db, "busy_timeout", "15000"},
	} {
		var got string
		if err := c.db.QueryRowContext(t.Context(), "PRAGMA "+c.pragma).Scan(&got); err != nil || got != c.want {
			t.Errorf("%s is %q, %v; want %s", c.pragma, got, err, c.want)
		}
	}
}
