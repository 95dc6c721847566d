package reconcile

import "github.com/hisab/hisab/spec"

// Move is one legal step of an order's status.
type Move struct {
	From, To spec.Status
	// Needs is what must hold of the money before the step may be asked for.
	Needs Need
	// Back marks a step that goes back in fulfilment: legal, and marked in plans.
	Back   bool
	Source string
}

// Need is a condition on the money.
type Need string

const (
	// MoneyIn: captured, or paid offline in full, unless require_payment = false.
	MoneyIn Need = "the money is in, unless require_payment = false"
	// NoPayment: neither captured, nor authorized, nor pending.
	NoPayment Need = "no payment succeeded or is under way"
)

const (
	fromPending = "order status guide, Supported Order Status and Transitions: pending can transition to any of the other statuses"
	amongMiddle = "order status guide, Supported Order Status and Transitions: processing, shipped and partially_shipped are equivalent"
	toTerminal  = "order status guide, Supported Order Status and Transitions: or to one of the terminal statuses"
	toCanceled  = "order status guide, Canceling an Order: only if the user has not already paid; the status table adds a pending payment"
)

// Moves lists every legal step. A step that is absent is never sent, since WhatsApp answers
// it with 2046, and the refusal quotes the rows that do start from the status. A step to
// the status itself is absent too: the guide does not cover it, and there is nothing to say.
var moves = []Move{
	{From: spec.Pending, To: spec.Processing, Needs: MoneyIn, Source: fromPending},
	{From: spec.Pending, To: spec.PartiallyShipped, Needs: MoneyIn, Source: fromPending},
	{From: spec.Pending, To: spec.Shipped, Needs: MoneyIn, Source: fromPending},
	{From: spec.Pending, To: spec.Completed, Needs: MoneyIn, Source: fromPending},
	{From: spec.Pending, To: spec.Canceled, Needs: NoPayment, Source: toCanceled},

	{From: spec.Processing, To: spec.PartiallyShipped, Needs: MoneyIn, Source: amongMiddle},
	{From: spec.Processing, To: spec.Shipped, Needs: MoneyIn, Source: amongMiddle},
	{From: spec.Processing, To: spec.Completed, Needs: MoneyIn, Source: toTerminal},
	{From: spec.Processing, To: spec.Canceled, Needs: NoPayment, Source: toCanceled},

	{From: spec.PartiallyShipped, To: spec.Processing, Needs: MoneyIn, Back: true, Source: amongMiddle},
	{From: spec.PartiallyShipped, To: spec.Shipped, Needs: MoneyIn, Source: amongMiddle},
	{From: spec.PartiallyShipped, To: spec.Completed, Needs: MoneyIn, Source: toTerminal},
	{From: spec.PartiallyShipped, To: spec.Canceled, Needs: NoPayment, Source: toCanceled},

	{From: spec.Shipped, To: spec.Processing, Needs: MoneyIn, Back: true, Source: amongMiddle},
	{From: spec.Shipped, To: spec.PartiallyShipped, Needs: MoneyIn, Back: true, Source: amongMiddle},
	{From: spec.Shipped, To: spec.Completed, Needs: MoneyIn, Source: toTerminal},
	{From: spec.Shipped, To: spec.Canceled, Needs: NoPayment, Source: toCanceled},
}

// Moves returns a copy of the table of legal steps.
func Moves() []Move { return append([]Move(nil), moves...) }

// FindMove returns the row of a step, and false where the step is not legal.
func FindMove(from, to spec.Status) (Move, bool) {
	for _, m := range moves {
		if m.From == from && m.To == to {
			return m, true
		}
	}
	return Move{}, false
}

// movesFrom lists where an order may go from a status, in the order of its life.
func movesFrom(from spec.Status) []spec.Status {
	var to []spec.Status
	for _, m := range moves {
		if m.From == from {
			to = append(to, m.To)
		}
	}
	return to
}
