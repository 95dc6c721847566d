package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hisab/hisab/cmd/internal/meter"
	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// session is a folder at work: its spec, its state and everything a run reaches.
type session struct {
	app      *global
	dir      string
	access   wire.Access
	Spec     *spec.Spec
	broken   bool // the spec has errors: what is in Spec is the settings' defaults alone
	secrets  bool // opened alone, and all secrets are set all the same
	accounts *wire.Accounts
	World    *reconcile.World
	state    *wire.State
	progress *meter.Meter
	looks    atomic.Int64 // looks at payments that were to be made
	sight    ExitCode     // what came of them: ExitError where nothing could be seen
	json     bool
	lines    *view.Lines
}

// opening says how a command opens a folder.
type opening struct {
	dir         string
	access      wire.Access
	operation   string // for the lock
	json        bool
	parallelism int             // orders worked on at a time; 0: the default
	alone       bool            // nobody has to be contacted, so secrets need not be set
	broken      bool            // the command can do with a spec that has errors
	saved       *reconcile.Plan // what is going to be applied; nil: what is planned
	out         string          // where the plan is going to be kept; empty: nowhere
}

// open reads the spec of a folder and opens its state.
func (g *global) open(ctx context.Context, o opening) (*session, error) {
	s := &session{app: g, dir: o.dir, access: o.access, json: o.json}
	s.lines = &view.Lines{W: g.Out, Now: g.Clock.Now, Options: g.reading(s)}
	s.progress = meter.New(g.Err, g.meterWidth())
	s.progress.Phase(reading, 0)
	err := s.load(ctx, o)
	s.progress.Phase("", 0)
	if err == nil {
		err = s.belongs(o.saved)
	}
	if err == nil {
		s.app.budgetToRun(len(s.Spec.Orders), o.access == wire.Act)
		err = s.openState(ctx, o)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// close ends what open began. It may be called once, also on a session half open.
func (s *session) close() {
	s.progress.Close()
	if s.state != nil {
		s.state.Close()
	}
}

// location is where the spec's times are.
func (s *session) location() *time.Location {
	if l := s.Spec.Settings.Location; l != nil {
		return l
	}
	return time.UTC
}

// declared returns the order or invoice with a reference, or nil.
func (s *session) declared(ref string) *spec.Order {
	for _, o := range s.Spec.Orders {
		if o.ReferenceID == ref {
			return o
		}
	}
	return nil
}

// reading is how the person at the screen wants to read.
func (g *global) reading(s *session) view.Options {
	o := view.Options{Color: g.Console.Out && g.color(), Width: g.Console.Width, ShowPII: g.showPII, Now: g.Clock.Now()}
	dir := g.path(".")
	if s != nil {
		dir = s.dir
	}
	o.Here, o.Flags = g.here(dir), g.vars.again(g, dir)
	if s != nil && s.Spec != nil {
		o.Location = s.location()
	}
	return o
}

// talking is how the person reads what goes to standard error.
func (g *global) talking(s *session) view.Options {
	o := g.reading(s)
	o.Color = g.Console.Err && g.color()
	return o
}

// color reports whether colour is wanted at all (no-color.org).
func (g *global) color() bool { return g.env("NO_COLOR") == "" && g.env("TERM") != "dumb" }

// meterWidth is the width of the progress bar's terminal; 0 where there is none.
func (g *global) meterWidth() int {
	if !g.Console.Err {
		return 0
	}
	return g.Console.Width
}
