package main

import (
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Memory is traded for speed: what is read of a spec stays, so collecting it again and
// again costs a third of a run. A limit keeps the peak low all the same: nearing it, the
// collector works harder. It grows with the spec, as what is kept of it does; measured over
// orders of 700 to 900 bytes, the peak of validate and plan stays below 3 KiB an order and
// 30 MiB.
const (
	gcPercent  = 400
	baseMemory = 15 << 20 // for the program itself
	forThree   = 10       // bytes of memory for three bytes of spec
	// Orders made from data are many more than their file's bytes tell. Where what is alive
	// leaves less than this much room below the limit, in percent, the limit gives way: a
	// collector that finds nothing to collect would take half of the time.
	leastRoom = 30
)

// newBudget returns what sets the process's memory limit. Whoever set GOGC or GOMEMLIMIT
// knows better, and is left alone.
func newBudget() func(limit int64) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	return func(limit int64) {
		debug.SetMemoryLimit(limit)
		afterEachCollection(func() { limit = makeRoom(limit) })
	}
}

// makeRoom raises a limit that what is alive comes too near to, and returns the one in
// force.
func makeRoom(limit int64) int64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if live[0].Value.Kind() != metrics.KindUint64 {
		return limit
	}
	needed := baseMemory + int64(live[0].Value.Uint64())*(100+leastRoom)/100
	if needed <= limit {
		return limit
	}
	debug.SetMemoryLimit(needed)
	return needed
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

// budgetFor makes room for a spec of these files that is going to be read.
func (a *App) budgetFor(fsys fs.FS, names []string) {
	if a.Budget == nil {
		return
	}
	var bytes int64
	for _, name := range names {
		if info, err := fs.Stat(fsys, name); err == nil {
			bytes += info.Size()
		}
	}
	a.Budget(baseMemory + bytes*forThree/3)
}
