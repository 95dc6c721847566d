package reconcile

import (
	"slices"
	"strings"
	"time"

	"github.com/hisab/hisab/spec"
)

// Plan is what would have to happen: plain data in a stable order, complete enough to be
// saved, shown, compared and applied later.
type Plan struct {
	ID        string    // unique; a plan runs once
	SpecID    string    // id of the hisab block
	CreatedAt time.Time // UTC
	Actions   []Action  // in the order they will run, orders sorted by address
	Waiting   []Note
	Blocked   []Note
	Unknown   []Note
	Summary   Summary
	// Orders are the declared orders that have actions, or an on_remove other than the state
	// knows, as they were when the plan was made: what a saved plan is applied from.
	Orders []*spec.Order
	// Removed are the first references of orders that left the spec and have actions.
	Removed []string
	// Left is how many managed orders left the spec, whether or not anything could be planned
	// for them: max_removed is held against it.
	Left int
	// Folder is where the spec was read; a saved plan is applied from there unless it is told
	// otherwise. Empty: not said.
	Folder string
	// Managed is how many orders the state looked after when the plan was made.
	Managed int
	// LookedAt is when the oldest look that the plan relies on was taken; zero where it
	// relies on none.
	LookedAt time.Time
	// LookErrors are lookups that failed; their orders stand in Waiting with code
	// look_failed.
	LookErrors []LookError
	// Warnings are remarks on the plan as a whole, such as a payment configuration that the
	// platform does not have.
	Warnings []string

	// looked are the answers the plan was made from, by first reference, for apply to keep;
	// archive the orders that left the spec with nothing left to do, options what the plan
	// was narrowed to. A saved plan has none of them.
	looked  map[string][]Payment
	archive []string
	options PlanOptions
}

// LookError is a lookup that failed.
type LookError struct {
	Address, ReferenceID string
	Err                  error
}

// Summary counts a plan. Amounts are paise.
type Summary struct {
	Send, Status, Refund, Notify, Replace, Forget int
	Waiting, Blocked, Unknown, Unchanged          int
	Held                                          int
	ToCollect, ToRefund                           spec.Amount
}

// Actions is how many actions the summary counts.
func (s Summary) Actions() int {
	return s.Send + s.Status + s.Refund + s.Notify + s.Replace + s.Forget
}

// PlanOptions narrow a plan.
type PlanOptions struct {
	// NoRefresh plans from what is recorded, without a lookup.
	NoRefresh bool
	// Targets and Excludes are addresses; one without a key names every instance of a
	// for_each. With Targets, only those are planned.
	Targets, Excludes []string
	// Replace are addresses to bill anew without a change.
	Replace []string
}

// selects reports whether a plan with these options covers an address. An address without a
// key names every instance of its for_each.
func (o *PlanOptions) selects(address string) bool {
	if named(o.Excludes, address) {
		return false
	}
	return len(o.Targets) == 0 || named(o.Targets, address)
}

func named(list []string, address string) bool {
	return slices.ContainsFunc(list, func(a string) bool {
		return a == address || (!strings.HasSuffix(a, "]") && strings.HasPrefix(address, a+"["))
	})
}
