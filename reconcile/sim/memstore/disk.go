package memstore

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/hisab/hisab/reconcile"
)

// Disk is what the processes of one state share.
type Disk struct {
	// Committed, where set, is told of every Update that changed something, once it is seen
	// by all: the order before (nil: it is new) and after, and what was added to its log.
	// None of it may be changed. Updates wait until it returns.
	Committed func(before, after *reconcile.Observed, events []reconcile.Event)

	turn    chan struct{} // holds one token while somebody writes
	latest  atomic.Pointer[image]
	durable atomic.Pointer[image]

	mu    sync.Mutex
	alive []*Store
}

// NewDisk returns a disk with an empty journal, which is durable.
func NewDisk() *Disk {
	d := &Disk{turn: make(chan struct{}, 1)}
	d.put(&image{})
	return d
}

// Open returns the journal as the process of that incarnation has it. The process is alive
// until End.
func (d *Disk) Open(incarnation string) *Store {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := &Store{disk: d, incarnation: incarnation}
	d.alive = append(d.alive, s)
	return s
}

// End is the end of a process, as a lock shows it that was set free. What its Store is asked
// to write from here on is refused.
func (d *Disk) End(incarnation string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.alive = slices.DeleteFunc(d.alive, func(s *Store) bool {
		if s.incarnation != incarnation {
			return false
		}
		s.ended.Store(true)
		return true
	})
}

func (d *Disk) isAlive(incarnation string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.ContainsFunc(d.alive, func(s *Store) bool { return s.incarnation == incarnation })
}

// Sync makes durable what has been written so far.
func (d *Disk) Sync() {
	d.turn <- struct{}{}
	d.durable.Store(d.latest.Load())
	<-d.turn
}

// LosePower forgets what is not durable. Processes do not end by it: End them.
func (d *Disk) LosePower() {
	d.turn <- struct{}{}
	d.latest.Store(d.durable.Load())
	<-d.turn
}

// Copy is a journal at one moment.
type Copy struct{ image *image }

// Backup copies the journal as the processes see it now.
func (d *Disk) Backup() Copy { return Copy{d.latest.Load()} }

// Restore puts a backup in the place of the journal, durably. It may be of another disk.
func (d *Disk) Restore(c Copy) {
	d.turn <- struct{}{}
	d.put(c.image)
	<-d.turn
}

func (d *Disk) put(im *image) {
	d.latest.Store(im)
	d.durable.Store(im)
}

// Latest is an order by its first reference, as the processes see it; nil where nothing is
// known. It is not to be changed.
func (d *Disk) Latest(ref string) *reconcile.Observed { return d.latest.Load().observed(ref) }

// Durable is an order as it would be found after a loss of power; nil where nothing would.
// It is not to be changed.
func (d *Disk) Durable(ref string) *reconcile.Observed { return d.durable.Load().observed(ref) }

// Refs lists the first references of the orders that the processes see, sorted.
func (d *Disk) Refs() []string {
	im := d.latest.Load()
	refs := make([]string, len(im.orders))
	for i, o := range im.orders {
		refs[i] = o.Ref
	}
	return refs
}

// lock waits for the turn to write. Whoever has it calls unlock.
func (d *Disk) lock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case d.turn <- struct{}{}:
		return nil
	default:
	}
	select {
	case d.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *Disk) unlock() { <-d.turn }
