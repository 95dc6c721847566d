package reconcile

import (
	"fmt"

	"github.com/hisab/hisab/spec"
)

const (
	statusTable = "behaviour, Statuses"
	statusGuide = "order status guide, Supported Order Status and Transitions"
	cancelGuide = "order status guide, Canceling an Order"
)

// statusRows decides whether the desired order status is sent.
var statusRows = []Row{
	{
		Desired: "any", Observed: "canceled, and captured later",
		Result: Block, Code: "paid_after_cancel", Source: statusTable,
		when: func(f *facts) bool { return f.paidAfterCancel() },
		detail: func(f *facts) string {
			return "the customer paid a bill that was canceled; declare a refund, or fulfil it under a new order"
		},
	},
	{
		Desired: "any", Observed: "captured under two references or twice under one",
		Result: Block, Code: "paid_twice", Source: statusTable,
		when: func(f *facts) bool { return f.paidTwice() && f.surplus() > 0 },
		detail: func(f *facts) string {
			return fmt.Sprintf("the customer paid twice; declare a refund of the surplus %s that names reference_id or payment", money(f.surplus(), f.want.Currency))
		},
	},
	{
		Desired: "any", Observed: "captured amount or currency is not the bill's",
		Result: Block, Code: "amount_mismatch", Source: statusTable,
		when: func(f *facts) bool { return f.mismatch() != nil && !f.paidTwice() },
		detail: func(f *facts) string {
			b := f.mismatch()
			return fmt.Sprintf("%s was billed, %s was captured under %s; look at it in the gateway's dashboard", money(b.Total, b.Currency), money(b.Look.Amount, b.Look.Currency), b.Reference)
		},
	},
	{
		Desired: "any", Observed: "offline and captured together exceed the total",
		Result: Block, Code: "overpaid", Source: statusTable,
		when: func(f *facts) bool { return f.offline() > 0 && f.anyCaptured() && f.surplus() > 0 },
		detail: func(f *facts) string {
			return fmt.Sprintf("offline and captured payments exceed the total by %s; declare a refund of that surplus", money(f.surplus(), f.want.Currency))
		},
	},
	{
		Desired: "the observed one", Observed: "",
		Result: Nothing, Source: statusTable,
		when: func(f *facts) bool { return f.target == f.status },
	},
	{
		Desired: "any", Observed: "not sent, and not about to be",
		Result: Nothing, Source: "order status guide: an order_status refers to an order_details message",
		when: func(f *facts) bool { return !f.sent },
	},
	{
		Desired: "any other", Observed: "a payment state nobody knows",
		Result: Wait, Code: "payment_unknown", Source: statusTable,
		when:   func(f *facts) bool { return f.state() == PaymentUnknown },
		detail: paymentUnknownText,
	},
	{
		Desired: "another", Observed: "completed or canceled",
		Result: Block, Code: "terminal_status", Source: statusGuide + ": canceled and completed are terminal (2046)",
		when: func(f *facts) bool { return f.status.Terminal() },
		detail: func(f *facts) string {
			return fmt.Sprintf("the order is %s, and nothing can follow; WhatsApp would refuse %s with 2046. Set %s, or declare a new order", f.status, f.target, f.spelledStatus(f.status))
		},
	},
	{
		Desired: "pending", Observed: "any later status",
		Result: Block, Code: "cannot_return_to_pending", Source: statusGuide + ": pending is only the initial status",
		when: func(f *facts) bool { return f.target == spec.Pending },
		detail: func(f *facts) string {
			return fmt.Sprintf("the order is %s, and pending is only ever the first status; set %s or a later one", f.status, f.spelledStatus(f.status))
		},
	},
	{
		Desired: "canceled", Observed: "captured",
		Result: Block, Code: "canceled_after_payment", Source: cancelGuide + ": only if the user has not already paid (2047)",
		when: func(f *facts) bool { return f.target == spec.Canceled && f.anyCaptured() },
		detail: func(f *facts) string {
			return "the payment is captured, and WhatsApp would refuse the cancel with 2047; declare a refund, and " + f.spelledStatus(spec.Completed) + " instead of \"canceled\""
		},
	},
	{
		Desired: "canceled", Observed: "a payment is pending or authorized",
		Result: Wait, Code: "payment_pending", Source: statusGuide + ": the update fails with a successful or pending payment",
		when: func(f *facts) bool { return f.target == spec.Canceled && f.paymentUnderWay() },
		detail: func(f *facts) string {
			return fmt.Sprintf("a payment is %s; the cancel goes out if it fails", f.state())
		},
	},
	{
		Desired: "canceled", Observed: "unpaid",
		Result: Act, Source: cancelGuide,
		when: func(f *facts) bool { return f.target == spec.Canceled },
	},
	{
		Desired: "processing … shipped", Observed: "refunded in full",
		Result: Wait, Code: "fully_refunded", Source: statusTable,
		when: func(f *facts) bool { return f.target != spec.Completed && f.refundedInFull() },
		detail: func(f *facts) string {
			return "all of the money went back; set " + f.spelledStatus(spec.Completed) + " to close the order"
		},
	},
	{
		Desired: "processing … completed", Observed: "canceled by the customer, no retry possible",
		Result: Block, Code: "payment_dead", Source: "behaviour, Statuses: 360dialog canceled",
		when: func(f *facts) bool { return f.state() == PaymentDead && !f.paidOffline() },
		detail: func(f *facts) string {
			return "the customer canceled the payment and cannot try again; a new bill cures it: --replace " + f.want.Address
		},
	},
	{
		Desired: "processing … completed", Observed: "expired, unpaid",
		Result: Wait, Code: "expired", Source: statusTable,
		when: func(f *facts) bool {
			return !f.sending && f.bill.expired(f.Now) && f.unpaid() && !f.paidOffline()
		},
		detail: func(f *facts) string {
			return "the time to pay ended unpaid; set " + f.spelledStatus(spec.Canceled) + ", or a later expiration for a new bill"
		},
	},
	{
		Desired: "processing … completed", Observed: "not captured, not paid offline in full, and require_payment",
		Result: Wait, Code: "payment_not_captured", Source: statusTable,
		when: func(f *facts) bool { return f.want.RequirePayment && !f.moneyIn() },
		detail: func(f *facts) string {
			if f.paymentUnderWay() {
				return fmt.Sprintf("%s goes out once the payment, which is %s, is captured", f.target, f.state())
			}
			return fmt.Sprintf("%s goes out once the customer has paid", f.target)
		},
	},
	{
		Desired: "processing … completed", Observed: "otherwise",
		Result: Act, Source: statusGuide,
		when: always,
	},
}

// spelledStatus is a status as the user's file would ask for it.
func (f *facts) spelledStatus(s spec.Status) string {
	return f.want.Pos.Spelling(fmt.Sprintf("status = %q", s))
}
