package reconcile

import (
	"fmt"

	"github.com/hisab/hisab/spec"
)

// leaving is a billed order that leaves the spec in a plan.
type leaving struct {
	address, reference, phone string
	total                     spec.Amount
}

// warnOfRenames remarks on a plan that forgets a bill and sends one of the same amount to the
// same customer: most likely the order's label was changed, and with it its reference_id, by
// which alone the state knows it. Billing twice is worth a second look.
func (p *planning) warnOfRenames() {
	if len(p.leaving) == 0 {
		return
	}
	type bill struct {
		phone string
		total spec.Amount
	}
	gone := make(map[bill]leaving, len(p.leaving))
	for _, l := range p.leaving {
		if l.phone != "" {
			gone[bill{l.phone, l.total}] = l
		}
	}
	sends := map[string]bool{}
	for i := range p.plan.Actions {
		if a := &p.plan.Actions[i]; a.Kind == KindSend {
			sends[a.Address] = true
		}
	}
	for _, want := range p.plan.Orders {
		l, ok := gone[bill{want.Customer.Phone, want.Total}]
		if !ok || !sends[want.Address] {
			continue
		}
		p.plan.Warnings = append(p.plan.Warnings, fmt.Sprintf(
			"%s leaves the spec, and %s bills the same customer the same %s. If it is the same order under another label, give it %s, and nothing is billed anew",
			l.address, want.Address, money(want.Total, want.Currency), want.Pos.Spelling(fmt.Sprintf("reference_id = %q", l.reference))))
	}
}
