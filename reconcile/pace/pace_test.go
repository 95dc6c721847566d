package pace_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hisab/hisab/reconcile/pace"
)

// bubbleClock is the fake clock of a synctest bubble.
type bubbleClock struct{}

func (bubbleClock) Now() time.Time { return time.Now() }

func (bubbleClock) Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// passes is when requests were let through.
type passes struct {
	mu sync.Mutex
	at []time.Time
}

func (p *passes) record() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = append(p.at, time.Now())
}

// most is the largest number in any window of that length, both ends counted.
func (p *passes) most(window time.Duration) int {
	slices.SortFunc(p.at, time.Time.Compare)
	most, first := 0, 0
	for i := range p.at {
		for p.at[i].Sub(p.at[first]) > window {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

func fixed(n int) func(string) int { return func(string) int { return n } }

// crowd has many callers ask for n places between them.
func crowd(t *testing.T, p *pace.Pacer, n int, customer func(i int) string) *passes {
	t.Helper()
	var through passes
	var callers sync.WaitGroup
	for c := range 32 {
		callers.Go(func() {
			for i := c; i < n; i += 32 {
				if err := p.Wait(t.Context(), "a", customer(i)); err != nil {
					t.Error(err)
				}
				through.record()
			}
		})
	}
	callers.Wait()
	return &through
}

func nobody(int) string { return "" }

func TestNeverMoreThanTheRate(t *testing.T) {
	for _, perSecond := range []int{1, 7, 80, 1000} {
		t.Run(fmt.Sprint(perSecond), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				through := crowd(t, pace.New(bubbleClock{}, fixed(perSecond)), 5*perSecond, nobody)
				// A window that counts both its ends holds one more than it is long.
				for _, window := range []time.Duration{time.Second / 2, time.Second, 3 * time.Second} {
					if got, want := through.most(window), int(float64(perSecond)*window.Seconds())+1; got > want {
						t.Errorf("%d in %v, want at most %d", got, window, want)
					}
				}
				if took := time.Since(start); took > 5*time.Second {
					t.Errorf("%d requests took %v", 5*perSecond, took)
				}
			})
		})
	}
}

func TestAStormOfThrottlesNeverRaisesTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace.New(bubbleClock{}, fixed(80))
		hints := []time.Duration{0, -time.Hour, time.Second, time.Millisecond, 1 << 62}
		through := crowd(t, p, 600, func(i int) string {
			if i%4 == 0 { // one request in four is throttled
				p.Slow("a", "", hints[i/4%len(hints)])
			}
			return ""
		})
		if got := through.most(time.Second); got > 81 {
			t.Errorf("%d in a second, want at most 80", got)
		}
		if got := through.most(24 * 365 * time.Hour); got != 600 {
			t.Errorf("%d of 600 passed in the end", got)
		}
	})
}

func TestThrottledAccountHalvesOnceAStormAndRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace.New(bubbleClock{}, fixed(80))
		for range 50 { // all in flight together
			p.Slow("a", "", 0)
		}
		if got := crowd(t, p, 200, nobody).most(time.Second); got > 41 || got < 35 {
			t.Errorf("%d in a second after one storm, want about 40", got)
		}
		time.Sleep(30 * time.Second)
		if got := crowd(t, p, 200, nobody).most(time.Second); got <= 41 || got > 60 {
			t.Errorf("%d in a second half a minute later, want between 40 and 60", got)
		}
		time.Sleep(10 * time.Minute)
		if got := crowd(t, p, 400, nobody).most(time.Second); got < 78 || got > 81 {
			t.Errorf("%d in a second after ten quiet minutes, want 80", got)
		}
	})
}

func TestSpeedingUpBringsNoTwoTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace.New(bubbleClock{}, fixed(10))
		for range 6 {
			p.Slow("a", "", 0)
			time.Sleep(2 * time.Second)
		}
		through := crowd(t, p, 1500, nobody) // recovers under full load
		if got := through.most(time.Second); got > 11 {
			t.Errorf("%d in a second, want at most 10", got)
		}
	})
}

func TestHintIsHonouredWithinReason(t *testing.T) {
	for _, test := range []struct {
		hint, least, most time.Duration
	}{
		{0, 0, time.Second},
		{-time.Hour, 0, time.Second},
		{30 * time.Second, 30 * time.Second, 31 * time.Second},
		{1000 * time.Hour, 19 * time.Minute, 21 * time.Minute},
	} {
		t.Run(test.hint.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := pace.New(bubbleClock{}, fixed(80))
				p.Slow("a", "", test.hint)
				p.Slow("a", "", 0) // cuts nothing short
				start := time.Now()
				if err := p.Wait(t.Context(), "a", ""); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); took < test.least || took > test.most {
					t.Errorf("waited %v, want %v to %v", took, test.least, test.most)
				}
			})
		})
	}
}

func TestWhoeverWaitsWhenItSlowsWaitsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace.New(bubbleClock{}, fixed(1))
		var through *passes
		done := make(chan struct{})
		start := time.Now()
		go func() { through = crowd(t, p, 20, nobody); close(done) }()
		time.Sleep(1500 * time.Millisecond)
		p.Slow("a", "", time.Minute)
		<-done
		during := 0
		for _, at := range through.at {
			if since := at.Sub(start); since > 1500*time.Millisecond && since < 61500*time.Millisecond {
				during++
			}
		}
		if during != 0 {
			t.Errorf("%d passed while the account was held", during)
		}
	})
}

func TestOneCustomer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const messages = pace.CustomerBurst + 30
		p := pace.New(bubbleClock{}, fixed(80))
		through := crowd(t, p, messages, func(int) string { return "919876543210" })
		if got := through.most(6*time.Second - 1); got > pace.CustomerBurst+1 {
			t.Errorf("%d messages within six seconds", got)
		}
		if got := through.most(time.Hour); got != messages {
			t.Fatalf("%d of %d passed", got, messages)
		}
		if took := through.at[messages-1].Sub(through.at[0]); took < 30*pace.CustomerInterval-time.Second {
			t.Errorf("%d messages took %v", messages, took)
		}
	})
}

func TestThrottledCustomerWaitsFourToTheN(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace.New(bubbleClock{}, fixed(80))
		wait := func(customer string) time.Duration {
			start := time.Now()
			if err := p.Wait(t.Context(), "a", customer); err != nil {
				t.Fatal(err)
			}
			return time.Since(start).Round(time.Second)
		}
		for n, want := range []time.Duration{1, 4, 16, 64, 256, 1024, 1024} {
			p.Slow("a", "919876543210", 0)
			p.Slow("a", "919876543210", 0) // the same storm
			if other := wait("919812345678"); other != 0 {
				t.Fatalf("another customer waited %v", other)
			}
			if got := wait("919876543210"); got != want*time.Second {
				t.Errorf("throttle %d: waited %v, want %v", n, got, want*time.Second)
			}
			time.Sleep(time.Second)
		}
		time.Sleep(2 * time.Hour)
		p.Slow("a", "919876543210", 0)
		if got := wait("919876543210"); got != time.Second {
			t.Errorf("after two quiet hours: waited %v, want 1s", got)
		}
	})
}

func TestCustomerWaitsFirstThenTheAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace.New(bubbleClock{}, fixed(5))
		through := crowd(t, p, 200, func(i int) string { return fmt.Sprint(i % 4) })
		if got := through.most(time.Second); got > 6 {
			t.Errorf("%d in a second, want at most 5", got)
		}
	})
}

func TestAccountsDoNotHoldEachOtherUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace.New(bubbleClock{}, fixed(80))
		p.Slow("a", "", time.Minute)
		start := time.Now()
		if err := p.Wait(t.Context(), "b", ""); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("another account waited %v", took)
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace.New(bubbleClock{}, fixed(1))
		p.Slow("a", "", time.Minute)
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if err := p.Wait(ctx, "a", "919876543210"); err != context.DeadlineExceeded {
			t.Errorf("got %v, want the context's error", err)
		}
		if err := p.Wait(ctx, "a", ""); err != context.DeadlineExceeded {
			t.Errorf("got %v, want the context's error", err)
		}
	})
}
