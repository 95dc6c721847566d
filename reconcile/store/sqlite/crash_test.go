package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/store/sqlite"
)

// A process that is killed in mid-commit loses nothing that it acknowledged, needs no
// repair, and leaves no lock behind.
func TestKilled(t *testing.T) {
	path := create(t)
	all := acknowledged{}
	for round, after := range []int{1, 40, 7, 150, 23} {
		cmd, out := child(t, "update", path, "child")
		for n := 0; n < after && out.Scan(); n++ {
			if !all.note(out.Text()) {
				t.Fatalf("round %d: %s", round, out.Text())
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		for _, line := range rest(out) {
			all.note(line)
		}
		if left, _ := filepath.Glob(path + "-wal"); len(left) == 0 {
			t.Errorf("round %d: no write-ahead log was left to recover", round)
		}
		s, err := sqlite.Open(context.Background(), path, acting())
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		all.verify(t, s)
		if alive, err := s.Alive(context.Background(), "child"); alive || err != nil {
			t.Errorf("round %d: a killed process is alive: %v", round, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
	}
	if len(all) != childOrders {
		t.Errorf("%d orders were updated, want %d", len(all), childOrders)
	}
}

// While one process acts, a second may not; but it may look, and write beside it.
func TestTwoProcesses(t *testing.T) {
	path := create(t)
	cmd, out := child(t, "update", path, "child")
	all := acknowledged{}
	advance := func() {
		t.Helper()
		for range 30 {
			if !out.Scan() || !all.note(out.Text()) {
				t.Fatalf("the child stopped: %s", out.Text())
			}
		}
	}
	advance()

	_, err := sqlite.Open(context.Background(), path, acting())
	var locked *sqlite.LockedError
	if !errors.As(err, &locked) || !errors.Is(err, sqlite.ErrLocked) {
		t.Fatalf("a second process may act: %v", err)
	}
	h := locked.Holder
	if !locked.Alive || h.PID != cmd.Process.Pid || h.Operation != "apply" || h.Incarnation != "child" || h.Host == "" || h.Since.IsZero() {
		t.Errorf("holder: %+v, alive %v", h, locked.Alive)
	}

	reader := open(t, path, sqlite.Options{SpecID: "shop", ReadOnly: true})
	beside := open(t, path, sqlite.Options{SpecID: "shop", Incarnation: "i-2"})
	for range 5 {
		o, _, err := reader.Get(context.Background(), "R1")
		if err != nil || o.Version < all["R1"] {
			t.Errorf("reading beside a writer: version %d of %d, %v", o.Version, all["R1"], err)
		}
		if _, err := beside.Update(context.Background(), "R1", count); err != nil {
			t.Errorf("writing beside a writer: %v", err)
		}
		if _, err := beside.Update(context.Background(), "mine", count); err != nil {
			t.Errorf("writing beside a writer: %v", err)
		}
		advance()
	}

	// A paused process may wake up and act; a dead one may not.
	for _, c := range []struct {
		signal syscall.Signal
		alive  bool
	}{{syscall.SIGSTOP, true}, {syscall.SIGKILL, false}} {
		if err := cmd.Process.Signal(c.signal); err != nil {
			t.Fatal(err)
		}
		if !c.alive {
			cmd.Wait()
		}
		alive, err := beside.Alive(context.Background(), "child")
		if alive != c.alive || err != nil {
			t.Errorf("after signal %v: alive %v, %v", c.signal, alive, err)
		}
		if alive, _ := beside.Alive(context.Background(), "i-2"); alive {
			t.Error("a process without the lock may act")
		}
	}
	s := open(t, path, acting())
	all["mine"] = 5
	all.verify(t, s)
	if alive, err := s.Alive(context.Background(), "i-1"); !alive || err != nil {
		t.Errorf("the holder itself is not alive: %v", err)
	}
}

// When the disk takes no more, every update that was acknowledged is there afterwards, the
// one that failed says why, and the store does nothing more.
func TestDiskRefuses(t *testing.T) {
	path := create(t)
	cmd, out := child(t, "starve", path)
	lines := rest(out)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	all := acknowledged{}
	for _, l := range lines {
		all.note(l)
	}
	if len(all) != childOrders {
		t.Fatalf("the child updated %d orders: %v", len(all), lines)
	}
	for _, want := range []string{
		"failed state " + path + ": writing to the state went wrong", "check the disk and run again", "afterwards true", "closed <nil>",
	} {
		if !contains(lines, want) {
			t.Errorf("the child did not say %q: %v", want, lines[len(lines)-10:])
		}
	}
	all.verify(t, open(t, path, acting()))
}

// A full disk is no damage: what was saved stays, and once there is room it goes on.
func TestDiskFull(t *testing.T) {
	ctx := context.Background()
	s := open(t, create(t), acting())
	if _, err := s.Update(ctx, "R1", count); err != nil {
		t.Fatal(err)
	}
	s.LimitPages(t, 32)
	saved := int64(1)
	var err error
	for err == nil {
		var o reconcile.Observed
		if o, err = s.Update(ctx, "R1", count); err == nil {
			saved = o.Version
		}
	}
	if !errors.Is(err, sqlite.ErrFull) {
		t.Fatalf("a full disk: %v", err)
	}
	acknowledged{"R1": saved}.verify(t, s)
	s.LimitPages(t, 1<<20)
	if o, err := s.Update(ctx, "R1", count); err != nil || o.Version != saved+1 {
		t.Errorf("after there was room again: version %d after %d, %v", o.Version, saved, err)
	}
}

// A state in a folder that cannot be written to is readable; what is not is said.
func TestReadOnlyFolder(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(t *testing.T, path string)
		want    string
	}{
		{"closed", func(*testing.T, string) {}, "order R0 1"},
		{"left by a crash", leaveLog, "order R0 "},
		{"left by a crash, without its index", func(t *testing.T, path string) {
			leaveLog(t, path)
			if err := os.Remove(path + "-shm"); err != nil {
				t.Fatal(err)
			}
		}, "the folder must be writable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := create(t)
			s := open(t, path, acting())
			if _, err := s.Update(context.Background(), "R0", count); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			c.prepare(t, path)
			before := entries(t, path)
			lines := readUnprivileged(t, path)
			if !contains(lines, c.want) {
				t.Errorf("reading says %q, want %q", lines, c.want)
			}
			if after := entries(t, path); after != before {
				t.Errorf("reading left %s where there was %s", after, before)
			}
		})
	}
}
