package sim

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// decide is a person who looks at one open attempt, or one refund that nobody explains, and
// decides about it as the dashboard shows it at that moment. The person is truthful and
// impatient: too early is for the program to refuse.
func (h *history) decide() {
	type question struct {
		ref string
		a   reconcile.Attempt
		r   reconcile.RefundSeen
	}
	var open []question
	for _, ref := range h.disk.Refs() {
		o := h.disk.Latest(ref)
		for _, a := range o.Attempts {
			if a.State.Open() || a.Kind == reconcile.KindRefund && (ended(a.State)) {
				open = append(open, question{ref: ref, a: a})
			}
		}
		for _, r := range o.Refunds {
			if !r.Explained() {
				open = append(open, question{ref: ref, r: r})
			}
		}
	}
	if len(open) == 0 {
		h.approveSomething()
		return
	}
	q := open[h.rng.IntN(len(open))]
	if q.r.ID != "" {
		h.foreign(q.r)
		return
	}
	h.resolve(q.a)
}

func ended(s reconcile.AttemptState) bool {
	return s == reconcile.Closed || s == reconcile.Abandoned || s == reconcile.Rejected || s == reconcile.Settled
}

// foreign: the person knows their own refunds by hand.
func (h *history) foreign(r reconcile.RefundSeen) {
	i := slices.IndexFunc(h.platform.ledger, func(e *effect) bool { return e.id == r.ID })
	if i < 0 || h.platform.ledger[i].claim != nil && !h.platform.ledger[i].twice {
		return
	}
	h.resolution(r.ID, reconcile.Decision{Verdict: reconcile.Foreign, Who: "ravi", Reason: "made by hand"})
}

func (h *history) resolve(a reconcile.Attempt) {
	d := reconcile.Decision{Who: "ravi", Reason: "seen in the dashboard"}
	e := h.platform.seenBy(a.ID)
	switch {
	case (a.State == reconcile.Closed || a.State == reconcile.Abandoned) && e != nil:
		d.Verdict, d.ID = reconcile.Succeeded, e.id
	case ended(a.State):
		d.Verdict = reconcile.Retry // which the program refuses of some
	case a.Kind == reconcile.KindRefund && h.rng.IntN(6) == 0:
		d.Verdict = reconcile.Retry // which the program refuses
	case a.Kind == reconcile.KindRefund && h.rng.IntN(6) == 0 && h.notIts(a) != "":
		d.Verdict, d.ID = reconcile.Succeeded, h.notIts(a)
	case e != nil && (a.Kind != reconcile.KindRefund || h.rng.IntN(4) > 0):
		d.Verdict, d.ID = reconcile.Succeeded, e.id
	case h.rng.IntN(5) == 0:
		d.Verdict = reconcile.GiveUp
	case a.Kind != reconcile.KindRefund && h.now.Sub(a.ClaimedAt) < 8*time.Hour:
		return // a message may still come; only of refunds does the program know better
	default:
		d.Verdict = reconcile.DidNot
	}
	h.resolution(a.ID, d)
	if d.Verdict == reconcile.DidNot {
		for _, later := range []time.Duration{13 * time.Hour, 26 * time.Hour} {
			h.after(later, func() { h.resolution(a.ID, d) }) // refused before a day has passed
		}
		h.after(27*time.Hour, func() {
			d.Verdict = reconcile.Retry
			h.resolution(a.ID, d)
		})
	}
}

// notIts is a refund that a person might take for the effect of an attempt and the program
// must not: of another payment or amount, or one that belongs to another label. Empty: there
// is none.
func (h *history) notIts(a reconcile.Attempt) string {
	for _, e := range h.platform.ledger {
		if e.op != onRefund || e.claim != nil && e.claim.attempt.ID == a.ID {
			continue
		}
		if e.reference != a.Reference || e.amount != a.Amount || h.check.owners[e.id] != "" {
			return e.id
		}
	}
	return ""
}

// resolution is hisab resolve. A person who would say of a message that it did not happen
// looks again before they say it; of a refund the program has to know better.
func (h *history) resolution(id string, d reconcile.Decision) {
	if e := h.platform.seenBy(id); d.Verdict == reconcile.DidNot && e != nil && e.op != onRefund {
		return
	}
	h.begin("resolve "+id+" "+string(d.Verdict), true, func(ctx context.Context, p *process) {
		p.decides = true
		err := reconcile.Resolve(ctx, p.world, id, d)
		h.tell(p, "resolve %s: %v", d.Verdict, err)
		if err == nil {
			h.count.decided[d.Verdict]++
		} else {
			h.count.undecided[d.Verdict]++
		}
	})
}

// seenBy is what a person who is asked about an attempt sees: what it did, or of a message what
// an attempt before it did. The customer's chat shows a message, and not which attempt it is of.
func (p *platform) seenBy(attempt string) *effect {
	if e := p.effectOf(attempt); e != nil {
		return e
	}
	step := attempt[:strings.LastIndexByte(attempt, '-')+1]
	for _, e := range p.ledger {
		if e.op != onRefund && e.claim != nil && !e.twice && step != "" && strings.HasPrefix(e.claim.attempt.ID, step) {
			return e
		}
	}
	return nil
}

// effectOf is what an attempt did, or nil.
func (p *platform) effectOf(attempt string) *effect {
	for _, e := range p.ledger {
		if e.claim != nil && e.claim.attempt.ID == attempt && !e.twice {
			return e
		}
	}
	return nil
}

// approveSomething lets go one thing that the policy holds.
func (h *history) approveSomething() {
	h.begin("approve", true, func(ctx context.Context, p *process) {
		p.read = h.shop.copies()
		plan, err := reconcile.MakePlan(ctx, p.world, h.declares(), reconcile.PlanOptions{NoRefresh: true})
		if err != nil {
			return
		}
		for _, a := range plan.Actions {
			if a.Held != "" {
				err = p.world.Store.Approve(ctx, []reconcile.Approval{{Action: a.ID, Who: "ravi", Reason: "asked the customer", At: p.now()}})
				h.tell(p, "approve %s: %v", a.ID, err)
				h.count.approvals++
				return
			}
		}
	})
}

// policyDraw gives some shops a policy, from the beginning or later.
func (h *history) policyDraw() {
	if h.rng.IntN(3) > 0 {
		return
	}
	p := &spec.Policy{}
	switch h.rng.IntN(7) {
	case 0:
		p.MaxRefund = &amounts[1]
	case 1:
		day := spec.Amount(7500)
		p.MaxRefundPerDay = &day
	case 2:
		p.RetryFailedRefunds = 1
	case 3:
		p.QuietFrom, p.QuietTo = "21:00", "09:00"
	case 4:
		most := h.rng.IntN(2)
		p.MaxSent = &most
	case 5:
		most := 0
		p.MaxCanceled = &most
	default:
		p.RequireApproval = []string{[]string{"refund", "cancel", "status_back", "replace"}[h.rng.IntN(4)]}
	}
	if h.rng.IntN(2) == 0 {
		h.shop.policy = p
		return
	}
	h.after(h.longTail(h.o.Life), func() { h.shop.policy = p })
}

// forget is hisab forget. The order stays declared, so that the next run goes on with it.
func (h *history) forget(ref string) {
	h.begin("forget "+ref, true, func(ctx context.Context, p *process) {
		err := reconcile.Forget(ctx, p.world, ref)
		h.tell(p, "forget %s: %v", ref, err)
		if err == nil {
			h.count.forgotten++
		}
	})
}

// importOrder is hisab import.
func (h *history) importOrder(ref string) {
	h.begin("import "+ref, true, func(ctx context.Context, p *process) {
		_, err := reconcile.Import(ctx, p.world, h.declares(), ref, spec.Pending)
		h.tell(p, "import %s: %v", ref, err)
		if err != nil {
			return
		}
		h.count.imported++
		if h.platform.bill(mainAccount, ref) == nil && h.platform.bill(secondAccount, ref) == nil {
			h.violate("contract", "%s is imported, and the platform does not know it", ref)
		}
	})
}

// reloaded is a plan as its file has it.
func reloaded(p *reconcile.Plan) (*reconcile.Plan, error) {
	var b bytes.Buffer
	if err := reconcile.WritePlan(&b, p); err != nil {
		return nil, err
	}
	return reconcile.ReadPlan(&b)
}
