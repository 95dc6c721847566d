package run_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hisab/hisab/cmd/internal/run"
)

func TestPoolCallsEachOnce(t *testing.T) {
	for _, c := range []struct{ pool, n int }{{1, 0}, {1, 5}, {4, 1}, {4, 100}, {0, 3}, {-1, 3}, {100, 7}} {
		calls := make([]atomic.Int32, c.n)
		run.Pool(c.pool).Each(t.Context(), c.n, func(i int) { calls[i].Add(1) })
		for i := range calls {
			if got := calls[i].Load(); got != 1 {
				t.Errorf("pool of %d: %d of %d called %d times", c.pool, i, c.n, got)
			}
		}
	}
}

func TestPoolRunsSoManyAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most atomic.Int32
		run.Pool(3).Each(t.Context(), 10, func(int) {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(time.Second)
			running.Add(-1)
		})
		if most.Load() != 3 {
			t.Errorf("%d at a time, want 3", most.Load())
		}
	})
}

func TestPoolBeginsNoMoreOnceStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var calls atomic.Int32
	run.Pool(2).Each(ctx, 1000, func(int) {
		if calls.Add(1) == 10 {
			cancel()
		}
	})
	if got := calls.Load(); got < 10 || got > 11 {
		t.Errorf("%d calls, want 10 and what was begun", got)
	}
}

func TestPoolPassesPanicsOn(t *testing.T) {
	defer func() {
		if got := recover(); got != "broken" {
			t.Errorf("recovered %v", got)
		}
	}()
	run.Pool(4).Each(t.Context(), 100, func(i int) {
		if i == 3 {
			panic("broken")
		}
	})
	t.Error("no panic")
}

func TestClockSleeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := (run.Clock{}).Sleep(t.Context(), time.Minute); err != nil || time.Since(start) != time.Minute {
			t.Errorf("slept %v, %v", time.Since(start), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := (run.Clock{}).Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Minute+time.Second {
			t.Errorf("slept %v, %v", time.Since(start), err)
		}
		if err := (run.Clock{}).Sleep(ctx, 0); err == nil {
			t.Error("a done context is no error")
		}
	})
}

func TestAPanicInsideIsAPanicOfEach(t *testing.T) {
	var called atomic.Int32
	defer func() {
		if got := recover(); got != "broken" {
			t.Errorf("recovered %v, want the panic of the call", got)
		}
		if called.Load() == 0 {
			t.Error("nothing was called")
		}
	}()
	run.Pool(2).Each(t.Context(), 100, func(i int) {
		called.Add(1)
		if i == 5 {
			panic("broken")
		}
	})
}
