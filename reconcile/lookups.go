package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"
)

// patience is how many lookups that only wait for the customer one run makes. The rest are
// put off, oldest look first; the plan says how old its oldest look is.
const patience = 5000

// task is one lookup of a plan.
type task struct {
	ref, address string
	Look
}

// look makes the lookups that the orders need, some at a time. What they answered is filed
// in the order in which it was asked for, whatever came first.
func (p *planning) look(ctx context.Context) error {
	tasks, err := p.tasks(ctx)
	if err != nil {
		return err
	}
	answers := make([]Payment, len(tasks))
	errs := make([]error, len(tasks))
	var done atomic.Int64
	if len(tasks) > 0 { // the first answer may be long in coming
		p.w.report(Progress{Kind: Looked, Total: len(tasks)})
	}
	ask := func(i int) {
		answers[i], errs[i] = p.ask(ctx, tasks[i].Look)
		p.w.report(Progress{Kind: Looked, Done: int(done.Add(1)), Total: len(tasks)})
	}
	first := probes(len(tasks), func(i int) string { return tasks[i].Account })
	p.w.Pool.Each(ctx, len(first), func(i int) { ask(first[i]) })
	p.w.Pool.Each(ctx, len(tasks), func(i int) {
		if !slices.Contains(first, i) {
			ask(i)
		}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	for i, t := range tasks {
		if errs[i] == nil {
			p.looked[t.ref] = append(p.looked[t.ref], answers[i])
			continue
		}
		if p.failed[t.ref] == nil {
			p.failed[t.ref] = errs[i]
		}
		p.plan.LookErrors = append(p.plan.LookErrors, LookError{t.address, t.Key.Reference, errs[i]})
	}
	return nil
}

// tasks lists the lookups to make, those that cannot wait first.
func (p *planning) tasks(ctx context.Context) ([]task, error) {
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
		return nil, err
	}
	mine := tasks[:0]
	for _, t := range tasks {
		other, err := p.w.anothers(ctx, t.ref, t.Look)
		if err != nil {
			return nil, fmt.Errorf("read the state: %w", err)
		}
		if !other {
			mine = append(mine, t)
		}
	}
	slices.SortStableFunc(patient, func(a, b task) int { return a.Last.Compare(b.Last) })
	return append(mine, patient[:min(len(patient), patience)]...), nil
}

// ask makes one lookup, unless the provider has refused the account in this run: one probe is
// enough (contract section 4, Answers).
func (p *planning) ask(ctx context.Context, l Look) (Payment, error) {
	p.mu.RLock()
	why, paused := p.paused[l.Account]
	p.mu.RUnlock()
	if paused {
		return Payment{}, &CallError{Class: Paused, Meaning: why}
	}
	if err := p.w.Pacer.Wait(ctx, l.Account, ""); err != nil {
		return Payment{}, err
	}
	if e := p.throttled.of(l.Account); e != nil {
		return Payment{}, e
	}
	pay, _, err := p.w.lookupInTurn(ctx, l.Account, l.Key)
	if err == nil {
		return pay, nil
	}
	p.throttled.note(l.Account, err)
	var call *CallError
	if errors.As(err, &call) && call.Class == Paused {
		p.mu.Lock()
		p.paused[l.Account] = call.Error()
		p.mu.Unlock()
	}
	return Payment{}, err
}

// lookup makes one paced lookup.
func (w *World) lookup(ctx context.Context, account string, key PaymentKey) (Payment, error) {
	if err := w.Pacer.Wait(ctx, account, ""); err != nil {
		return Payment{}, err
	}
	pay, _, err := w.lookupInTurn(ctx, account, key)
	return pay, err
}

// lookupInTurn makes a lookup whose turn it is, and says when the question left: what the
// answer shows may be as old as that. A throttle is sat out once, unless it is too long.
func (w *World) lookupInTurn(ctx context.Context, account string, key PaymentKey) (pay Payment, asked time.Time, err error) {
	provider, ok := w.Providers.Provider(account)
	if !ok {
		return Payment{}, asked, &CallError{Class: Refused, Meaning: fmt.Sprintf("the spec has no provider for the account %s that %s was sent with; declare one, with any label", account, key.Reference)}
	}
	asked = w.Clock.Now()
	pay, err = provider.Lookup(ctx, key)
	if pause, ok := satOut(err); ok {
		w.Pacer.Slow(account, "", pause)
		if err := w.Pacer.Wait(ctx, account, ""); err != nil {
			return Payment{}, asked, err
		}
		asked = w.Clock.Now()
		pay, err = provider.Lookup(ctx, key)
	}
	if err == nil {
		pay.Reference = key.Reference
		pay.At = w.Clock.Now()
	}
	return pay, asked, err
}

// satOut reports whether a run waits until it asks again, and the platform's own hint how long.
func satOut(err error) (hint time.Duration, ok bool) {
	var call *CallError
	if !errors.As(err, &call) || call.Class != Throttled || call.RetryAfter > longestWait {
		return 0, false
	}
	return call.RetryAfter, true
}
