package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"
)

// answer is what a request came back with.
type answer struct {
	result string // message id or refund id
	refund *RefundAnswer
	note   string
	err    *CallError
}

// send makes the one request of the claim.
func (j *job) send(ctx context.Context) answer {
	provider, ok := j.w.Providers.Provider(j.account)
	if !ok {
		return answer{err: &CallError{Class: NotSent, Meaning: "the spec declares no provider with the account " + j.account}}
	}
	if j.refund != nil {
		got, err := provider.Refund(ctx, *j.refund)
		if err != nil {
			return answer{err: callError(err)}
		}
		return answer{result: got.ID, refund: &got}
	}
	got, err := provider.Send(ctx, *j.message)
	if err != nil {
		return answer{err: callError(err)}
	}
	return answer{result: got.MessageID, note: got.Note}
}

// callError takes an error of any other kind for an unknown outcome.
func callError(err error) *CallError {
	var call *CallError
	if errors.As(err, &call) {
		return call
	}
	return &CallError{Class: Unknown, Meaning: err.Error(), Err: err}
}

// record writes the outcome after the answer came, by compare-and-set on the claim, and
// reports whether the action should be tried again in this run.
func (j *job) record(ctx, own context.Context, got answer) (again bool) {
	end, err := j.write(own, got, conclude)
	if errors.Is(err, ErrTaken) {
		// The answer names what belongs to another order. Who is right, a person must say.
		end, err = j.write(own, got, contested)
	}
	if err != nil {
		j.broken(fmt.Errorf("write the journal: %w", err))
		j.put(&j.result.Unknown, ActionUnknown, Outcome{Action: j.action, Class: Unknown,
			Detail: fmt.Sprintf("the answer could not be recorded (%v); it was: %s", err, got)})
		return false
	}
	return j.outcome(ctx, end, got)
}

// write applies an answer to the attempt, and returns what became of that.
func (j *job) write(own context.Context, got answer, judge func(*Observed, *Attempt, answer, time.Time, Attempt)) (end Attempt, err error) {
	now := j.w.Clock.Now()
	_, err = j.w.Store.Update(own, j.ref, func(o *Observed) error {
		a := o.Attempt(j.claimed.ID)
		if a == nil {
			return fmt.Errorf("the journal has lost the attempt %s", j.claimed.ID)
		}
		judge(o, a, got, now, j.claimed)
		end = *o.Attempt(j.claimed.ID)
		return nil
	})
	return end, err
}

// contested holds an attempt whose answer names what the journal knows as another's.
func contested(o *Observed, a *Attempt, got answer, now time.Time, _ Attempt) {
	if a.State == Sending || a.State == Undecided {
		o.move(a, Held, now, fmt.Sprintf("answered with %s, which belongs to another order", got.result))
	}
}

func (a answer) String() string {
	if a.err != nil {
		return a.err.Error()
	}
	return "accepted as " + a.result
}

// conclude moves an attempt to what its answer means. An attempt that somebody else took for
// unknown in the meantime is still settled by a definite answer; one that a person has
// closed is not, and what happened to it shows up as a refund that nobody explains.
func conclude(o *Observed, a *Attempt, got answer, now time.Time, claimed Attempt) {
	if a.Fence != claimed.Fence || a.Incarnation != claimed.Incarnation {
		o.tell(now, "late answer", a, "ignored: the attempt belongs to another claim now; "+got.String())
		return
	}
	if got.err == nil {
		accept(o, a, got, now)
		return
	}
	// A replica may have taken the claim for left behind meanwhile. That a message's one request
	// was refused is certain all the same; a refund of unknown outcome never becomes ready again
	// (reliability 3.2).
	late := a.State != Sending
	if late && (a.Kind == KindRefund || a.State != Undecided || got.err.Class == Unknown) {
		o.tell(now, "late answer", a, got.err.Error())
		return
	}
	a.Code = got.err.Code
	switch class := got.err.Class; {
	case class == NotSent || class == Paused:
		o.move(a, Ready, now, got.err.Error())
	case class == Throttled:
		a.NextAt = now.Add(wait(got.err, 0))
		o.move(a, Ready, now, got.err.Error())
	case class == BadTransition && o.hadArrived(a):
		o.settle(a, "", now, noChangeText)
	case class == Refused, a.Kind != KindRefund && (class == BadTransition || class == PaidAlready || class == WindowClosed):
		o.move(a, Rejected, now, got.err.Error())
	default:
		o.move(a, Undecided, now, got.err.Error())
	}
}

// hadArrived: the attempt repeats an order_status of unknown outcome, so that its refusal as
// no legal change shows that the first one had arrived (reliability 4). Word of that may have
// come in the meantime.
func (o *Observed) hadArrived(a *Attempt) bool {
	return a.movesStatus() && o.last(func(b *Attempt) bool {
		return b.ID != a.ID && b.movesStatus() && b.Reference == a.Reference && b.To == a.To && b.N < a.N &&
			(b.State == Abandoned || b.State == Settled || b.State.Open())
	}) != nil
}

const noChangeText = "refused as no change, so the first one had arrived"

// accept records a definite yes.
func accept(o *Observed, a *Attempt, got answer, now time.Time) {
	if got.refund == nil {
		if a.mayHaveArrived() && a.State != Settled {
			o.settle(a, got.result, now, orElse(got.note, "accepted"))
		}
		return
	}
	if why := o.disowns(a, got.result); why != "" && a.State.Open() {
		o.move(a, Held, now, fmt.Sprintf("answered with %s, which %s", got.result, why))
		return
	}
	if o.refund(got.result) == nil && got.result != "" {
		o.Refunds = append(o.Refunds, RefundSeen{
			ID: got.result, Reference: a.Reference, Amount: a.Amount, Currency: a.Currency,
			State: got.refund.State, Speed: got.refund.Speed, FirstSeenAt: now,
		})
		sort.Slice(o.Refunds, func(i, j int) bool { return o.Refunds[i].ID < o.Refunds[j].ID })
	}
	switch {
	case a.State.Open():
		known := o.refund(got.result)
		known.Owner = a.Label
		o.settle(a, got.result, now, "accepted, "+string(got.refund.State))
		o.markRefund(known, now)
	case a.State == Settled && a.Result == got.result:
	default:
		o.tell(now, "late answer", a, "it happened after all, as "+got.result)
	}
}

// disowns says why a refund that an attempt was answered with cannot be its effect; empty
// where it can (I2).
func (o *Observed) disowns(a *Attempt, id string) string {
	switch r := o.refund(id); {
	case id == "":
		return "is no id"
	case slices.Contains(a.Baseline, id):
		return "was there before"
	case r == nil:
		return ""
	case r.Owner != "" && r.Owner != a.Label:
		return fmt.Sprintf("belongs to %q", r.Owner)
	case r.Amount != a.Amount:
		return "is of " + money(r.Amount, r.Currency)
	}
	return ""
}

// outcome files what became of the action, and decides about another try.
func (j *job) outcome(ctx context.Context, end Attempt, got answer) (again bool) {
	a := j.action
	switch end.State {
	case Settled:
		if r := got.refund; r != nil && r.State == RefundFailed {
			j.refundFailed(end)
			return false
		}
		j.putDone(a, end.Result)
	case Ready:
		if got.err == nil { // a webhook was faster than the answer, and says that it failed
			j.put(&j.result.Waiting, ActionWaiting, Outcome{Action: a, Detail: "throttled: " + end.Meaning, Code: end.Code, Class: Throttled})
			return false
		}
		return j.notNow(ctx, got.err)
	case Rejected:
		return j.refused(ctx, end, got.err)
	case Closed, Abandoned:
		j.put(&j.result.Unknown, ActionUnknown, Outcome{Action: a, Class: Unknown,
			Detail: fmt.Sprintf("a person decided about it while it was sent; the answer was: %s", got)})
	default:
		return j.findOut(ctx, end)
	}
	return false
}

// refundFailed files a refund that the platform took and reports as failed: it has its one
// request, and no money went back.
func (j *job) refundFailed(end Attempt) {
	j.put(&j.result.Failed, ActionFailed, Outcome{Action: j.action, Class: Refused,
		Detail: fmt.Sprintf("refund_failed: the platform took it as %s and says that it failed. A new attempt needs: hisab resolve %s --retry --reason TEXT", end.Result, end.ID)})
}

// wait is how long to sit out a throttle: what the platform asks for, else 4^n seconds.
func wait(e *CallError, n int) time.Duration {
	if e.RetryAfter > 0 {
		return e.RetryAfter
	}
	return time.Second << (2 * min(n, 5))
}

// notNow handles what was proved not to have been sent or taken.
func (j *job) notNow(ctx context.Context, e *CallError) (again bool) {
	a := j.action
	switch e.Class {
	case Paused:
		j.pause(j.account, e.Error())
		j.put(&j.result.Waiting, ActionWaiting, Outcome{Action: a, Detail: "provider_paused: " + e.Error(), Code: e.Code, Class: Paused})
		return false
	case Throttled:
		if j.throttled.note(j.account, e) {
			j.putThrottled(e)
			return false
		}
		phone := ""
		if e.Customer {
			phone = j.phone
		}
		j.throttle = e
		if pause := j.w.Pacer.Slow(j.account, phone, e.RetryAfter); e.Customer && pause > longestWait {
			j.throttled.leave(customer{j.account, j.phone}, e)
			j.putThrottled(e)
			return false
		}
		if j.group.probe { // the account has answered, and nobody waits for this order's pause
			j.group.parked = j
			return true
		}
		return j.sitOut(ctx)
	}
	j.unsent++
	if j.unsent < triesNotSent && j.w.Clock.Sleep(ctx, time.Second) == nil {
		return true
	}
	j.put(&j.result.Failed, ActionFailed, Outcome{Action: a, Detail: "nothing was sent: " + e.Error(), Class: NotSent})
	return false
}

// sitOut waits as a throttle asks for, and reports whether to try again in this run.
func (j *job) sitOut(ctx context.Context) bool {
	e := j.throttle
	pause := wait(e, j.tries-1)
	if j.tries < triesThrottled && pause <= longestWait && j.w.Clock.Sleep(ctx, pause) == nil {
		return true
	}
	j.putThrottled(e)
	return false
}

func (j *job) putThrottled(e *CallError) {
	j.put(&j.result.Waiting, ActionWaiting, Outcome{Action: j.action, Detail: "throttled: " + e.Error(), Code: e.Code, Class: Throttled})
}

// refused handles a definite no. A closed window has a second form where templates names one;
// a cancel refused for a payment causes a look.
func (j *job) refused(ctx context.Context, end Attempt, e *CallError) (again bool) {
	if e == nil { // a webhook was faster than the answer, and says that it failed
		e = &CallError{Class: Refused, Code: end.Code, Meaning: end.Meaning}
	}
	if e.Class == WindowClosed && end.Template == "" && j.group.want != nil {
		f := newFacts(j.group.want, &Observed{Ref: j.ref}, j.terms(j.group.want))
		if f.form(end.Kind) != "" {
			return true
		}
	}
	if e.Class == PaidAlready {
		if looked, _, err := j.lookAgain(ctx, false); err == nil {
			j.keepLooks(context.WithoutCancel(ctx), looked)
		}
	}
	code := "refused"
	switch e.Class {
	case WindowClosed:
		code = "outside_service_window"
	case BadTransition, PaidAlready:
		code = "status_refused"
	}
	j.put(&j.result.Failed, ActionFailed, Outcome{Action: j.action, Detail: code + ": " + e.Error(), Code: e.Code, Class: e.Class})
	return false
}

// soon are the waits before the first looks for an outcome that is not known; later runs go
// on looking (reliability 3.4).
var soon = []time.Duration{0, 5 * time.Second, 10 * time.Second}

// findOut looks for what an unknown outcome did, and never sends again.
func (j *job) findOut(ctx context.Context, end Attempt) (again bool) {
	if end.Kind == KindSend || end.Kind == KindRefund {
		for _, pause := range soon {
			if j.w.Clock.Sleep(ctx, pause) != nil {
				break
			}
			if settled, failed, ok := j.found(ctx, end.ID); ok {
				if failed {
					j.refundFailed(settled)
				} else {
					j.putDone(j.action, settled.Result)
				}
				return false
			}
		}
	}
	j.put(&j.result.Unknown, ActionUnknown, Outcome{Action: j.action, Class: Unknown,
		Detail: fmt.Sprintf("%s. It is looked for in every run; a person can settle it: hisab resolve %s", orElse(end.Meaning, "the outcome is not known"), end.ID)})
	return false
}

// found looks once, and reports the attempt if that settled it, and whether as a refund that
// failed.
func (j *job) found(ctx context.Context, id string) (settled Attempt, failed, ok bool) {
	looked, _, err := j.lookAgain(ctx, false)
	if err != nil || len(looked) == 0 {
		return Attempt{}, false, false
	}
	t := j.terms(j.group.want)
	have, err := j.w.Store.Update(context.WithoutCancel(ctx), j.ref, func(o *Observed) error {
		keep(o, j.group.want, looked, t, j.w.Incarnation)
		return nil
	})
	if err != nil {
		return Attempt{}, false, false
	}
	a := have.Attempt(id)
	if a == nil || a.State != Settled {
		return Attempt{}, false, false
	}
	r := have.refund(a.Result)
	return *a, a.Kind == KindRefund && r != nil && r.State == RefundFailed, true
}
