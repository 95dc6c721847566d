package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// concurrency: updates of one order follow one another; none is lost, and one that is
// refused takes no other with it.
func concurrency(t *testing.T, f Factory) {
	s := open(t, f)
	const workers, rounds, orders = 16, 20, 3
	var inside [orders]atomic.Int32
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for r := range rounds {
				i := (w + r) % orders
				ref := fmt.Sprintf("R%d", i)
				_, err := s.Update(context.Background(), ref, func(o *reconcile.Observed) error {
					if inside[i].Add(1) != 1 {
						t.Errorf("two updates of %s overlap", ref)
					}
					defer inside[i].Add(-1)
					o.PaidOffline++
					o.News = append(o.News, event(ref, "counted", int(o.PaidOffline)))
					return nil
				})
				if err != nil {
					t.Error(err)
				}
				if _, _, err := s.Get(context.Background(), ref); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for range rounds {
				_, err := s.Update(context.Background(), fmt.Sprintf("T%d", w), always(func(o *reconcile.Observed) {
					o.Attempts = []reconcile.Attempt{as("same", sent("T"))}
				}))
				if err != nil && !errors.Is(err, reconcile.ErrTaken) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var sum, log, holders int
	for o, err := range s.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		sum += int(o.PaidOffline)
		holders += len(o.Attempts)
		events, err := s.Timeline(context.Background(), o.Ref)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range events {
			if e.Fence != int64(i+1) {
				t.Errorf("event %d of %s was written as number %d", e.Fence, o.Ref, i+1)
			}
		}
		log += len(events)
	}
	if sum != workers*rounds || log != sum || holders != 1 {
		t.Errorf("%d updates counted, %d told, %d hold the one id; want %d, %d, 1", sum, log, holders, workers*rounds, workers*rounds)
	}
}

// cancel: an update whose context is done has no effect, and says why.
func cancel(t *testing.T, f Factory) {
	s := open(t, f)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	_, err := s.Update(ctx, "A", func(o *reconcile.Observed) error { o.PaidOffline = 1; return nil })
	if _, ok, _ := s.Get(context.Background(), "A"); ok || !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled update: saved %v, error %v", ok, err)
	}

	// One that waits for another update of its order.
	inside, release := make(chan struct{}), make(chan struct{})
	go s.Update(context.Background(), "A", func(o *reconcile.Observed) error { close(inside); <-release; return nil })
	<-inside
	ctx, stop = context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer stop()
	_, err = s.Update(ctx, "A", func(o *reconcile.Observed) error { o.PaidOffline = 2; return nil })
	close(release)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an update that waited too long: %v", err)
	}
	if o := update(t, s, "A", func(o *reconcile.Observed) { o.PaidOffline += 3 }); o.PaidOffline != 3 {
		t.Errorf("paid offline %d: the update that gave up had an effect", o.PaidOffline)
	}
}

// alive: a process nobody has heard of cannot act.
func alive(t *testing.T, f Factory) {
	if ok, err := open(t, f).Alive(context.Background(), "nobody"); ok || err != nil {
		t.Errorf("an unknown process is alive: %v, %v", ok, err)
	}
}
