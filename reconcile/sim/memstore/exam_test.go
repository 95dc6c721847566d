package memstore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sim/memstore"
	"github.com/hisab/hisab/reconcile/store/storetest"
)

// synced returns from an update when it is durable, as a store must.
type synced struct {
	*memstore.Store
	disk *memstore.Disk
}

func (s synced) Update(ctx context.Context, ref string, f func(*reconcile.Observed) error) (reconcile.Observed, error) {
	o, err := s.Store.Update(ctx, ref, f)
	if err == nil {
		s.disk.Sync()
	}
	return o, err
}

func (s synced) Approve(ctx context.Context, as []reconcile.Approval) error {
	defer s.disk.Sync()
	return s.Store.Approve(ctx, as)
}

func (s synced) SpendPlan(ctx context.Context, id string, at time.Time) (bool, error) {
	defer s.disk.Sync()
	return s.Store.SpendPlan(ctx, id, at)
}

func open(d *memstore.Disk, incarnation string) synced {
	s := d.Open(incarnation)
	s.Now = storetest.Now
	return synced{s, d}
}

// TestExam: every process that is reopened has lost its power before.
func TestExam(t *testing.T) {
	storetest.Run(t, func(*testing.T) (reconcile.Store, func() reconcile.Store) {
		d := memstore.NewDisk()
		starts := 0
		start := func() reconcile.Store {
			d.End(fmt.Sprint(starts))
			d.LosePower()
			starts++
			return open(d, fmt.Sprint(starts))
		}
		return start(), start
	})
}
