package view

import (
	"strings"
	"unicode/utf8"

	"github.com/hisab/hisab/reconcile"
)

// kind is how one kind of action is shown.
type kind struct {
	kind   reconcile.ActionKind
	symbol string
	color  string // SGR
	legend string
	// one and many finish "1 …" and "2 …" in a total.
	one, many string
	of        func(reconcile.Summary) int
}

// kinds lists them in the order in which totals name them.
var kinds = []kind{
	{reconcile.KindSend, "+", "32", "send a bill", "bill to send", "bills to send",
		func(s reconcile.Summary) int { return s.Send }},
	{reconcile.KindReplace, "-/+", "33", "cancel a bill and send another", "bill to replace", "bills to replace",
		func(s reconcile.Summary) int { return s.Replace }},
	{reconcile.KindStatus, "~", "33", "tell the customer a new order status", "status to change", "statuses to change",
		func(s reconcile.Summary) int { return s.Status }},
	{reconcile.KindRefund, "₹", "35", "give money back", "refund to make", "refunds to make",
		func(s reconcile.Summary) int { return s.Refund }},
	{reconcile.KindNotify, "✉", "36", "send a notification", "notification to send", "notifications to send",
		func(s reconcile.Summary) int { return s.Notify }},
	{reconcile.KindForget, "-", "31", "stop managing an order", "order to forget", "orders to forget",
		func(s reconcile.Summary) int { return s.Forget }},
}

func kindOf(k reconcile.ActionKind) kind {
	for _, known := range kinds {
		if known.kind == k {
			return known
		}
	}
	return kind{kind: k, symbol: "*", one: string(k), many: string(k)}
}

func (k kind) paint(s style) string { return s.code(k.color, k.symbol) }

// padded is the symbol, right-aligned in the plan's margin.
func (k kind) padded(s style) string {
	return strings.Repeat(" ", max(5-utf8.RuneCountInString(k.symbol), 0)) + k.paint(s)
}

func (k kind) count(n int, more string) string {
	if n == 1 {
		return "1 " + more + k.one
	}
	return number(n) + " " + more + k.many
}
