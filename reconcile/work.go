package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hisab/hisab/spec"
)

// order takes the actions of one order, one after the other, from where it was left.
func (r *run) order(ctx context.Context, g *group) {
	g.begun = true
	for ; g.next < len(g.actions); g.next++ {
		if r.take(ctx, g, g.actions[g.next]); g.parked != nil {
			return
		}
	}
}

// take takes one action, unless there is a reason not to.
func (r *run) take(ctx context.Context, g *group, a *Action) {
	switch {
	case g.parked != nil:
		j := g.parked
		if g.parked = nil; j.sitOut(ctx) {
			j.toTheEnd(ctx)
		}
	case ctx.Err() != nil:
		r.put(&r.result.Skipped, ActionSkipped, Outcome{Action: *a, Detail: stoppedText})
	case r.isBroken():
		r.put(&r.result.Skipped, ActionSkipped, Outcome{Action: *a, Detail: "the state cannot be written any more"})
	case a.Held != "":
		r.put(&r.result.Held, ActionWaiting, Outcome{Action: *a, Detail: a.Held + ". Let it go: hisab approve " + a.ID})
	default:
		r.act(ctx, g, *a)
	}
}

// Tries and waits within one run.
const (
	// triesThrottled is how often one run sends what was throttled: waits of 1, 4 and 16
	// seconds lie between (error codes, 131056: wait 4^n s, n = 0, 1, 2).
	triesThrottled = 4
	// longestWait is the longest Retry-After that a single run sits out.
	longestWait = 60 * time.Second
	// triesNotSent is how often one run tries a request of which no byte left.
	triesNotSent = 2
)

// act takes one action to its outcome.
func (r *run) act(ctx context.Context, g *group, a Action) {
	j := &job{run: r, group: g, action: a, ref: g.ref}
	if a.Kind == KindForget {
		j.forget(ctx)
		return
	}
	if err := j.prepare(ctx); err != nil {
		r.notPrepared(ctx, a, err)
		return
	}
	started := a
	r.w.report(Progress{Kind: ActionStart, Action: &started, Total: len(r.plan.Actions)})
	j.toTheEnd(ctx)
}

// toTheEnd tries until the action has its outcome, or is parked.
func (j *job) toTheEnd(ctx context.Context) {
	for {
		if why, ok := j.pausedWhy(j.account); ok {
			j.put(&j.result.Waiting, ActionWaiting, Outcome{Action: j.action, Detail: "provider_paused: " + why, Class: Paused})
			return
		}
		if e := j.tooSlow(); e != nil {
			j.putThrottled(e)
			return
		}
		if again := j.try(ctx); !again || j.group.parked != nil {
			return
		}
	}
}

// job is one action on its way.
type job struct {
	*run
	group   *group
	action  Action
	ref     string
	account string
	phone   string

	tries, unsent int
	asked         time.Time  // when the first of the latest looks was asked for; zero: none was
	anothers      string     // what they left out, since it is another order's
	throttle      *CallError // the latest one
	claimed       Attempt
	message       *Message
	refund        *RefundRequest
}

// prepare finds out who sends to whom. What concerns a bill that was sent goes to the account
// and the phone it was sent with, whatever the spec says by now.
func (j *job) prepare(ctx context.Context) error {
	have, _, err := j.w.Store.Get(ctx, j.ref)
	if err != nil {
		return &stateError{err}
	}
	if j.group.want != nil {
		j.phone = j.group.want.Customer.Phone
	}
	if b := have.Bill(j.action.ReferenceID); b != nil && j.action.ofBill() {
		j.account = b.Account
		j.phone = orElse(b.Phone, j.phone)
		return nil
	}
	address := j.action.Provider
	if j.action.Kind == KindNotify {
		t := j.templates[j.action.Template]
		if t == nil {
			return fmt.Errorf("%s is not declared any more; declare it, or drop the notify", j.action.Template)
		}
		address = t.Provider
	}
	account, ok := j.w.Providers.Account(address)
	if !ok {
		return fmt.Errorf("the spec declares no provider %q; declare one", address)
	}
	j.account = account
	return nil
}

// ofBill: the action is about a bill that was sent, or is sent by the action before it.
func (a *Action) ofBill() bool {
	return a.Kind == KindStatus || a.Kind == KindRefund || a.Kind == KindReplace
}

// stateError is an error of the store.
type stateError struct{ err error }

func (e *stateError) Error() string { return "read the journal: " + e.err.Error() }
func (e *stateError) Unwrap() error { return e.err }

// notPrepared files an action that could not be begun.
func (r *run) notPrepared(ctx context.Context, a Action, err error) {
	var state *stateError
	switch {
	case errors.As(err, &state) && ctx.Err() != nil:
		r.put(&r.result.Skipped, ActionSkipped, Outcome{Action: a, Detail: stoppedText})
		return
	case errors.As(err, &state):
		r.broken(err)
	}
	r.put(&r.result.Failed, ActionFailed, Outcome{Action: a, Detail: "nothing was sent: " + err.Error()})
}

// stoppedText is why an action was skipped by a run that was asked to stop.
const stoppedText = "the run was stopped before it"

// try makes one attempt: slot, look, claim, last check, send, record. It reports whether
// there should be another one in this run.
func (j *job) try(ctx context.Context) (again bool) {
	j.tries++
	looked, account, err := j.lookInTurn(ctx)
	if err != nil {
		return j.lookFailed(ctx, account, err)
	}
	if why := j.notSeenCaptured(looked); why != "" {
		j.keepLooks(ctx, looked)
		j.put(&j.result.Waiting, ActionWaiting, Outcome{Action: j.action, Detail: "refund_before_capture: " + why})
		return false
	}
	begun, err := j.claim(ctx, looked)
	if err != nil {
		return j.notClaimed(ctx, looked, err)
	}
	// From here on the claim is ours: whatever happens to the run, the request is made at
	// most once, and what became of it is recorded.
	own := context.WithoutCancel(ctx)
	if late := j.w.Clock.Now().Sub(begun) > claimLife; late || ctx.Err() != nil {
		return j.giveBack(own, late)
	}
	answer := j.send(own)
	return j.record(ctx, own, answer)
}

// notSeenCaptured says why a refund may not go out on what was looked at just now; empty where
// it may. What earlier looks saw is not enough: a lookup that does not show the payment does
// not show its refunds either (reliability 3.3 step 1).
func (j *job) notSeenCaptured(looked []Payment) string {
	if j.action.Kind != KindRefund {
		return ""
	}
	for i := range looked {
		if p := &looked[i]; p.Reference == j.action.ReferenceID && p.State == Captured {
			return ""
		}
	}
	return "the look right before it does not show the payment as captured, so that its list of refunds cannot be relied on; nothing was sent"
}

// lookInTurn waits until the platform takes the action's requests, looks, and returns when
// it is the action's own turn, before anything is claimed. Its errors are lookAgain's.
func (j *job) lookInTurn(ctx context.Context) (looked []Payment, account string, err error) {
	if j.action.Kind == KindNotify {
		j.asked = time.Time{}
		if err := j.w.Pacer.Wait(ctx, j.account, j.recipient()); err != nil {
			return nil, j.account, err
		}
		if e := j.tooSlow(); e != nil {
			return nil, j.account, e
		}
		return nil, j.account, nil
	}
	next, err := j.w.Pacer.Pair(ctx, j.account, j.recipient())
	if err != nil {
		return nil, j.account, err
	}
	if e := j.tooSlow(); e != nil {
		return nil, j.account, e
	}
	looked, account, err = j.lookAgain(ctx, true)
	if err != nil || j.notSeenCaptured(looked) != "" {
		return looked, account, err
	}
	return looked, j.account, next(ctx)
}

// lookAgain looks at every payment of the order that the action depends on; where a look
// fails, account is the one it was made with. A notify depends on none. inTurn: it is the
// turn of one request to the action's own account.
func (j *job) lookAgain(ctx context.Context, inTurn bool) (looked []Payment, account string, err error) {
	j.asked, j.anothers = time.Time{}, ""
	if j.action.Kind == KindNotify {
		return nil, "", nil
	}
	have, _, err := j.w.Store.Get(ctx, j.ref)
	if err != nil {
		return nil, "", &stateError{err}
	}
	for _, l := range j.looks(&have) {
		if other, err := j.w.anothers(ctx, j.ref, l); err != nil {
			return looked, "", &stateError{err}
		} else if other {
			j.anothers = l.Key.Reference
			continue
		}
		if inTurn && l.Account == j.account {
			inTurn = false // that one is made
		} else if err := j.w.Pacer.Wait(ctx, l.Account, ""); err != nil {
			return looked, l.Account, err
		}
		p, asked, err := j.w.lookupInTurn(ctx, l.Account, l.Key)
		if err != nil {
			return looked, l.Account, err
		}
		if j.asked.IsZero() {
			j.asked = asked
		}
		looked = append(looked, p)
	}
	return looked, "", nil
}

// looks are all bills that were sent, and the reference that is to be sent, or before a refund
// the one that would be.
func (j *job) looks(have *Observed) []Look {
	var looks []Look
	for i := range have.Bills {
		b := &have.Bills[i]
		if have.Sent(b) || have.doubtful(b) != nil {
			looks = append(looks, Look{Account: b.Account, Key: PaymentKey{Configuration: b.Configuration, Reference: b.Reference}})
		}
	}
	switch j.action.Kind {
	case KindSend:
		looks = append(looks, Look{Account: j.account, Key: PaymentKey{Configuration: configuration(j.group.want), Reference: j.action.ReferenceID}})
	case KindRefund:
		if next, ok := newFacts(j.group.want, have, j.terms(j.group.want)).lookNext(); ok {
			next.Beside = true
			looks = append(looks, next)
		}
	}
	return looks
}

func (j *job) lookFailed(ctx context.Context, account string, err error) bool {
	var call *CallError
	var state *stateError
	switch {
	case ctx.Err() != nil:
		j.put(&j.result.Skipped, ActionSkipped, Outcome{Action: j.action, Detail: stoppedText})
	case errors.As(err, &call) && call.Class == Paused:
		j.pause(account, call.Error())
		j.put(&j.result.Waiting, ActionWaiting, Outcome{Action: j.action, Detail: "provider_paused: " + call.Error(), Code: call.Code, Class: Paused})
	case errors.As(err, &call) && call.Class == Throttled:
		j.throttled.note(account, err)
		j.putThrottled(call)
	case errors.As(err, &state):
		j.broken(err)
		j.put(&j.result.Failed, ActionFailed, Outcome{Action: j.action, Detail: "nothing was sent: " + err.Error()})
	default:
		j.put(&j.result.Failed, ActionFailed, Outcome{Action: j.action, Detail: "nothing was sent, since the look before it failed: " + err.Error()})
	}
	return false
}

// notClaimed files why an action was not begun. What was looked at is kept.
func (j *job) notClaimed(ctx context.Context, looked []Payment, err error) bool {
	var stale *staleError
	var early *earlyError
	var render *renderError
	switch {
	case errors.As(err, &early):
		j.keepLooks(ctx, looked)
		j.put(&j.result.Skipped, ActionSkipped, Outcome{Action: j.action, Detail: early.Error()})
	case errors.Is(err, errOldLook):
		j.keepLooks(ctx, looked)
		if j.tries < triesThrottled {
			return true
		}
		j.put(&j.result.Skipped, ActionSkipped, Outcome{Action: j.action, Detail: "nothing was sent: the run was held up right after the look"})
	case errors.As(err, &stale):
		j.keepLooks(ctx, looked)
		j.put(j.overtaken(), ActionSkipped, Outcome{Action: j.action, Detail: stale.Error()})
	case errors.As(err, &render):
		j.put(&j.result.Failed, ActionFailed, Outcome{Action: j.action, Detail: "nothing was sent: " + render.Error()})
	case errors.Is(err, ErrTaken):
		j.taken(ctx, looked, err)
	case ctx.Err() != nil:
		j.put(&j.result.Skipped, ActionSkipped, Outcome{Action: j.action, Detail: stoppedText})
	default:
		j.broken(fmt.Errorf("write the journal: %w", err))
		j.put(&j.result.Failed, ActionFailed, Outcome{Action: j.action, Detail: "nothing was sent, since the journal could not be written: " + err.Error()})
	}
	return false
}

// taken files an action whose claim the store refused. Where the looks alone are refused as
// well, they name what another order owns, and nothing was anybody's turn.
func (j *job) taken(ctx context.Context, looked []Payment, err error) {
	if j.keepLooks(ctx, looked) {
		n := j.contested(change{ref: j.ref, address: j.action.Address}, err)
		j.put(&j.result.Skipped, ActionSkipped, Outcome{Action: j.action, Detail: n.Code + ": " + n.Detail})
		return
	}
	j.put(j.overtaken(), ActionSkipped, Outcome{Action: j.action, Detail: "another run was first: " + err.Error()})
}

// keepLooks records what was seen before an action that was then not taken. It reports whether
// that is refused, since what is listed belongs to another order.
func (j *job) keepLooks(ctx context.Context, looked []Payment) (taken bool) {
	t := j.terms(j.group.want)
	_, err := j.w.Store.Update(ctx, j.ref, func(o *Observed) error {
		keep(o, j.group.want, looked, t, j.w.Incarnation)
		return nil
	})
	if taken = errors.Is(err, ErrTaken); err != nil && ctx.Err() == nil && !taken {
		j.broken(fmt.Errorf("write the journal: %w", err))
	}
	return taken
}

// giveBack undoes a claim of which no byte was sent. Only its owner may, and only before
// sending (reliability 3.3 step 3).
func (j *job) giveBack(own context.Context, late bool) bool {
	now := j.w.Clock.Now()
	_, err := j.w.Store.Update(own, j.ref, func(o *Observed) error {
		a := o.Attempt(j.claimed.ID)
		if a == nil || a.State != Sending || a.Fence != j.claimed.Fence || a.Incarnation != j.w.Incarnation {
			return errNotOurs
		}
		o.move(a, Ready, now, "claimed, and given back before anything was sent")
		return nil
	})
	if err != nil && !errors.Is(err, errNotOurs) {
		j.broken(fmt.Errorf("write the journal: %w", err))
	}
	if late && err == nil && j.tries < triesThrottled {
		return true
	}
	j.put(&j.result.Skipped, ActionSkipped, Outcome{Action: j.action, Detail: "nothing was sent: the run was stopped, or held up, right after the claim"})
	return false
}

// overtaken is where an action is filed whose world has changed: of a saved plan that is
// stale; a run that has just planned leaves it out, and the next one sees.
func (r *run) overtaken() *[]Outcome {
	if r.o.Saved {
		return &r.result.Stale
	}
	return &r.result.Skipped
}

// errOldLook: what was looked at may have changed since, and is looked at again.
var errOldLook = errors.New("the look is too old to act on")

var errNotOurs = errors.New("the claim is no longer ours")

// renderError says why a message could not be written.
type renderError struct{ why string }

func (e *renderError) Error() string { return e.why }

// staleError says why an action no longer follows from what is observed.
type staleError struct{ why string }

func (e *staleError) Error() string { return e.why }

// earlyError says that what an action makes sense after has not happened: it was held, waits
// or came to nothing. The world is still the one that the plan was made on.
type earlyError struct{ lead *Action }

func (e *earlyError) Error() string {
	return "it goes out only after another action, of which nothing says that it happened: " + describe(e.lead)
}

// early is why the action cannot be begun: what it follows has not happened, or otherwise.
func (j *job) early(o *Observed, otherwise error) error {
	lead := j.group.leads(&j.action)
	if lead == nil {
		return otherwise
	}
	if a := o.ofAction(lead.ID); a != nil && a.State == Settled {
		return otherwise
	}
	return &earlyError{lead}
}

// leads returns the action that one of the group was planned to follow, or nil: a status or
// the word that an order was billed follows the bill, the word of a status follows that.
func (g *group) leads(a *Action) *Action {
	var lead *Action
	for _, b := range g.actions {
		if b.ID == a.ID {
			break
		}
		switch {
		case b.Kind == KindSend && (a.Kind == KindStatus || a.Event == spec.EventCreated),
			b.Kind == KindStatus && a.Kind == KindNotify && a.Event == string(b.To):
			lead = b
		}
	}
	return lead
}

// bills: it is about the order's bill, of which there is one at a time. The new one of a
// replace is sent, and told of as a replace while it waits.
func (k ActionKind) bills() bool { return k == KindSend || k == KindReplace }

// stale explains the absence of an action from a fresh change.
func stale(a *Action, c *Change) error {
	for _, list := range [][]Note{c.Blocked, c.Waiting, c.Unknown} {
		for i := range list {
			n := &list[i]
			if n.Kind == a.Kind && n.Label == a.Label && n.Event == a.Event || n.Kind.bills() && a.Kind.bills() {
				return &staleError{fmt.Sprintf("the world changed since the plan: %s: %s", orElse(n.Code, "unknown"), n.Detail)}
			}
		}
	}
	for i := range c.Actions {
		b := &c.Actions[i]
		if b.Kind == a.Kind && b.Label == a.Label && b.Event == a.Event {
			return &staleError{"the world changed since the plan, and the step would be another now; make a new plan"}
		}
	}
	for _, list := range [][]Note{c.Blocked, c.Waiting, c.Unknown} {
		if len(list) > 0 && list[0].Code == "exists_unmanaged" {
			return &staleError{list[0].Code + ": " + list[0].Detail}
		}
	}
	return &staleError{"nothing is left to do: what it was for is so already, or what it follows did not happen"}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// wanted is the desired order, or for one that left the spec what is left to want of it.
func (j *job) wanted(o *Observed) *spec.Order {
	if j.group.want != nil {
		return j.group.want
	}
	return remnant(o, j.action.Provider)
}
