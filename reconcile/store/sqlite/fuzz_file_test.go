package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// then is when the journals of these tests were made.
var then = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// oldJournal makes a state as the program of so many migrations made it.
func oldJournal(f testing.TB, schema int) []byte {
	f.Helper()
	path := filepath.Join(f.TempDir(), "old.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		f.Fatal(err)
	}
	conn, err := db.Conn(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	list, err := migrations(embedded)
	if err == nil {
		err = migrate(f.Context(), conn, list[:schema], 0, then)
	}
	if err == nil {
		_, err = conn.ExecContext(f.Context(), "INSERT INTO meta (one, spec_id, lineage, created_at) VALUES (1, 'shop', 'l-1', 5)")
	}
	if err = errors.Join(err, conn.Close(), db.Close()); err != nil {
		f.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	return file
}

// insertLine inserts one row into a table, of the words of a line: table, and column=value. What the
// table does not name gets a value that it takes. Rows that it refuses are left out, as they
// would have been then.
func insertLine(db *sql.DB, line string) {
	words := strings.Fields(line)
	if len(words) == 0 || !slices.Contains([]string{"names", "orders", "bills", "attempts", "refunds", "marks", "events", "approvals", "plans"}, words[0]) {
		return
	}
	rows, err := db.Query("SELECT name, type, \"notnull\" FROM pragma_table_info(?)", words[0])
	if err != nil {
		return
	}
	defer rows.Close()
	var columns []string
	var values []any
	for rows.Next() {
		var column, typ string
		var notNull int
		if rows.Scan(&column, &typ, &notNull) != nil {
			return
		}
		var v any
		switch {
		case column == "state" && words[0] == "attempts":
			v = "settled"
		case column == "state":
			v = "success"
		case column == "kind" && words[0] == "attempts":
			v = "send"
		case typ == "TEXT" && notNull == 1:
			v = ""
		case typ == "INTEGER" && notNull == 1 && column != "id":
			v = int64(0)
		}
		if given, ok := argument(words[1:], column); ok {
			v = given
		}
		if v != nil {
			columns, values = append(columns, column), append(values, v)
		}
	}
	_, _ = db.Exec(fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)", words[0], strings.Join(columns, ", "), strings.Repeat(", ?", max(len(columns)-1, 0))), values...)
}

func argument(words []string, column string) (string, bool) {
	for _, w := range words {
		if name, value, ok := strings.Cut(w, "="); ok && name == column {
			return value, true
		}
	}
	return "", false
}

// contents are all rows of the tables that a schema had, column by column.
func contents(t *testing.T, db *sql.DB, like map[string][]string) (map[string][]string, map[string][]string) {
	t.Helper()
	columns, found := map[string][]string{}, map[string][]string{}
	for _, table := range []string{"meta", "names", "orders", "bills", "attempts", "refunds", "marks", "events", "approvals", "plans"} {
		columns[table] = like[table]
		if like == nil {
			rows, err := db.Query("SELECT name FROM pragma_table_info(?)", table)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				var c string
				if err := rows.Scan(&c); err != nil {
					t.Fatal(err)
				}
				columns[table] = append(columns[table], c)
			}
			rows.Close()
		}
		quoted := make([]string, len(columns[table]))
		for i, c := range columns[table] {
			quoted[i] = "quote(" + c + ")"
		}
		rows, err := db.Query(fmt.Sprintf("SELECT %s FROM %s", strings.Join(quoted, " || ',' || "), table))
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var r string
			if err := rows.Scan(&r); err != nil {
				t.Fatal(err)
			}
			found[table] = append(found[table], r)
		}
		rows.Close()
		slices.Sort(found[table])
	}
	return columns, found
}

// FuzzMigration: a journal of each earlier version, with any rows in it that its version took,
// is brought up to date with nothing lost or changed, and is then a journal like any other.
func FuzzMigration(f *testing.F) {
	list, err := migrations(embedded)
	if err != nil {
		f.Fatal(err)
	}
	var old [][]byte
	for schema := 1; schema < len(list); schema++ {
		old = append(old, oldJournal(f, schema))
	}
	const order = "names id=1 name=whatsapp|graph.facebook.com|1\norders ref=A version=3 kind=order standing=managed\n"
	for _, rows := range []string{
		"",
		order + "bills ref=A seq=1 reference=A account=1 phone=919876543210 total=21000\nattempts ref=A id=a-1 kind=send reference=A state=settled result=wamid.1 n=1",
		order + "bills ref=A seq=1 reference=A\nattempts ref=A id=r-1 kind=refund reference=A label=loaf amount=100 state=unknown incarnation=1 baseline=[\"x\"]",
		order + "attempts ref=A id=n-1 kind=notify reference=GONE state=held template=1\nevents ref=A name=claimed detail=é",
		order + "orders ref=B version=1\nbills ref=A seq=1 reference=A-2 look_state=captured look_amount=5 look_transactions=[]\nrefunds ref=A id=rfnd_1 amount=5\nmarks ref=A name=seen:paid at=1",
		order + "bills ref=A seq=1 reference=A look_transactions={broken\nplans id=p at=1\napprovals action=x who=asha",
	} {
		for version := range old {
			f.Add(rows, byte(version))
		}
	}
	dir := f.TempDir()
	n := 0
	f.Fuzz(func(t *testing.T, rows string, which byte) {
		n++
		path := filepath.Join(dir, fmt.Sprintf("state-%d.db", n))
		if err := os.WriteFile(path, old[int(which)%len(old)], 0o600); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = discard(path); _ = os.Remove(path + lockSuffix) }()
		db, err := sql.Open("sqlite", dsn(path, url.Values{"mode": {"rw"}}, "foreign_keys(1)", "synchronous(OFF)"))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(rows, "\n") {
			if i < 12 {
				insertLine(db, line)
			}
		}
		columns, before := contents(t, db, nil)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time there is nothing to do
			checkUpToDate(t, path, int(which)%len(old) == 0)
		}
		db, err = sql.Open("sqlite", readingStill(path))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, after := contents(t, db, columns); !reflect.DeepEqual(before, after) {
			t.Errorf("before:\n%v\nafter:\n%v", before, after)
		}
	})
}

// checkUpToDate opens a journal to act on it, and reads all of it. Of attempts older than their
// account, bills tell.
func checkUpToDate(t *testing.T, path string, billsTell bool) {
	t.Helper()
	s, err := Open(t.Context(), path, Options{SpecID: "shop", Operation: "apply", Incarnation: "fuzz", Now: func() time.Time { return then }})
	if err != nil {
		t.Fatalf("an old journal is refused: %v", err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if m, err := s.Meta(t.Context()); err != nil || m.SpecID != "shop" || m.Lineage != "l-1" {
		t.Fatalf("meta %+v, %v", m, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	for o, err := range s.All(t.Context()) {
		if err != nil {
			if !strings.Contains(err.Error(), "column") {
				t.Errorf("cannot be read: %v", err)
			}
			return // a list that is no JSON
		}
		for i := range o.Attempts {
			if !billsTell {
				break
			}
			a := &o.Attempts[i]
			want := ""
			if b := o.Bill(a.Reference); b != nil && a.Kind != reconcile.KindNotify {
				want = b.Account
			}
			if a.Account != want {
				t.Errorf("%s %s was sent with %q, and the bill with %q", a.Kind, a.ID, a.Account, want)
			}
		}
		one, _, err := s.Get(t.Context(), o.Ref)
		if err != nil || !reflect.DeepEqual(one, *o) {
			t.Fatalf("%s is %+v, %v alone\nand %+v among all", o.Ref, one, err, *o)
		}
	}
}

// FuzzDamage: a file that was damaged anywhere is refused in words, or is read; it neither
// stops the program nor puts a phone number into an error.
func FuzzDamage(f *testing.F) {
	const phone = "919876543210"
	path := filepath.Join(f.TempDir(), "whole.db")
	if err := Create(f.Context(), path, Genesis{SpecID: "shop", Lineage: "l-1", Now: then}); err != nil {
		f.Fatal(err)
	}
	s, err := Open(f.Context(), path, Options{SpecID: "shop", Operation: "apply", Incarnation: "one"})
	if err != nil {
		f.Fatal(err)
	}
	for i := range 40 {
		ref := fmt.Sprintf("A%02d", i)
		_, err := s.Update(f.Context(), ref, func(o *reconcile.Observed) error {
			o.Kind, o.Standing, o.Address = spec.KindOrder, reconcile.Managed, "order."+ref
			o.Bills = []reconcile.Bill{{Reference: ref, Seq: 1, Account: "whatsapp|graph.facebook.com|1", Phone: phone, Total: 21000, Currency: spec.INR,
				Look: &reconcile.Payment{State: reconcile.Captured, Transactions: []reconcile.Transaction{{ID: "order_" + ref, State: reconcile.TransactionSuccess}}}}}
			o.Attempts = []reconcile.Attempt{{ID: ref + "-1", Action: ref, N: 1, Kind: reconcile.KindRefund, Reference: ref, Baseline: []string{"x"}, State: reconcile.Held}}
			o.News = []reconcile.Event{{At: then, Ref: ref, Name: "held", Detail: strings.Repeat("d", 60)}}
			return nil
		})
		if err != nil {
			f.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	for _, at := range []uint32{0, 16, 18, 28, 60, 68, 100, 108, 4096, 4100, 8192, uint32(len(whole)) - 1} {
		f.Add(at, []byte{0xff, 0, 0xff}, uint32(0), []byte{}, uint32(len(whole)))
	}
	f.Add(uint32(0), []byte{}, uint32(0), []byte{}, uint32(5000))
	dir, n := f.TempDir(), 0
	f.Fuzz(func(t *testing.T, at uint32, what []byte, also uint32, as []byte, length uint32) {
		file := slices.Clone(whole)
		copy(file[at%uint32(len(file)):], what)
		copy(file[also%uint32(len(file)):], as)
		if int(length) < len(file) {
			file = file[:length]
		}
		n++
		path := filepath.Join(dir, fmt.Sprintf("damaged-%d.db", n))
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = discard(path); _ = os.Remove(path + lockSuffix) }()
		for _, o := range []Options{{SpecID: "shop", ReadOnly: true}, {SpecID: "shop", Operation: "apply", Incarnation: "two"}} {
			for _, err := range readAll(t.Context(), path, o) {
				if strings.Contains(err.Error(), phone) || len(err.Error()) > 2000 {
					t.Errorf("unfit to be shown: %.300v", err)
				}
			}
		}
	})
}

// readAll uses a state in every way of reading, and gathers what goes wrong.
func readAll(ctx context.Context, path string, o Options) (errs []error) {
	note := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	s, err := Open(ctx, path, o)
	if err != nil {
		return []error{err}
	}
	defer func() { note(s.Close()) }()
	for o, err := range s.All(ctx) {
		note(err)
		if err == nil {
			_, err = s.Timeline(ctx, o.Ref)
			note(err)
		}
	}
	_, _, err = s.Get(ctx, "A07")
	note(err)
	_, err = s.RefundedSince(ctx, then)
	note(err)
	_, err = s.Approvals(ctx)
	note(err)
	note(s.Check(ctx))
	return errs
}

// FuzzPath: a state is opened at the path that was given, whatever signs are in it.
func FuzzPath(f *testing.F) {
	for _, s := range []string{"/a/state.db", "/a b/50%/s?t#e.db", "/a/%2e%2e/x", "/é/☕&mode=memory", "/a:b", "//host/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if !filepath.IsAbs(path) || strings.Contains(path, "\x00") {
			return
		}
		for _, name := range []string{writing(path), reading(path), readingBeside(path), readingStill(path)} {
			file, query, ok := strings.Cut(strings.TrimPrefix(name, "file:"), "?")
			got, err := url.PathUnescape(file)
			if !ok || err != nil || got != path || strings.ContainsAny(file, "#?") {
				t.Errorf("%q is opened as %q (%v)", path, got, err)
			}
			if q, err := url.ParseQuery(query); err != nil || len(q["mode"]) != 1 || q.Get("mode") == "memory" || q.Get("mode") == "rwc" {
				t.Errorf("%q is opened with %q (%v)", path, query, err)
			}
		}
	})
}
