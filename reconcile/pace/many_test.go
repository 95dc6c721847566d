package pace_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hisab/hisab/reconcile/pace"
)

// Whoever gives up waiting leaves no gap behind: the next one takes the place.
func TestAPlaceGivenUpIsTakenByTheNext(t *testing.T) {
	for name, customer := range map[string]string{"account": "", "customer": "919876543210"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				perSecond, interval := 1, time.Second
				if customer != "" {
					perSecond, interval = 1000, pace.CustomerInterval
				}
				p := pace.New(bubbleClock{}, fixed(perSecond))
				crowd(t, p, pace.CustomerBurst, func(int) string { return customer }) // uses up what is free
				left := time.Now()
				impatient, stop := context.WithCancel(t.Context())
				var callers sync.WaitGroup
				for range 50 {
					callers.Go(func() {
						if p.Wait(impatient, "a", customer) == nil {
							t.Error("passed without its turn")
						}
					})
				}
				synctest.Wait()
				stop()
				callers.Wait()
				for range 2 {
					if err := p.Wait(t.Context(), "a", customer); err != nil {
						t.Fatal(err)
					}
				}
				if waited := time.Since(left); waited > 2*interval {
					t.Errorf("two more waited %v behind fifty who had left", waited)
				}
			})
		})
	}
}

// Giving up and coming back brings no two together.
func TestComingAndGoingIsNoFaster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace.New(bubbleClock{}, fixed(10))
		var through passes
		var callers sync.WaitGroup
		for c := range 40 {
			callers.Go(func() {
				for i := range 30 {
					ctx, stop := context.WithTimeout(t.Context(), time.Duration(37*c+11*i)*time.Millisecond)
					if p.Wait(ctx, "a", "") == nil {
						through.record()
					}
					stop()
				}
			})
		}
		callers.Wait()
		if got := through.most(time.Second); got > 11 || got < 9 {
			t.Errorf("%d in a second, want 10", got)
		}
	})
}

// Thousands of customers, some of them throttled, share an account without a gap and
// without passing its rate; none waits for another.
func TestManyCustomers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const perSecond, customers, each = 100, 2000, 2
		p := pace.New(bubbleClock{}, fixed(perSecond))
		name := func(i int) string { return fmt.Sprintf("91%010d", i) }
		for i := 0; i < customers; i += 100 {
			p.Slow("a", name(i), 0) // one of a hundred was throttled a moment ago
		}
		var through passes
		var callers sync.WaitGroup
		start := time.Now()
		for i := range customers {
			callers.Go(func() {
				for range each {
					if err := p.Wait(t.Context(), "a", name(i)); err != nil {
						t.Error(err)
					}
					through.record()
				}
			})
		}
		callers.Wait()
		if got := through.most(time.Second); got > perSecond+1 {
			t.Errorf("%d in a second, want at most %d", got, perSecond)
		}
		if took, want := time.Since(start), customers*each/perSecond*time.Second; took > want+pace.CustomerInterval+time.Second {
			t.Errorf("%d messages took %v, want about %v", customers*each, took, want)
		}
	})
}

// meter is a platform that takes so many requests in any second and throttles the rest.
type meter struct {
	mu     sync.Mutex
	limit  int
	taken  []time.Time
	denied int
}

func (m *meter) take() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	for len(m.taken) > 0 && now.Sub(m.taken[0]) >= time.Second {
		m.taken = m.taken[1:]
	}
	if len(m.taken) >= m.limit {
		m.denied++
		return false
	}
	m.taken = append(m.taken, now)
	return true
}

// Several processes on one account know nothing of each other. Each stays below the rate it
// is configured with, the platform's throttling slows them all to what it takes together,
// and everything passes in the end.
func TestSeveralProcessesOnOneAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const perSecond, processes, each = 80, 3, 1500
		platform := &meter{limit: perSecond}
		var callers sync.WaitGroup
		start := time.Now()
		for n := range processes {
			callers.Go(func() {
				p := pace.New(bubbleClock{}, fixed(perSecond))
				var through passes
				var tries sync.WaitGroup
				for range 16 {
					tries.Go(func() { insist(t, p, platform, each/16, &through) })
				}
				tries.Wait()
				if got := through.most(time.Second); got > perSecond+1 {
					t.Errorf("process %d made %d requests in a second, want at most %d", n, got, perSecond)
				}
			})
		}
		callers.Wait()
		total := processes * each / 16 * 16
		if platform.denied > total/20 {
			t.Errorf("%d of %d requests were throttled: the processes do not learn", platform.denied, total)
		}
		if took := time.Since(start); took > 3*time.Duration(total/perSecond)*time.Second {
			t.Errorf("%d requests took %v", total, took)
		}
	})
}

// insist makes n requests that are taken, however often each is throttled. Every one of the
// platform's hints is absurd.
func insist(t *testing.T, p *pace.Pacer, platform *meter, n int, through *passes) {
	hints := []time.Duration{0, -time.Hour, time.Nanosecond, -1 << 63}
	for i := 0; i < n; {
		if err := p.Wait(t.Context(), "a", ""); err != nil {
			t.Error(err)
			return
		}
		through.record()
		if platform.take() {
			i++
		} else {
			p.Slow("a", "", hints[i%len(hints)])
		}
	}
}
