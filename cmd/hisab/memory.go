package main

import (
	"io/fs"
	"os"
	"runtime/debug"

	"github.com/hisab/hisab/spec"
)

// Memory is traded for speed: what is read of a spec stays, so collecting it again and
// again costs a third of a run. The limit keeps the peak low all the same: nearing it, the
// collector works harder. It grows with the spec, as what is kept of it does; measured over
// orders of 700 to 900 bytes, the peak of validate and plan stays below 3 KiB an order and
// 30 MiB.
const (
	gcPercent  = 400
	baseMemory = 18 << 20 // for the program itself
	forThree   = 10       // bytes of memory for three bytes of spec
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
	return func(limit int64) { debug.SetMemoryLimit(limit) }
}

// budgetFor makes room for a spec that is going to be read.
func (a *App) budgetFor(fsys fs.FS) {
	if a.Budget == nil {
		return
	}
	names, _ := spec.Files(fsys) // what cannot be walked is reported when it is read
	var bytes int64
	for _, name := range names {
		if info, err := fs.Stat(fsys, name); err == nil {
			bytes += info.Size()
		}
	}
	a.Budget(baseMemory + bytes*forThree/3)
}
