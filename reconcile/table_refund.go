package reconcile

import (
	"fmt"
	"slices"

	"github.com/hisab/hisab/spec"
)

const refundTable = "behaviour, Refunds"

// refundRows decides whether one refund is sent: once per label, ever. A label that left the
// spec after it was sent is asked about too.
var refundRows = []Row{
	{
		Desired: "recorded with `id`", Observed: "on the list, with the amount declared",
		Result: Nothing, Source: refundTable,
		when: func(f *facts) bool { return f.refund.ID != "" && (f.recorded() || !f.looked()) },
	},
	{
		Desired: "recorded with `id`", Observed: "not on the list, or with another amount",
		Result: Block, Code: "refund_not_found", Source: refundTable,
		when:   func(f *facts) bool { return f.refund.ID != "" },
		detail: notFoundText,
	},
	{
		Desired: "changed in amount, speed or way", Observed: "recorded with an `id` that is gone",
		Result: Block, Code: "refund_changed", Source: refundTable + ": once per label, ever",
		when: func(f *facts) bool {
			return (f.attempt == nil || f.attempt.nothingCame() || f.failed()) && f.recordedAs(f.refund.Label, f.refund.Was) != nil
		},
		detail: func(f *facts) string {
			r := f.recordedAs(f.refund.Label, f.refund.Was)
			return fmt.Sprintf("it was recorded as %s, made elsewhere, of %s, and that stands. Write %s again, and declare another label for more",
				r.ID, money(r.Amount, f.want.Currency), f.refund.Pos.Spelling(fmt.Sprintf("id = %q", r.ID)))
		},
	},
	{
		Desired: "any", Observed: "listed with another amount than it was sent with",
		Result: Block, Code: "amount_mismatch", Source: "reliability 3.3 step 5: settled with the amount as asked",
		when:   func(f *facts) bool { return f.attempt != nil && f.listedOtherwise() },
		detail: otherAmountText,
	},
	{
		Desired: "changed in amount, speed or way", Observed: "accepted or sent",
		Result: Block, Code: "refund_changed", Source: refundTable + "; reliability 3.1: frozen when accepted",
		when: func(f *facts) bool {
			a := f.attempt
			return a != nil && !a.nothingCame() && (a.Amount != f.refund.Amount || a.Speed != f.refund.Speed || f.otherWay())
		},
		detail: func(f *facts) string {
			a := f.attempt
			return fmt.Sprintf("it was sent as %s, %s, through WhatsApp for %s, and that stands; put it back, and declare another label for more", money(a.Amount, a.Currency), a.Speed, a.Reference)
		},
	},
	{
		Desired: "any", Observed: "unknown outcome",
		Result: Doubt, Source: "reliability 3.2: there is no edge from unknown back to ready",
		when:   func(f *facts) bool { return f.open() },
		detail: openRefundText,
	},
	{
		Desired: "removed from the spec", Observed: "sent",
		Result: Nothing, Source: refundTable + ": still counted and shown",
		when: func(f *facts) bool { return f.removed },
	},
	{
		Desired: "any", Observed: "sent, or given up by a person",
		Result: Nothing, Source: refundTable + ": once per label, ever",
		when: func(f *facts) bool { return f.attempt != nil && !f.failed() && f.attempt.State != Ready },
	},
	{
		Desired: "new label", Observed: "a sent or recorded label of the same order and amount has left the spec",
		Result: Block, Code: "refund_renamed", Source: refundTable,
		when: func(f *facts) bool { return f.attempt == nil && f.renamedFrom() != nil && !f.Approved[f.secondID()] },
		detail: func(f *facts) string {
			was := f.renamedFrom()
			return fmt.Sprintf("%q of the same amount was %s and has left the spec. If this is the same refund, write %s; if it is a second one: hisab approve %s",
				was.label, was.how, f.refund.Pos.Spelling(was.write), f.secondID())
		},
	},
	{
		Desired: "any new", Observed: "the provider or gateway lists a refund that belongs to no label, imported or not",
		Result: Block, Code: "refund_unexplained", Source: refundTable + "; reliability 3.3 step 1",
		when: func(f *facts) bool { return f.newTry() && f.unexplained() != nil },
		detail: func(f *facts) string {
			r := f.unexplained()
			return fmt.Sprintf("%s of %s on %s belongs to no label. Claim it with %s on a refund, or: hisab resolve %s --foreign --reason TEXT",
				r.ID, money(r.Amount, f.want.Currency), r.Reference, f.want.Pos.Spelling(fmt.Sprintf("id = %q", r.ID)), r.ID)
		},
	},
	{
		Desired: "any new", Observed: "not in state, but the provider or gateway knows the order's next reference_id",
		Result: Block, Code: "exists_unmanaged", Source: "behaviour, Observed: an old state does not refund twice, and what is unmanaged is not refunded",
		when:   func(f *facts) bool { return f.newTry() && f.stranger() },
		detail: strangerText,
	},
	{
		Desired: "any new", Observed: "an earlier refund of the same payment is unknown",
		Result: Wait, Code: "refund_undecided", Source: refundTable + "; reliability 3.5",
		when: func(f *facts) bool { return f.newTry() && f.pay != nil && f.have.openRefund(f.pay.Reference) != nil },
		detail: func(f *facts) string {
			a := f.have.openRefund(f.pay.Reference)
			return fmt.Sprintf("the outcome of %q is not known, and the payment stays closed until it is (%s)", a.Label, a.ID)
		},
	},
	{
		Desired: "any", Observed: "captured under several references, and none named",
		Result: Block, Code: "refund_ambiguous", Source: "behaviour, Statuses, paid_twice: the refund names reference_id or payment",
		when: func(f *facts) bool { return f.pay == nil && f.anyCaptured() },
		detail: func(f *facts) string {
			return "several bills of this order are paid, or the one named is not; set reference_id or payment on the refund"
		},
	},
	{
		Desired: "any", Observed: "refund_via names a gateway that this version cannot speak to",
		Result: Block, Code: "gateway_unavailable", Source: "language, refund_via: refunded at the gateway, and nowhere else",
		when: func(f *facts) bool { return f.want.RefundVia != "" },
		detail: func(f *facts) string {
			return fmt.Sprintf("refund_via names %s, which this version cannot speak to, and nothing is refunded another way. Take refund_via out to refund through WhatsApp, or refund by hand and record it with id", f.want.RefundVia)
		},
	},
	{
		Desired: "any", Observed: "not captured",
		Result: Wait, Code: "refund_before_capture", Source: refundTable,
		when: func(f *facts) bool { return f.pay == nil || f.pay.state() != Captured },
		detail: func(f *facts) string {
			return "armed: it goes out when the customer has paid"
		},
	},
	{
		Desired: "any new", Observed: "captured in another currency",
		Result: Block, Code: "amount_mismatch", Source: "reliability 3.3 step 1: stop unless the currency is equal",
		when: func(f *facts) bool {
			return f.newTry() && f.pay.Look.Currency != "" && f.pay.Look.Currency != f.want.Currency
		},
		detail: func(f *facts) string {
			return fmt.Sprintf("%s was captured in %s, and the refund is in %s; look at it in the gateway's dashboard", f.pay.Reference, f.pay.Look.Currency, f.want.Currency)
		},
	},
	{
		Desired: "any new", Observed: "all refunds together exceed what was captured",
		Result: Block, Code: "refund_exceeds_captured", Source: refundTable + "; invariant I4",
		when: func(f *facts) bool { return f.newTry() && f.tooMuch() },
		detail: func(f *facts) string {
			return fmt.Sprintf("%s captured, %s given back or under way, %s more declared; none of the new ones is sent. Lower them",
				money(f.pay.captured(), f.want.Currency), money(f.have.refunded(f.pay.Reference), f.want.Currency), money(f.fresh, f.want.Currency))
		},
	},
	{
		Desired: "any", Observed: "reported failed by the provider, or refused, and no new attempt permitted",
		Result: Block, Code: "refund_failed", Source: refundTable,
		when: func(f *facts) bool { return !f.newTry() },
		detail: func(f *facts) string {
			return fmt.Sprintf("%s. A new attempt needs: hisab resolve %s --retry --reason TEXT", f.whyFailed(), f.attempt.ID)
		},
	},
	{
		Desired: "any", Observed: "otherwise",
		Result: Act, Source: "refunds guide; " + refundTable,
		when: always,
	},
}

// otherWay: refund_via, or the payment that the refund names, leads elsewhere than where it
// was sent. So far every refund goes through WhatsApp.
func (f *facts) otherWay() bool {
	if f.removed {
		return false
	}
	named := f.refund.Reference != "" || f.refund.Payment != ""
	return f.want.RefundVia != "" || (named && f.pay != nil && f.pay.Reference != f.attempt.Reference)
}

func notFoundText(f *facts) string {
	r := f.have.refund(f.refund.ID)
	switch {
	case r == nil:
		return fmt.Sprintf("no lookup lists %s; a refund with an id is one made elsewhere, and is never sent. Correct the id", f.refund.ID)
	case r.Owner != "" && r.Owner != f.refund.Label:
		return fmt.Sprintf("%s belongs to the refund %q already, which is sent or declared too; a refund has one label", r.ID, r.Owner)
	}
	return fmt.Sprintf("%s is a refund of %s, and the spec says %s", r.ID, money(r.Amount, r.Currency), money(f.refund.Amount, f.want.Currency))
}

// listedOtherwise: the list shows the refund with another amount than was asked for.
func (f *facts) listedOtherwise() bool {
	_, other := f.have.otherAmount(f.attempt)
	return other
}

func otherAmountText(f *facts) string {
	a := f.attempt
	other, _ := f.have.otherAmount(a)
	counts := f.have.refund(a.Result).Amount
	return fmt.Sprintf("%s was asked for, and the list shows %s as %s; %s counts as spent. Look at it in the gateway's dashboard. To let it stand, write %s and an amount of %s on %q",
		money(a.Amount, a.Currency), a.Result, money(other, a.Currency), money(counts, a.Currency), f.want.Pos.Spelling(fmt.Sprintf("id = %q", a.Result)), counts, a.Label)
}

func openRefundText(f *facts) string {
	return doubtText(f.attempt) + "; it is never sent again by itself. The list of refunds settles it, or: hisab resolve " + f.attempt.ID
}

// newTry: what would be sent is a first attempt, or one more that is permitted.
func (f *facts) newTry() bool { return f.attempt == nil || f.attempt.State == Ready || f.mayRetry() }

// nothingCame: it is certain that the platform never took the attempt on, so that nothing of
// it stands.
func (a *Attempt) nothingCame() bool {
	return a.State == Ready || a.State == Rejected || a.State == Closed
}

// tooMuch: what is given back, under way and new exceeds what was captured.
func (f *facts) tooMuch() bool {
	left := f.pay.captured() - f.have.refunded(f.pay.Reference)
	return f.fresh > left
}

// label is the identity of the refund: what it was called when it was sent.
func (f *facts) label() string { return refundLabel(f.have, f.refund) }

func refundLabel(have *Observed, r *spec.Refund) string {
	own, was := have.ofRefund(r.Label), have.ofRefund(r.Was)
	if was != nil && (own == nil || own.nothingCame() && !was.nothingCame()) {
		return r.Was
	}
	return r.Label
}

// looked reports whether a lookup has shown the order's refunds.
func (f *facts) looked() bool {
	for i := range f.have.Bills {
		if f.have.Bills[i].Look != nil {
			return true
		}
	}
	return false
}

// recorded: the refund made elsewhere is on the list, of this amount, and nobody else's.
func (f *facts) recorded() bool {
	r := f.have.refund(f.refund.ID)
	return r != nil && r.Amount == f.refund.Amount && mayOwn(f.have, f.want, r, f.refund.Label)
}

// mayOwn: a label takes a refund that nobody owns, or that a label was given by its id which is
// declared no more: then it is that label under another name.
func mayOwn(have *Observed, want *spec.Order, r *RefundSeen, label string) bool {
	return r.Owner == "" || r.Owner == label || have.givenByID(r) && !declares(want, r.Owner)
}

// recordedAs is a listed refund that one of the labels was given by its id, or nil.
func (f *facts) recordedAs(labels ...string) *RefundSeen {
	for i := range f.have.Refunds {
		if r := &f.have.Refunds[i]; slices.Contains(labels, r.Owner) && f.have.givenByID(r) {
			return r
		}
	}
	return nil
}

// givenByID: a label was given the refund by its id, and nothing that was sent under the label
// came to it, or stands or may stand beside it.
func (o *Observed) givenByID(r *RefundSeen) bool {
	return r.Owner != "" && o.last(func(a *Attempt) bool {
		return a.Kind == KindRefund && (a.Result == r.ID || a.Label == r.Owner && !a.nothingCame() && !o.failed(a))
	}) == nil
}

// failed: it is certain that the latest attempt gave nothing back.
func (f *facts) failed() bool { return f.attempt != nil && f.have.failed(f.attempt) }

// mayRetry: a person asked for one more attempt, or the policy grants it.
func (f *facts) mayRetry() bool {
	return f.attempt.Retry || (f.attempt.State != Closed && f.attempt.N <= f.RetryFailedRefunds)
}

func (f *facts) whyFailed() string {
	switch a := f.attempt; a.State {
	case Closed:
		return "a person declared that it did not happen"
	case Rejected:
		return "it was refused: " + a.Meaning
	default:
		return "the gateway reports " + a.Result + " as failed"
	}
}

// renamed is a refund whose label has left the spec.
type renamed struct {
	label string
	how   string // it was made: sent or recorded
	write string // what says in the spec that another label is this one
}

// renamedFrom is a sent or recorded refund of this order and amount whose label the spec no
// longer declares, or nil.
func (f *facts) renamedFrom() *renamed {
	for i := range f.have.Attempts {
		a := &f.have.Attempts[i]
		if a.Kind != KindRefund || a.Amount != f.refund.Amount || a.State == Rejected || a.State == Closed || a.State == Ready {
			continue
		}
		if !declares(f.want, a.Label) {
			return &renamed{a.Label, "sent", fmt.Sprintf("was = %q", a.Label)}
		}
	}
	for i := range f.have.Refunds {
		r := &f.have.Refunds[i]
		if r.Amount == f.refund.Amount && r.State != RefundFailed && !declares(f.want, r.Owner) && f.have.givenByID(r) {
			return &renamed{r.Owner, "recorded", fmt.Sprintf("id = %q", r.ID)}
		}
	}
	return nil
}

func declares(want *spec.Order, label string) bool {
	return slices.ContainsFunc(want.Refunds, func(r spec.Refund) bool { return r.Label == label || r.Was == label })
}

// unexplained is a listed refund of the order that is nobody's and that the spec does not
// claim by its id, or nil. A refund known to have failed moved no money.
func (f *facts) unexplained() *RefundSeen {
	for i := range f.have.Refunds {
		r := &f.have.Refunds[i]
		if r.Explained() || r.State == RefundFailed || f.claims(r) {
			continue
		}
		return r
	}
	return nil
}

func (f *facts) claims(r *RefundSeen) bool {
	for i := range f.want.Refunds {
		if d := &f.want.Refunds[i]; d.ID == r.ID && d.Amount == r.Amount {
			return true
		}
	}
	return false
}

// payment is the bill a refund is of: the one it names, else the only one that is paid; of
// an order that nobody has paid yet, the current one.
func (f *facts) payment(r *spec.Refund) *Bill {
	var paid []*Bill
	for i := range f.have.Bills {
		b := &f.have.Bills[i]
		if r.Reference == b.Reference {
			return b
		}
		if r.Payment != "" && b.Look != nil {
			for _, t := range b.Look.Transactions {
				if t.ID == r.Payment || t.PGTransactionID == r.Payment {
					return b
				}
			}
		}
		if b.captured() > 0 {
			paid = append(paid, b)
		}
	}
	switch {
	case r.Reference != "" || r.Payment != "":
		return nil
	case len(paid) == 1:
		return paid[0]
	case len(paid) == 0:
		return f.bill
	}
	return nil
}
