package reconcile

import (
	"fmt"
	"strings"

	"github.com/hisab/hisab/spec"
)

const (
	sendingTable = "behaviour, Sending"
	orderGuide   = "orders guide, Parameters Object"

	expirationGuide = "orders guide, expiration: minimum threshold is 300 seconds"
)

// sendRows decides whether the order's bill is sent or replaced.
var sendRows = []Row{
	{
		Desired: "any", Observed: "an invoice without a provider, or an order that left the spec",
		Result: Nothing, Source: "language, Template and provider notes: an invoice without provider is not billed on WhatsApp",
		when: func(f *facts) bool { return f.want.Provider == "" },
	},
	{
		Desired: "canceled", Observed: "not sent",
		Result: Nothing, Source: sendingTable,
		when: func(f *facts) bool {
			return !f.sent && f.want.Status == spec.Canceled && f.have.doubtful(f.bill) == nil
		},
	},
	{
		Desired: "any", Observed: "the sending is in doubt",
		Result: Doubt, Source: "behaviour, Unknown outcome of order_details",
		when: func(f *facts) bool { return f.have.doubtful(f.bill) != nil },
		detail: func(f *facts) string {
			a := f.have.doubtful(f.bill)
			return doubtText(a) + "; a lookup that knows the reference settles it"
		},
	},
	{
		Desired: "any", Observed: "not in state, but the provider or gateway knows the reference_id",
		Result: Block, Code: "exists_unmanaged", Source: sendingTable,
		when:   func(f *facts) bool { return f.unbilled() && f.have.doubtful(f.bill) == nil && f.stranger() },
		detail: strangerText,
	},
	{
		Desired: "canceled", Observed: "canceled for a replace that is not finished",
		Result: Nothing, Source: "behaviour, Sending: canceled, not sent",
		when: func(f *facts) bool { return f.replacing() && f.want.Status == spec.Canceled },
	},
	{
		Desired: "content changed", Observed: "canceled for a replace, and captured all the same",
		Result: Block, Code: "paid_after_cancel", Source: statusTable,
		when: func(f *facts) bool { return f.replacing() && f.billIn(Captured) != nil },
		detail: func(f *facts) string {
			return fmt.Sprintf("%s was canceled to be replaced, and the customer paid it all the same; no new bill goes out. Declare a refund, and what is still wanted as a new order", f.billIn(Captured).Reference)
		},
	},
	{
		Desired: "content changed", Observed: "canceled for a replace, and a payment is pending or authorized",
		Result: Wait, Code: "payment_pending", Source: sendingTable,
		when: func(f *facts) bool { return f.replacing() && f.billIn(PaymentPending, Authorized) != nil },
		detail: func(f *facts) string {
			b := f.billIn(PaymentPending, Authorized)
			return fmt.Sprintf("%s was canceled to be replaced, and a payment on it is %s; the new bill waits until that is settled", b.Reference, b.state())
		},
	},
	{
		Desired: "any", Observed: "not sent, paid offline in full",
		Result: Nothing, Source: sendingTable,
		when: func(f *facts) bool { return f.unbilled() && f.paidOffline() },
	},
	{
		Desired: "any", Observed: "not sent, paid offline in part",
		Result: Block, Code: "partly_paid_offline", Source: sendingTable,
		when:   func(f *facts) bool { return f.unbilled() && f.offline() > 0 },
		detail: partlyPaidText,
	},
	{
		Desired: "content changed", Observed: "canceled for a replace, and a payment state nobody knows",
		Result: Wait, Code: "payment_unknown", Source: "behaviour, Statuses",
		when:   func(f *facts) bool { return f.replacing() && f.state() == PaymentUnknown },
		detail: paymentUnknownText,
	},
	{
		Desired: "content changed", Observed: "canceled for a replace, the cancel not confirmed yet",
		Result: Wait, Code: "replace_unconfirmed", Source: sendingTable,
		when: func(f *facts) bool { return f.replacing() && !f.cancelConfirmed() },
		detail: func(f *facts) string {
			next, _ := f.nextReference()
			return fmt.Sprintf("%s is canceled; %s goes out once that is confirmed: by a webhook, or by two looks at least 10 minutes apart that show no payment",
				f.bill.Reference, next)
		},
	},
	{
		Desired: "any", Observed: "not sent, expiration less than 300 s away",
		Result: Block, Code: "expiration_too_soon", Source: expirationGuide,
		when:   func(f *facts) bool { return f.unbilled() && f.expiresTooSoon() },
		detail: tooSoonText,
	},
	{
		Desired: "any", Observed: "not sent",
		Result: Act, Source: sendingTable,
		when: func(f *facts) bool { return f.unbilled() },
	},
	{
		Desired: "content unchanged", Observed: "sent",
		Result: Nothing, Source: "behaviour, Content",
		when: func(f *facts) bool { return len(f.changed) == 0 && !f.Replace },
	},
	{
		Desired: "canceled", Observed: "sent, content changed",
		Result: Nothing, Source: "behaviour, Statuses: the order is on its way out, and no new bill is wanted",
		when: func(f *facts) bool { return f.want.Status == spec.Canceled && f.unpaid() && !f.status.Terminal() },
	},
	{
		Desired: "content changed", Observed: "a payment is pending or captured, or terminal",
		Result: Block, Code: "content_changed_after_payment", Source: sendingTable,
		when: func(f *facts) bool {
			return f.anyCaptured() || f.billIn(PaymentPending, Authorized) != nil || f.status.Terminal() || f.paidOffline()
		},
		detail: func(f *facts) string {
			if len(f.changed) == 0 {
				return fmt.Sprintf("a new bill in place of %s is asked for, but %s; what was sent stays in force", f.bill.Reference, f.whyClosed())
			}
			return fmt.Sprintf("%s of %s changed in the spec, but %s; what was sent stays in force. Put it back, or declare a new order",
				strings.Join(f.changed, ", "), f.bill.Reference, f.whyClosed())
		},
	},
	{
		Desired: "content changed", Observed: "a payment state nobody knows",
		Result: Wait, Code: "payment_unknown", Source: "behaviour, Statuses",
		when:   func(f *facts) bool { return f.state() == PaymentUnknown },
		detail: paymentUnknownText,
	},
	{
		Desired: "content changed", Observed: "paid offline in part",
		Result: Block, Code: "partly_paid_offline", Source: sendingTable + ": what could not be billed is no reason to cancel",
		when:   func(f *facts) bool { return f.offline() > 0 },
		detail: partlyPaidText,
	},
	{
		Desired: "content changed", Observed: "the new expiration less than 300 s away",
		Result: Block, Code: "expiration_too_soon", Source: expirationGuide,
		when:   func(f *facts) bool { return f.expiresTooSoon() },
		detail: tooSoonText,
	},
	{
		Desired: "content changed", Observed: "pending, unpaid, lifecycle prevent_replace",
		Result: Block, Code: "replace_prevented", Source: "language, lifecycle",
		when: func(f *facts) bool { return f.want.PreventReplace },
		detail: func(f *facts) string {
			return f.whyReplace() + ", and lifecycle says prevent_replace = true; put it back, or take the line out"
		},
	},
	{
		Desired: "content changed", Observed: "pending, unpaid, and the next reference would be over 35 characters",
		Result: Block, Code: "reference_too_long", Source: orderGuide + ", reference_id: at most 35 characters",
		when: func(f *facts) bool { _, ok := f.nextReference(); return !ok },
		detail: func(f *facts) string {
			next, _ := f.nextReference()
			return fmt.Sprintf("the new bill would be %s, which is %d characters; the limit is 35. Set a shorter reference_id", next, len(next))
		},
	},
	{
		Desired: "content changed", Observed: "pending, unpaid",
		Result: Act, Source: sendingTable,
		when: always,
	},
}

// replacing: the current bill was canceled to make room for another.
func (f *facts) replacing() bool { return f.have.replaced(f.bill) != nil && f.status == spec.Canceled }

// expiresTooSoon: a bill with this expiration is refused.
func (f *facts) expiresTooSoon() bool {
	e := f.want.Expiration
	return e != nil && e.Timestamp.Sub(f.Now) < expireNotice
}

func tooSoonText(f *facts) string {
	return fmt.Sprintf("the expiration %s is less than 300 seconds after now; WhatsApp refuses it. Set a later one, or %s",
		f.want.Expiration.Timestamp.Format("2006-01-02T15:04:05Z07:00"), f.spelledStatus(spec.Canceled))
}

func partlyPaidText(f *facts) string {
	return fmt.Sprintf("%s of %s was paid offline, and WhatsApp can only ask for the whole; declare an order for the rest, or the offline payment in full",
		money(f.offline(), f.want.Currency), money(f.want.Total, f.want.Currency))
}

// cancelConfirmed: the cancel that began a replace is known to have taken effect.
func (f *facts) cancelConfirmed() bool {
	a := f.have.replaced(f.bill)
	if a == nil {
		return false
	}
	b := f.bill
	clear := b.Look != nil && !b.ClearSince.IsZero()
	if a.Delivery == SentOn || a.Delivery == Delivered || a.Delivery == Read {
		return clear
	}
	return clear && b.Look.At.Sub(b.ClearSince) >= cancelConfirm
}

// whyReplace says what asks for a new bill: what differs, or a person.
func (f *facts) whyReplace() string {
	if len(f.changed) == 0 {
		return "a new bill is asked for"
	}
	return strings.Join(f.changed, ", ") + " changed"
}

func (f *facts) whyClosed() string {
	switch {
	case f.anyCaptured():
		return "it is paid"
	case f.billIn(PaymentPending, Authorized) != nil:
		return "a payment is " + string(f.billIn(PaymentPending, Authorized).state())
	case f.paidOffline() && !f.status.Terminal():
		return "it is paid offline"
	}
	return "the order is " + string(f.status)
}

func paymentUnknownText(f *facts) string {
	if f.unobservable() {
		return fmt.Sprintf("WhatsApp tells nothing of a payment by %s, and this version cannot ask %s; look at it in the gateway's dashboard, and declare an offline_payment once it is paid",
			f.want.Payment.Gateway, orElse(f.want.Observe, "the gateway"))
	}
	return fmt.Sprintf("the lookup says %q, which no guide describes; it is never taken for unpaid. Look at it in the gateway's dashboard", f.bill.Look.Raw)
}
