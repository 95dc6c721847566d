package pace

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// steppedClock moves only when somebody sleeps.
type steppedClock struct{ now time.Time }

func (c *steppedClock) Now() time.Time { return c.now }

func (c *steppedClock) Sleep(_ context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	return nil
}

// A customer who was throttled again and again waits longer each time, and forgetting the
// lane does not shorten that.
func TestALaneIsKeptWhileItRemembersThrottles(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	l := newLane(1, 3)
	for range maxPower + 1 {
		l.slowCustomer(now, 0)
		now = now.Add(power4(l.power))
	}
	if memory := l.slowed.Add(2 * power4(l.power)); l.rested(memory) || !l.rested(memory.Add(time.Second)) {
		t.Errorf("rested before it forgets: %v, afterwards: %v", l.rested(memory), l.rested(memory.Add(time.Second)))
	}
}

// A hundred thousand customers leave twice as many lanes behind as have not got their quota
// back: those of the last interval, and those that were throttled.
func TestMemoryFollowsTheCustomersOfTheLastMoments(t *testing.T) {
	clock := &steppedClock{now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	p := New(clock, func(string) int { return 80 })
	most := 0
	for i := range 100_000 {
		customer := fmt.Sprintf("91%010d", i)
		if i%1000 == 0 {
			p.Slow("a", customer, 0)
		}
		if err := p.Wait(t.Context(), "a", customer); err != nil {
			t.Fatal(err)
		}
		most = max(most, len(p.customers))
	}
	if limit := 2 * (80*int(CustomerInterval/time.Second) + 100); most > limit {
		t.Errorf("%d lanes at once, want at most %d", most, limit)
	}
}
