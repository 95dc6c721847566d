package whatsapp

import (
	"context"
	"sync"
	"time"
)

// windows bounds requests that may be made again, in their time. A plan makes thousands, and
// a timer and a context for each would be a tenth of what they cost: those that begin within
// a short window share one, and its end.
type windows struct {
	timeout time.Duration
	mu      sync.Mutex
	last    window
}

// window is what the requests that began in it share.
type window struct {
	parent, bounded context.Context
	closes          time.Time // to further requests
}

// share returns a context that ends timeout from now, or sooner by no more than a twentieth.
func (w *windows) share(ctx context.Context) context.Context {
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.last.parent == ctx && now.Before(w.last.closes) {
		return w.last.bounded
	}
	bounded, cancel := context.WithDeadline(ctx, now.Add(w.timeout))
	context.AfterFunc(bounded, cancel) // nobody else knows when the last of them is done
	w.last = window{ctx, bounded, now.Add(w.timeout / 20)}
	return bounded
}
