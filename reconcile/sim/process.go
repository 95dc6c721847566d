package sim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sim/memstore"
	"github.com/hisab/hisab/spec"
)

// process is one run of the program: a command, or the delivery of a webhook.
type process struct {
	h           *history
	name        string // the incarnation
	does        string
	tasks       []*task
	dead        bool
	pausedUntil time.Time
	skew        time.Duration // of its clock
	jumped      bool          // its clock did
	unsynced    bool          // a sync failed: its store takes nothing more
	forged      bool          // it delivers what nobody said
	torn        bool          // it read files that were not all there
	decides     bool          // a person says through it what became of an attempt
	cancel      context.CancelFunc
	policy      *spec.Policy        // in force when it began
	began       time.Time           // when it did
	read        map[string]declared // what it plans from, by reference; nil: nothing, or a saved plan
	sent        map[string]bool     // bills that it began without a person's word, by action
	canceled    map[string]bool     // and cancels
	store       *memstore.Store
	world       *reconcile.World
}

// begin starts a process. One that acts needs the lock where there is one, and is refused
// while another holds it.
func (h *history) begin(does string, acts bool, f func(context.Context, *process)) *process {
	h.started++
	p := &process{h: h, name: fmt.Sprintf("p%d", h.started), does: does, sent: map[string]bool{}, canceled: map[string]bool{}}
	if h.fault(Skew) {
		p.skew = time.Duration(h.rng.Int64N(int64(2*time.Hour))) - time.Hour
	}
	if h.fault(ReadOnly) {
		h.readOnly = h.now.Add(h.longTail(6 * time.Hour))
		h.tell(nil, "the disk is read-only until %s", h.readOnly.Format(time.TimeOnly))
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.store = h.disk.Open(p.name)
	clock := simClock{p}
	p.world = &reconcile.World{
		Store: journal{p}, Providers: accounts{p}, Clock: clock, Pacer: h.base.pacer(steadyClock{clock}, h.o.Rate), Pool: pool{p},
		Incarnation: p.name, Watch: func(r reconcile.Progress) { h.progress(p, r) },
	}
	h.live = append(h.live, p)
	h.spawn(p, func() {
		if acts && h.o.Locked {
			if h.holder != nil && h.fault(LockLost) {
				h.tell(p, "%s has lost its lock, and does not know", h.holder.name)
				h.holder = nil
			}
			if h.holder != nil {
				h.tell(p, "refused: %s holds the state", h.holder.name)
				h.count.refused++
				return
			}
			h.holder = p
		}
		h.tell(p, "begins: %s", does)
		p.policy, p.began = h.shop.policy, h.now
		if acts && h.busyNow(p) {
			h.count.struckBy(SecondProcess)
		}
		p.acts(acts)
		f(ctx, p)
		h.tell(p, "ends: %s", does)
	}, func() { h.gone(p) })
	return p
}

// acts notes that a process may change something.
func (p *process) acts(yes bool) {
	if yes {
		p.h.acting = append(p.h.acting, p)
	}
}

// busyNow reports whether another process acts.
func (h *history) busyNow(p *process) bool {
	for _, q := range h.acting {
		if q != p && !q.dead {
			return true
		}
	}
	return false
}

// gone ends a process, however it ended: its locks are free.
func (h *history) gone(p *process) {
	h.end(p)
	p.cancel()
	h.disk.End(p.name)
	if h.holder == p {
		h.holder = nil
	}
	h.live = without(h.live, p)
	h.acting = without(h.acting, p)
}

func without(ps []*process, p *process) []*process {
	for i, q := range ps {
		if q == p {
			return append(ps[:i], ps[i+1:]...)
		}
	}
	return ps
}

// kill is kill -9. Somebody starts the program again before long.
func (h *history) kill(p *process) {
	if p.dead {
		return
	}
	h.tell(p, "killed")
	h.gone(p)
	h.again()
}

// losePower kills everything, and what was not synced is lost.
func (h *history) losePower() {
	h.tell(nil, "power lost")
	for len(h.live) > 0 {
		h.gone(h.live[0])
	}
	h.disk.LosePower()
	h.check.afterLoss()
	h.again()
}

// point is where the world may interfere with a process: it costs simulated time, in which
// others run, and the process may not outlive it.
func (p *process) point(what string, takes time.Duration) {
	h := p.h
	switch {
	case p.dead:
		panic(killed{})
	case h.quiet:
	case h.fault(Kill):
		h.tell(p, "killed at: %s", what)
		h.after(0, func() { h.kill(p) })
		h.park()
	case h.fault(PowerLoss):
		h.tell(p, "at: %s", what)
		h.after(0, h.losePower)
		h.park()
	case h.fault(Pause):
		p.pause(what)
	case h.fault(Stuck):
		takes += h.longTail(2 * time.Hour)
		h.tell(p, "one thread stuck for %v at: %s", takes.Round(time.Second), what)
	case h.fault(GracefulStop):
		h.tell(p, "asked to stop at: %s", what)
		p.cancel()
	case h.fault(ClockJump):
		p.skew = time.Duration(h.rng.Int64N(int64(2*time.Hour))) - time.Hour
		p.jumped = true
		h.tell(p, "its clock jumps to %v off", p.skew.Round(time.Second))
	}
	h.pass(takes)
}

// pause stops a process for minutes or days, with all that it has in hand.
func (p *process) pause(what string) {
	h := p.h
	d := h.longTail(6 * time.Hour)
	if h.rng.IntN(8) == 0 {
		d = h.upTo(40 * time.Hour)
	}
	h.tell(p, "paused for %v at: %s", d.Round(time.Second), what)
	p.pausedUntil = h.now.Add(d)
}

// now is the time as the process has it.
func (p *process) now() time.Time { return p.h.now.Add(p.skew) }

// simClock is a process's clock.
type simClock struct{ p *process }

func (c simClock) Now() time.Time { return c.p.now() }

func (c simClock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.p.point("sleep", max(d, 0))
	return ctx.Err()
}

// steadyClock is a process's clock as its limiter reads it, which measures waits alone: on a real
// machine the times in them have a monotonic reading, and no jump of the clock touches that.
type steadyClock struct{ simClock }

func (c steadyClock) Now() time.Time { return c.p.h.now }

// pool runs things beside each other, a few at a time.
type pool struct{ p *process }

func (q pool) Each(ctx context.Context, n int, f func(int)) {
	h := q.p.h
	if n == 1 {
		if ctx.Err() == nil {
			f(0)
		}
		return
	}
	parent, next := h.current, 0
	worker := func() {
		for next < n && ctx.Err() == nil {
			i := next
			next++
			f(i)
		}
	}
	workers := min(n, h.o.Workers)
	parent.left = workers
	for range workers {
		h.spawn(q.p, worker, func() {
			if parent.left--; parent.left == 0 {
				h.after(0, func() { h.run(parent) })
			}
		})
	}
	if workers > 0 {
		h.park()
	}
}

var errBusy = errors.New("database is locked")
var errReadOnly = errors.New("attempt to write a readonly database")
var errFull = errors.New("database or disk is full")
var errSync = errors.New("disk I/O error while syncing; the state takes nothing more until the program is started again")
var errUnseen = errors.New("the connection broke after the commit was asked for")

var (
	_ reconcile.Clock = simClock{}
	_ reconcile.Pool  = pool{}
)
