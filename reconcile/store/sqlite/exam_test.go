package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/store/sqlite"
	"github.com/hisab/hisab/reconcile/store/storetest"
)

func TestExam(t *testing.T) {
	storetest.Run(t, func(t *testing.T) (reconcile.Store, func() reconcile.Store) {
		path := create(t)
		s := open(t, path, acting())
		return s, func() reconcile.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return open(t, path, acting())
		}
	})
}

// create makes a state in a folder of its own.
func create(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), ".hisab", "state.db")
	err := sqlite.Create(context.Background(), path, sqlite.Genesis{SpecID: "shop", Lineage: "l-1", Now: storetest.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func acting() sqlite.Options {
	return sqlite.Options{SpecID: "shop", Operation: "apply", Incarnation: "i-1", Now: storetest.Now}
}

// open opens a state until the test ends.
func open(t testing.TB, path string, o sqlite.Options) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
