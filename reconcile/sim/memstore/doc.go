// Package memstore keeps the journal in memory, as what a disk holds after a sync and what
// it would lose with the power. It is the store of the simulator: as strict as the real one,
// which its tests compare it with step by step, and so quick that a history costs nothing.
//
//	d := memstore.NewDisk()
//	s := d.Open("process-1") // a reconcile.Store
//	s.Update(ctx, …)         // seen by every process at once
//	d.Sync()                 // and now it stays
//	d.LosePower()            // back to the last Sync
//
// An Update is seen at once and durable with the next Sync: whoever stands in for a process
// calls both, and lets happen in between what he wants to see.
//
// What is committed is never changed, it is replaced. So a sync, a loss of power, a backup
// are the copy of one pointer, and a checker may read records without copying them. Every
// commit copies one pointer for each order, and uniqueness is found by looking through the
// orders: this is for histories of a few.
package memstore
