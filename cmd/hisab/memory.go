package main

import (
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// Memory is traded for speed: what is read of a spec stays, so collecting it again and
// again costs a third of a run. A limit keeps the peak low all the same: nearing it, the
// collector works harder. It grows with the spec, as what is kept of it does. The program's
// own code and the journal's cache come on top, so that a run over orders of 900 bytes peaks
// at about 30 MiB and 3 KiB an order.
const (
	gcPercent      = 400
	readMemory     = 18 << 20 // while reading, beside the spec
	bytesForFive   = 14       // of memory for five bytes of spec
	lookMemory     = 29 << 19 // while planning, beside the orders: the journal is open
	bytesPerLooked = 11 << 8
	actMemory      = 2 << 20 // while acting, beside the orders: the journal has a writer
	bytesPerOrder  = 3 << 10
	// Orders made from data are many more than their file's bytes tell. Where what is alive
	// leaves less than this room below the limit, the limit gives way: a collector that finds
	// nothing to collect would take half of the time.
	leastRoom    = 25 // percent of what is alive, and
	leastBesides = 10 << 20
)

// budget is the limit of the process's memory.
type budget struct {
	mu    sync.Mutex
	limit int64 // 0: none yet
}

// newBudget returns what sets the limit. Whoever set GOGC or GOMEMLIMIT knows better, and is
// left alone.
func newBudget() func(limit int64) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	return new(budget).set
}

func (b *budget) set(limit int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.limit == 0 {
		afterEachCollection(b.makeRoom)
	}
	b.limit = limit
	debug.SetMemoryLimit(limit)
}

// makeRoom raises a limit that what is alive comes too near to.
func (b *budget) makeRoom() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if live[0].Value.Kind() != metrics.KindUint64 {
		return
	}
	needed := leastBesides + int64(live[0].Value.Uint64())*(100+leastRoom)/100
	b.mu.Lock()
	defer b.mu.Unlock()
	debug.SetMemoryLimit(max(b.limit, needed))
}

// afterEachCollection calls f whenever the collector has finished, one call at a time.
func afterEachCollection(f func()) {
	type sentinel struct{ _ *byte }
	var again func(*sentinel)
	again = func(s *sentinel) {
		f()
		runtime.SetFinalizer(s, again)
	}
	runtime.SetFinalizer(&sentinel{new(byte)}, again)
}

// budgetToRead makes room for a spec of these files that is going to be read.
func (a *App) budgetToRead(fsys fs.FS, names []string) {
	if a.Budget == nil {
		return
	}
	var bytes int64
	for _, name := range names {
		if info, err := fs.Stat(fsys, name); err == nil {
			bytes += info.Size()
		}
	}
	a.Budget(readMemory + bytes*bytesForFive/5)
}

// budgetToRun makes room for a run over so many orders that acts on them, or looks alone.
func (a *App) budgetToRun(orders int, acts bool) {
	switch {
	case a.Budget == nil:
	case acts:
		a.Budget(actMemory + int64(orders)*bytesPerOrder)
	default:
		a.Budget(lookMemory + int64(orders)*bytesPerLooked)
	}
}
