package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hisab/hisab/spec"
)

// claim writes the intent before the deed, in one transaction: it absorbs the fresh look,
// decides anew, and only if the very same action still follows takes the right to send it
// (reliability 3.3 steps 1 and 2). A look that is old when the record is at hand, since the
// process was held up after it or waited for the record, is none. It returns when the commit
// was seen to be durable; begun is when the transaction began, since a process can be held up
// right after its commit as well as after its return.
func (j *job) claim(ctx context.Context, looked []Payment) (begun time.Time, err error) {
	begun = j.w.Clock.Now()
	_, err = j.w.Store.Update(ctx, j.ref, func(o *Observed) error {
		t := j.terms(j.group.want)
		t.Replace = j.action.Kind == KindReplace
		if !j.asked.IsZero() && t.Now.Sub(j.asked) > lookLife || !j.hasLookedAll(o, looked) {
			return errOldLook
		}
		keep(o, j.group.want, looked, t, j.w.Incarnation)
		change := j.decide(o, t)
		a := change.find(j.action.ID)
		if a == nil {
			return j.early(o, stale(&j.action, &change))
		}
		if !a.judgedAs(&j.action) {
			return &staleError{"the plan says something else of it than what its id stands for; make a new plan"}
		}
		if !a.Tried.Equal(j.action.Tried) { // whose approval was for the attempt made since
			return &staleError{"it was tried since the plan was made; make a new plan"}
		}
		if a.follows {
			return j.early(o, &staleError{"what it follows did not happen"})
		}
		return j.begin(o, a, t)
	})
	return begun, err
}

func (j *job) decide(o *Observed, t Terms) Change {
	if j.group.want == nil {
		return DiffRemoved(o, j.action.Provider, t).Change
	}
	return Diff(j.group.want, o, t)
}

func (c *Change) find(id string) *Action {
	for i := range c.Actions {
		if c.Actions[i].ID == id {
			return &c.Actions[i]
		}
	}
	return nil
}

// judgedAs reports whether the action of a plan is this one in all that the policy and the
// looks before it went by. An id alone does not say so: a saved plan is a file, and its digest
// is one that whoever edits it can make anew.
func (a *Action) judgedAs(planned *Action) bool {
	return a.Kind == planned.Kind && a.ReferenceID == planned.ReferenceID && a.Amount == planned.Amount &&
		a.Currency == planned.Currency && a.Label == planned.Label && a.Event == planned.Event &&
		a.To == planned.To && (!a.Back || planned.Back)
}

// begin writes the attempt, and builds what will be sent from the same record.
func (j *job) begin(o *Observed, a *Action, t Terms) error {
	attempt := Attempt{
		Action: a.ID, Kind: a.Kind, Reference: a.ReferenceID, To: a.To, Label: a.Label, Event: a.Event,
		Template: a.Template, Account: j.account, Amount: a.Amount, Currency: a.Currency, Speed: a.Speed,
		State: Sending, Fence: o.Version + 1, Incarnation: j.w.Incarnation, ClaimedAt: t.Now,
	}
	if b := o.Bill(a.ReferenceID); b != nil && a.ofBill() && b.Account != j.account {
		return &staleError{fmt.Sprintf("%s was sent with another account than the action was begun with; make a new plan", b.Reference)}
	}
	attempt.N = o.nextN(&attempt)
	attempt.ID = attemptID(a.ID, attempt.N)
	if err := j.compose(o, j.wanted(o), &attempt); err != nil {
		return err
	}
	j.makeRoom(o, &attempt, t.Now)
	switch a.Kind {
	case KindSend:
		o.bill(j.wanted(o), &attempt, t)
	case KindRefund:
		for i := range o.Refunds {
			attempt.Baseline = append(attempt.Baseline, o.Refunds[i].ID)
		}
	}
	// One that is made again under its number is the latest all the same: which order_status
	// came last is told by where it stands.
	o.Attempts = append(slices.DeleteFunc(o.Attempts, func(b Attempt) bool { return b.ID == attempt.ID }), attempt)
	j.claimed = attempt
	o.tell(t.Now, "claimed", &attempt, describe(a)+j.action.letGo())
	return nil
}

// nextN numbers an attempt among those of its intent: one that was not sent after all is
// made again under its number, every other further try counts. One that was taken and then
// throttled on its way counts too: its webhooks may come again, and must not be taken for
// those of the next. A refund's intent is its label. An order_status repeats one of unknown
// outcome that asked for the same.
func (o *Observed) nextN(next *Attempt) int {
	last := o.ofAction(next.Action)
	if next.Kind == KindRefund {
		last = o.ofRefund(next.Label)
	}
	if open := o.openStatus(); last == nil && next.movesStatus() && open != nil && open.To == next.To {
		last = open
	}
	switch {
	case last == nil:
		return 1
	case last.State == Ready && last.Delivery != FailedOnRoute:
		return last.N
	}
	return last.N + 1
}

// hasLookedAll reports whether the action relies on no payment but those that were looked at:
// word that a bill arrived after all may come between the looks and the claim.
func (j *job) hasLookedAll(o *Observed, looked []Payment) bool {
	return j.action.Kind == KindNotify || !slices.ContainsFunc(j.looks(o), func(l Look) bool {
		return l.Key.Reference != j.anothers && !slices.ContainsFunc(looked, func(p Payment) bool { return p.Reference == l.Key.Reference })
	})
}

// makeRoom gives up the order_status of unknown outcome that this one repeats or takes the
// place of; an order has at most one whose outcome is open (I9).
func (j *job) makeRoom(o *Observed, next *Attempt, now time.Time) {
	if !next.movesStatus() {
		return
	}
	for i := range o.Attempts {
		if a := &o.Attempts[i]; a.movesStatus() && a.State.Open() {
			a.FollowedBy = next.ID
			o.move(a, Abandoned, now, "no word of it for 10 minutes; "+next.ID+" follows")
		}
	}
}

// doubtAgain brings back the doubt about what was given up for the sake of an attempt of which
// nothing came: an order that may have taken a terminal status takes no other. Of a bill whose
// place another has taken no status follows, so it is left at that: the order's one open
// order_status may be the other's by then, in whatever order webhooks come.
func (o *Observed) doubtAgain(a *Attempt, now time.Time) {
	if last := o.begun(); last == nil || last.Reference != a.Reference {
		return
	}
	before := o.last(func(b *Attempt) bool {
		return b.Reference == a.Reference && b.To.Terminal() && b.State == Abandoned && b.FollowedBy == a.ID
	})
	if before != nil {
		before.FollowedBy = ""
		o.move(before, Undecided, now, "nothing came of "+a.ID+", which followed it, so this one is as unknown as before")
	}
}

// bill writes down what is about to be asked for.
func (o *Observed) bill(want *spec.Order, a *Attempt, t Terms) {
	b := o.Bill(a.Reference)
	if b == nil {
		o.Bills = append(o.Bills, Bill{Reference: a.Reference, Seq: len(o.Bills) + 1})
		b = o.begun()
	}
	*b = Bill{
		Reference: a.Reference, Seq: b.Seq, Account: t.Account, Configuration: configuration(want),
		Phone: want.Customer.Phone, Total: want.Total, Currency: want.Currency, Facets: facetsOf(want, t.Account),
	}
	if want.Expiration != nil {
		b.ExpiresAt = want.Expiration.Timestamp
	}
}

// compose builds the request in the domain's terms and digests it, so that what the journal
// holds and what goes out can be held against each other (I7).
func (j *job) compose(o *Observed, want *spec.Order, a *Attempt) error {
	j.message, j.refund = nil, nil
	if a.Kind == KindRefund {
		b := o.Bill(a.Reference)
		j.refund = &RefundRequest{Configuration: b.Configuration, Reference: a.Reference, Amount: a.Amount, Currency: a.Currency, Speed: a.Speed}
		return digestOf(j.refund, a)
	}
	m := &Message{To: want.Customer.Phone, Opaque: Opaque(o.Ref, a.ID), Reference: a.Reference}
	if b := o.Bill(a.Reference); b != nil && a.movesStatus() {
		m.To = orElse(b.Phone, m.To)
	}
	if a.Template != "" {
		rendered, err := j.render(o, want, a)
		if err != nil {
			return err
		}
		m.Template = rendered
	}
	switch a.Kind {
	case KindSend:
		m.Kind, m.Order = OrderDetails, want
	case KindStatus, KindReplace:
		text := messageOf(want, a.To)
		m.Kind, m.Status = OrderStatus, a.To
		m.Body, m.Footer, m.Description = text.Body, text.Footer, text.Description
	case KindNotify:
		m.Kind, m.Reference = TemplateOnly, ""
	}
	j.message = m
	return digestOf(m, a)
}

func digestOf(request any, a *Attempt) (err error) {
	a.Digest, err = RequestDigest(request)
	return err
}

// RequestDigest digests a *Message or a *RefundRequest as an Attempt keeps it.
func RequestDigest(request any) (string, error) {
	data, err := json.Marshal(request)
	if err != nil {
		return "", fmt.Errorf("digest the request: %w", err)
	}
	return digest(8, string(data)), nil
}

// render fills in a template for one event.
func (j *job) render(o *Observed, want *spec.Order, a *Attempt) (*spec.Rendered, error) {
	t := j.templates[a.Template]
	if t == nil {
		return nil, &renderError{a.Template + " is not declared any more; declare it, or drop its use"}
	}
	rendered, err := t.Render(scope(o, want, a, j.s.Settings.Location))
	if err != nil {
		return nil, &renderError{fmt.Sprintf("fill in %s: %v", a.Template, err)}
	}
	return &rendered, nil
}

// scope is what a template can read: for an offline payment its own amount and date, else
// the captured payment's; for paid, where nothing was captured, what was paid offline.
func scope(o *Observed, want *spec.Order, a *Attempt, loc *time.Location) spec.Scope {
	s := spec.Scope{Order: want, Status: a.To}
	if s.Status == "" {
		s.Status = o.Status()
	}
	if loc == nil {
		loc = time.UTC
	}
	for i := range o.Bills {
		b := &o.Bills[i]
		if b.captured() == 0 {
			continue
		}
		s.Payment = spec.PaymentScope{Amount: b.captured(), Date: b.CapturedAt.In(loc).Format(time.DateOnly)}
		if ts := b.successes(); len(ts) > 0 {
			s.Payment.Method, s.Payment.ID = ts[0].Method, ts[0].ID
		}
	}
	switch {
	case a.Event == spec.EventOfflinePayment:
		for i := range want.OfflinePayments {
			if p := &want.OfflinePayments[i]; p.Label == a.Label {
				s.Payment = spec.PaymentScope{Amount: p.Amount, Date: p.Date, Method: p.Method}
			}
		}
	case a.Event == spec.EventPaid && s.Payment.Amount == 0:
		s.Payment = paidElsewhere(want)
	}
	for i := range want.Refunds {
		r := &want.Refunds[i]
		if a.Label == "" || refundLabel(o, r) != a.Label {
			continue
		}
		s.Refund = spec.RefundScope{Label: r.Label, Amount: r.Amount, Reason: r.Reason, Speed: r.Speed, ID: r.ID}
		if done := o.ofRefund(a.Label); done != nil {
			s.Refund.ID = done.Result
		}
	}
	return s
}

// paidElsewhere is all that was paid offline as one payment: the sum, and when and how its
// last part was paid.
func paidElsewhere(want *spec.Order) spec.PaymentScope {
	var all spec.PaymentScope
	for i := range want.OfflinePayments {
		p := &want.OfflinePayments[i]
		all.Amount = plus(all.Amount, p.Amount)
		if p.Date >= all.Date {
			all.Date, all.Method = p.Date, p.Method
		}
	}
	return all
}

// letGo says who let an action go that the policy holds, and why.
func (a *Action) letGo() string {
	if a.approved == nil {
		return ""
	}
	return strings.TrimSuffix("; approved by "+a.approved.Who+": "+a.approved.Reason, ": ")
}

// describe says an action in one line of a log, without anything personal.
func describe(a *Action) string {
	switch a.Kind {
	case KindSend:
		return fmt.Sprintf("bill %s over %s", a.ReferenceID, money(a.Amount, a.Currency))
	case KindStatus:
		return fmt.Sprintf("status %s → %s", a.From, a.To)
	case KindReplace:
		return fmt.Sprintf("cancel %s to bill anew as %s", a.ReferenceID, a.Label)
	case KindRefund:
		return fmt.Sprintf("refund %q of %s", a.Label, money(a.Amount, a.Currency))
	case KindNotify:
		if a.Label != "" {
			return fmt.Sprintf("notify %s %q", a.Event, a.Label)
		}
		return "notify " + a.Event
	}
	return string(a.Kind)
}
