package view

import (
	"errors"
	"fmt"

	"github.com/hisab/hisab/reconcile"
)

// blind reports whether nothing that the plan needs could be looked at: it then says
// nothing about the orders, least of all that all is well.
func blind(p *reconcile.Plan) bool {
	s := p.Summary
	return len(p.LookErrors) > 0 && s.Actions()+s.Blocked+s.Unknown+s.Unchanged == 0 && unseenAll(p.Waiting)
}

// unseenAll reports whether all of the notes are about looks that failed.
func unseenAll(notes []reconcile.Note) bool {
	for i := range notes {
		switch notes[i].Code {
		case lookFailed, providerPaused, throttled:
		default:
			return false
		}
	}
	return true
}

// The codes of what waits because it could not be looked at.
const (
	lookFailed     = "look_failed"
	providerPaused = "provider_paused"
	throttled      = "throttled"
)

// idle is the headline of a plan without actions, and the sentence that goes with it.
func idle(p *reconcile.Plan) (verdict, rest string) {
	switch s := p.Summary; {
	case blind(p):
		why, todo := blindness(p)
		return "Nothing can be planned:", why + " " + todo
	case len(p.LookErrors) > 0:
		return "Nothing to do", "for what could be looked at; the rest waits until it can be."
	case s.Waiting+s.Blocked+s.Unknown == 0:
		return "No changes.", "Everything declared is as it should be."
	}
	return "No changes.", "There is nothing to do now."
}

// blindness says why nothing was seen, and what to do about it.
func blindness(p *reconcile.Plan) (why, todo string) {
	first := p.LookErrors[0].Err
	why = "the payment could not be looked at: " + first.Error()
	if n := len(p.LookErrors); n > 1 {
		why = fmt.Sprintf("none of %s payments could be looked at: %v", number(n), first)
	}
	return why + ".", wayBack(first)
}

// wayBack is what helps against a look that failed.
func wayBack(err error) string {
	const again = "then run it again. With --refresh=false plan shows what is recorded."
	var call *reconcile.CallError
	if !errors.As(err, &call) {
		return "Mend that, " + again
	}
	switch call.Class {
	case reconcile.NotSent:
		return "Check the network and the provider's base_url, " + again
	case reconcile.Paused:
		return "Check the provider's block, its token and its account, " + again
	case reconcile.Throttled:
		return "The platform asks to slow down: wait a little, " + again
	}
	return "Check that base_url leads to the platform and that it is well, " + again
}
