package spec

import "time"

// Violation is one rule that an order breaks. Path names the field in the language, such as
// item[1].sale_amount, beneficiary[0].postal_code, payment.razorpay.notes,
// refund["x"].amount or status_message["shipped"].body; it is empty where the whole block is
// meant. Indices count from 0. A warning stops nothing.
type Violation struct {
	Rule    string
	Path    string
	Summary string
	Detail  string
	Warning bool
}

// Check returns the rules that o breaks, in the order of the table. now decides what lies in
// the future; its zero value leaves such rules out. Nothing is allocated for a good order.
func Check(o *Order, s Settings, now time.Time) []Violation { return nil }

// SpecViolation is a rule broken by two orders together. Other is the order that had it
// first.
type SpecViolation struct {
	Violation
	Order, Other *Order
}

// CheckSpec returns what the orders of a whole spec break together.
func CheckSpec(s *Spec) []SpecViolation { return nil }
