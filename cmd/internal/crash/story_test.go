package crash

import (
	"time"

	"github.com/hisab/hisab/reconcile/sandbox"
)

// story is one thing that a run does.
type story struct {
	name   string
	before func(*shop) // what happened before the run
	limits func(*shop) // what must hold at any time
	ended  func(*shop) // what must be so when nothing is left to do
	// persons: some ends need one, as doubts about money and bills do. A doubt about a status
	// ends with a second message.
	persons bool
}

func stories() []story {
	return []story{
		{
			name:    "bill",
			before:  func(s *shop) { s.declare(); s.apply(); s.declare(anOrder()) },
			limits:  (*shop).billedOnce,
			ended:   func(s *shop) { s.want("A", "pending") },
			persons: true,
		},
		{
			name:   "refund",
			before: func(s *shop) { s.paid(); s.declare(anOrder(`refund "loaf" { amount = 50 }`)) },
			limits: func(s *shop) {
				if n := s.refunds(); n > 1 {
					s.t.Errorf("%d refunds", n)
				}
			},
			ended: func(s *shop) {
				if n := s.refunds(); n != 1 {
					s.t.Errorf("%d refunds", n)
				}
			},
			persons: true,
		},
		{
			name:   "status",
			before: func(s *shop) { s.paid(); s.declare(anOrder(`status = "shipped"`)) },
			limits: (*shop).billedOnce,
			ended:  func(s *shop) { s.want("A", "shipped") },
		},
		{
			name:   "cancel of a replace",
			before: func(s *shop) { s.declare(anOrder()); s.apply(); s.declare(dearer()) },
			limits: (*shop).billedOnce,
			ended:  func(s *shop) { s.want("A", "canceled"); s.want("A-2", "pending") },
		},
		{
			name: "bill of a replace",
			before: func(s *shop) {
				s.declare(anOrder())
				s.apply()
				s.declare(dearer())
				s.apply()
				s.clock.pass(11 * time.Minute)
				s.apply()
				s.clock.pass(11 * time.Minute)
			},
			limits:  (*shop).billedOnce,
			ended:   func(s *shop) { s.want("A", "canceled"); s.want("A-2", "pending") },
			persons: true,
		},
	}
}

// dearer declares the order with another content, so that it is billed anew.
func dearer() string { return anOrder("quick_pay = true", "tax { amount = 10 }") }

// billedOnce: each bill at most once, and its status at most twice.
func (s *shop) billedOnce() {
	for _, reference := range []string{"A", "A-2"} {
		if n := s.messages(sandbox.OrderDetails, reference); n > 1 {
			s.t.Errorf("%d bills under %s", n, reference)
		}
		if n := s.messages(sandbox.OrderStatus, reference); n > 2 {
			s.t.Errorf("the customer got %d messages of the status of %s", n, reference)
		}
	}
}

func (s *shop) want(reference, status string) {
	s.t.Helper()
	if got := s.stands(reference); got != status {
		s.t.Errorf("%s is %s on the platform, want %s", reference, got, status)
	}
}
