package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hisab/hisab/reconcile/store/sqlite"
	"github.com/hisab/hisab/reconcile/store/storetest"
)

func holder() sqlite.Holder {
	return sqlite.Holder{Host: "till-1", PID: 4711, Operation: "watch", Since: storetest.Now(), Incarnation: "i-7"}
}

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	if h, alive, err := sqlite.Inspect(path); alive || err != nil || h != (sqlite.Holder{}) {
		t.Errorf("before anyone: %+v, %v, %v", h, alive, err)
	}
	if got := entries(t, path); got != "" {
		t.Errorf("asking created %s", got)
	}
	guard, err := sqlite.Lock(path, holder())
	if err != nil {
		t.Fatal(err)
	}
	if h, alive, err := sqlite.Inspect(path); !alive || err != nil || h != holder() {
		t.Errorf("while held: %+v, %v, %v", h, alive, err)
	}
	_, err = sqlite.Lock(path, sqlite.Holder{Operation: "apply"})
	var locked *sqlite.LockedError
	if !errors.As(err, &locked) || locked.Holder != holder() || !locked.Alive {
		t.Fatalf("a second lock: %v", err)
	}
	for _, want := range []string{path, "watch", "pid 4711", "till-1", "since 2026-11-20T12:00:00Z", "alive", "wait for it"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if err := guard.Unlock(); err != nil {
		t.Fatal(err)
	}
	if h, alive, err := sqlite.Inspect(path); alive || err != nil || h != (sqlite.Holder{}) {
		t.Errorf("after it was given back: %+v, %v, %v", h, alive, err)
	}
	if guard, err = sqlite.Lock(path, holder()); err != nil {
		t.Fatalf("a free lock: %v", err)
	}
	guard.Unlock()
}

// A free lock is had without any patience: a busy machine may spend all of it elsewhere.
func TestLockWithoutPatience(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	guard, err := sqlite.LockWithin(path, holder(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var locked *sqlite.LockedError
	if _, err := sqlite.LockWithin(path, holder(), 0); !errors.As(err, &locked) {
		t.Errorf("a second lock: %v", err)
	}
	if err := guard.Unlock(); err != nil {
		t.Error(err)
	}
}

// Two names of one file share one lock.
func TestLockThroughLinks(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "state.db"), filepath.Join(dir, "link.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	guard, err := sqlite.Lock(link, holder())
	if err != nil {
		t.Fatal(err)
	}
	defer guard.Unlock()
	if _, err := sqlite.Lock(path, holder()); !errors.Is(err, sqlite.ErrLocked) {
		t.Errorf("the file behind the link: %v", err)
	}
}

// Asking who holds a lock disturbs nobody who takes it.
func TestLockWhileAsked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				if _, _, err := sqlite.Inspect(path); err != nil {
					t.Error(err)
				}
			}
		}
	}()
	for range 50 {
		guard, err := sqlite.Lock(path, holder())
		if err != nil {
			t.Fatal(err)
		}
		if err := guard.Unlock(); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	<-stopped
}

// A lock that is held but not signed yet is somebody's who lives.
func TestLockUnsigned(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	guard, err := sqlite.Lock(path, holder())
	if err != nil {
		t.Fatal(err)
	}
	defer guard.Unlock()
	if err := os.Truncate(path+".lock", 10); err != nil {
		t.Fatal(err)
	}
	if h, alive, err := sqlite.Inspect(path); !alive || err != nil || h != (sqlite.Holder{}) {
		t.Errorf("%+v, %v, %v", h, alive, err)
	}
	_, err = sqlite.Lock(path, holder())
	if !errors.Is(err, sqlite.ErrLocked) || !strings.Contains(err.Error(), "has not said its name") {
		t.Errorf("a second lock: %v", err)
	}
	if _, err := sqlite.Lock(filepath.Join(path, "below", "s.db"), holder()); !errors.Is(err, sqlite.ErrDenied) {
		t.Errorf("in a folder that is not there: %v", err)
	}
}

// A lock file that is a link is not written through.
func TestLockThatIsALink(t *testing.T) {
	dir := t.TempDir()
	path, other := filepath.Join(dir, "state.db"), filepath.Join(dir, "other")
	if err := os.WriteFile(other, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(other, path+".lock"); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Lock(path, holder())
	if !errors.Is(err, sqlite.ErrDenied) || !strings.Contains(err.Error(), "is a link") {
		t.Errorf("the lock: %v", err)
	}
	if text, err := os.ReadFile(other); err != nil || string(text) != "precious" {
		t.Errorf("the other file holds %q, %v", text, err)
	}
}
