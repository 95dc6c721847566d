package sim

import (
	"context"
	"sync"
)

// Report is what many histories came to.
type Report struct {
	Counts *Counts
	// Failures are the first histories that broke a promise, at most maxFailures of them, by
	// seed; Violations is how many did.
	Failures   []Outcome
	Violations int
}

// maxFailures is how many failures are kept to be shown.
const maxFailures = 5

// Many plays n histories with the seeds from first on, on as many goroutines as workers says,
// each history on one. With stop it ends at the first violation. Found, where given, is told of
// each history that broke a promise as soon as it has, one at a time.
func Many(ctx context.Context, base *Base, first uint64, n, workers int, stop bool, found func(Outcome)) Report {
	r := Report{Counts: NewCounts()}
	var mu sync.Mutex
	var group sync.WaitGroup
	next := 0
	take := func() (uint64, bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == n || ctx.Err() != nil || (stop && r.Violations > 0) {
			return 0, false
		}
		next++
		return first + uint64(next-1), true
	}
	for range workers {
		group.Go(func() {
			mine := NewCounts()
			for {
				seed, ok := take()
				if !ok {
					break
				}
				got := Run(base, Draw(seed), nil)
				mine.Add(got.Counts)
				if got.Violation != nil {
					mu.Lock()
					r.Violations++
					r.keep(got)
					if found != nil {
						found(got)
					}
					mu.Unlock()
				}
			}
			mu.Lock()
			r.Counts.Add(mine)
			mu.Unlock()
		})
	}
	group.Wait()
	return r
}

// keep holds the failures with the lowest seeds.
func (r *Report) keep(o Outcome) {
	i := len(r.Failures)
	for i > 0 && r.Failures[i-1].Options.Seed > o.Options.Seed {
		i--
	}
	r.Failures = append(r.Failures, Outcome{})
	copy(r.Failures[i+1:], r.Failures[i:])
	r.Failures[i] = o
	r.Failures = r.Failures[:min(len(r.Failures), maxFailures)]
}
