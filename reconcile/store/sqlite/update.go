package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hisab/hisab/reconcile"
)

// errStale says that an order has changed since it was read: another process wrote.
var errStale = errors.New("decided on an older version")

// Update hands f one order and saves what it changed (reconcile.Store). f runs outside of
// the transaction, on its own copy; the transaction takes its result only if the order
// still has the version that f saw, else f runs again.
func (s *Store) Update(ctx context.Context, ref string, f func(*reconcile.Observed) error) (reconcile.Observed, error) {
	unlock, err := s.turns.lock(ctx, ref)
	if err != nil {
		return reconcile.Observed{}, err
	}
	defer unlock()
	for {
		o, err := s.tryUpdate(ctx, ref, f)
		if !errors.Is(err, errStale) {
			return o, err
		}
	}
}

func (s *Store) tryUpdate(ctx context.Context, ref string, f func(*reconcile.Observed) error) (reconcile.Observed, error) {
	var was reconcile.Observed
	err := s.read(ctx, func(v *snapshot) (err error) {
		was, err = v.load(ref)
		return err
	})
	if err != nil {
		return reconcile.Observed{}, err
	}
	mine := was.Clone()
	if err := f(mine); err != nil {
		return reconcile.Observed{}, err
	}
	// f may keep what it was given; what is saved and returned is another copy.
	is := mine.Clone()
	if is.Ref != ref {
		return reconcile.Observed{}, fmt.Errorf("order %s: an update changed its first reference to %q", ref, is.Ref)
	}
	normalize(is)
	c, err := s.tables.compare(&was, is)
	if err != nil {
		return reconcile.Observed{}, err
	}
	is.Version, is.News = was.Version, nil
	if c == nil {
		return *is, nil
	}
	if err := s.save(ctx, c); err != nil {
		return reconcile.Observed{}, err
	}
	is.Version++
	return *is, nil
}

// turns lets updates of one order follow one another.
type turns struct {
	mu   sync.Mutex
	busy map[string]*turn
}

// turn is the right to update one order: a token in ch is that somebody has it.
type turn struct {
	ch      chan struct{}
	waiting int
}

func newTurns() *turns { return &turns{busy: map[string]*turn{}} }

func (t *turns) lock(ctx context.Context, ref string) (unlock func(), err error) {
	t.mu.Lock()
	w := t.busy[ref]
	if w == nil {
		w = &turn{ch: make(chan struct{}, 1)}
		t.busy[ref] = w
	}
	w.waiting++
	t.mu.Unlock()

	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if w.waiting--; w.waiting == 0 {
			delete(t.busy, ref)
		}
	}
	select {
	case w.ch <- struct{}{}:
		return func() { <-w.ch; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
