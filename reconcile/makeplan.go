package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
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

	looked    map[string][]Payment // by order Ref, in the order of its bills
	failed    map[string]error     // by order Ref
	approvals map[string]Approval
	managed   int       // orders in the state that the program looks after
	compared  int       // orders compared so far
	leaving   []leaving // billed orders that leave the spec
	archive   []string

	now      time.Time         // when it is decided: after the looks
	approved map[string]bool   // ids of approvals
	forms    map[string]string // Forms of the spec

	mu     sync.RWMutex      // while looking
	paused map[string]string // account → why the provider refuses it

	throttled throttles
}

func newPlanning(w *World, s *spec.Spec, o PlanOptions) *planning {
	p := &planning{w: w, s: s, o: o, start: w.Clock.Now(), looked: map[string][]Payment{}, failed: map[string]error{},
		paused: map[string]string{}, forms: Forms(s)}
	p.now = p.start
	p.plan = &Plan{SpecID: s.Settings.ID, CreatedAt: p.start.UTC()}
	return p
}

func observeAndDiff(ctx context.Context, w *World, s *spec.Spec, o PlanOptions) (*planning, error) {
	p := newPlanning(w, s, o)
	var err error
	if p.approvals, err = w.Store.Approvals(ctx); err != nil {
		return nil, fmt.Errorf("read the approvals: %w", err)
	}
	p.approved = approvedIDs(p.approvals)
	if err := p.checkTargets(ctx); err != nil {
		return nil, err
	}
	if !o.NoRefresh {
		if err := p.look(ctx); err != nil {
			return nil, err
		}
		p.now = w.Clock.Now()
	}
	if err := eachPair(ctx, w.Store, s, p.diff); err != nil {
		return nil, err
	}
	if err := p.emptySpec(); err != nil {
		return nil, err
	}
	p.sortPlan()
	p.warnOfRenames()
	spent, err := refundedToday(ctx, w, s, p.start)
	if err != nil {
		return nil, err
	}
	p.plan.Managed = p.managed
	hold(p.plan, s.Policy, holdings{approvals: p.approvals, spentToday: spent, now: local(p.now, s.Settings.Location)})
	p.plan.ID = p.planID()
	p.plan.looked, p.plan.archive, p.plan.options = maps.Collect(maps.All(p.looked)), p.archive, o
	return p, nil
}

// terms of one order.
func (p *planning) terms(want *spec.Order) Terms {
	t := Terms{Now: p.now, Since: p.start, Mine: p.w.Incarnation, Approved: p.approved, Forms: p.forms}
	if p.s.Policy != nil {
		t.RetryFailedRefunds = p.s.Policy.RetryFailedRefunds
	}
	if want != nil {
		t.Account, _ = p.w.Providers.Account(want.Provider)
		t.Replace = named(p.o.Replace, want.Address)
		t.Paused = p.paused[t.Account]
	}
	return t
}

func approvedIDs(as map[string]Approval) map[string]bool {
	ids := make(map[string]bool, len(as))
	for id := range as {
		ids[id] = true
	}
	return ids
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
	if len(q.have.Bills) == 0 {
		delete(p.looked, q.have.Ref) // a look before the first bill is no record's, and most are that
	}
	c := Diff(q.want, q.have, p.terms(q.want))
	p.add(&c)
	if len(c.Actions) > 0 || behind(q.have, q.want) {
		p.plan.Orders = append(p.plan.Orders, q.want)
	}
	return nil
}

func (p *planning) add(c *Change) {
	p.compared++
	share := float64(len(p.s.Orders)) / float64(p.compared)
	p.plan.Actions = appendAhead(p.plan.Actions, c.Actions, share)
	p.plan.Waiting = appendAhead(p.plan.Waiting, c.Waiting, share)
	p.plan.Blocked = append(p.plan.Blocked, c.Blocked...)
	p.plan.Unknown = append(p.plan.Unknown, c.Unknown...)
	if c.Empty() {
		p.plan.Summary.Unchanged++
	}
}

// appendAhead appends to a list that grows with the orders, of which all are share times as
// many as were compared so far. Growing it step by step would leave room for a quarter more,
// and hold it twice for a moment.
func appendAhead[T any](list, more []T, share float64) []T {
	n := len(list) + len(more)
	if ahead := min(int(share*float64(n)), 4*n); n > cap(list) && ahead > n {
		list = slices.Grow(list, ahead-len(list))
	}
	return append(list, more...)
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
	switch {
	case errors.As(err, &call) && call.Class == Paused:
		n.Code = "provider_paused"
	case call != nil && call.Class == Throttled:
		n.Code = "throttled"
	}
	p.plan.Waiting = append(p.plan.Waiting, n)
}

func (p *planning) diffRemoved(have *Observed) {
	if !p.o.selects(have.Address) {
		return
	}
	for _, pay := range p.looked[have.Ref] {
		Absorb(have, pay)
		p.noteAge(pay.At)
	}
	if have.Standing != Managed {
		p.paidAtLast(have)
		return
	}
	l := DiffRemoved(have, p.providerOf(have), p.terms(nil))
	if l.Archive {
		p.archive = append(p.archive, have.Ref)
		return
	}
	p.plan.Left++
	if err := p.failed[have.Ref]; err != nil {
		p.lookFailed(pair{remnant(have, ""), have}, err)
		return
	}
	p.add(&l.Change)
	if len(l.Actions) > 0 {
		p.plan.Removed = append(p.plan.Removed, have.Ref)
		if b := have.Current(); b != nil && have.Sent(b) {
			p.leaving = append(p.leaving, leaving{have.Address, have.Ref, b.Phone, b.Total})
		}
	}
}

// paidAtLast shows an order that was archived as canceled and paid all the same: money came
// in for which nothing is declared any more.
func (p *planning) paidAtLast(have *Observed) {
	f := newFacts(remnant(have, ""), have, p.terms(nil))
	if have.Standing == Archived && f.paidAfterCancel() {
		p.plan.Blocked = append(p.plan.Blocked, Note{Address: have.Address, ReferenceID: f.bill.Reference, Ref: have.Ref,
			Kind: KindStatus, Code: "paid_after_cancel", Amount: have.capturedInAll(),
			Detail: "the customer paid a bill that was canceled and has left the spec; declare it again with a refund"})
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
	pl.Actions = byAddress(pl.Actions, func(a *Action) string { return a.Address })
	for _, notes := range []*[]Note{&pl.Waiting, &pl.Blocked, &pl.Unknown} {
		*notes = byAddress(*notes, func(n *Note) string { return n.Address })
	}
	slices.SortFunc(pl.Orders, func(a, b *spec.Order) int { return cmp.Compare(a.Address, b.Address) })
	sort.Strings(pl.Removed)
	pl.LookErrors = byAddress(pl.LookErrors, func(e *LookError) string { return e.Address })
	s := &pl.Summary
	for i := range pl.Actions {
		s.count(&pl.Actions[i])
	}
	s.Waiting, s.Blocked, s.Unknown = len(pl.Waiting), len(pl.Blocked), len(pl.Unknown)
}

// byAddress sorts a list and keeps the order of what has one address. The values are large,
// so their places are sorted and each is moved once.
func byAddress[T any](list []T, address func(*T) string) []T {
	places := make([]int, len(list))
	for i := range places {
		places[i] = i
	}
	compare := func(i, j int) int {
		return cmp.Or(cmp.Compare(address(&list[i]), address(&list[j])), cmp.Compare(i, j))
	}
	if slices.IsSortedFunc(places, compare) {
		return list
	}
	slices.SortFunc(places, compare)
	sorted := make([]T, len(list))
	for to, from := range places {
		sorted[to] = list[from]
	}
	return sorted
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
	parts := make([]string, 0, 3+len(p.plan.Actions))
	parts = append(parts, p.s.Settings.ID, p.start.UTC().Format(time.RFC3339Nano), p.w.Incarnation)
	for i := range p.plan.Actions {
		parts = append(parts, p.plan.Actions[i].ID)
	}
	return digest(8, parts...)
}
