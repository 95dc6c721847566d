package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/store/sqlite"
	"github.com/hisab/hisab/reconcile/store/storetest"
)

// run executes SQL on a closed state, as a person with a shell could.
func run(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// Each way in which a state cannot be used has its reason, names the file, and shows a way
// out; and the file is not touched.
func TestUnusable(t *testing.T) {
	write := func(content string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	execute := func(statements ...string) func(*testing.T, string) {
		return func(t *testing.T, path string) { run(t, path, statements...) }
	}
	for _, c := range []struct {
		name   string
		spoil  func(t *testing.T, path string)
		reason error
		help   string
	}{
		{"no file", func(t *testing.T, path string) { os.Remove(path) }, sqlite.ErrMissing, "hisab init"},
		{"a folder", func(t *testing.T, path string) { os.Remove(path); os.Mkdir(path, 0o700) }, sqlite.ErrNotState, "HISAB_STATE"},
		{"nothing", write(""), sqlite.ErrNotState, "remove it and run hisab init"},
		{"garbage", write(strings.Repeat("\x00\xff garbage", 1000)), sqlite.ErrNotState, "HISAB_STATE"},
		{"a line of text", write("order \"A\" {}\n"), sqlite.ErrNotState, "HISAB_STATE"},
		{"another program's database", func(t *testing.T, path string) {
			os.Remove(path)
			run(t, path, "CREATE TABLE orders (ref TEXT)")
		}, sqlite.ErrNotState, "HISAB_STATE"},
		{"a torn page", func(t *testing.T, path string) {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteAt(bytes.Repeat([]byte{0xa5}, 8192), 100); err != nil {
				t.Fatal(err)
			}
		}, sqlite.ErrCorrupt, "backup"},
		{"a cut file", func(t *testing.T, path string) { os.Truncate(path, 5000) }, sqlite.ErrCorrupt, "backup"},
		{"another spec's", execute("UPDATE meta SET spec_id = 'other'"), sqlite.ErrOtherSpec, `"other"`},
		{"a newer schema", execute("PRAGMA user_version = 99"), sqlite.ErrNewer, "use that version"},
		{"an edited migration", execute("UPDATE migrations SET digest = 'x'"), sqlite.ErrEdited, "0001_journal"},
		{"a migration too many", execute("INSERT INTO migrations VALUES (7, 'x', 'y', 0)"), sqlite.ErrCorrupt, "backup"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := create(t)
			c.spoil(t, path)
			before, _ := os.ReadFile(path)
			for _, o := range []sqlite.Options{{SpecID: "shop", ReadOnly: true}, acting(), {SpecID: "shop"}} {
				s, err := sqlite.Open(context.Background(), path, o)
				if s != nil || !errors.Is(err, c.reason) {
					t.Fatalf("open: %v, want %v", err, c.reason)
				}
				var p *sqlite.Problem
				if !errors.As(err, &p) || p.Path != path || p.Help == "" {
					t.Errorf("the error does not name the file and a way out: %v", err)
				}
				if s := err.Error(); !strings.Contains(s, path) || !strings.Contains(s, c.help) || strings.Contains(s, "\n") {
					t.Errorf("the error reads %q, want %q in it", s, c.help)
				}
			}
			after, _ := os.ReadFile(path)
			if !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
			if got := entries(t, path); strings.Contains(got, "-journal") || strings.Contains(got, "-wal") {
				t.Errorf("the folder is left with %s", got)
			}
		})
	}
}

// A state belongs to the spec whose id it was made for.
func TestBelongs(t *testing.T) {
	for _, c := range []struct {
		name       string
		made, spec string
		any, want  bool
	}{
		{"its own", "shop", "shop", false, true},
		{"another's", "shop", "school", false, false},
		{"a spec that lost its id", "shop", "", false, false},
		{"a spec without an id", "", "", false, true},
		{"a spec that got an id since", "", "shop", false, true},
		{"looked at by whoever", "shop", "school", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "s.db")
			if err := sqlite.Create(context.Background(), path, sqlite.Genesis{SpecID: c.made, Lineage: "l", Now: storetest.Now()}); err != nil {
				t.Fatal(err)
			}
			s, err := sqlite.Open(context.Background(), path, sqlite.Options{SpecID: c.spec, AnySpec: c.any, Operation: "apply"})
			if (err == nil) != c.want {
				t.Fatalf("open: %v", err)
			}
			if err != nil {
				return
			}
			defer s.Close()
			m, err := s.Meta(context.Background())
			if err != nil || m.Lineage != "l" || m.Schema != 3 || !m.CreatedAt.Equal(storetest.Now()) {
				t.Errorf("meta: %+v, %v", m, err)
			}
			if want := c.spec; !c.any && m.SpecID != want {
				t.Errorf("the state is of spec %q, want %q", m.SpecID, want)
			}
		})
	}
}

// Create never touches what is there, and appears whole.
func TestCreate(t *testing.T) {
	ctx := context.Background()
	path := create(t)
	before, _ := os.ReadFile(path)
	g := sqlite.Genesis{SpecID: "other", Lineage: "l-2", Now: storetest.Now()}
	if err := sqlite.Create(ctx, path, g); !errors.Is(err, sqlite.ErrExists) {
		t.Errorf("over a state: %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the state was changed")
	}

	dir := t.TempDir()
	other, dangling := filepath.Join(dir, "notes.txt"), filepath.Join(dir, "link.db")
	if err := os.WriteFile(other, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", dangling); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{other, dangling} {
		if err := sqlite.Create(ctx, p, g); !errors.Is(err, sqlite.ErrExists) {
			t.Errorf("over %s: %v", p, err)
		}
	}
	if text, _ := os.ReadFile(other); string(text) != "mine" {
		t.Errorf("the file now reads %q", text)
	}
	if err := sqlite.Create(ctx, filepath.Join(other, "s.db"), g); !errors.Is(err, sqlite.ErrDenied) {
		t.Errorf("below a file: %v", err)
	}

	// What a crash left half made is no obstacle.
	fresh := filepath.Join(dir, "deep", "s.db")
	if err := os.Mkdir(filepath.Dir(fresh), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{".new", ".new-wal", ".new-shm"} {
		if err := os.WriteFile(fresh+left, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := sqlite.Create(ctx, fresh, g); err != nil {
		t.Fatal(err)
	}
	if got := entries(t, fresh); got != "s.db s.db.lock" {
		t.Errorf("the folder holds %s", got)
	}
}

// Of many who create one state at once, one does.
func TestCreateOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	var wg sync.WaitGroup
	var mu sync.Mutex
	made := 0
	for range 8 {
		wg.Go(func() {
			err := sqlite.Create(context.Background(), path, sqlite.Genesis{Lineage: "l", Now: storetest.Now()})
			if err != nil && !errors.Is(err, sqlite.ErrExists) && !errors.Is(err, sqlite.ErrLocked) {
				t.Error(err)
			}
			if err == nil {
				mu.Lock()
				made++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if made != 1 {
		t.Errorf("made %d times", made)
	}
}

// The rules hold for whoever writes to the file, not for this program alone.
func TestRulesInTheFile(t *testing.T) {
	path := create(t)
	s := open(t, path, acting())
	if _, err := s.Update(context.Background(), "A", func(o *reconcile.Observed) error {
		o.Attempts = []reconcile.Attempt{{ID: "a-1", Kind: reconcile.KindRefund, State: reconcile.Held, Amount: 5, Reference: "A"}}
		o.Refunds = []reconcile.RefundSeen{{ID: "r", State: reconcile.RefundPending}}
		o.News = []reconcile.Event{{Name: "held"}}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path+"?_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, c := range []struct{ statement, want string }{
		{"UPDATE events SET detail = 'x'", "never changed"},
		{"DELETE FROM events", "never removed"},
		{"DELETE FROM attempts", "never removed"},
		{"DELETE FROM refunds", "never removed"},
		{"DELETE FROM orders", "never removed"},
		{"UPDATE attempts SET amount = -1", "CHECK"},
		{"UPDATE attempts SET amount = 1.5", "cannot store REAL"},
		{"UPDATE attempts SET amount = 'ten'", "cannot store TEXT"},
		{"UPDATE attempts SET state = 'done'", "CHECK"},
		{"UPDATE refunds SET state = 'completed'", "CHECK"},
		{"UPDATE orders SET paid_offline = -1", "CHECK"},
		{"INSERT INTO marks VALUES ('nobody', 'seen:paid', 0)", "FOREIGN KEY"},
		{"INSERT INTO meta VALUES (2, 's', 'l', 0)", "CHECK"},
	} {
		if _, err := db.Exec(c.statement); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.statement, err, c.want)
		}
	}
}

// Forgetting a customer leaves no phone number in the file, neither in the row nor in the
// room that the row gave up.
func TestForgottenPhoneIsOverwritten(t *testing.T) {
	path := create(t)
	phone := func(i int) string { return fmt.Sprintf("9198765%05d", i) }
	const customers = 200
	set := func(keep func(i int) bool) {
		t.Helper()
		s := open(t, path, acting())
		for i := range customers {
			if _, err := s.Update(context.Background(), fmt.Sprintf("R%d", i), func(o *reconcile.Observed) error {
				o.Bills = []reconcile.Bill{{Reference: o.Ref, Seq: 1}}
				if keep(i) {
					o.Bills[0].Phone = phone(i)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	set(func(int) bool { return true })
	set(func(i int) bool { return i%2 == 0 })
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range customers {
		if found := bytes.Contains(content, []byte(phone(i))); found != (i%2 == 0) {
			t.Errorf("phone number of customer %d in the file: %v", i, found)
		}
	}
}

// After Close everything is refused, and a second Close is none.
func TestClosed(t *testing.T) {
	s := open(t, create(t), acting())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	_, getErr := s.Update(ctx, "A", count)
	_, _, updateErr := s.Get(ctx, "A")
	var walkErr error
	for _, err := range s.All(ctx) {
		walkErr = err
	}
	for i, err := range []error{getErr, updateErr, walkErr, s.Approve(ctx, nil), s.Check(ctx)} {
		if !errors.Is(err, sqlite.ErrClosed) {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("a second close: %v", err)
	}
}

// A damaged file is found by Check.
func TestCheck(t *testing.T) {
	path := create(t)
	s := open(t, path, acting())
	apply(t, s, 100)
	if err := s.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	run(t, path, "PRAGMA writable_schema = 1",
		"UPDATE sqlite_schema SET sql = replace(sql, 'held', 'over') WHERE name = 'one_open_refund'",
		"INSERT INTO marks VALUES ('nobody', 'seen:paid', 0)")
	s = open(t, path, acting())
	if err := s.Check(context.Background()); !errors.Is(err, sqlite.ErrCorrupt) || !strings.Contains(err.Error(), "marks") {
		t.Errorf("rows without an order: %v", err)
	}
}

// A store that has cached nothing yet serves many readers at once, and walks within walks.
func TestNobodyWaitsForEver(t *testing.T) {
	path := create(t)
	s := open(t, path, acting())
	apply(t, s, 64)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, acting())
	touch := func(ref string) error {
		_, err := s.Update(context.Background(), ref, count)
		return err
	}
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			n := 0
			for o, err := range s.All(context.Background()) {
				if err != nil {
					t.Error(err)
					return
				}
				if n++; n > 3 {
					break
				}
				for inner, err := range s.All(context.Background()) {
					if err != nil || inner.Bills[0].Account == "" {
						t.Error(err)
					}
					break
				}
				if err := touch(o.Ref); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// What is no state is left as it is, whoever runs Hisab on it and however: HISAB_STATE with a
// typing error in it, or a link in place of the state, may name any file of the machine.
func TestOtherFilesAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	other, database := filepath.Join(dir, "passwd"), filepath.Join(dir, "other.db")
	if err := os.WriteFile(other, []byte("root:x:0:0:root:/root:/bin/sh\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, database, "CREATE TABLE orders (ref TEXT)")
	for _, path := range []string{other, database} {
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := sqlite.Open(context.Background(), path, sqlite.Options{Operation: "apply"}); !errors.Is(err, sqlite.ErrNotState) {
			t.Errorf("%s: %v", path, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("%s has mode %v now, %v", path, info.Mode(), err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("%v, %v: something was put beside them", left, err)
	}
}
