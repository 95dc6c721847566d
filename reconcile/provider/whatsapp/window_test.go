package whatsapp

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestWindows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout, soon = 20 * time.Second, 500 * time.Millisecond
		w := &windows{timeout: timeout}
		run, stop := context.WithCancel(t.Context())
		first := w.share(run)
		time.Sleep(soon)
		if w.share(run) != first {
			t.Error("two that begin together do not share a window")
		}
		other, stopOther := context.WithCancel(t.Context())
		if foreign := w.share(other); foreign == first {
			t.Error("two callers share a window")
		}
		stopOther()
		for range 100 {
			time.Sleep(soon)
			ctx := w.share(run)
			end, _ := ctx.Deadline()
			if left := time.Until(end); left > timeout || left < timeout*19/20 || ctx.Err() != nil {
				t.Fatalf("a request has %v left, %v", left, ctx.Err())
			}
		}
		if first.Err() == nil {
			t.Error("the first window never ends")
		}
		last := w.share(run)
		stop()
		if last.Err() == nil {
			t.Error("a window outlives its caller")
		}
	})
}
