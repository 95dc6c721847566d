package spec

import (
	"errors"
	"fmt"
	"math"
	"sync/atomic"

	"github.com/zclconf/go-cty/cty"
)

// limits is what the expressions of a spec may make.
type limits struct {
	made   int64 // bytes that one expression makes
	kept   int64 // bytes that the values of a spec take in all
	steps  int64 // elements that the expressions of a spec go over
	orders int64 // orders that the for_each of a spec make
	part   int64 // bytes of a text that is joined into another
}

// generous limits: a spec comes with a pull request and is read by machines that nobody
// watches, and thirty lines can double a text until no memory is left. They lie above what
// orders need: 100,000 of them from a spreadsheet with twenty columns make 350 MiB.
func generous() limits {
	return limits{made: 1 << 30, kept: 2 << 30, steps: 10_000_000, orders: 500_000, part: 64 << 20}
}

// What things take while they are made, about.
const (
	elementBytes = 256 // an element of a list
	cellBytes    = 64  // a cell of a table
	rowBytes     = 512 // a row of it beside its cells
	partBytes    = 64  // a part of a text, by being one
	textCopies   = 4   // how often a text is there
)

// budget is what is left of the limits to one goroutine, and of what all share. Its methods
// may be called from several all the same: templates are filled in by many. A nil budget has
// no limits.
type budget struct {
	limits
	left struct{ made, steps atomic.Int64 }
	sum  atomic.Int64 // made so far
	*sharedBudget
}

// sharedBudget is what is left to a spec.
type sharedBudget struct {
	leftKept, leftOrders atomic.Int64
	exceeded             atomic.Bool
}

func newBudget(most limits) *budget {
	b := &budget{limits: most, sharedBudget: new(sharedBudget)}
	b.renew()
	return b
}

// renew gives all of it anew, for what is evaluated once the spec is read.
func (b *budget) renew() {
	if b == nil {
		return
	}
	b.begin()
	b.left.steps.Store(b.steps)
	b.leftKept.Store(b.kept)
	b.leftOrders.Store(b.orders)
	b.exceeded.Store(false)
}

// another is a budget for a second goroutine that reads the same spec.
func (b *budget) another() *budget {
	other := &budget{limits: b.limits, sharedBudget: b.sharedBudget}
	other.begin()
	other.left.steps.Store(b.steps)
	return other
}

// begin begins with an expression: what the ones before made and nobody kept is gone.
func (b *budget) begin() {
	if b != nil {
		b.left.made.Store(b.made)
	}
}

// errSpent says that the budget was exceeded before, and that it is told: from then on every
// expression fails, and nothing else is to be said of that.
var errSpent = errors.New("what this spec may make is spent")

// over reports whether the budget was exceeded.
func (b *budget) over() bool { return b != nil && b.exceeded.Load() }

// exceed is the error for the first one who makes too much, and errSpent for all others.
func (b *budget) exceed(format string, args ...any) error {
	if b.exceeded.Swap(true) {
		return errSpent
	}
	return fmt.Errorf(format+"; make fewer or shorter values, or split the spec into several", args...)
}

// make takes what an expression needs on its way, before or after it is made.
func (b *budget) make(bytes int64) error {
	if b == nil {
		return nil
	}
	if bytes <= b.made && b.left.made.Add(-bytes) >= 0 {
		b.sum.Add(bytes)
		return nil
	}
	return b.exceed("this makes more than %d MiB of values", b.made>>20)
}

// step takes what going over n elements needs.
func (b *budget) step(n int64) error {
	if b == nil || b.left.steps.Add(-n) >= 0 {
		return nil
	}
	return b.exceed("with this the expressions of the spec go over more than %d elements", b.steps)
}

// order takes what n orders of a for_each need.
func (b *budget) order(n int64) error {
	if b == nil || n <= b.orders && b.leftOrders.Add(-n) >= 0 {
		return nil
	}
	return b.exceed("this for_each has %d elements, and those of a spec make at most %d orders in all", n, b.orders)
}

// hold refuses a value that nobody could go over: a list that holds itself twice, thirty
// times over, takes next to no memory and no end of time.
func (b *budget) hold(v cty.Value) error {
	if b == nil {
		return nil
	}
	if hugeNumber(v) {
		return b.exceed("this number has more than %d digits", mostDigits)
	}
	n, ok := elements(v)
	if !ok {
		return b.exceed("this value has millions of elements, with the elements of its elements")
	}
	return b.step(n)
}

// madeSoFar is how many bytes were made since the budget was new.
func (b *budget) madeSoFar() int64 {
	if b == nil {
		return 0
	}
	return b.sum.Load()
}

// keep takes what stays once an expression is evaluated.
func (b *budget) keep(bytes int64) error {
	if b == nil || b.leftKept.Add(-bytes) >= 0 {
		return nil
	}
	return b.exceed("with this the values of the spec take more than %d MiB", b.kept>>20)
}

// times multiplies without leaving the numbers: too much stays too much.
func times(a, b int64) int64 {
	if a > 0 && b > math.MaxInt64/a {
		return math.MaxInt64
	}
	return a * b
}
