package kill

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sandbox"
)

// Evidence is what is known of a round when no process of it runs: what the platform saw and
// did, what the journal holds, and what was printed.
type Evidence struct {
	// Requests are those that ask for something to be done: messages and refunds, in the order
	// in which they arrived.
	Requests []sandbox.Request
	Messages []sandbox.Message
	Orders   []sandbox.Order
	Ledger   []sandbox.Entry

	Journal []*reconcile.Observed
	// Log is the journal's log of each order, oldest first, by its first reference.
	Log map[string][]reconcile.Event

	// Reported is what the program said it had done.
	Reported []Reported
	// Printed is everything it wrote to standard output and standard error.
	Printed string
	// Private are the secrets and the personal data that must stand nowhere in print.
	Private []string
	// Clean is when the last life began, if it ended by itself or when it was asked to.
	Clean time.Time
}

// Reported is one action_done of apply --json.
type Reported struct {
	ID        string `json:"id"`
	Kind      string `json:"kind"`
	Reference string `json:"reference_id"`
	Label     string `json:"label"`
	Result    string `json:"result"`
}

// Violation is a promise that was broken.
type Violation struct {
	// Invariant is its number in reliability.md section 7, such as I1.
	Invariant string
	// What broke, in one line.
	What string
	// Lines are those of the ledger and of the journal that show it.
	Lines []string
}

func (v Violation) String() string {
	return v.Invariant + ": " + v.What + "\n    " + strings.Join(v.Lines, "\n    ")
}

// Check holds the evidence against the invariants that can be seen from outside at any time.
func Check(e *Evidence) []Violation {
	c := &checker{Evidence: e, attempts: map[string]*claimed{}}
	c.index()
	c.refundRequests()
	c.refundEffects()
	c.sums()
	c.messageRequests()
	c.messageEffects()
	c.open()
	c.fences()
	c.reported()
	c.secrecy()
	return c.found
}

// claimed is an attempt with its claims in the log.
type claimed struct {
	*reconcile.Attempt
	order  *reconcile.Observed
	claims []reconcile.Event
}

type checker struct {
	*Evidence
	attempts map[string]*claimed // by id
	sorted   []*claimed          // in the order of the journal
	found    []Violation
}

func (c *checker) index() {
	for _, o := range c.Journal {
		for i := range o.Attempts {
			a := &claimed{Attempt: &o.Attempts[i], order: o}
			c.attempts[a.ID] = a
			c.sorted = append(c.sorted, a)
		}
		for _, e := range c.Log[o.Ref] {
			if a := c.attempts[e.Attempt]; a != nil && e.Name == "claimed" {
				a.claims = append(a.claims, e)
			}
		}
	}
}

// broken files a violation, with all that is known of a reference.
func (c *checker) broken(invariant, reference, format string, args ...any) {
	c.found = append(c.found, Violation{invariant, fmt.Sprintf(format, args...), c.about(reference)})
}

// about lists what ledger and journal say of a reference, by time.
func (c *checker) about(reference string) []string {
	type line struct {
		at   time.Time
		text string
	}
	var lines []line
	add := func(at time.Time, format string, args ...any) {
		lines = append(lines, line{at, at.UTC().Format("15:04:05.000 ") + fmt.Sprintf(format, args...)})
	}
	for i := range c.Requests {
		if r := &c.Requests[i]; r.Reference == reference {
			add(r.At, "request  %s %s, answered %d, fault %q", r.Where, orElse(r.Kind, "of "+refundOf(r).written), r.Status, r.Fault)
		}
	}
	for i := range c.Messages {
		if m := &c.Messages[i]; m.Reference == reference {
			add(m.At, "message  %s %s of %s is %s %d", m.Kind, m.Status, m.Opaque, m.State, m.Code)
		}
	}
	for _, e := range c.Ledger {
		if e.Reference == reference {
			add(e.At, "ledger   %s %s of %d by %s", e.Kind, e.ID, e.Amount, e.By)
		}
	}
	for _, o := range c.Journal {
		if o.Ref != reference && o.Bill(reference) == nil {
			continue
		}
		for _, e := range c.Log[o.Ref] {
			add(e.At, "log      %s %s fence %d by %s: %s", e.Name, e.Attempt, e.Fence, e.Incarnation, e.Detail)
		}
		for i := range o.Attempts {
			a := &o.Attempts[i]
			add(a.ClaimedAt, "journal  %s %s of %s%s %d is %s %s", a.Kind, a.ID, a.Reference, orElse(a.Label, string(a.To)), a.Amount, a.State, a.Result)
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.at.UnixMilli(), b.at.UnixMilli()) })
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.text
	}
	return texts
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
