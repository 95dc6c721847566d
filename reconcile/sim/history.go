package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sim/memstore"
)

// history is one seed's world.
type history struct {
	loop
	*chance
	o    Options
	base *Base
	rng  *rand.Rand // all but faults

	disk     *memstore.Disk
	platform *platform
	shop     shop
	check    *checker
	count    *Counts

	live, acting []*process
	holder       *process // of the lock
	started      int
	flying       int // requests on their way
	waiting      bool
	plans        []*reconcile.Plan
	taken, lost  []reconcile.Evidence // webhooks that the program took, and that never came
	backup       memstore.Copy
	readOnly     time.Time // the disk takes nothing until then
	restored     bool      // an old backup took the journal's place
	over         bool      // what comes now is for the comparison of webhooks

	trace     func(at time.Time, text string)
	violation *Violation
}

// Violation is a promise that was broken.
type Violation struct {
	Invariant string // I1 …
	Text      string
}

func (v *Violation) String() string { return v.Invariant + " " + v.Text }

// Outcome is how a history went.
type Outcome struct {
	Options   Options
	Violation *Violation // nil: none
	Strikes   []Strike   // the faults that struck, in order
	Counts    *Counts
}

// Run plays a history to its end, or to the first broken promise. Trace, where given, is told
// everything that happens.
func Run(base *Base, o Options, trace func(at time.Time, text string)) Outcome {
	h := &history{o: o, base: base, rng: rand.New(rand.NewPCG(o.Seed, 0)), count: NewCounts(), trace: trace}
	h.chance = newChance(&h.o)
	h.now = opening
	h.disk = memstore.NewDisk()
	h.platform = &platform{h: h, bills: map[string]*bill{}, undelivered: map[string]bool{}}
	h.check = newChecker(h)
	h.disk.Committed = h.check.committed
	h.fail = func(t *task, why any) { h.violate("panic", "%s: %v", t, why) }
	h.backup = h.disk.Backup()
	h.work()
	h.comeToRest()
	for len(h.live) > 0 {
		h.gone(h.live[0])
	}
	h.count.strikes(h.struck[:])
	h.count.Histories, h.count.started = 1, h.started
	return Outcome{Options: o, Violation: h.violation, Strikes: h.strikes, Counts: h.count}
}

// work is the time in which things happen and go wrong.
func (h *history) work() {
	h.openShop()
	until := opening.Add(h.o.Life)
	for h.violation == nil && h.next(until) {
	}
}

// openShop schedules what merchant, persons and timers will do.
func (h *history) openShop() {
	for i := range h.o.Orders {
		d := invent(h.rng, i, opening)
		h.o.Theme.declare(d, h.rng)
		h.shop.orders = append(h.shop.orders, d)
	}
	h.policyDraw()
	h.existsAlready()
	at := time.Duration(0)
	for range h.o.Runs {
		h.wake(at)
		at += h.longTail(h.o.Life / 2)
		if at > h.o.Life {
			at = h.longTail(h.o.Life)
		}
	}
	for range h.o.Edits {
		at := h.longTail(h.o.Life)
		if h.o.Theme != Anything {
			at = h.upTo(h.o.Life)
		}
		h.after(at, h.edit)
	}
	h.papers()
	h.names()
	for range h.o.Decisions {
		h.after(h.longTail(h.o.Life), h.decide)
	}
	if h.rng.IntN(8) == 0 {
		d := h.shop.orders[h.rng.IntN(len(h.shop.orders))]
		h.after(h.upTo(h.o.Life), func() { h.forget(d.reference) })
	}
	h.restores()
}

func (h *history) edit() {
	d := h.shop.orders[h.rng.IntN(len(h.shop.orders))]
	told := len(d.notify)
	what := h.o.Theme.edit(d, h.rng)
	if what == "" {
		what = d.edit(h.rng)
	}
	if len(d.notify) > told {
		d.tellsShipped = h.now
	}
	h.tell(nil, "%s: %s", d.reference, what)
	soon := h.longTail(time.Hour)
	h.wake(soon)
	if h.rng.IntN(3) == 0 {
		h.wake(soon + h.upTo(8*time.Minute))
	}
	if h.rng.IntN(3) == 0 {
		h.after(soon+h.upTo(10*time.Second), func() { h.paysNow(d) })
	}
}

// restore puts an old backup in the journal's place, while nothing runs and after the
// platform's lookups have caught up.
func (h *history) restore() {
	if h.flying > 0 {
		h.after(time.Minute, h.restore)
		return
	}
	h.tell(nil, "an old backup is restored")
	for len(h.live) > 0 {
		h.gone(h.live[0])
	}
	h.disk.Restore(h.backup)
	h.restored = true
	h.check.afterRestore()
	h.wake(2 * time.Minute)
}

// again starts the program after it was killed, once.
func (h *history) again() {
	if h.waiting || h.quiet {
		return
	}
	h.waiting = true
	h.after(h.longTail(30*time.Minute), func() { h.waiting = false; h.apply() })
}

// wake has apply run in a while, as timers and persons do: at its time, hours late, or never.
// That it runs twice, or on two machines at once, is a fault of its own.
func (h *history) wake(d time.Duration) {
	switch {
	case h.fault(WakeLost):
		h.tell(nil, "a wake-up is lost")
		return
	case h.fault(WakeLate):
		d += time.Hour + h.longTail(12*time.Hour)
	}
	h.after(d, h.apply)
}

// apply is somebody or something running hisab apply, sometimes twice at once, sometimes with
// a plan saved before.
func (h *history) apply() {
	switch {
	case len(h.plans) > 0 && h.rng.IntN(3) == 0:
		h.applySaved()
	case h.rng.IntN(8) == 0:
		h.begin("plan --out", false, h.savePlan)
	default:
		h.begin("apply", true, h.planAndApply)
	}
	if h.fault(SecondProcess) {
		h.after(h.short(), func() { h.begin("apply", true, h.planAndApply) })
	}
}

func (h *history) planAndApply(ctx context.Context, p *process) {
	h.planWith(ctx, p, reconcile.PlanOptions{})
}

func (h *history) planWith(ctx context.Context, p *process, o reconcile.PlanOptions) {
	s, err := h.readSpec(p)
	if err != nil {
		return
	}
	p.read = h.shop.copies()
	plan, err := reconcile.MakePlan(ctx, p.world, s, o)
	if err != nil {
		h.noPlan(p, err)
		return
	}
	h.tellPlan(p, plan)
	_, err = reconcile.Apply(ctx, p.world, s, plan, reconcile.ApplyOptions{ApproveShown: h.rng.IntN(4) == 0, Who: "asha"})
	if err != nil {
		h.tell(p, "apply: %v", err)
	}
}

func (h *history) noPlan(p *process, err error) {
	h.tell(p, "no plan: %v", err)
	var empty *reconcile.EmptySpecError
	if errors.As(err, &empty) {
		h.count.emptySpecs++
	}
}

// savePlan makes a plan and keeps it as a file would.
func (h *history) savePlan(ctx context.Context, p *process) {
	s, err := h.readSpec(p)
	if err != nil {
		return
	}
	plan, err := reconcile.MakePlan(ctx, p.world, s, reconcile.PlanOptions{})
	if err != nil {
		h.noPlan(p, err)
		return
	}
	if len(plan.Actions) == 0 || len(h.plans) == 3 {
		return
	}
	saved, err := reloaded(plan)
	if err != nil {
		h.violate("I12", "a plan does not survive its file: %v", err)
		return
	}
	h.plans = append(h.plans, saved)
	h.count.savedPlans++
}

func (h *history) applySaved() {
	saved := h.plans[h.rng.IntN(len(h.plans))]
	run := func(ctx context.Context, p *process) {
		s, err := h.readSpec(p)
		if err != nil {
			return
		}
		p.torn = false // the plan holds its orders; the folder serves for accounts and templates
		plan := *saved // each process reads the file anew, and marks its own copy
		plan.Actions, plan.Blocked = slices.Clone(plan.Actions), slices.Clone(plan.Blocked)
		r, err := reconcile.Apply(ctx, p.world, s, &plan, reconcile.ApplyOptions{Saved: true})
		if err == nil && r.Spent {
			h.count.spentPlans++
		}
	}
	h.begin("apply of a saved plan", true, run)
	if h.fault(PlanAppliedTwice) {
		h.after(h.longTail(time.Minute), func() { h.begin("apply of the same plan", true, run) })
	}
}

// violate notes the first broken promise.
func (h *history) violate(invariant, format string, args ...any) {
	if h.violation == nil {
		h.violation = &Violation{invariant, fmt.Sprintf(format, args...)}
		h.tell(nil, "VIOLATION: %s", h.violation)
	}
}

// tell adds to the trace.
func (h *history) tell(p *process, format string, args ...any) {
	if h.trace == nil {
		return
	}
	text := fmt.Sprintf(format, args...)
	if p != nil {
		text = p.name + " " + text
	}
	h.trace(h.now, text)
}

// short is a time between nothing and a third of a second, upTo one below d, longTail one
// below d that is mostly far below it.
func (h *history) short() time.Duration {
	return time.Duration(h.rng.Int64N(int64(300 * time.Millisecond)))
}

func (h *history) upTo(d time.Duration) time.Duration {
	return time.Duration(h.rng.Int64N(int64(d) + 1))
}

func (h *history) longTail(d time.Duration) time.Duration {
	x := h.rng.Float64()
	return time.Duration(x * x * x * x * float64(d))
}
