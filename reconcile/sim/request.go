package sim

import (
	"context"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// accounts finds the shop's accounts for a process.
type accounts struct{ p *process }

func (a accounts) Account(address string) (string, bool) {
	switch address {
	case "whatsapp.main":
		return mainAccount, true
	case "whatsapp.second":
		return secondAccount, true
	}
	return "", false
}

func (a accounts) Provider(name string) (reconcile.Provider, bool) {
	if name != mainAccount && name != secondAccount {
		return nil, false
	}
	return account{a.p, name}, true
}

// account is a process's way to one account.
type account struct {
	p    *process
	name string
}

var (
	_ reconcile.Provider  = account{}
	_ reconcile.Providers = accounts{}
)

// deadline is how long a process waits for an answer.
const deadline = 20 * time.Second

// fate is what becomes of a request: whether it leaves, when it arrives, and what its sender
// hears when.
type fate struct {
	unsent  bool
	arrives time.Duration // negative: never
	twice   bool
	fails   bool // the message, on its way to the customer
	names   bool // of a refund: the answer names another one
	hears   time.Duration
	err     *reconcile.CallError // nil: what the platform answers
}

// fates are the faults of a request that changes something, and what each does to it. The
// first that strikes is it.
var fates = []struct {
	fault    Fault
	messages bool // of messages only
	becomes  func(h *history, f *fate)
}{
	{DialRefused, false, func(_ *history, f *fate) { f.unsent, f.err = true, broken(reconcile.NotSent, "connection refused") }},
	{TLSFailure, false, func(_ *history, f *fate) { f.unsent, f.err = true, broken(reconcile.NotSent, "TLS handshake failed") }},
	{ResetBefore, false, func(_ *history, f *fate) { f.lost(); f.err = broken(reconcile.Unknown, "connection reset") }},
	{ResetAfter, false, func(_ *history, f *fate) { f.err = broken(reconcile.Unknown, "connection reset") }},
	{TimeoutBefore, false, func(_ *history, f *fate) { f.lost(); f.timeout() }},
	{TimeoutAfter, false, func(_ *history, f *fate) { f.timeout() }},
	{LateEffect, false, func(h *history, f *fate) { f.arrives = deadline + h.longTail(6*time.Hour); f.timeout() }},
	{SlowAnswer, false, func(h *history, f *fate) { f.hears = f.arrives + h.upTo(18*time.Second) }},
	{ServerError, false, func(_ *history, f *fate) { f.lost(); f.err = broken(reconcile.Unknown, "HTTP 502") }},
	{ServerErrorActed, false, func(_ *history, f *fate) { f.err = broken(reconcile.Unknown, "HTTP 500") }},
	{ThrottledSend, false, func(h *history, f *fate) { f.lost(); f.err = h.throttle() }},
	{Unauthorized, false, func(_ *history, f *fate) { f.lost(); f.err = broken(reconcile.Paused, "HTTP 401") }},
	{Redirected, false, func(_ *history, f *fate) { f.lost(); f.err = broken(reconcile.Unknown, "HTTP 308") }},
	{DeliveredTwice, false, func(_ *history, f *fate) { f.twice = true }},
	{GarbledAnswer, false, func(h *history, f *fate) {
		if f.names = h.rng.IntN(2) == 0; !f.names {
			f.err = broken(reconcile.Unknown, "the answer is no JSON")
		}
	}},
	{ErrorInAnswer, false, func(_ *history, f *fate) { f.lost(); f.err = broken(reconcile.Unknown, "200 with an error") }},
	{RefusedSend, false, func(_ *history, f *fate) { f.lost(); f.err = broken(reconcile.Refused, "invalid parameter") }},
	{OutsideWindow, true, func(_ *history, f *fate) { f.lost(); f.err = broken(reconcile.WindowClosed, "outside the window") }},
	{Undeliverable, true, func(_ *history, f *fate) { f.fails = true }},
}

func broken(class reconcile.Class, why string) *reconcile.CallError {
	return &reconcile.CallError{Class: class, Meaning: why}
}

func (f *fate) lost() { f.arrives = -1 }

func (f *fate) timeout() { f.hears, f.err = deadline, broken(reconcile.Unknown, "no answer in time") }

// throttle is a refusal with any retry hint, absurd ones included.
func (h *history) throttle() *reconcile.CallError {
	hints := []time.Duration{0, -5 * time.Second, time.Second, 30 * time.Second, 10 * time.Hour}
	return &reconcile.CallError{Class: reconcile.Throttled, Code: 131056, Meaning: "too many messages",
		RetryAfter: hints[h.rng.IntN(len(hints))], Customer: h.rng.IntN(2) == 0}
}

func (h *history) fate(op operation) fate {
	arrives := h.short()
	f := fate{arrives: arrives, hears: arrives + h.short()}
	for _, row := range fates {
		if row.messages && op == onRefund || !h.fault(row.fault) {
			continue
		}
		h.tell(h.current.p, "%s: %s", op, row.fault)
		row.becomes(h, &f)
		break
	}
	return f
}

func (a account) Send(_ context.Context, m reconcile.Message) (reconcile.Receipt, error) {
	op := map[reconcile.MessageKind]operation{reconcile.OrderDetails: onBill, reconcile.OrderStatus: onStatus, reconcile.TemplateOnly: onNotice}[m.Kind]
	got, err := a.request(&request{op: op, account: a.name, m: m})
	if err != nil {
		return reconcile.Receipt{}, err
	}
	return reconcile.Receipt{MessageID: got.id}, nil
}

func (a account) Refund(_ context.Context, r reconcile.RefundRequest) (reconcile.RefundAnswer, error) {
	got, err := a.request(&request{op: onRefund, account: a.name, r: r})
	if err != nil {
		return reconcile.RefundAnswer{}, err
	}
	return reconcile.RefundAnswer{ID: got.id, State: got.state, Speed: r.Speed}, nil
}

// request makes one request, and waits for what its sender hears of it. Whatever becomes of
// the sender, what has left arrives.
func (a account) request(q *request) (answer, error) {
	h, p := a.p.h, a.p
	h.check.fresh(p, h.current.claim)
	if h.fault(PauseInHand) {
		p.pause("after the last check")
	}
	p.point("after the last check", h.short())
	p.point("before a request", h.short())
	q.claim, h.current.claim = h.current.claim, nil
	h.current.asked = q.claim
	f := h.fate(q.op)
	if f.unsent {
		return answer{}, f.err
	}
	h.tell(p, "sends %s for %s", q.op, q.claim)
	h.check.request(p, q)
	h.check.paced(p, a.name)
	q.fails, q.late = f.fails, h.check.passedBy(q)
	if q.op == onRefund && f.arrives < 0 && h.o.EqualByHand && h.fault(HandRefund) {
		h.after(h.longTail(time.Hour), func() { h.madeUpFor(q) })
	}
	if f.arrives >= 0 {
		q.late = q.late || f.arrives > deadline
		h.flying++
		h.after(f.arrives, func() { h.flying--; h.platform.take(q) })
		if f.twice {
			h.after(f.arrives+h.longTail(time.Minute), func() { h.platform.take(q) })
		}
	}
	p.point("a request in flight", f.hears)
	if f.err != nil {
		return answer{}, f.err
	}
	p.point("after an answer", 0)
	if q.answer.err != nil {
		return answer{}, q.answer.err
	}
	if f.names && q.op == onRefund {
		q.answer.id = h.platform.another(q)
	}
	return q.answer, nil
}

// another is a refund of the same payment that is not the one a request made, or none. It was
// made before lookups could be too stale to show it to whoever claimed: an answer that names
// what nobody has seen is believed until it is.
func (p *platform) another(q *request) string {
	for _, e := range p.ledger {
		if e.op == onRefund && e.reference == q.r.Reference && e.id != q.answer.id && e.at.Before(q.claim.at.Add(-2*time.Minute)) {
			return e.id
		}
	}
	return ""
}

// Lookup answers from the past where the platform is behind with its own news.
func (a account) Lookup(ctx context.Context, key reconcile.PaymentKey) (reconcile.Payment, error) {
	h, p := a.p.h, a.p
	p.point("before a lookup", h.short())
	if err := ctx.Err(); err != nil {
		return reconcile.Payment{}, err
	}
	h.check.paced(p, a.name)
	at := h.now
	switch {
	case h.fault(LookFails):
		p.point("a lookup without answer", deadline)
		return reconcile.Payment{}, broken(reconcile.Unknown, "no answer in time")
	case h.fault(LookThrottled):
		return reconcile.Payment{}, h.throttle()
	case h.fault(LookUnauthorized):
		return reconcile.Payment{}, broken(reconcile.Paused, "HTTP 401")
	case h.fault(LookPartial):
		return reconcile.Payment{}, broken(reconcile.Unknown, "a page of the list of refunds is missing")
	case h.fault(LookStale):
		at = at.Add(-h.upTo(time.Minute))
	}
	pay := h.platform.lookAt(a.name, key.Reference, at)
	if h.fault(LookRepeatsIDs) {
		pay.Refunds = append(pay.Refunds, pay.Refunds...)
	}
	if pay.State != reconcile.NotFound && pay.State != reconcile.Captured && h.fault(LookUnknownState) {
		pay.State, pay.Raw = reconcile.PaymentUnknown, "on_hold"
	}
	if h.current.looked == nil {
		h.current.looked = map[string]look{}
	}
	h.current.looked[key.Reference] = look{h.now, pay.State}
	p.point("a lookup in flight", h.short())
	return pay, nil
}
