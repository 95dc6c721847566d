package crash

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"
)

// clock tells a time that passes only when somebody sleeps or a story says so. Requests that
// are still on their way arrive when they are due.
type clock struct {
	arrive func(request)

	mu      sync.Mutex
	at      time.Time
	delayed []request
}

// request is one whose sender has died.
type request struct {
	Due    time.Time
	Method string
	Path   string
	Header http.Header
	Body   []byte
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.pass(d)
	return nil
}

// delay lets a request arrive when so much time has passed.
func (c *clock) delay(d time.Duration, r request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r.Due = c.at.Add(d)
	c.delayed = append(c.delayed, r)
}

// underway are the requests that have not arrived yet.
func (c *clock) underway() []request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.delayed)
}

func (c *clock) pass(d time.Duration) {
	until := c.Now().Add(max(d, 0))
	for {
		r, ok := c.next(until)
		if !ok {
			return
		}
		c.arrive(r)
	}
}

// next goes to the next arrival until then; where there is none, to then.
func (c *clock) next(until time.Time) (r request, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.SortStableFunc(c.delayed, func(a, b request) int { return a.Due.Compare(b.Due) })
	if len(c.delayed) == 0 || c.delayed[0].Due.After(until) {
		c.at = until
		return request{}, false
	}
	r = c.delayed[0]
	c.delayed, c.at = c.delayed[1:], r.Due
	return r, true
}
