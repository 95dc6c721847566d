package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hisab/hisab/spec"
)

// ApplyOptions say how a plan is applied.
type ApplyOptions struct {
	// Saved: the plan comes from a file. It runs once, and an action whose world has changed
	// counts as stale.
	Saved bool
	// Spend: the plan went into a file too, from where it is not to run a second time.
	Spend bool
	// ApproveShown: a person has seen this plan and let go what the policy holds in it.
	ApproveShown bool
	// Who approved; recorded with ApproveShown.
	Who string
}

// Result is what a run did. It holds every outcome but the plain successes, which it counts.
type Result struct {
	Done     Summary   // what was done, by kind; ToCollect billed, ToRefund refunded
	Failed   []Outcome // refused or not possible
	Unknown  []Outcome // nobody can say
	Skipped  []Outcome // because of what came before, or because the run was stopped
	Stale    []Outcome // the world is not the one the action was decided on
	Waiting  []Outcome // throttled, or the account is paused
	Held     []Outcome // by the policy
	Pending  []Note    // what the plan left waiting
	Blocked  []Note
	Doubtful []Note // what the plan left unknown
	// Paused: a provider refuses the whole account.
	Paused bool
	// Spent: the saved plan ran before.
	Spent bool
	// Stopped: the context ended the run early.
	Stopped bool
}

// Outcome is what became of one action that was not simply done.
type Outcome struct {
	Action Action
	Detail string
	Code   int
	Class  Class
}

// Apply takes the actions of a plan: each is decided anew on a fresh look, written to the
// journal before its request leaves, and its outcome after the answer came. One order's
// failure stops no other. When ctx ends, what is in flight is finished and recorded; the
// error returned is of the state alone.
func Apply(ctx context.Context, w *World, s *spec.Spec, p *Plan, o ApplyOptions) (*Result, error) {
	r := &run{w: w, s: s, plan: p, o: o, start: w.Clock.Now(), result: &Result{},
		paused: map[string]string{}, templates: map[string]*spec.Template{}, forms: Forms(s)}
	for _, t := range s.Templates {
		r.templates[t.Address()] = t
	}
	r.result.Pending, r.result.Blocked, r.result.Doubtful = p.Waiting, slices.Clip(p.Blocked), p.Unknown
	groups := r.groups()
	err := r.begin(ctx)
	if err == nil && !r.result.Spent {
		r.orders(ctx, groups)
	}
	r.notStarted(groups, err)
	r.result.Stopped = ctx.Err() != nil
	if err != nil && (ctx.Err() == nil || !errors.Is(err, ctx.Err())) {
		return r.result, err
	}
	return r.result, r.fatal
}

// begin does what comes before the first action: the plan is spent, what the prompt approved
// is recorded, the policy that is in force now is held against the plan, and what the plan
// learned is kept.
func (r *run) begin(ctx context.Context) error {
	if r.o.Saved || r.o.Spend {
		first, err := r.w.Store.SpendPlan(ctx, r.plan.ID, r.start)
		if err != nil {
			return fmt.Errorf("mark the plan as run: %w", err)
		}
		if r.result.Spent = !first; !first {
			return nil
		}
	}
	if err := r.approveShown(ctx); err != nil {
		return err
	}
	approvals, err := r.w.Store.Approvals(ctx)
	if err != nil {
		return fmt.Errorf("read the approvals: %w", err)
	}
	r.approved = approvedIDs(approvals)
	spent, err := refundedToday(ctx, r.w, r.s, r.start)
	if err != nil {
		return err
	}
	// The policy is the one in force now, which may be stricter than when the plan was saved.
	hold(r.plan, r.s.Policy, holdings{approvals: approvals, spentToday: spent, now: local(r.start, r.s.Settings.Location)})
	return r.remember(ctx)
}

// run is one apply.
type run struct {
	w         *World
	s         *spec.Spec
	plan      *Plan
	o         ApplyOptions
	start     time.Time
	approved  map[string]bool
	templates map[string]*spec.Template
	forms     map[string]string // Forms of the spec

	mu     sync.Mutex
	result *Result
	done   int
	paused map[string]string // account → why
	fatal  error             // the store's

	throttled throttles
}

// group is the actions of one order. They are the plan's own: what the policy holds when
// the run begins is held here too.
type group struct {
	want    *spec.Order // nil: it left the spec
	ref     string
	actions []*Action
	begun   bool
	next    int // of actions, the one to take

	probe  bool // its account has not answered yet, and others wait for that
	parked *job // throttled as a probe: it goes on after its pause, beside the others
}

// groups gathers the actions of each order. An order that left the spec has none to want it,
// even where another one took its address.
func (r *run) groups() []*group {
	wants := make(map[string]*spec.Order, len(r.plan.Orders))
	for _, o := range r.plan.Orders {
		wants[o.Address] = o
	}
	removed := make(map[string]bool, len(r.plan.Removed))
	for _, ref := range r.plan.Removed {
		removed[ref] = true
	}
	byRef := map[string]*group{}
	var groups []*group
	for i := range r.plan.Actions {
		a := &r.plan.Actions[i]
		g := byRef[a.Ref]
		if g == nil {
			g = &group{ref: a.Ref}
			if !removed[a.Ref] {
				g.want = wants[a.Address]
			}
			byRef[a.Ref] = g
			groups = append(groups, g)
		}
		g.actions = append(g.actions, a)
	}
	return groups
}

// orders takes the actions of all groups, the first of each account before the others.
func (r *run) orders(ctx context.Context, groups []*group) {
	first := probes(len(groups), func(i int) string { return r.asks(groups[i]) })
	r.w.Pool.Each(ctx, len(first), func(i int) {
		g := groups[first[i]]
		g.probe = true
		r.order(ctx, g)
		g.probe = false
	})
	r.w.Pool.Each(ctx, len(groups), func(i int) { r.order(ctx, groups[i]) })
	for _, i := range first {
		r.order(ctx, groups[i]) // parked, and stopped before it came to go on
	}
}

// asks is the provider that the first action of a group which is not held sends to; empty
// where none does.
func (r *run) asks(g *group) string {
	for _, a := range g.actions {
		if a.Kind != KindForget && a.Held == "" {
			return a.Provider
		}
	}
	return ""
}

// approveShown records the approval that the answer to the prompt is.
func (r *run) approveShown(ctx context.Context) error {
	if !r.o.ApproveShown {
		return nil
	}
	var as []Approval
	for i := range r.plan.Actions {
		if a := &r.plan.Actions[i]; a.Held != "" {
			as = append(as, Approval{Action: a.ID, Who: r.o.Who, Reason: "at the prompt of apply", At: r.start})
		}
	}
	if len(as) == 0 {
		return nil
	}
	if err := r.w.Store.Approve(ctx, as); err != nil {
		return fmt.Errorf("record the approval: %w", err)
	}
	return nil
}

// terms are those of one order in this run.
func (r *run) terms(want *spec.Order) Terms {
	t := Terms{Now: r.w.Clock.Now(), Since: r.plan.CreatedAt, Approved: r.approved, Forms: r.forms}
	if r.s.Policy != nil {
		t.RetryFailedRefunds = r.s.Policy.RetryFailedRefunds
	}
	if want != nil {
		t.Account, _ = r.w.Providers.Account(want.Provider)
	}
	return t
}

// put files an outcome and reports it.
func (r *run) put(list *[]Outcome, kind ProgressKind, o Outcome) {
	r.mu.Lock()
	*list = append(*list, o)
	r.done++
	done := r.done
	r.mu.Unlock()
	a := o.Action
	r.w.report(Progress{Kind: kind, Action: &a, Done: done, Total: len(r.plan.Actions), Detail: o.Detail, Code: o.Code, Class: o.Class})
}

// putDone counts a success and reports it.
func (r *run) putDone(a Action, result string) {
	r.mu.Lock()
	r.result.Done.count(&a)
	if a.Kind == KindReplace {
		r.result.Done.ToCollect -= a.Amount // only the cancel is done; the new bill is a send of its own
	}
	r.done++
	done := r.done
	r.mu.Unlock()
	r.w.report(Progress{Kind: ActionDone, Action: &a, Done: done, Total: len(r.plan.Actions), Result: result})
}

// notStarted files what a run never came to: it was stopped, could not begin, or its plan
// had run before.
func (r *run) notStarted(groups []*group, err error) {
	list, why := &r.result.Skipped, stoppedText
	switch {
	case r.result.Spent:
		list, why = &r.result.Stale, "this plan ran before; a plan runs once. Make another: hisab plan"
	case err != nil:
		why = "the run could not begin: " + err.Error()
	}
	for _, g := range groups {
		if g.begun {
			continue
		}
		for _, a := range g.actions {
			r.put(list, ActionSkipped, Outcome{Action: *a, Detail: why})
		}
	}
}

// pause stops all further sending to an account in this run.
func (r *run) pause(account, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.paused[account] = why
	r.result.Paused = true
}

func (r *run) pausedWhy(account string) (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	why, ok := r.paused[account]
	return why, ok
}

// broken records that the store can no longer be relied on; the run winds down.
func (r *run) broken(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fatal == nil {
		r.fatal = err
	}
}

func (r *run) isBroken() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fatal != nil
}
