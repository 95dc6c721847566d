package pace_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hisab/hisab/reconcile/pace"
)

// TestPairsKeepTheRate has many callers look and act beside each other: the two requests of
// each follow each other at once, and all together never exceed the rate.
func TestPairsKeepTheRate(t *testing.T) {
	for _, perSecond := range []int{1, 5, 80} {
		synctest.Test(t, func(t *testing.T) {
			p := pace.New(bubbleClock{}, fixed(perSecond))
			var through passes
			var callers sync.WaitGroup
			for range 10 {
				callers.Go(func() {
					for range 4 {
						second, err := p.Pair(t.Context(), "a", "")
						if err != nil {
							t.Error(err)
						}
						through.record()
						looked := time.Now()
						if err := second(t.Context()); err != nil {
							t.Error(err)
						}
						through.record()
						if gap, want := time.Since(looked), time.Second/time.Duration(perSecond); gap > want+time.Millisecond {
							t.Errorf("%d a second: %v from the look to the deed, want %v", perSecond, gap, want)
						}
					}
				})
			}
			callers.Wait()
			for _, window := range []time.Duration{time.Second, 3 * time.Second} {
				if got, want := through.most(window), int(float64(perSecond)*window.Seconds())+1; got > want {
					t.Errorf("%d a second: %d in %v, want at most %d", perSecond, got, window, want)
				}
			}
		})
	}
}

// TestASecondPlaceIsVoidWhenTheAccountSlows: whoever looked before the platform throttled
// acts in the slower row.
func TestASecondPlaceIsVoidWhenTheAccountSlows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace.New(bubbleClock{}, fixed(80))
		second, err := p.Pair(t.Context(), "a", "")
		if err != nil {
			t.Fatal(err)
		}
		p.Slow("a", "", 5*time.Second)
		start := time.Now()
		if err := second(t.Context()); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited < 5*time.Second {
			t.Errorf("waited %v of 5 s", waited)
		}
	})
}

// TestAPairEndsWithItsContext, and both of its places go to those who stay.
func TestAPairEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace.New(bubbleClock{}, fixed(1))
		start := time.Now()
		if err := p.Wait(t.Context(), "a", ""); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := p.Pair(ctx, "a", ""); err == nil {
			t.Error("a pair outlives its context")
		}
		if err := p.Wait(t.Context(), "a", ""); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("the next had to wait %v", took)
		}
	})
}
