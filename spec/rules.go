package spec

import (
	"slices"
	"time"
)

// Rule is one demand on an order, from one of these documents:
//
//   - orders guide: Meta, "Receive Payments via Payment Gateways on WhatsApp", by object or field
//   - order status guide: the part of it on order_status messages
//   - payment links guide, UPI guide: Meta, "Accept Payments via Payment Links" and
//     "Receive UPI payments through WhatsApp"
//   - Meta message templates guide: names and languages of templates
//   - Ottu: its documentation of notifications
//   - Numbering plan: India's, by its Department of Telecommunications
//   - Razorpay: its API reference for orders and refunds
//   - Hisab: the language itself, as its own pages describe it
type Rule struct {
	ID      string // stable: tests, documents and scripts name rules by it
	Source  string // document: object or field
	Summary string // what a violation says in a few words
	Warning bool   // worth a look, stops nothing

	// billed rules speak of the WhatsApp message and pass over invoices that are billed
	// elsewhere.
	billed bool
	// alone rules speak of one value by itself, whatever stands beside it: they hold in
	// defaults and for what is not billed too. The schema states the same ones.
	alone bool
	check func(o *Order, at moment) []fault
}

// fault is one place where an order breaks a rule.
type fault struct{ path, detail string }

// moment is when and where an order is checked, for rules that speak of time.
type moment struct {
	now      time.Time // zero: not known
	location *time.Location
}

// orderRules is every rule about one order, in the order of the language.
var orderRules = slices.Concat(
	identityRules, messageRules, itemRules, moneyRules, deliveryRules,
	paymentRules, gatewayRules, statusRules, refundRules, offlineRules, notifyRules,
)

// Rules lists every rule: those that Check knows, then those of CheckSpec and CheckTemplate.
func Rules() []Rule {
	rules := slices.Clone(orderRules)
	for i := range specRules {
		rules = append(rules, specRules[i].Rule)
	}
	for i := range templateRules {
		rules = append(rules, templateRules[i].Rule)
	}
	return rules
}

// Violation is one rule that an order breaks. Path names the field in the language, such as
// item[1].sale_amount, beneficiary[0].postal_code, payment.razorpay.notes,
// refund["x"].amount or status_message["shipped"].body ("default" for the one without a
// label); it is empty where the whole block is meant. Indices count from 0. An invoice
// written with description and amount has them as item[0].name and item[0].amount. Detail is
// whole sentences: the reason with its numbers, and the way out. A warning stops nothing.
type Violation struct {
	Rule    string
	Path    string
	Summary string
	Detail  string
	Warning bool
}

// Check returns the rules that o breaks, in the order of the table. now decides what lies
// in the future; its zero value leaves such rules out. Nothing is allocated for an order
// that breaks none.
func Check(o *Order, s Settings, now time.Time) []Violation {
	at := moment{now: now, location: s.Location}
	billed := o.Provider != "" || o.Kind == KindOrder
	var found []Violation
	for i := range orderRules {
		rule := &orderRules[i]
		if rule.billed && !billed {
			continue
		}
		for _, f := range rule.check(o, at) {
			found = append(found, rule.violation(f, o.Pos))
		}
	}
	return found
}

// checkAlone returns the rules that the values of defaults break by themselves.
func checkAlone(o *Order) []Violation {
	var found []Violation
	for i := range orderRules {
		if rule := &orderRules[i]; rule.alone {
			for _, f := range rule.check(o, moment{}) {
				found = append(found, rule.violation(f, o.Pos))
			}
		}
	}
	return found
}

func (r *Rule) violation(f fault, at Pos) Violation {
	return Violation{Rule: r.ID, Path: f.path, Summary: r.Summary, Detail: inSpellingOf(at.File, f.detail), Warning: r.Warning}
}
