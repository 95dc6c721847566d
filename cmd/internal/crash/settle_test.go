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
	for _, a := range doubts {
		s.decide(&a)
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
	for range 4 {
		s.apply()
		if p := s.plan(); empty(p) && len(s.clock.underway()) == 0 {
			return
		}
		s.clock.pass(11 * time.Minute)
	}
	if p := s.plan(); len(p.Actions)+len(p.Blocked) > 0 || len(p.Unknown) == 0 && len(p.Waiting) > 0 {
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

// doubts are the attempts that wait for a person. None of them has shown an effect: one that
// has is found by looking.
func (s *shop) doubts() (list []reconcile.Attempt) {
	s.t.Helper()
	p := s.start(&fate{})
	defer p.end()
	for _, o := range s.journal(p.state) {
		for _, a := range open(o) {
			list = append(list, a)
			if a.State == reconcile.Sending {
				s.t.Errorf("%s %s is sending, and nobody sends it", a.Kind, a.ID)
			}
			if s.happened(o.Ref, &a) {
				s.t.Errorf("%s %s is %s, and it happened", a.Kind, a.ID, a.State)
			}
		}
	}
	return list
}

// decide is a person who declares that an attempt had no effect, which is true. Of a refund
// that is heard after a day and three looks, and a new attempt is permitted by a word of its
// own.
func (s *shop) decide(a *reconcile.Attempt) {
	s.t.Helper()
	verdicts := []reconcile.Verdict{reconcile.DidNot}
	if a.Kind == reconcile.KindRefund {
		for range 3 {
			s.clock.pass(9 * time.Hour)
			s.apply()
		}
		verdicts = append(verdicts, reconcile.Retry)
	}
	p := s.start(&fate{})
	defer p.end()
	for _, v := range verdicts {
		d := reconcile.Decision{Verdict: v, Who: "asha", Reason: "the platform lists nothing"}
		if err := reconcile.Resolve(context.Background(), p.World, a.ID, d); err != nil {
			s.t.Fatal(err)
		}
	}
}
