package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
)

// TestSignals: the first one asks, the second one ends, and none is lost to a run that is
// over.
func TestSignals(t *testing.T) {
	for _, c := range []struct {
		first, second os.Signal
		asked, ended  int
	}{
		{os.Interrupt, os.Interrupt, 130, 130},
		{syscall.SIGTERM, os.Interrupt, 143, 130},
		{os.Interrupt, syscall.SIGTERM, 130, 143},
	} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			ended := 0
			signals := make(chan os.Signal, 1)
			a := &App{Err: &out, Signals: signals, Abort: func(code int) { ended = code }}
			ctx, stop := context.WithCancelCause(t.Context())
			over := a.watchSignals(stop)
			synctest.Wait()
			if ctx.Err() != nil {
				t.Fatal("stopped before anybody asked")
			}
			signals <- c.first
			synctest.Wait()
			if got := int(exitOf(ctx, ctx.Err())); ctx.Err() == nil || got != c.asked || ended != 0 {
				t.Errorf("after %v: %v, exit status %d, ended with %d", c.first, ctx.Err(), got, ended)
			}
			if !strings.Contains(out.String(), "finishing what is in flight") {
				t.Errorf("said %q", &out)
			}
			signals <- c.second
			synctest.Wait()
			if ended != c.ended {
				t.Errorf("after %v too: ended with %d, want %d", c.second, ended, c.ended)
			}
			over()
		})
	}
}

// TestNobodyWatchesAfterTheRun: a signal that comes later stays for whoever is next.
func TestNobodyWatchesAfterTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signals := make(chan os.Signal, 1)
		a := &App{Err: &bytes.Buffer{}, Signals: signals, Abort: func(int) { t.Error("ended") }}
		over := a.watchSignals(func(error) { t.Error("stopped") })
		over()
		synctest.Wait()
		signals <- os.Interrupt
		synctest.Wait()
		if len(signals) != 1 {
			t.Error("a run that is over took the signal")
		}
	})
}
