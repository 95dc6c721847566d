package sqlite

import (
	"context"
	"slices"
	"sync"
)

// group commits together what waits together. Whoever gets the turn commits all that is
// queued by then, his own and others'; meanwhile the next ones gather. There is no
// goroutine behind it: writers take turns.
type group struct {
	mu    sync.Mutex
	queue []*job
	turn  chan struct{} // holds one token while somebody commits
}

// job is one writer's part of a transaction.
type job struct {
	do   func(*writer) error
	err  error
	done chan struct{} // closed when err is final
}

func newGroup() *group { return &group{turn: make(chan struct{}, 1)} }

func (g *group) add(do func(*writer) error) *job {
	j := &job{do: do, done: make(chan struct{})}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.queue = append(g.queue, j)
	return j
}

// take empties the queue.
func (g *group) take() []*job {
	g.mu.Lock()
	defer g.mu.Unlock()
	jobs := g.queue
	g.queue = nil
	return jobs
}

// withdraw removes a job that nobody has begun, and reports whether it could.
func (g *group) withdraw(j *job) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.queue, j)
	if i < 0 {
		return false
	}
	g.queue = slices.Delete(g.queue, i, i+1)
	return true
}

// write runs do in a transaction, possibly together with others, and returns when that is
// durable. An error of do undoes what do did and nothing else. When ctx ends before its
// turn came, do is not run at all.
func (s *Store) write(ctx context.Context, do func(*writer) error) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	if s.writer == nil {
		return &Problem{Path: s.path, Reason: ErrReadOnly}
	}
	j := s.group.add(do)
	select {
	case <-j.done:
		return s.explain(j.err)
	case <-ctx.Done():
		if s.group.withdraw(j) {
			return ctx.Err()
		}
	case s.group.turn <- struct{}{}:
		s.commit(s.group.take())
		<-s.group.turn
	}
	<-j.done
	return s.explain(j.err)
}

// commit runs jobs in one transaction and tells each its outcome.
func (s *Store) commit(jobs []*job) {
	if len(jobs) == 0 {
		return
	}
	err := s.broken()
	if err == nil {
		err = s.writer.transact(jobs)
	}
	if final(err) {
		s.fail(err)
	}
	for _, j := range jobs {
		if err != nil {
			j.err = err
		}
		close(j.done)
	}
}
