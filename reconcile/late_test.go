package reconcile

import (
	"testing"

	"github.com/hisab/hisab/spec"
)

// TestARefusalThatComesLate: another replica took the claim for left behind while its request
// was on its way. Of a message a definite refusal is believed all the same; a refund of unknown
// outcome is settled by looking or by a person alone (reliability 3.2).
func TestARefusalThatComesLate(t *testing.T) {
	for _, tt := range []struct {
		kind  ActionKind
		state AttemptState
		class Class
		want  AttemptState
	}{
		{KindStatus, Undecided, Refused, Rejected},
		{KindStatus, Undecided, BadTransition, Rejected},
		{KindStatus, Undecided, NotSent, Ready},
		{KindStatus, Undecided, Throttled, Ready},
		{KindStatus, Undecided, Unknown, Undecided},
		{KindNotify, Undecided, Refused, Rejected},
		{KindSend, Undecided, Refused, Rejected},
		{KindRefund, Undecided, Refused, Undecided},
		{KindRefund, Undecided, NotSent, Undecided},
		{KindRefund, Held, Refused, Held},
		{KindStatus, Abandoned, Refused, Abandoned},
		{KindStatus, Closed, Refused, Closed},
		{KindStatus, Settled, Refused, Settled},
	} {
		s := situated(billed, paid, moving(spec.Shipped, tt.state))
		a := &s.have.Attempts[len(s.have.Attempts)-1]
		a.Kind = tt.kind
		conclude(s.have, a, answer{err: &CallError{Class: tt.class, Code: 1}}, noon, *a)
		if a.State != tt.want {
			t.Errorf("%s %s, answered late as %s: %s, want %s", tt.kind, tt.state, tt.class, a.State, tt.want)
		}
		moved := *a
		moved.Fence++
		before := a.State
		conclude(s.have, a, answer{err: &CallError{Class: Refused}}, noon, moved)
		if a.State != before {
			t.Errorf("%s %s: moved by the answer to another claim", tt.kind, tt.state)
		}
	}
}
