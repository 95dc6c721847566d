package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/store/sqlite"
)

// The test binary runs itself as a second process, to be killed, paused or starved.
const childEnv = "STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "":
		os.Exit(m.Run())
	case "update":
		os.Exit(childUpdate(os.Args[1], os.Args[2]))
	case "starve":
		os.Exit(childStarve(os.Args[1]))
	case "read":
		os.Exit(childRead(os.Args[1]))
	}
}

// child starts this binary in a mode. It ends with the test at the latest.
func child(t *testing.T, mode string, args ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), childEnv+"="+mode)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return cmd, bufio.NewScanner(out)
}

// childOrders is how many orders a child updates, each by a goroutine of its own, so that
// commits hold several.
const childOrders = 8

// count is one update: it leaves three traces that must agree, in three tables.
func count(o *reconcile.Observed) error {
	o.PaidOffline++
	o.Marks = append(o.Marks, reconcile.Mark{Name: fmt.Sprintf("m%06d", o.PaidOffline)})
	o.News = append(o.News, reconcile.Event{Name: "counted", Fence: int64(o.PaidOffline)})
	return nil
}

// childUpdate updates orders for ever, and says of each update that it is saved only when
// it is.
func childUpdate(path, incarnation string) int {
	o := acting()
	o.Incarnation = incarnation
	s, err := sqlite.Open(context.Background(), path, o)
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range childOrders {
		wg.Go(func() {
			for {
				o, err := s.Update(context.Background(), fmt.Sprintf("R%d", i), count)
				mu.Lock()
				if err != nil {
					fmt.Println("error", err)
					mu.Unlock()
					return
				}
				fmt.Println("saved", o.Ref, o.Version)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return 1
}

// childStarve is childUpdate on a disk that takes no more at some point: the kernel refuses
// writes beyond a file size, as it would beyond a quota.
func childStarve(path string) int {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := sqlite.Open(context.Background(), path, acting())
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	limit := unix.Rlimit{Cur: 400 << 10, Max: 400 << 10}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println("error", err)
		return 1
	}
	var stop atomic.Bool
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range childOrders {
		wg.Go(func() {
			for !stop.Load() {
				o, err := s.Update(context.Background(), fmt.Sprintf("R%d", i), count)
				mu.Lock()
				if err == nil {
					fmt.Println("saved", o.Ref, o.Version)
				} else {
					stop.Store(true)
					fmt.Println("failed", err)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	_, _, err = s.Get(context.Background(), "R0")
	fmt.Println("afterwards", errors.Is(err, sqlite.ErrBroken), err)
	fmt.Println("closed", s.Close())
	return 0
}

// childRead looks at a state with whatever rights it was started with.
func childRead(path string) int {
	s, err := sqlite.Open(context.Background(), path, sqlite.Options{SpecID: "shop", ReadOnly: true})
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	for o, err := range s.All(context.Background()) {
		if err != nil {
			fmt.Println("error", err)
			return 1
		}
		fmt.Println("order", o.Ref, o.Version)
	}
	fmt.Println("closed", s.Close())
	return 0
}

// acknowledged collects what a child said it saved.
type acknowledged map[string]int64

// note takes one line of a child, and reports whether it is an acknowledgement.
func (a acknowledged) note(line string) bool {
	var ref string
	var version int64
	if n, _ := fmt.Sscanf(line, "saved %s %d", &ref, &version); n != 2 {
		return false
	}
	a[ref] = max(a[ref], version)
	return true
}

// verify checks that a state has all that was acknowledged, and that its traces agree.
func (a acknowledged) verify(t *testing.T, s *sqlite.Store) {
	t.Helper()
	if err := s.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	for ref, version := range a {
		o, ok, err := s.Get(context.Background(), ref)
		if err != nil || !ok {
			t.Fatalf("order %s: %v, %v", ref, ok, err)
		}
		if o.Version < version {
			t.Errorf("order %s has version %d, and %d was acknowledged", ref, o.Version, version)
		}
		events, err := s.Timeline(context.Background(), ref)
		if err != nil {
			t.Fatal(err)
		}
		if n := int(o.Version); n != int(o.PaidOffline) || n != len(o.Marks) || n != len(events) {
			t.Errorf("order %s is half saved: version %d, counted %d, %d marks, %d events",
				ref, o.Version, o.PaidOffline, len(o.Marks), len(events))
		}
	}
}

// rest reads what is left of a child's output.
func rest(out *bufio.Scanner) []string {
	var lines []string
	for out.Scan() {
		lines = append(lines, out.Text())
	}
	return lines
}

func contains(lines []string, part string) bool {
	for _, l := range lines {
		if strings.Contains(l, part) {
			return true
		}
	}
	return false
}
