package reconcile_test

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// errDisk is what a disk says that fails in a story.
var errDisk = errors.New("the disk failed")

// applies plans and acts, while step watches what is asked of the world. It reports whether
// that ended in a crash.
func (s *story) applies(step func(n int, what string, before bool) error) (crashed bool) {
	s.t.Helper()
	return s.watched(step, func() error {
		p, err := reconcile.MakePlan(context.Background(), s.world, s.spec, reconcile.PlanOptions{})
		if err == nil {
			_, err = reconcile.Apply(context.Background(), s.world, s.spec, p, reconcile.ApplyOptions{})
		}
		return err
	})
}

func (s *story) watched(step func(n int, what string, before bool) error, run func() error) (crashed bool) {
	s.t.Helper()
	s.calls.n, s.calls.step = 0, step
	defer func() {
		s.calls.step = nil
		switch p := recover().(type) {
		case nil:
		case crash:
			crashed = true
		default:
			panic(p)
		}
	}()
	if err := run(); err != nil && !errors.Is(err, errDisk) && !errors.Is(err, context.Canceled) {
		s.t.Errorf("the run ended with %v", err)
	}
	return false
}

// crashAt applies, kills the process before its n-th call, and begins another.
func (s *story) crashAt(n int) {
	s.applies(func(i int, _ string, before bool) error {
		if i == n && before {
			panic(crash{"in a story"})
		}
		return nil
	})
	s.start()
}

// stopAt applies, and asks to stop before the n-th call.
func (s *story) stopAt(n int) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	s.watched(func(i int, _ string, before bool) error {
		if i == n && before {
			stop()
		}
		return nil
	}, func() error {
		p, err := reconcile.MakePlan(ctx, s.world, s.spec, reconcile.PlanOptions{})
		if err == nil {
			_, err = reconcile.Apply(ctx, s.world, s.spec, p, reconcile.ApplyOptions{})
		}
		return err
	})
}

// overtakenAt applies, and before the n-th call another process applies whole, with time for
// it: the first one is a zombie that wakes up and goes on.
func (s *story) overtakenAt(n int) {
	s.applies(func(i int, _ string, before bool) error {
		if i != n || !before {
			return nil
		}
		sleeping := *s.shop
		s.close = nil // the sleeper keeps its state open
		s.start()
		s.clock.pass(time.Minute)
		s.applies(nil)
		s.close()
		sleeping.starts, sleeping.slept = s.starts, true
		*s.shop = sleeping
		return nil
	})
}

// failDisk applies, and the n-th write fails: before it is made, or with the word that it was.
func (s *story) failDisk(n int, late bool) {
	writes := 0
	s.applies(func(_ int, what string, before bool) error {
		if what != "update" || before == late {
			return nil
		}
		if writes++; writes == n {
			return errDisk
		}
		return nil
	})
	s.start() // a state that failed is not used on
}

// answers are what requests may be answered with. Where it says that nothing happened, nothing
// has.
var answers = []fault{
	{op: onRefund, act: true, err: lost}, {op: onRefund, err: lost},
	{op: onRefund, err: said(reconcile.NotSent, 0)}, {op: onRefund, err: said(reconcile.Refused, 100)},
	{op: onRefund, err: said(reconcile.Throttled, 4)}, {op: onRefund, err: said(reconcile.Paused, 190)},
	{op: onBill, act: true, err: lost}, {op: onBill, err: lost},
	{op: onBill, err: said(reconcile.NotSent, 0)}, {op: onBill, err: said(reconcile.Refused, 131026)},
	{op: onBill, err: said(reconcile.WindowClosed, 131047)}, {op: onBill, err: said(reconcile.Throttled, 131056)},
	{op: onStatus, act: true, err: lost}, {op: onStatus, err: lost},
	{op: onStatus, err: said(reconcile.NotSent, 0)}, {op: onStatus, err: said(reconcile.Refused, 131026)},
	{op: onStatus, err: said(reconcile.WindowClosed, 131047)}, {op: onStatus, err: said(reconcile.Paused, 368)},
	{op: onNotice, act: true, err: lost}, {op: onNotice, err: said(reconcile.Refused, 132001)},
	{op: onLookup, err: lost}, {op: onLookup, err: said(reconcile.Throttled, 4)}, {op: onLookup, err: said(reconcile.Paused, 190)},
}

var lost = &reconcile.CallError{Class: reconcile.Unknown, Meaning: "the answer was lost"}

func said(class reconcile.Class, code int) *reconcile.CallError {
	return &reconcile.CallError{Class: class, Code: code, Meaning: "scripted"}
}

func (s *story) answerNext(how byte) {
	if len(s.platform.script) < 4 {
		s.platform.script = append(s.platform.script, answers[int(how)%len(answers)])
	}
}

// customer does something with the latest bill of A, or with B's.
func (s *story) customer(how byte) {
	reference := "B"
	if how < 128 {
		reference = s.latest()
	}
	b := s.platform.bills[reference]
	if b == nil || b.status == spec.Canceled && b.payment == reconcile.Unpaid && how%8 > 6 {
		return
	}
	switch {
	case b.payment == reconcile.Captured:
	case how%8 < 4 && how%8 != 1:
		s.platform.pay(reference)
	case how%8 == 1:
		b.payment = reconcile.PaymentPending
	case how%8 == 4:
		b.payment = reconcile.PaymentUnknown
	default:
		b.payment = reconcile.Unpaid
	}
}

// latest is the last reference under which A was billed.
func (s *story) latest() string {
	latest := "A"
	for _, reference := range []string{"A-2", "A-3", "A-4"} {
		if s.platform.bills[reference] != nil {
			latest = reference
		}
	}
	return latest
}

// webhooks come: all, the last one first, some, none, or those of before once more.
func (s *story) webhooks(how byte) {
	come := s.platform.webhooks
	s.platform.webhooks = nil
	switch how % 8 {
	case 1:
		slices.Reverse(come)
	case 2:
		come = come[:len(come)/2]
	case 3:
		come = nil
	case 4:
		come = append(slices.Clone(s.old), come...)
	case 5:
		for i := range come {
			come[i].MessageID = "" // told by its opaque string alone
		}
	}
	for _, e := range come {
		s.witness(e)
	}
	s.old = append(s.old, come...)
}

// failures are what the platform may say of a message after it took it.
var failures = []reconcile.Evidence{
	{Code: 131026, Class: reconcile.Refused}, {Code: 131047, Class: reconcile.WindowClosed}, {Code: 131042, Class: reconcile.Paused},
	{Code: 130429, Class: reconcile.Throttled}, {Code: 131000, Class: reconcile.Unknown},
}

// failsOnRoute turns a webhook that waits into one that says that the message did not arrive
// after all, and takes its effect back.
func (s *story) failsOnRoute(how byte) {
	if len(s.platform.webhooks) == 0 {
		return
	}
	w := &s.platform.webhooks[int(how/8)%len(s.platform.webhooks)]
	i := slices.IndexFunc(s.platform.ledger, func(e effect) bool { return e.id == w.MessageID && e.illegal == 0 })
	if i < 0 || !s.platform.undo(i) {
		return
	}
	f := failures[int(how)%len(failures)]
	w.Delivery, w.Code, w.Class, w.Meaning = reconcile.FailedOnRoute, f.Code, f.Class, "did not arrive"
}

// undo takes a message back of which nobody saw anything: a bill that nobody began to pay, a
// status after which none came, any notice.
func (p *platform) undo(i int) bool {
	e := &p.ledger[i]
	b := p.bills[e.reference]
	later := slices.ContainsFunc(p.ledger[i+1:], func(f effect) bool { return f.reference == e.reference && f.op != onNotice })
	switch {
	case e.failed || later && e.op != onNotice:
		return false
	case e.op == onBill && b.payment == reconcile.Unpaid && b.stale == nil:
		delete(p.bills, e.reference)
	case e.op == onStatus:
		b.status = e.before
	case e.op != onNotice:
		return false
	}
	e.failed = true
	return true
}

// freezeAll makes lookups show what they would show now, for a while.
func (s *story) freezeAll(d time.Duration) {
	for reference, b := range s.platform.bills {
		if b.stale == nil {
			s.platform.freeze(reference)
		}
	}
	s.thaw = s.clock.at.Add(d)
}

// melt ends that when its time has come.
func (s *story) melt() {
	if s.clock.at.Before(s.thaw) {
		return
	}
	for _, b := range s.platform.bills {
		b.stale = nil
	}
}

// refundByHand is made at the gateway, of an amount that no refund of ours has.
func (s *story) refundByHand(how byte) {
	reference := s.latest()
	b := s.platform.bills[reference]
	if b == nil || b.payment != reconcile.Captured || b.back()+1700 > b.total {
		return
	}
	b.refunds = append(b.refunds, reconcile.RefundSeen{ID: s.platform.id("hand"), Reference: reference, Amount: 1700, Currency: spec.INR,
		State: reconcile.RefundSuccess, Speed: "normal", CreatedAt: s.clock.at.Add(-time.Duration(how) * time.Second)})
}

// back is what was given back under a bill and did not fail.
func (b *bill) back() (sum spec.Amount) {
	for _, r := range b.refunds {
		if r.State != reconcile.RefundFailed {
			sum += r.Amount
		}
	}
	return sum
}

// refundMovesOn changes what refunds are answered with, or what became of the ones there are.
func (s *story) refundMovesOn(how byte) {
	states := []reconcile.RefundState{reconcile.RefundSuccess, reconcile.RefundPending, reconcile.RefundFailed, reconcile.RefundUnknown}
	if how%2 == 1 {
		s.platform.refundState = states[int(how/2)%len(states)]
		return
	}
	for _, b := range s.platform.bills {
		for i := range b.refunds {
			if r := &b.refunds[i]; r.State == reconcile.RefundPending || r.State == reconcile.RefundUnknown {
				r.State = states[int(how/2)%2*2] // success or failed
			}
		}
	}
}

// savedPlan saves a plan, or runs the one that is saved, as often as it comes.
func (s *story) savedPlan() {
	if s.parked == nil {
		s.parked = s.plan()
		return
	}
	s.watched(nil, func() error {
		_, err := reconcile.Apply(context.Background(), s.world, s.spec, s.parked, reconcile.ApplyOptions{Saved: true})
		return err
	})
}

// person decides about something. She tells the truth where only she can know it; what the
// program must not believe of her, she says too.
func (s *story) person(how byte) {
	id, d := s.decision(how)
	if id == "" {
		return
	}
	d.Who, d.Reason = "asha@shop", "a story"
	err := reconcile.Resolve(context.Background(), s.world, id, d)
	var refused *reconcile.ResolveError
	var call *reconcile.CallError
	if err != nil && !errors.As(err, &refused) && !errors.As(err, &call) {
		s.t.Errorf("resolve %s as %s: %v", id, d.Verdict, err)
	}
}

// plausible: a refund is another attempt's effect, and nobody could tell from the list.
func (s *story) plausible(a *reconcile.Attempt, id string) bool {
	return slices.ContainsFunc(s.platform.ledger, func(e effect) bool {
		return e.id == id && e.intent != a.ID && e.reference == a.Reference && e.amount == a.Amount
	})
}

func (s *story) decision(how byte) (id string, d reconcile.Decision) {
	verdicts := []reconcile.Verdict{reconcile.Succeeded, reconcile.DidNot, reconcile.Retry, reconcile.GiveUp, reconcile.Foreign}
	d.Verdict = verdicts[int(how)%len(verdicts)]
	o := s.disk.Latest("A")
	if o == nil {
		return "", d
	}
	pick := int(how) / len(verdicts)
	if d.Verdict == reconcile.Foreign {
		if len(o.Refunds) == 0 {
			return "", d
		}
		return o.Refunds[pick%len(o.Refunds)].ID, d
	}
	// Decisions are about what is not plainly done; of several the latest is the likely one.
	undone := slices.DeleteFunc(slices.Clone(o.Attempts), func(a reconcile.Attempt) bool {
		return a.State == reconcile.Settled && a.Kind != reconcile.KindRefund
	})
	if len(undone) == 0 {
		return "", d
	}
	a := undone[len(undone)-1-pick%len(undone)]
	made := slices.IndexFunc(s.platform.ledger, func(e effect) bool { return e.intent == a.ID && !e.failed })
	switch {
	case d.Verdict == reconcile.Succeeded && a.Kind == reconcile.KindRefund && (made >= 0 || a.State.Open()):
		if b := s.platform.bills[a.Reference]; b != nil && len(b.refunds) > 0 {
			d.ID = b.refunds[pick%len(b.refunds)].ID // not always the right one
		}
		if s.plausible(&a, d.ID) {
			return "", d
		}
	case d.Verdict == reconcile.Succeeded && made < 0, d.Verdict == reconcile.DidNot && made >= 0 && a.Kind != reconcile.KindRefund:
		return "", d
	case d.Verdict == reconcile.Succeeded:
		d.ID = s.platform.ledger[made].id
	case d.Verdict == reconcile.DidNot && made < 0:
		d.Force = a.Reference // she has asked the gateway, and knows
	}
	return a.ID, d
}
