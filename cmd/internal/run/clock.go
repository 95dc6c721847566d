// Package run is the process side of a run: the clock it waits by and the goroutines it
// works with.
package run

import (
	"context"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// Clock is the machine's.
type Clock struct{}

var _ reconcile.Clock = Clock{}

// Now is the present moment, with a monotonic reading.
func (Clock) Now() time.Time { return time.Now() }

// Sleep waits, or returns early with the context's error.
func (Clock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
