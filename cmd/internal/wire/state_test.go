package wire_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/store/sqlite"
)

func TestStatePath(t *testing.T) {
	for _, c := range []struct{ url, want string }{
		{"sqlite://.hisab/state.db", "/shop/.hisab/state.db"},
		{"sqlite://../state.db", "/state.db"},
		{"sqlite:///var/lib/hisab.db", "/var/lib/hisab.db"},
		{"sqlite://", ""},
		{"sqlite://.", ""},
		{"sqlite://..", ""},
		{"sqlite:///", ""},
		{"sqlite://.hisab/", ""},
		{"sqlite://data/..", ""},
		{"sqlite://..db", "/shop/..db"},
		{"sqlite://state.db?mode=ro", ""},
		{"postgres://db/hisab", ""},
		{"state.db", ""},
		{"", ""},
	} {
		got, err := wire.StatePath(c.url, "/shop")
		if filepath.ToSlash(got) != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%q: %q, %v; want %q", c.url, got, err, c.want)
		}
	}
}

// FuzzStatePath: a URL names a file below the folder or an absolute one, or is refused with a
// word on how to write it; the password of a database is not shown.
func FuzzStatePath(f *testing.F) {
	for _, s := range []string{"sqlite://.hisab/state.db", "sqlite:///var/a b.db", "sqlite://a?mode=memory", "postgres://asha:s3cret@db/hisab", "postgre://asha:s3cret@db", "SQLITE://x", "sqlite:x", "sqlite://.", "sqlite://asha:s3cret@db/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, url string) {
		path, err := wire.StatePath(url, "/shop")
		if err != nil {
			if !strings.Contains(err.Error(), "sqlite://") || path != "" {
				t.Errorf("%q is refused with %v", url, err)
			}
			if user, _, isDatabase := strings.Cut(url, "@"); isDatabase && len(user) > 12 && strings.Contains(err.Error(), user) {
				t.Errorf("shows who logs in: %v", err)
			}
			return
		}
		named, ok := strings.CutPrefix(url, "sqlite://")
		if !ok || !filepath.IsAbs(path) || strings.ContainsAny(named, "?#") || filepath.Base(named) != filepath.Base(path) && filepath.Clean(named) == named {
			t.Errorf("%q is the file %q", url, path)
		}
	})
}

func TestMissingState(t *testing.T) {
	for name, c := range map[string]struct {
		access           wire.Access
		id               string
		missing, created bool
		err              error
	}{
		"look":            {wire.Look, "", false, false, sqlite.ErrMissing},
		"preview":         {wire.Preview, "shop", true, false, nil},
		"beside, an id":   {wire.Beside, "shop", false, false, sqlite.ErrMissing},
		"beside, without": {wire.Beside, "", false, true, nil},
		"act, an id":      {wire.Act, "shop", false, false, sqlite.ErrMissing},
		"act, without":    {wire.Act, "", false, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "state.db")
			s, err := wire.OpenState(t.Context(), path, options(c.access, c.id))
			if !errors.Is(err, c.err) {
				t.Fatalf("err = %v, want %v", err, c.err)
			}
			if err != nil {
				return
			}
			defer s.Close()
			if s.Missing != c.missing || s.Created != c.created {
				t.Errorf("missing %v, created %v", s.Missing, s.Created)
			}
		})
	}
}

func options(a wire.Access, id string) wire.StateOptions {
	return wire.StateOptions{Access: a, SpecID: id, Operation: "test", Incarnation: "abc", Now: time.Now}
}

// What there is before there is a state knows nothing and takes nothing.
func TestPreviewKnowsNothing(t *testing.T) {
	s, err := wire.OpenState(t.Context(), filepath.Join(t.TempDir(), "state.db"), options(wire.Preview, "shop"))
	if err != nil {
		t.Fatal(err)
	}
	if o, found, err := s.Get(t.Context(), "A"); found || err != nil || o.Ref != "A" {
		t.Errorf("Get: %v, %v, %v", o, found, err)
	}
	for o := range s.All(t.Context()) {
		t.Errorf("All yields %v", o)
	}
	if _, err := s.Update(t.Context(), "A", func(*reconcile.Observed) error { return nil }); err == nil {
		t.Error("Update writes")
	}
	if err := s.Approve(t.Context(), []reconcile.Approval{{Action: "x"}}); err == nil {
		t.Error("Approve writes")
	}
	if ok, err := s.SpendPlan(t.Context(), "p", time.Now()); ok || err == nil {
		t.Error("SpendPlan writes")
	}
}

func TestOneActsAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	if err := wire.CreateState(t.Context(), path, options(wire.Act, "shop")); err != nil {
		t.Fatal(err)
	}
	first, err := wire.OpenState(t.Context(), path, options(wire.Act, "shop"))
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := wire.OpenState(t.Context(), path, options(wire.Act, "shop")); !errors.Is(err, sqlite.ErrLocked) {
		t.Errorf("second: %v", err)
	}
	for _, a := range []wire.Access{wire.Look, wire.Preview, wire.Beside} {
		s, err := wire.OpenState(t.Context(), path, options(a, "shop"))
		if err != nil {
			t.Errorf("beside, %d: %v", a, err)
			continue
		}
		s.Close()
	}
}
