package crash

import (
	"context"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// settle lets processes run in peace until nothing is left to do, or what is left is for a
// person; then the person decides. It reports whether that took one.
func (s *shop) settle(st story) (person bool) {
	s.t.Helper()
	s.rest()
	doubts := s.doubts()
	for _, d := range doubts {
		s.decide(d)
	}
	if len(doubts) > 0 {
		s.rest()
	}
	if left := s.doubts(); len(left) > 0 {
		s.t.Errorf("%d doubts are left after a person has decided", len(left))
	}
	st.ended(s)
	return len(doubts) > 0
}

// rest runs on until there is nothing to do and nothing under way: past the second try of a
// status, and past the time at which a doubt is held.
func (s *shop) rest() {
	s.t.Helper()
	var p *reconcile.Plan
	for range 4 {
		if s.listens {
			s.deliver()
		}
		s.apply()
		if p = s.plan(); empty(p) && len(s.clock.underway()) == 0 {
			return
		}
		s.clock.pass(11 * time.Minute)
	}
	if len(p.Actions)+len(p.Blocked) > 0 || len(p.Unknown) == 0 && len(p.Waiting) > 0 {
		s.t.Errorf("it does not come to rest: %d actions, blocked %+v, waiting %+v, %d unknown",
			len(p.Actions), p.Blocked, p.Waiting, len(p.Unknown))
	}
}

func empty(p *reconcile.Plan) bool {
	return len(p.Actions)+len(p.Blocked)+len(p.Waiting)+len(p.Unknown) == 0
}

func (s *shop) plan() *reconcile.Plan {
	s.t.Helper()
	p := s.start(&fate{})
	defer p.end()
	plan, err := reconcile.MakePlan(context.Background(), p.World, s.spec, reconcile.PlanOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	return plan
}

// doubt is an attempt that waits for a person.
type doubt struct {
	reconcile.Attempt
	effect string // the id of what it did in truth; empty: nothing
}

// doubts are the attempts that wait for a person. What a lookup shows needs none: a doubt
// about a refund or a bill is about one that had no effect. That of a status shows in
// webhooks alone.
func (s *shop) doubts() (list []doubt) {
	s.t.Helper()
	p := s.start(&fate{})
	defer p.end()
	for _, o := range s.journal(p.state) {
		for _, a := range o.Attempts {
			if !a.State.Open() {
				continue
			}
			d := doubt{a, s.effect(o.Ref, &a)}
			if a.State == reconcile.Sending {
				s.t.Errorf("%s %s is sending, and nobody sends it", a.Kind, a.ID)
			}
			if d.effect != "" && (s.listens || a.Kind == reconcile.KindRefund || a.Kind == reconcile.KindSend) {
				s.t.Errorf("%s %s is %s, and it happened", a.Kind, a.ID, a.State)
			}
			list = append(list, d)
		}
	}
	return list
}

// decide is a person who looks at the customer's chat and the gateway's list, and says what
// is true. That a refund did not happen is heard after a day and three looks, and a new
// attempt is permitted by a word of its own.
func (s *shop) decide(d doubt) {
	s.t.Helper()
	words := []reconcile.Decision{{Verdict: reconcile.DidNot}}
	switch {
	case d.effect != "":
		words = []reconcile.Decision{{Verdict: reconcile.Succeeded, ID: d.effect}}
	case d.Kind == reconcile.KindRefund:
		for range 3 {
			s.clock.pass(9 * time.Hour)
			s.apply()
		}
		words = append(words, reconcile.Decision{Verdict: reconcile.Retry})
	}
	p := s.start(&fate{})
	defer p.end()
	for _, w := range words {
		w.Who, w.Reason = "asha", "seen with my own eyes"
		if err := reconcile.Resolve(context.Background(), p.World, d.ID, w); err != nil {
			s.t.Fatal(err)
		}
	}
}
