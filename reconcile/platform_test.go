package reconcile_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// platform stands in for one messaging account, as the rules of WhatsApp have it, and keeps
// the ledger of what truly happened. What a request is answered with, and whether it took
// effect, is scripted; the ledger cannot be.
type platform struct {
	now    func() time.Time
	bills  map[string]*bill
	ledger []effect
	script []fault
	// webhooks are what the platform would tell of messages, in the order it happened.
	webhooks []reconcile.Evidence
	// intent names the attempt that a request comes from, by a side channel that the code
	// under test cannot see.
	intent func(operation, reconcile.Message, reconcile.RefundRequest) string
	// refundState is what a refund is answered with.
	refundState reconcile.RefundState
	ids         int
}

// bill is one order_details as the platform and its customer have it.
type bill struct {
	to      string
	total   spec.Amount
	status  spec.Status
	payment reconcile.PaymentState
	tries   []reconcile.Transaction
	refunds []reconcile.RefundSeen
	stale   *reconcile.Payment // what lookups show instead, until cleared
}

// effect is one thing that happened.
type effect struct {
	op        operation
	reference string
	to        string // phone
	status    spec.Status
	amount    spec.Amount
	template  string
	intent    string
	id        string
	// illegal: an order_status that the platform took on and then refused (2046, 2047).
	illegal int
	before  spec.Status // the order's, before an order_status
	failed  bool        // taken back: it did not arrive after all
}

// operation is what is asked of a platform.
type operation string

const (
	onLookup operation = "lookup"
	onBill   operation = "order_details"
	onStatus operation = "order_status"
	onNotice operation = "template"
	onRefund operation = "refund"
)

// fault is the answer to the next request of its kind. With act the request takes effect
// before the error is given.
type fault struct {
	op    operation
	err   *reconcile.CallError
	act   bool
	times int // how often; 0 is once
}

func newPlatform(now func() time.Time) *platform {
	return &platform{now: now, bills: map[string]*bill{}, refundState: reconcile.RefundSuccess}
}

// copied is a platform where everything is as it is on this one.
func (p *platform) copied(now func() time.Time) *platform {
	c := *p
	c.now, c.bills = now, map[string]*bill{}
	for reference, b := range p.bills {
		copied := *b
		copied.tries, copied.refunds = slices.Clone(b.tries), slices.Clone(b.refunds)
		c.bills[reference] = &copied
	}
	c.ledger, c.script, c.webhooks = slices.Clone(p.ledger), slices.Clone(p.script), slices.Clone(p.webhooks)
	return &c
}

// fail scripts the answer to the next request of a kind.
func (p *platform) fail(op operation, class reconcile.Class, code int) {
	p.script = append(p.script, fault{op: op, err: &reconcile.CallError{Class: class, Code: code, Meaning: "scripted"}})
}

// actThenFail is fail after the request took effect.
func (p *platform) actThenFail(op operation, class reconcile.Class) {
	p.script = append(p.script, fault{op: op, act: true, err: &reconcile.CallError{Class: class, Meaning: "the answer was lost"}})
}

// next takes the fault that is scripted for an operation, or an empty one.
func (p *platform) next(op operation) fault {
	i := slices.IndexFunc(p.script, func(f fault) bool { return f.op == op })
	if i < 0 {
		return fault{act: true}
	}
	f := p.script[i]
	if p.script[i].times--; p.script[i].times <= 0 {
		p.script = slices.Delete(p.script, i, i+1)
	}
	return f
}

func (p *platform) id(kind string) string {
	p.ids++
	return fmt.Sprintf("%s.%d", kind, p.ids)
}

// pay is what the customer does.
func (p *platform) pay(reference string) {
	b := p.bills[reference]
	b.payment = reconcile.Captured
	b.tries = append(b.tries, reconcile.Transaction{ID: p.id("order"), State: reconcile.TransactionSuccess, Method: "upi", Amount: b.total})
}

// Lookup implements reconcile.Provider.
func (p *platform) Lookup(_ context.Context, key reconcile.PaymentKey) (reconcile.Payment, error) {
	if f := p.next(onLookup); f.err != nil {
		return reconcile.Payment{}, f.err
	}
	b := p.bills[key.Reference]
	if b == nil {
		return reconcile.Payment{Reference: key.Reference, State: reconcile.NotFound}, nil
	}
	if b.stale != nil {
		return *b.stale, nil
	}
	return b.look(key.Reference), nil
}

func (b *bill) look(reference string) reconcile.Payment {
	return reconcile.Payment{Reference: reference, State: b.payment, Raw: string(b.payment), Amount: b.total, Currency: spec.INR,
		Transactions: slices.Clone(b.tries), Refunds: slices.Clone(b.refunds)}
}

// freeze makes lookups of a bill show what they would show now, whatever happens to it.
func (p *platform) freeze(reference string) {
	look := p.bills[reference].look(reference)
	p.bills[reference].stale = &look
}

// Send implements reconcile.Provider.
func (p *platform) Send(_ context.Context, m reconcile.Message) (reconcile.Receipt, error) {
	op := map[reconcile.MessageKind]operation{reconcile.OrderDetails: onBill, reconcile.OrderStatus: onStatus, reconcile.TemplateOnly: onNotice}[m.Kind]
	intent := p.intent(op, m, reconcile.RefundRequest{})
	f := p.next(op)
	if !f.act {
		return reconcile.Receipt{}, f.err
	}
	e := effect{op: op, reference: m.Reference, to: m.To, status: m.Status, intent: intent, id: p.id("wamid")}
	if m.Template != nil {
		e.template = m.Template.Name
	}
	switch op {
	case onBill:
		e.amount = m.Order.Total
		p.bills[m.Reference] = &bill{to: m.To, total: m.Order.Total, status: spec.Pending, payment: reconcile.Unpaid}
	case onStatus:
		b := p.bills[m.Reference]
		if b == nil { // the bill did not arrive after all, which a webhook is about to tell
			return reconcile.Receipt{}, &reconcile.CallError{Class: reconcile.Refused, Code: 100, Meaning: "no such order"}
		}
		e.before = b.status
		e.illegal = b.take(m.Status)
	}
	p.ledger = append(p.ledger, e)
	p.tell(m.Opaque, e)
	if f.err != nil {
		return reconcile.Receipt{}, f.err
	}
	return reconcile.Receipt{MessageID: e.id}, nil
}

// take moves a bill to a status, or says with which code the platform refuses that later by
// a webhook.
func (b *bill) take(to spec.Status) int {
	_, legal := reconcile.FindMove(b.status, to)
	switch {
	case !legal:
		return 2046
	case to == spec.Canceled && b.payment != reconcile.Unpaid:
		return 2047
	}
	b.status = to
	return 0
}

// tell queues the webhook of a message.
func (p *platform) tell(opaque string, e effect) {
	w := reconcile.Evidence{Account: account, Opaque: opaque, MessageID: e.id, Delivery: reconcile.Delivered, At: p.now()}
	if e.illegal != 0 {
		w.Delivery, w.Code, w.Meaning = reconcile.FailedOnRoute, e.illegal, "refused"
	}
	p.webhooks = append(p.webhooks, w)
}

// Refund implements reconcile.Provider. The gateway refuses more than was captured.
func (p *platform) Refund(_ context.Context, r reconcile.RefundRequest) (reconcile.RefundAnswer, error) {
	intent := p.intent(onRefund, reconcile.Message{}, r)
	f := p.next(onRefund)
	if !f.act {
		return reconcile.RefundAnswer{}, f.err
	}
	b := p.bills[r.Reference]
	if b.payment != reconcile.Captured || b.back()+r.Amount > b.total {
		return reconcile.RefundAnswer{}, &reconcile.CallError{Class: reconcile.Refused, Code: 100, Meaning: "more than was captured"}
	}
	made := reconcile.RefundSeen{ID: p.id("rfnd"), Reference: r.Reference, Amount: r.Amount, Currency: r.Currency,
		State: p.refundState, Speed: r.Speed, CreatedAt: p.now()}
	b.refunds = append(b.refunds, made)
	p.ledger = append(p.ledger, effect{op: onRefund, reference: r.Reference, amount: r.Amount, intent: intent, id: made.ID})
	if f.err != nil {
		return reconcile.RefundAnswer{}, f.err
	}
	return reconcile.RefundAnswer{ID: made.ID, State: made.State, Speed: made.Speed}, nil
}

// happened lists the effects of one kind, as "BREAD-1 shipped".
func (p *platform) happened(op operation) []string {
	var all []string
	for _, e := range p.ledger {
		if e.op != op {
			continue
		}
		switch op {
		case onBill:
			all = append(all, e.reference)
		case onStatus:
			all = append(all, e.reference+" "+string(e.status))
		case onNotice:
			all = append(all, e.template)
		case onRefund:
			all = append(all, fmt.Sprintf("%s %d", e.reference, e.amount))
		}
	}
	return all
}
