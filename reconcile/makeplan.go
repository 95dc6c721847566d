package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/hisab/hisab/spec"
)

// MakePlan observes, diffs and holds the result against the policy. It writes nothing.
// Lookups that fail leave their order waiting and stand in LookErrors; the error returned
// is of the state or the context alone.
func MakePlan(ctx context.Context, w *World, s *spec.Spec, o PlanOptions) (*Plan, error) {
	p, err := observeAndDiff(ctx, w, s, o)
	if err != nil {
		return nil, err
	}
	return p.plan, nil
}

// planning is a plan in the making, with the looks it was made from.
type planning struct {
	w     *World
	s     *spec.Spec
	o     PlanOptions
	plan  *Plan
	start time.Time

	looked    map[string][]Payment // by order Ref, in the order looked
	failed    map[string]error     // by order Ref
	approvals map[string]Approval
	managed   int // orders in the state that the program looks after
	archive   []string
}

func observeAndDiff(ctx context.Context, w *World, s *spec.Spec, o PlanOptions) (*planning, error) {
	p := &planning{w: w, s: s, o: o, start: w.Clock.Now(), looked: map[string][]Payment{}, failed: map[string]error{}}
	p.plan = &Plan{SpecID: s.Settings.ID, CreatedAt: p.start.UTC()}
	var err error
	if p.approvals, err = w.Store.Approvals(ctx); err != nil {
		return nil, fmt.Errorf("read the approvals: %w", err)
	}
	if err := p.checkTargets(ctx); err != nil {
		return nil, err
	}
	if !o.NoRefresh {
		if err := p.look(ctx); err != nil {
			return nil, err
		}
	}
	if err := eachPair(ctx, w.Store, s, p.diff); err != nil {
		return nil, err
	}
	if err := p.emptySpec(); err != nil {
		return nil, err
	}
	p.sortPlan()
	spent, err := refundedToday(ctx, w, s, p.start)
	if err != nil {
		return nil, err
	}
	p.plan.Managed = p.managed
	hold(p.plan, s.Policy, holdings{approvals: p.approvals, spentToday: spent})
	p.plan.ID = p.planID()
	p.plan.looked, p.plan.archive = p.looked, p.archive
	return p, nil
}

// terms of one order.
func (p *planning) terms(want *spec.Order) Terms {
	t := Terms{Now: p.w.Clock.Now(), Since: p.start, Mine: p.w.Incarnation}
	if p.s.Policy != nil {
		t.RetryFailedRefunds = p.s.Policy.RetryFailedRefunds
	}
	if want != nil {
		t.Account, _ = p.w.Providers.Account(want.Provider)
		t.Replace = named(p.o.Replace, want.Address)
	}
	t.Approved = approvedIDs(p.approvals)
	return t
}

func approvedIDs(as map[string]Approval) map[string]bool {
	ids := make(map[string]bool, len(as))
	for id := range as {
		ids[id] = true
	}
	return ids
}

// patience is how many lookups that only wait for the customer one run makes. The rest are
// put off, oldest look first; the plan says how old its oldest look is.
const patience = 5000

// look makes the lookups that the orders need, some at a time.
func (p *planning) look(ctx context.Context) error {
	type task struct {
		ref, address string
		Look
	}
	var tasks, patient []task
	err := eachPair(ctx, p.w.Store, p.s, func(q pair) error {
		address := q.have.Address
		if q.want != nil {
			address = q.want.Address
		}
		if !p.o.selects(address) {
			return nil
		}
		for _, l := range Looks(q.want, q.have, p.terms(q.want)) {
			if l.Patient {
				patient = append(patient, task{q.have.Ref, address, l})
			} else {
				tasks = append(tasks, task{q.have.Ref, address, l})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(patient, func(a, b task) int { return a.Last.Compare(b.Last) })
	tasks = append(tasks, patient[:min(len(patient), patience)]...)
	var mu sync.Mutex
	done := 0
	p.w.Pool.Each(ctx, len(tasks), func(i int) {
		t := tasks[i]
		pay, err := p.w.lookup(ctx, t.Account, t.Key)
		mu.Lock()
		defer mu.Unlock()
		done++
		if err != nil {
			p.failed[t.ref] = err
			p.plan.LookErrors = append(p.plan.LookErrors, LookError{t.address, t.Key.Reference, err})
		} else {
			p.looked[t.ref] = append(p.looked[t.ref], pay)
		}
		p.w.report(Progress{Kind: Looked, Done: done, Total: len(tasks)})
	})
	return ctx.Err()
}

// lookup makes one paced lookup.
func (w *World) lookup(ctx context.Context, account string, key PaymentKey) (Payment, error) {
	provider, ok := w.Providers.Provider(account)
	if !ok {
		return Payment{}, &CallError{Class: Refused, Meaning: fmt.Sprintf("the spec has no provider for the account %s that %s was sent with; declare one, with any label", account, key.Reference)}
	}
	if err := w.Pacer.Wait(ctx, account, ""); err != nil {
		return Payment{}, err
	}
	pay, err := provider.Lookup(ctx, key)
	var call *CallError
	if errors.As(err, &call) && call.Class == Throttled {
		w.Pacer.Slow(account, "", call.RetryAfter)
		if err := w.Pacer.Wait(ctx, account, ""); err != nil {
			return Payment{}, err
		}
		pay, err = provider.Lookup(ctx, key)
	}
	if err == nil {
		pay.Reference = key.Reference
		pay.At = w.Clock.Now()
	}
	return pay, err
}

func (w *World) report(p Progress) {
	if w.Watch != nil {
		w.Watch(p)
	}
}

// diff adds one pair to the plan.
func (p *planning) diff(q pair) error {
	if q.have.Standing == Managed {
		p.managed++
	}
	if q.want == nil {
		p.diffRemoved(q.have)
		return nil
	}
	if !p.o.selects(q.want.Address) {
		return nil
	}
	for _, pay := range p.looked[q.have.Ref] {
		Absorb(q.have, pay)
		p.noteAge(pay.At)
	}
	if err := p.failed[q.have.Ref]; err != nil {
		p.lookFailed(q, err)
		return nil
	}
	if len(p.looked[q.have.Ref]) == 0 {
		for i := range q.have.Bills {
			if l := q.have.Bills[i].Look; l != nil && !q.have.StatusOf(&q.have.Bills[i]).Terminal() {
				p.noteAge(l.At)
			}
		}
	}
	c := Diff(q.want, q.have, p.terms(q.want))
	p.add(&c)
	if len(c.Actions) > 0 {
		p.plan.Orders = append(p.plan.Orders, q.want)
	}
	return nil
}

func (p *planning) add(c *Change) {
	p.plan.Actions = append(p.plan.Actions, c.Actions...)
	p.plan.Waiting = append(p.plan.Waiting, c.Waiting...)
	p.plan.Blocked = append(p.plan.Blocked, c.Blocked...)
	p.plan.Unknown = append(p.plan.Unknown, c.Unknown...)
	if c.Empty() {
		p.plan.Summary.Unchanged++
	}
}

func (p *planning) noteAge(at time.Time) {
	if p.plan.LookedAt.IsZero() || at.Before(p.plan.LookedAt) {
		p.plan.LookedAt = at
	}
}

// lookFailed leaves an order waiting whose world could not be seen.
func (p *planning) lookFailed(q pair, err error) {
	n := Note{Address: q.want.Address, ReferenceID: q.want.ReferenceID, Ref: q.have.Ref, Kind: KindStatus,
		Code: "look_failed", Detail: "the payment could not be looked up: " + err.Error(), Source: q.want.Pos}
	if !q.have.Sent(q.have.Current()) {
		n.Kind, n.Amount = KindSend, q.want.Total
	}
	var call *CallError
	if errors.As(err, &call) && call.Class == Paused {
		n.Code = "provider_paused"
	}
	p.plan.Waiting = append(p.plan.Waiting, n)
}

func (p *planning) diffRemoved(have *Observed) {
	if have.Standing != Managed || !p.o.selects(have.Address) {
		for _, pay := range p.looked[have.Ref] {
			Absorb(have, pay)
		}
		return
	}
	for _, pay := range p.looked[have.Ref] {
		Absorb(have, pay)
		p.noteAge(pay.At)
	}
	l := DiffRemoved(have, p.providerOf(have), p.terms(nil))
	if l.Archive {
		p.archive = append(p.archive, have.Ref)
		return
	}
	if err := p.failed[have.Ref]; err != nil {
		p.lookFailed(pair{remnant(have, ""), have}, err)
		return
	}
	p.add(&l.Change)
	if len(l.Actions) > 0 {
		p.plan.Removed = append(p.plan.Removed, have.Ref)
	}
}

// providerOf is the address that an order's account goes by in the spec.
func (p *planning) providerOf(have *Observed) string {
	b := have.Current()
	if b == nil {
		return ""
	}
	for _, pr := range p.s.Providers {
		if account, ok := p.w.Providers.Account(pr.Address()); ok && account == b.Account {
			return pr.Address()
		}
	}
	return ""
}

// emptySpec refuses a spec without orders while the state looks after some: a vanished folder
// is never taken for a wish (contract section 4, Removal).
func (p *planning) emptySpec() error {
	if len(p.s.Orders) == 0 && p.managed > 0 {
		return &EmptySpecError{Managed: p.managed}
	}
	return nil
}

// EmptySpecError says that the spec declares nothing while the state looks after orders.
type EmptySpecError struct{ Managed int }

func (e *EmptySpecError) Error() string {
	return fmt.Sprintf("the spec declares no order and no invoice, and the state looks after %d; an empty folder is never taken for a wish to forget them. Check the folder, or stop managing them one by one: hisab forget REF", e.Managed)
}

// checkTargets refuses a target that names nothing: a typing error must not look like a
// plan without changes.
func (p *planning) checkTargets(ctx context.Context) error {
	var missing []string
	for _, list := range [][]string{p.o.Targets, p.o.Excludes, p.o.Replace} {
		for _, a := range list {
			if !slices.ContainsFunc(p.s.Orders, func(o *spec.Order) bool { return named([]string{a}, o.Address) }) {
				missing = append(missing, a)
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	known := map[string]bool{}
	for have, err := range p.w.Store.All(ctx) {
		if err != nil {
			return fmt.Errorf("read the state: %w", err)
		}
		for _, a := range missing {
			if named([]string{a}, have.Address) {
				known[a] = true
			}
		}
	}
	for _, a := range missing {
		if !known[a] {
			return &TargetError{Address: a}
		}
	}
	return nil
}

// TargetError says that an address named on the command line is nowhere declared.
type TargetError struct{ Address string }

func (e *TargetError) Error() string {
	return fmt.Sprintf("no order or invoice has the address %s; addresses read order.REF, invoice.REF or order.LABEL[\"KEY\"]", e.Address)
}

// sortPlan puts everything into one order whatever the order of observation, and counts.
func (p *planning) sortPlan() {
	pl := p.plan
	sort.SliceStable(pl.Actions, func(i, j int) bool { return pl.Actions[i].Address < pl.Actions[j].Address })
	for _, notes := range [][]Note{pl.Waiting, pl.Blocked, pl.Unknown} {
		sort.SliceStable(notes, func(i, j int) bool { return notes[i].Address < notes[j].Address })
	}
	slices.SortFunc(pl.Orders, func(a, b *spec.Order) int { return cmp.Compare(a.Address, b.Address) })
	sort.Strings(pl.Removed)
	sort.Slice(pl.LookErrors, func(i, j int) bool { return pl.LookErrors[i].Address < pl.LookErrors[j].Address })
	s := &pl.Summary
	for i := range pl.Actions {
		s.count(&pl.Actions[i])
	}
	s.Waiting, s.Blocked, s.Unknown = len(pl.Waiting), len(pl.Blocked), len(pl.Unknown)
}

func (s *Summary) count(a *Action) {
	switch a.Kind {
	case KindSend:
		s.Send++
		s.ToCollect += a.Amount
	case KindStatus:
		s.Status++
	case KindRefund:
		s.Refund++
		s.ToRefund += a.Amount
	case KindNotify:
		s.Notify++
	case KindReplace:
		s.Replace++
		s.ToCollect += a.Amount
	case KindForget:
		s.Forget++
	}
}

// planID tells one plan from any other, also from an equal one made at another time.
func (p *planning) planID() string {
	parts := []string{p.s.Settings.ID, p.start.UTC().Format(time.RFC3339Nano), p.w.Incarnation}
	for i := range p.plan.Actions {
		parts = append(parts, p.plan.Actions[i].ID)
	}
	return digest(8, parts...)
}
