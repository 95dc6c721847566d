package sim

import (
	"fmt"
	"strings"

	"github.com/hisab/hisab/reconcile"
)

// progress is what a run reports while it runs. What it calls done must be known for ever
// (I12), and nothing that it says names a customer (I19).
func (h *history) progress(p *process, r reconcile.Progress) {
	h.check.private(r.Detail)
	if r.Action == nil {
		return
	}
	if h.trace != nil && r.Kind != reconcile.ActionStart {
		h.tell(p, "reports %s %s %s%s%s%s", r.Kind, r.Action.Kind, r.Action.ReferenceID, orNothing(" ", r.Action.Label), orNothing(" ", string(r.Action.To)), orNothing(": ", r.Detail))
	}
	h.check.private(r.Action.Reason)
	if r.Kind == reconcile.ActionDone && r.Action.Kind != reconcile.KindForget {
		h.check.acked[r.Action.ID] = r.Action.Ref
		if !h.check.settledOnce[r.Action.ID] {
			h.violate("I12", "%s of %s is reported as done, and the journal never had it so", r.Action.Kind, r.Action.Ref)
		}
	}
}

// tellPlan adds a plan to the trace.
func (h *history) tellPlan(p *process, plan *reconcile.Plan) {
	if h.trace == nil {
		return
	}
	var all []string
	for i := range plan.Actions {
		a := &plan.Actions[i]
		all = append(all, fmt.Sprintf("%s %s%s%s%s", a.Kind, a.ReferenceID, orNothing(" → ", string(a.To)), orNothing(" ", a.Label), orNothing(" held: ", a.Held)))
	}
	notes := func(name string, notes []reconcile.Note) {
		for i := range notes {
			n := &notes[i]
			all = append(all, fmt.Sprintf("%s %s %s%s%s", name, n.Kind, n.ReferenceID, orNothing(" ", n.Label), orNothing(" ", n.Code)))
		}
	}
	notes("waits", plan.Waiting)
	notes("blocked", plan.Blocked)
	notes("unknown", plan.Unknown)
	h.tell(p, "plans %s", strings.Join(all, "; "))
}
