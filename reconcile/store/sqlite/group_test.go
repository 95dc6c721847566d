package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
)

func openNew(t *testing.T) *Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.db")
	if err := Create(t.Context(), path, Genesis{Lineage: "l", Now: time.Unix(1, 0)}); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path, Options{Operation: "apply"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// waiting waits until n writers are queued.
func (s *Store) waiting(t *testing.T, n int) {
	t.Helper()
	for range 5000 {
		s.group.mu.Lock()
		queued := len(s.group.queue)
		s.group.mu.Unlock()
		if queued == n {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("there are not %d writers waiting", n)
}

type outcome struct {
	ref string
	err error
}

// Writers that wait while somebody commits are committed by the next in one transaction;
// one that is refused is refused alone, and one that gives up before has no effect.
func TestGroup(t *testing.T) {
	s := openNew(t)
	s.group.turn <- struct{}{} // somebody commits
	const n = 6
	outcomes := make(chan outcome, n+2)
	start := func(ctx context.Context, ref string, f func(*reconcile.Observed) error) {
		go func() {
			_, err := s.Update(ctx, ref, f)
			outcomes <- outcome{ref, err}
		}()
	}
	for i := range n {
		start(t.Context(), fmt.Sprintf("R%d", i), func(o *reconcile.Observed) error {
			o.Refunds = []reconcile.RefundSeen{{ID: fmt.Sprintf("r%d", i/2*2), State: reconcile.RefundPending}} // each id twice
			return nil
		})
		s.waiting(t, i+1) // so the odd ones come second
	}
	ctx, giveUp := context.WithCancel(t.Context())
	start(ctx, "gone", func(o *reconcile.Observed) error { o.PaidOffline = 1; return nil })
	s.waiting(t, n+1)
	giveUp()
	if o := <-outcomes; o.ref != "gone" || !errors.Is(o.err, context.Canceled) {
		t.Errorf("the one that gave up: %+v", o)
	}

	jobs := s.group.take()
	if len(jobs) != n {
		t.Fatalf("%d writers are committed together, want %d", len(jobs), n)
	}
	s.commit(jobs)
	<-s.group.turn
	for range n {
		o := <-outcomes
		odd := strings.ContainsAny(o.ref, "135")
		if errors.Is(o.err, reconcile.ErrTaken) != odd || (o.err != nil) != odd {
			t.Errorf("%s: %v", o.ref, o.err)
		}
		_, saved, err := s.Get(t.Context(), o.ref)
		if saved == odd || err != nil {
			t.Errorf("%s: saved %v, %v", o.ref, saved, err)
		}
	}
	if _, saved, _ := s.Get(t.Context(), "gone"); saved {
		t.Error("the one that gave up was saved")
	}
}

// An error that spoils the transaction fails all that are in it, and saves none.
func TestGroupFails(t *testing.T) {
	s := openNew(t)
	s.LimitPages(t, 32)
	s.group.turn <- struct{}{}
	outcomes := make(chan error, 3)
	for i, size := range []int{1, 1 << 20, 1} {
		go func() {
			_, err := s.Update(t.Context(), fmt.Sprintf("R%d", i), func(o *reconcile.Observed) error {
				o.News = []reconcile.Event{{Name: "large", Detail: strings.Repeat("x", size)}}
				return nil
			})
			outcomes <- err
		}()
		s.waiting(t, i+1)
	}
	s.commit(s.group.take())
	<-s.group.turn
	for range 3 {
		if err := <-outcomes; !errors.Is(err, ErrFull) {
			t.Errorf("a full disk: %v", err)
		}
	}
	for i := range 3 {
		if _, saved, err := s.Get(t.Context(), fmt.Sprintf("R%d", i)); saved || err != nil {
			t.Errorf("R%d: saved %v, %v", i, saved, err)
		}
	}
}

// Another process may write an order between reading and saving it; the update is decided
// anew on what that process left.
func TestStale(t *testing.T) {
	s := openNew(t)
	other, err := Open(t.Context(), s.path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for _, want := range []int64{2, 4} { // a new order, then a known one
		runs := 0
		o, err := s.Update(t.Context(), "A", func(o *reconcile.Observed) error {
			if runs++; runs == 1 {
				if _, err := other.Update(t.Context(), "A", func(o *reconcile.Observed) error { o.PaidOffline += 10; return nil }); err != nil {
					t.Fatal(err)
				}
			}
			o.PaidOffline++
			return nil
		})
		if err != nil || runs != 2 || o.Version != want || int64(o.PaidOffline) != want/2*11 {
			t.Errorf("after %d runs: version %d, counted %d, %v; want version %d", runs, o.Version, o.PaidOffline, err, want)
		}
	}
}

// After an I/O error everything is refused, with what happened and what to do.
func TestBroken(t *testing.T) {
	s := openNew(t)
	s.fail(errors.New("disk I/O error (1034)"))
	ctx := t.Context()
	_, updateErr := s.Update(ctx, "A", func(o *reconcile.Observed) error { o.PaidOffline = 1; return nil })
	_, _, getErr := s.Get(ctx, "A")
	_, spendErr := s.SpendPlan(ctx, "p", time.Unix(1, 0))
	for _, err := range []error{updateErr, getErr, spendErr, s.Approve(ctx, nil)} {
		if !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), "1034") || !strings.Contains(err.Error(), "check the disk") {
			t.Errorf("refused with %v", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if _, err := Open(ctx, s.path, Options{Operation: "apply"}); err != nil {
		t.Errorf("the next process: %v", err)
	}
}
