package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hisab/hisab/spec"
)

// occurrence is one time an event happened: what to tell the customer of, once.
type occurrence struct {
	label string // of a refund or an offline payment
	// seen is when it was first seen; zero: this plan makes it happen.
	seen   time.Time
	amount spec.Amount
	about  string // what the message is of, beyond label and amount
}

// notifies decides about each declared notify. It fires once for each order and event (and
// label), and only for what was first seen in or after the run that first knew the notify:
// adding one does not message the past (contract section 4, notify).
func (d *differ) notifies() {
	d.toldOffline()
	for i := range d.want.Notify {
		n := &d.want.Notify[i]
		since, known := d.have.mark(knows + n.Event)
		if !known {
			since = d.Since
		}
		for _, oc := range d.occurrences(n.Event) {
			if !oc.seen.IsZero() && oc.seen.Before(since) {
				continue
			}
			d.notifyOne(n, oc)
		}
	}
	d.attempt = nil
}

func (d *differ) notifyOne(n *spec.Notify, oc occurrence) {
	told := d.have.told(n.Event, oc.label)
	if told != nil && told.State.Open() {
		d.doubtfulNotice(n, oc, told)
		return
	}
	if told != nil {
		return
	}
	a := d.notice(n, oc)
	d.attempt = d.have.ofAction(a.ID)
	d.act(a)
}

// notice tells in the notify's own form, or in the first of its fallbacks that did not
// definitely fail as all before it did.
func (d *differ) notice(n *spec.Notify, oc occurrence) (a Action) {
	for _, template := range append([]string{n.Template}, n.Fallback...) {
		a = d.telling(n, oc, template)
		if last := d.have.ofAction(a.ID); last == nil || last.State != Rejected || last.Retry {
			break
		}
	}
	return a
}

// noticeID is the id of a notify. Its first half says what is told, by which a later change
// of that is known; its second half also how, so that a refused one is tried again when its
// template changes.
func noticeID(ref, event string, oc occurrence, form ...string) string {
	what := []string{ref, string(KindNotify), event, oc.label, amountText(oc.amount), oc.about}
	return digest(noticeHalf, what...) + digest(noticeHalf, append(what, form...)...)
}

// noticeHalf is half of an action id's bytes.
const noticeHalf = 4

// tells reports whether an attempt told of exactly this.
func (a *Attempt) tells(ref string, oc occurrence) bool {
	return strings.HasPrefix(a.Action, noticeID(ref, a.Event, oc)[:2*noticeHalf])
}

// told returns the latest attempt to tell of an event that reached the customer or may have,
// or nil.
func (o *Observed) told(event, label string) *Attempt {
	return o.last(func(a *Attempt) bool {
		return a.Kind == KindNotify && a.Event == event && a.Label == label && a.mayHaveArrived()
	})
}

// mayHaveArrived: nobody can rule out that the message reached the customer.
func (a *Attempt) mayHaveArrived() bool {
	return a.State == Settled || a.State == Abandoned || a.State.Open()
}

// doubtfulNotice shows a notify of unknown outcome for ten minutes; from then on it may have
// been sent, and nobody asks again unless the spec opted in to a second message.
func (d *differ) doubtfulNotice(n *spec.Notify, oc occurrence, a *Attempt) {
	if d.Now.Sub(a.ClaimedAt) >= noticeSilence {
		if n.AtLeastOnce && a.N == 1 && d.have.tellings(a) == 1 && a.tells(d.have.Ref, oc) {
			d.tellAgain(n, oc, a)
		}
		return
	}
	d.attempt = a
	d.note(&Row{Result: Doubt, Code: "maybe_sent"}, Note{Kind: KindNotify, Event: n.Event, Label: oc.label,
		Detail: doubtText(a) + "; it may have been sent, and is not sent again", Source: n.Pos})
}

// tellings counts the messages of what an attempt tells of that reached the customer or may
// have.
func (o *Observed) tellings(a *Attempt) int {
	n := 0
	for i := range o.Attempts {
		if b := &o.Attempts[i]; b.Kind == KindNotify && b.Event == a.Event && b.Label == a.Label && b.mayHaveArrived() {
			n++
		}
	}
	return n
}

// tellAgain asks for the second message that at_least_once permits, in the form of the first
// while the notify names it: no other form goes out for what may have arrived. What became of
// an earlier try of the second counts as for any action.
func (d *differ) tellAgain(n *spec.Notify, oc occurrence, first *Attempt) {
	template := first.Template
	if template != n.Template && !slices.Contains(n.Fallback, template) {
		template = n.Template
	}
	a := d.telling(n, oc, template)
	a.follows = false
	a.Reason += "; at_least_once, and nobody can say whether the first one arrived"
	if d.attempt = d.have.ofAction(a.ID); d.attempt == first {
		d.attempt = nil
	}
	d.act(a)
}

// telling is the action that tells in one form.
func (d *differ) telling(n *spec.Notify, oc occurrence, template string) Action {
	a := Action{
		ID:   noticeID(d.have.Ref, n.Event, oc, template, d.Forms[template]),
		Kind: KindNotify, Event: n.Event, Label: oc.label, Template: template, Amount: oc.amount,
		Reason: noticeReason(n.Event, oc), Source: n.Pos, follows: oc.seen.IsZero(),
	}
	if oc.amount != 0 {
		a.Currency = d.want.Currency
	}
	return a
}

// occurrences lists the times an event happened, or will have when the actions planned so
// far are taken.
func (d *differ) occurrences(event string) []occurrence {
	switch event {
	case spec.EventOfflinePayment:
		var all []occurrence
		for i := range d.want.OfflinePayments {
			p := &d.want.OfflinePayments[i]
			seenAt, _ := d.have.mark(seen + event + "/" + p.Label)
			all = append(all, occurrence{label: p.Label, seen: seenAt, amount: p.Amount, about: aboutOffline(p)})
		}
		return all
	case spec.EventRefund:
		var all []occurrence
		for i := range d.want.Refunds {
			r := &d.want.Refunds[i]
			label := refundLabel(d.have, r)
			if seenAt, ok := d.have.mark(seen + event + "/" + label); ok {
				all = append(all, occurrence{label: label, seen: seenAt, amount: r.Amount})
			}
		}
		return all
	}
	if seenAt, ok := d.have.mark(seen + event); ok {
		return []occurrence{{seen: seenAt}}
	}
	if d.happens(event) {
		return []occurrence{{}}
	}
	return nil
}

// happens: the actions planned so far, or an offline payment declared just now, bring the
// event about.
func (d *differ) happens(event string) bool {
	if event == spec.EventPaid {
		return d.paidOffline()
	}
	for i := range d.Actions {
		switch a := &d.Actions[i]; {
		case a.Kind == KindSend && event == spec.EventCreated:
			return true
		case a.Kind == KindStatus && string(a.To) == event:
			return true
		}
	}
	return false
}

func aboutOffline(p *spec.OfflinePayment) string { return p.Date + " " + p.Method }

// toldOffline blocks an offline payment that was changed or removed after its customer was
// told of it.
func (d *differ) toldOffline() {
	for i := range d.have.Attempts {
		a := &d.have.Attempts[i]
		if a.Kind != KindNotify || a.Event != spec.EventOfflinePayment || !a.mayHaveArrived() {
			continue
		}
		if p := d.offlinePayment(a.Label); p != nil && a.tells(d.have.Ref, occurrence{label: p.Label, amount: p.Amount, about: aboutOffline(p)}) {
			continue
		}
		d.attempt = nil
		d.note(&Row{Result: Block, Code: "offline_payment_changed"}, Note{Kind: KindNotify, Event: a.Event, Label: a.Label, Amount: a.Amount,
			Detail: fmt.Sprintf("the customer was told of %s, and the spec now says otherwise; put %q back, and declare what is new under another label", money(a.Amount, d.want.Currency), a.Label)})
	}
}

func (d *differ) offlinePayment(label string) *spec.OfflinePayment {
	for i := range d.want.OfflinePayments {
		if d.want.OfflinePayments[i].Label == label {
			return &d.want.OfflinePayments[i]
		}
	}
	return nil
}

func noticeReason(event string, oc occurrence) string {
	what := strings.ReplaceAll(event, "_", " ")
	if oc.label != "" {
		return fmt.Sprintf("%s %q", what, oc.label)
	}
	if oc.seen.IsZero() {
		return what + ", once the actions before it are done"
	}
	return what
}
