package main

import (
	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/reconcile"
)

// A run of more than this many actions is shown by its bar, and by what did not go well.
const toldOneByOne = 200

// watch shows what happens in a run, from many goroutines at once.
func (s *session) watch(p reconcile.Progress) {
	if p.Kind == reconcile.Looked {
		s.looks.Store(int64(p.Total))
		s.progress.At(looking, p.Done, p.Total)
		return
	}
	if s.json {
		s.lines.Event(p)
	}
	if p.Kind == reconcile.ActionStart {
		return
	}
	s.progress.At(acting, p.Done, p.Total)
	if p.Kind == reconcile.ActionFailed || p.Kind == reconcile.ActionUnknown {
		s.progress.Failed()
	}
	if s.json || (p.Kind == reconcile.ActionDone && p.Total > toldOneByOne) {
		return
	}
	if line := view.Event(p, s.app.talking(s)); line != "" {
		s.progress.Println(line)
	}
}

// What the progress bar says of the stretches of work.
const (
	reading    = "Reading the spec"
	formatting = "Formatting"
	looking    = "Looking at payments"
	acting     = "Acting"
)
