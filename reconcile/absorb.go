package reconcile

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/hisab/hisab/spec"
)

// Marks on an order: what was first seen, and what was first asked for.
const (
	seen     = "seen:"   // + event, or event/label
	knows    = "knows:"  // + event
	relisted = "listed:" // + refund id/amount: listed with another amount than was known
)

// Absorb adds one look to what is known. It is the only way in which an answer of a payment
// lookup becomes evidence: plan uses it on a copy, apply inside the journal's transaction.
// Absorbing the same look again changes nothing.
//
// Looks may be stale or go backwards, so nothing seen is unseen: captured stays captured, a
// transaction that took money stays, a refund stays listed (payment lookup guide;
// reliability 8, provider faults).
func Absorb(o *Observed, p Payment) {
	b := o.Bill(p.Reference)
	if b == nil || (!o.Sent(b) && o.doubtful(b) == nil) {
		stray := p
		o.Stray = &stray
		return
	}
	before := b.state()
	absorbPayment(b, p)
	for _, r := range p.Refunds {
		o.absorbRefund(r, p.At)
	}
	if b.state() != before {
		o.tell(p.At, "payment", nil, fmt.Sprintf("%s: payment %s", b.Reference, b.state()))
	}
	o.settleSend(b, p)
	o.settleRefunds(b, p)
	o.markPayment(b, p.At)
	canceled := o.canceledAt(b)
	switch {
	case canceled.IsZero() || (b.state() != Unpaid && b.state() != PaymentDead):
		b.ClearSince = time.Time{}
	case b.ClearSince.IsZero() && !p.At.Before(canceled):
		b.ClearSince = p.At
	}
}

// absorbPayment makes a look the latest one. A look that is older by our clock was overtaken
// on its way, or the clock went back; which, nobody can tell, so it may raise an alarm and
// never lower one.
func absorbPayment(b *Bill, p Payment) {
	if b.Look == nil {
		b.Look = &Payment{Reference: p.Reference, State: NotFound}
	}
	old, merged := *b.Look, p
	if old.At.After(p.At) {
		merged = old
		if gravity(p.State) > gravity(old.State) {
			merged.State, merged.Raw, merged.Amount, merged.Currency = p.State, p.Raw, p.Amount, p.Currency
		}
		merged.Transactions = mergeTransactions(p.Transactions, old.Transactions)
	} else {
		merged.Transactions = mergeTransactions(old.Transactions, p.Transactions)
		if old.State == Captured && p.State != Captured {
			merged.State, merged.Raw, merged.Amount, merged.Currency = Captured, old.Raw, old.Amount, old.Currency
		}
	}
	merged.Refunds = nil
	b.Look = &merged
	if merged.State == Captured && b.CapturedAt.IsZero() {
		b.CapturedAt = p.At
	}
}

// gravity orders payment states by what acting on them in error would cost.
func gravity(s PaymentState) int {
	return slices.Index([]PaymentState{NotFound, Unpaid, PaymentDead, Authorized, PaymentPending, PaymentUnknown, Captured}, s)
}

// mergeTransactions keeps every attempt to pay that took money, whatever a later look says.
// Each stands for one: of a failed and a successful attempt under one gateway order, an
// earlier success is the successful one, or the customer would seem to have paid twice.
func mergeTransactions(old, new []Transaction) []Transaction {
	merged := slices.Clone(new)
	found := make([]bool, len(merged))
	for _, t := range old {
		if t.State != TransactionSuccess {
			continue
		}
		place := -1
		for i := range found {
			if !found[i] && t.same(merged[i]) && (place < 0 || merged[i].State == TransactionSuccess && merged[place].State != TransactionSuccess) {
				place = i
			}
		}
		switch {
		case place < 0:
			merged = append(merged, t)
			continue
		case merged[place].State != TransactionSuccess:
			merged[place] = t
		}
		found[place] = true
	}
	return merged
}

// same reports whether two looks show one attempt to pay. The gateway's payment id may come
// later than its order id, and an order may see several payments (payment lookup guide of
// 2026): with two payment ids these decide, else the ids that both have.
func (t Transaction) same(u Transaction) bool {
	if t.PGTransactionID != "" && u.PGTransactionID != "" {
		return t.PGTransactionID == u.PGTransactionID
	}
	return t.ID == u.ID
}

// absorbRefund adds a refund that the platform lists, or moves a known one on.
func (o *Observed) absorbRefund(r RefundSeen, at time.Time) {
	if known := o.refund(r.ID); known != nil {
		if r.State != known.State && (r.State == RefundSuccess || r.State == RefundFailed) {
			known.State = r.State
			o.tell(at, "refund", nil, fmt.Sprintf("refund %s %s", r.ID, r.State))
		}
		if r.Speed != "" {
			known.Speed = r.Speed
		}
		o.relist(known, r.Amount, at)
	} else {
		r.FirstSeenAt = at
		o.Refunds = append(o.Refunds, r)
		sort.Slice(o.Refunds, func(i, j int) bool { return o.Refunds[i].ID < o.Refunds[j].ID })
		o.tell(at, "refund", nil, fmt.Sprintf("refund %s of %s first listed, %s", r.ID, money(r.Amount, r.Currency), r.State))
	}
	// A refund that we were answered with belongs to the label that asked, also when the
	// list shows it before the answer was recorded.
	known := o.refund(r.ID)
	if known.Owner == "" && !known.Foreign {
		if a := o.last(func(a *Attempt) bool { return a.Kind == KindRefund && a.State == Settled && a.Result == r.ID }); a != nil {
			known.Owner = a.Label
		}
	}
	o.markRefund(known, at)
}

// relist notes that a known refund is listed with another amount: of what is known of it, or
// was asked for where its answer named none, and what the list shows, the larger counts as
// spent. Each amount is told of once, however often it is seen and in whatever order.
func (o *Observed) relist(known *RefundSeen, amount spec.Amount, at time.Time) {
	name := relisted + known.ID + "/" + amountText(amount)
	if _, told := o.mark(name); told || amount == known.Amount {
		return
	}
	o.setMark(name, at)
	o.tell(at, "refund", nil, fmt.Sprintf("refund %s, known as %s, is listed as %s", known.ID, money(known.Amount, known.Currency), money(amount, known.Currency)))
	known.Amount = max(known.Amount, amount)
}

// otherAmount returns an amount, other than what an attempt asked for, with which the refund
// that it came to was listed. One that failed moved no money.
func (o *Observed) otherAmount(a *Attempt) (spec.Amount, bool) {
	r := o.refund(a.Result)
	if a.Kind != KindRefund || a.State != Settled || r == nil || r.State == RefundFailed {
		return 0, false
	}
	for i := range o.Marks {
		if text, ok := strings.CutPrefix(o.Marks[i].Name, relisted+r.ID+"/"); ok && text != amountText(a.Amount) {
			amount, err := strconv.ParseInt(text, 10, 64)
			return spec.Amount(amount), err == nil
		}
	}
	return r.Amount, r.Amount != a.Amount
}

// settleSend settles a bill whose sending was in doubt: the platform knows the reference.
func (o *Observed) settleSend(b *Bill, p Payment) {
	a := o.doubtful(b)
	if a == nil {
		return
	}
	if p.State != NotFound {
		o.settle(a, "", p.At, "the lookup knows the reference")
		return
	}
	o.doubt(a, p.At, true)
}

// settleRefunds looks on the list for refunds of unknown outcome (reliability 3.4). Exactly
// one candidate is adopted; several need a person; absence is never proof.
func (o *Observed) settleRefunds(b *Bill, p Payment) {
	for i := range o.Attempts {
		a := &o.Attempts[i]
		if a.Kind != KindRefund || a.Reference != b.Reference || !a.State.Open() {
			continue
		}
		found := o.candidates(a)
		complete := p.State == Captured // one that does not show the payment does not show its refunds
		rival := o.rival(a, found)
		switch {
		case rival != nil:
			o.doubt(a, p.At, complete)
			if a.State == Undecided {
				o.move(a, Held, p.At, fmt.Sprintf("%s on the list could be it, or what %s came to, which a person closed", found[0], rival.ID))
			}
		case len(found) == 1:
			r := o.refund(found[0])
			r.Owner = a.Label
			o.settle(a, r.ID, p.At, "found on the payment's list of refunds")
			o.markRefund(r, p.At)
		case len(found) == 0:
			o.doubt(a, p.At, complete)
			if a.State == Undecided && p.At.Sub(a.ClaimedAt) >= refundHold {
				o.move(a, Held, p.At, "not on the list after 15 minutes; a person decides: hisab resolve "+a.ID)
			}
		default:
			o.doubt(a, p.At, complete)
			if a.State == Undecided {
				o.move(a, Held, p.At, "several refunds on the list could be it: "+strings.Join(found, ", "))
			}
		}
	}
}

// candidates are the refunds that may be the effect of an attempt: not known when it was
// claimed, nobody's, of the same amount and currency, and not older than the claim.
func (o *Observed) candidates(a *Attempt) []string {
	var ids []string
	for i := range o.Refunds {
		r := &o.Refunds[i]
		if r.Reference != a.Reference || r.Explained() || r.Amount != a.Amount ||
			(r.Currency != "" && r.Currency != a.Currency) || slices.Contains(a.Baseline, r.ID) ||
			(!r.CreatedAt.IsZero() && r.CreatedAt.Before(a.ClaimedAt.Add(-clockSkew))) {
			continue
		}
		ids = append(ids, r.ID)
	}
	return ids
}

// rival is a refund under another label that a person closed without knowing what it came to,
// and whose late effect a candidate may be as well: to adopt it would attribute it to the
// wrong intent (I2). Nil where there is none.
func (o *Observed) rival(a *Attempt, candidates []string) *Attempt {
	return o.last(func(b *Attempt) bool {
		return b.Kind == KindRefund && b.Label != a.Label && b.Reference == a.Reference && b.Amount == a.Amount &&
			(b.State == Abandoned || b.State == Closed) && b.Result == "" &&
			slices.ContainsFunc(o.candidates(b), func(id string) bool { return slices.Contains(candidates, id) })
	})
}

// doubt counts a look that showed nothing, where it was complete. Whoever finds an attempt in
// sending takes it for unknown: its sender is gone, or will record by itself what it learns.
func (o *Observed) doubt(a *Attempt, at time.Time, complete bool) {
	if a.State == Sending {
		o.move(a, Undecided, at, "found in sending by another look; the outcome is not known")
	}
	if complete && at.After(a.LookedLast) && at.After(a.ClaimedAt) {
		a.Looks++
		a.LookedLast = at
		if a.LookedFirst.IsZero() {
			a.LookedFirst = at
		}
	}
}

// settle records that an attempt happened.
func (o *Observed) settle(a *Attempt, result string, at time.Time, how string) {
	if result != "" {
		a.Result = result
	}
	o.move(a, Settled, at, how)
	switch a.Kind {
	case KindSend:
		o.setMark(seen+spec.EventCreated, at)
	case KindStatus:
		o.setMark(seen+string(a.To), at)
	}
}

// move changes an attempt's state and tells.
func (o *Observed) move(a *Attempt, to AttemptState, at time.Time, why string) {
	a.State, a.EndedAt, a.Meaning = to, at, why
	if to == Settled {
		a.Meaning = ""
	}
	o.tell(at, string(to), a, why)
	if to == Ready || to == Rejected || to == Closed {
		o.doubtAgain(a, at)
	}
}

// markPayment notes what the payment shows for the first time.
func (o *Observed) markPayment(b *Bill, at time.Time) {
	switch b.state() {
	case Captured:
		o.setMark(seen+spec.EventPaid, at)
	case Authorized:
		o.setMark(seen+spec.EventAuthorized, at)
	case Unpaid:
		if b.expired(at) && o.canceledAt(b).IsZero() {
			o.setMark(seen+spec.EventExpired, at)
		}
	}
	for _, t := range b.Look.Transactions {
		if t.State == TransactionFailed {
			o.setMark(seen+spec.EventFailed, at)
		}
	}
}

// markRefund notes that the refund of a label succeeded.
func (o *Observed) markRefund(r *RefundSeen, at time.Time) {
	if r.State == RefundSuccess && r.Owner != "" {
		o.setMark(seen+spec.EventRefund+"/"+r.Owner, at)
	}
}

// money writes an amount for people who read a log or a reason: ₹100.00.
func money(a spec.Amount, currency string) string {
	if currency == "" || currency == spec.INR {
		return a.INR()
	}
	return a.String() + " " + currency
}
