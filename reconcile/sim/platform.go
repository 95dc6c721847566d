package sim

import (
	"fmt"
	"slices"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// The two accounts of the shop, and their addresses in the spec.
const (
	mainAccount   = "whatsapp|graph.facebook.com|106540352242922"
	secondAccount = "whatsapp|graph.facebook.com|2"
)

// platform is WhatsApp and the gateway behind it. Its ledger is what truly happened.
type platform struct {
	h      *history
	bills  map[string]*bill // by account and reference
	order  []*bill          // as they came
	ledger []*effect
	ids    int
	// undelivered are bills that were taken on and did not reach their customers.
	undelivered map[string]bool
}

// bill is one order_details as the platform and its customer have it.
type bill struct {
	account, reference string
	total              spec.Amount
	expires            time.Time
	status             spec.Status
	payment            reconcile.PaymentState
	tries              []reconcile.Transaction
	refunds            []reconcile.RefundSeen
	past               []version     // what lookups showed since when
	unsure             bool          // an order_status came later than anybody waits for
	tookOn             []spec.Status // accepted since the last that counts, and failed on their way, which only webhooks say
	echoed             spec.Status   // one that an intermediary delivered once more, which was refused
	byHand             bool          // another made it, before the program came
	cancelAt           time.Time     // when the first cancel came in, whatever became of it; zero: none did
}

// version is what a lookup shows from a time on.
type version struct {
	at   time.Time
	look reconcile.Payment
}

// operation is what is asked of a platform.
type operation string

const (
	onBill   operation = "order_details"
	onStatus operation = "order_status"
	onNotice operation = "template"
	onRefund operation = "refund"
)

// effect is one thing that happened.
type effect struct {
	op        operation
	account   string
	reference string
	status    spec.Status
	amount    spec.Amount
	claim     *claim // of whoever asked; nil: made by hand
	id        string
	twice     bool // the second delivery of one request, by an intermediary
	at        time.Time
	failed    bool // of a refund: taken, and the money stayed
}

func (e *effect) String() string {
	who := "by hand"
	if e.claim != nil {
		who = e.claim.String()
	}
	s := fmt.Sprintf("%s %s %s%s by %s", e.id, e.op, e.reference, orNothing(" ", string(e.status)), who)
	if e.amount != 0 {
		s += fmt.Sprintf(" over %d", e.amount)
	}
	if e.twice {
		s += ", delivered twice"
	}
	return s
}

func orNothing(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

func billKey(account, reference string) string { return account + " " + reference }

func (p *platform) bill(account, reference string) *bill { return p.bills[billKey(account, reference)] }

func (p *platform) id(kind string) string {
	p.ids++
	return fmt.Sprintf("%s.%d", kind, p.ids)
}

// look is what a lookup shows of a bill now.
func (b *bill) look() reconcile.Payment {
	pay := reconcile.Payment{Reference: b.reference, State: b.payment, Raw: string(b.payment), Currency: spec.INR,
		Transactions: slices.Clone(b.tries), Refunds: slices.Clone(b.refunds)}
	if len(b.tries) > 0 {
		pay.Amount = b.total
	}
	return pay
}

// changed keeps what lookups show from now on.
func (p *platform) changed(b *bill) {
	b.past = append(b.past, version{p.h.now, b.look()})
}

// lookAt is what a lookup showed at a time.
func (p *platform) lookAt(account, reference string, at time.Time) reconcile.Payment {
	if b := p.bill(account, reference); b != nil {
		for i := range slices.Backward(b.past) {
			if v := &b.past[i]; !v.at.After(at) {
				pay := v.look
				pay.Transactions, pay.Refunds = slices.Clone(pay.Transactions), slices.Clone(pay.Refunds)
				return pay
			}
		}
	}
	return reconcile.Payment{Reference: reference, State: reconcile.NotFound}
}

// captured is what the customer paid, refunded what went back or is on its way.
func (b *bill) captured() spec.Amount {
	var sum spec.Amount
	for _, t := range b.tries {
		if t.State == reconcile.TransactionSuccess {
			sum += t.Amount
		}
	}
	return sum
}

func (b *bill) refunded() spec.Amount {
	var sum spec.Amount
	for _, r := range b.refunds {
		if r.State != reconcile.RefundFailed {
			sum += r.Amount
		}
	}
	return sum
}

// answer is what a request is answered with.
type answer struct {
	id    string
	state reconcile.RefundState
	err   *reconcile.CallError
}

// request is one request on its way.
type request struct {
	op      operation
	account string
	m       reconcile.Message
	r       reconcile.RefundRequest
	claim   *claim
	fails   bool // the message does not reach the customer
	late    bool // it arrives after its sender, or others in its place, have given up
	came    int
	answer  answer
}

// take lets a request arrive.
func (p *platform) take(q *request) {
	e := &effect{op: q.op, account: q.account, claim: q.claim, twice: q.came > 0, at: p.h.now}
	q.came++
	a := p.act(q, e)
	if q.came == 1 {
		q.answer = a
	}
	if a.err != nil {
		p.h.tell(nil, "%s is refused: %v", q.claim, a.err)
	}
}

func (p *platform) act(q *request, e *effect) answer {
	switch q.op {
	case onRefund:
		return p.refund(q, e)
	case onBill:
		if p.bill(q.account, q.m.Reference) != nil && p.h.o.RefusesDuplicates {
			return answer{err: &reconcile.CallError{Class: reconcile.Refused, Code: 131009, Meaning: "the reference_id exists"}}
		}
	case onStatus:
		b := p.bill(q.account, q.m.Reference)
		if b == nil {
			return answer{err: &reconcile.CallError{Class: reconcile.Refused, Code: 100, Meaning: "no such reference_id"}}
		}
		if q.m.Status == spec.Canceled && b.cancelAt.IsZero() {
			b.cancelAt = p.h.now
		}
		if code := b.refuses(q.m.Status); code != 0 {
			return p.refuseStatus(q, code)
		}
	}
	e.id, e.reference, e.status = p.id("wamid"), q.m.Reference, q.m.Status
	if q.fails {
		p.undelivered[billKey(q.account, q.m.Reference)] = true
		if b := p.bill(q.account, q.m.Reference); b != nil && q.op == onStatus {
			b.tookOn = append(b.tookOn, q.m.Status)
		}
		p.h.webhooks(q, e.id, undeliverable)
		return answer{id: e.id}
	}
	switch q.op {
	case onBill:
		e.amount = q.m.Order.Total
		p.billed(q, e)
	case onStatus:
		b := p.bill(q.account, q.m.Reference)
		p.h.count.moved(b.status, q.m.Status)
		b.status, b.tookOn = q.m.Status, nil
		if b.status == spec.Canceled && p.h.fault(PaysCanceled) {
			p.h.after(p.h.longTail(10*time.Minute), func() { p.h.paysCanceled(b) })
		}
		b.unsure = b.unsure || q.late
	}
	p.happened(e)
	p.h.webhooks(q, e.id, 0)
	return answer{id: e.id}
}

// billed brings a bill to the customer.
func (p *platform) billed(q *request, e *effect) {
	key := billKey(q.account, q.m.Reference)
	if b := p.bills[key]; b != nil {
		p.h.check.billedAgain(b, e)
		return // the customer has a second message of the same bill
	}
	b := &bill{account: q.account, reference: q.m.Reference, total: e.amount, status: spec.Pending, payment: reconcile.Unpaid}
	if x := q.m.Order.Expiration; x != nil {
		b.expires = x.Timestamp
	}
	p.bills[key] = b
	p.order = append(p.order, b)
	p.changed(b)
	p.h.customer(b)
}

// refuses says with which code the platform refuses an order_status, or 0.
func (b *bill) refuses(to spec.Status) int {
	if !mayFollow(b.status, to) {
		return 2046
	}
	if to == spec.Canceled && b.payment != reconcile.Unpaid && b.payment != reconcile.PaymentDead {
		return 2047
	}
	return 0
}

// refuseStatus refuses at once, or takes the message on and says no by a webhook.
func (p *platform) refuseStatus(q *request, code int) answer {
	p.h.count.refusals[code]++
	if b := p.bill(q.account, q.m.Reference); q.came > 1 && b.status == q.m.Status {
		b.echoed = b.status
	}
	if p.h.o.AnswersIllegal {
		class := reconcile.BadTransition
		if code == 2047 {
			class = reconcile.PaidAlready
		}
		return answer{err: &reconcile.CallError{Class: class, Code: code, Meaning: "refused"}}
	}
	id := p.id("wamid")
	p.h.webhooks(q, id, code)
	return answer{id: id}
}

// refund gives money back, and never more than came in (reliability 3.9, 2).
func (p *platform) refund(q *request, e *effect) answer {
	b := p.bill(q.account, q.r.Reference)
	if b == nil || b.payment != reconcile.Captured || b.refunded()+q.r.Amount > b.captured() {
		return answer{err: &reconcile.CallError{Class: reconcile.Refused, Code: 100, Meaning: "more than was captured"}}
	}
	state := reconcile.RefundSuccess
	if p.h.fault(RefundPends) || p.h.rng.IntN(3) == 0 {
		state = reconcile.RefundPending
	}
	e.id, e.reference, e.amount = p.id("rfnd"), q.r.Reference, q.r.Amount
	p.give(b, e, reconcile.RefundSeen{ID: e.id, Reference: b.reference, Amount: q.r.Amount, Currency: q.r.Currency,
		State: state, Speed: q.r.Speed, CreatedAt: p.h.now})
	return answer{id: e.id, state: state}
}

// give puts a refund on the list. One that pends succeeds or fails in its time.
func (p *platform) give(b *bill, e *effect, r reconcile.RefundSeen) {
	b.refunds = append(b.refunds, r)
	p.happened(e)
	p.changed(b)
	if r.State != reconcile.RefundPending {
		return
	}
	end := reconcile.RefundSuccess
	if p.h.fault(RefundFailsLater) {
		end = reconcile.RefundFailed
	}
	p.h.after(p.h.longTail(6*time.Hour), func() {
		i := slices.IndexFunc(b.refunds, func(s reconcile.RefundSeen) bool { return s.ID == r.ID })
		b.refunds[i].State = end
		e.failed = end == reconcile.RefundFailed
		p.h.tell(nil, "refund %s: %s", r.ID, end)
		p.changed(b)
	})
}

// happened writes the ledger.
func (p *platform) happened(e *effect) {
	p.ledger = append(p.ledger, e)
	p.h.tell(nil, "happens: %s", e)
	p.h.check.effect(e)
}
