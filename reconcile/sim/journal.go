package sim

import (
	"context"
	"iter"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// journal is a process's way to the disk.
type journal struct{ p *process }

var _ reconcile.Store = journal{}

// reach is the way to the disk and back; it may fail before anything happened.
func (j journal) reach(ctx context.Context, what string) error {
	j.p.point(what, j.p.h.short())
	if err := ctx.Err(); err != nil {
		return err
	}
	if j.p.h.fault(Busy) {
		j.p.h.tell(j.p, "busy: %s", what)
		return errBusy
	}
	return nil
}

func (j journal) Get(ctx context.Context, reference string) (reconcile.Observed, bool, error) {
	if err := j.reach(ctx, "read an order"); err != nil {
		return reconcile.Observed{}, false, err
	}
	return j.p.store.Get(ctx, reference)
}

func (j journal) All(ctx context.Context) iter.Seq2[*reconcile.Observed, error] {
	return func(yield func(*reconcile.Observed, error) bool) {
		if err := j.reach(ctx, "read all orders"); err != nil {
			yield(nil, err)
			return
		}
		j.p.store.All(ctx)(yield)
	}
}

// Update writes in three steps, and the process may end between any two: nothing is written
// yet; it is written, and others can read it; it is durable, and the caller knows.
func (j journal) Update(ctx context.Context, ref string, f func(*reconcile.Observed) error) (reconcile.Observed, error) {
	if err := j.write(ctx, "write an order"); err != nil {
		return reconcile.Observed{}, err
	}
	got, err := j.p.store.Update(ctx, ref, f)
	if err != nil {
		return got, err
	}
	return got, j.durable("an order is written")
}

func (j journal) write(ctx context.Context, what string) error {
	if err := j.reach(ctx, what); err != nil {
		return err
	}
	switch {
	case j.p.unsynced:
		return errSync
	case !j.p.h.quiet && j.p.h.now.Before(j.p.h.readOnly):
		j.p.h.tell(j.p, "read-only: %s", what)
		return errReadOnly
	case j.p.h.fault(DiskFull):
		j.p.h.tell(j.p, "disk full: %s", what)
		return errFull
	}
	return nil
}

// durable waits until what was written stays written.
func (j journal) durable(what string) error {
	h := j.p.h
	j.p.point(what+", not synced", h.short())
	if h.fault(SyncFails) {
		h.tell(j.p, "sync failed: %s", what)
		j.p.unsynced = true
		return errSync
	}
	h.disk.Sync()
	j.p.point(what+" and synced", 0)
	if h.fault(CommitUnseen) {
		h.tell(j.p, "answer of the commit lost: %s", what)
		return errUnseen
	}
	return nil
}

func (j journal) Timeline(ctx context.Context, ref string) ([]reconcile.Event, error) {
	if err := j.reach(ctx, "read the log"); err != nil {
		return nil, err
	}
	return j.p.store.Timeline(ctx, ref)
}

func (j journal) RefundedSince(ctx context.Context, since time.Time) (spec.Amount, error) {
	if err := j.reach(ctx, "add up refunds"); err != nil {
		return 0, err
	}
	return j.p.store.RefundedSince(ctx, since)
}

func (j journal) Approvals(ctx context.Context) (map[string]reconcile.Approval, error) {
	if err := j.reach(ctx, "read approvals"); err != nil {
		return nil, err
	}
	return j.p.store.Approvals(ctx)
}

func (j journal) Approve(ctx context.Context, as []reconcile.Approval) error {
	if err := j.write(ctx, "write approvals"); err != nil {
		return err
	}
	if err := j.p.store.Approve(ctx, as); err != nil {
		return err
	}
	j.p.h.check.readBy(j.p, as)
	return j.durable("approvals are written")
}

func (j journal) SpendPlan(ctx context.Context, id string, at time.Time) (bool, error) {
	if err := j.write(ctx, "spend a plan"); err != nil {
		return false, err
	}
	first, err := j.p.store.SpendPlan(ctx, id, at)
	if err != nil {
		return false, err
	}
	return first, j.durable("a plan is spent")
}

func (j journal) Alive(ctx context.Context, incarnation string) (bool, error) {
	if err := j.reach(ctx, "ask for a process"); err != nil {
		return false, err
	}
	return j.p.store.Alive(ctx, incarnation)
}
