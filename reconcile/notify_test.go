package reconcile

import (
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

// knowing: the notify was first asked for so long ago.
func knowing(event string, ago time.Duration) step {
	return func(s *situation) { s.have.setMark(knows+event, noon.Add(-ago)) }
}

// notified: the customer was told of an event, with this outcome.
func notified(state AttemptState, f ...func(*Attempt)) step {
	return func(s *situation) { tried(s, KindNotify, "BREAD-1", state, f...) }
}

// adopted: an apply took the spec in an hour ago.
func adopted(s *situation) {
	t := s.terms
	t.Now, t.Since = noon.Add(-time.Hour), noon.Add(-time.Hour)
	keep(s.have, s.want, nil, t, "")
}

func TestNotifies(t *testing.T) {
	known := knowing(spec.EventPaid, 2*time.Hour)
	template := func(name string) step { return says(func(o *spec.Order) { o.Notify[0].Template = name }) }
	refused := refusedWith(132015)
	for _, tt := range []struct {
		name  string
		steps []step
		want  []string
	}{
		{"what is seen after the notify was known is told", steps(billed, notifying("paid"), known, paid), gives("notify paid")},
		{"what was seen before is the past", steps(billed, paid, notifying("paid")), nil},
		{"what is first seen in the run that first knows the notify is told",
			steps(billed, notifying("paid"), func(s *situation) { s.terms.Since = noon.Add(-31 * time.Minute) }, paid), gives("notify paid")},
		{"once", steps(billed, notifying("paid"), known, paid, notified(Settled)), nil},
		{"once, also under the next reference",
			steps(billed, notifying("created"), knowing("created", 2*time.Hour), notified(Settled), repriced, replacing(sentOn), lookedAt("BREAD-1", Unpaid, noon)), gives("send BREAD-1-2")},
		{"a bill that is about to go out is told of in the same plan", steps(notifying("created")), gives("send BREAD-1", "notify created")},
		{"so is a status", steps(billed, paid, wants(spec.Shipped), notifying("shipped")), gives("status shipped", "notify shipped")},
		{"a status that is blocked is not told of", steps(billed, paid, wants(spec.Canceled), notifying("canceled")), gives("blocked status canceled_after_payment")},
		{"paid offline in full is paid, also after a bill went out", steps(billed, cash("till", 21000), notifying("paid")), gives("notify paid")},
		{"paid offline in part is not", steps(billed, cash("till", 20000), notifying("paid")), nil},
		{"an offline payment is told of by its label", steps(billed, cash("one", 100), cash("two", 100), notifying("offline_payment")),
			gives("notify oneoffline_payment", "notify twooffline_payment")},
		{"one that was there before the notify is the past", steps(billed, cash("one", 100), adopted, cash("two", 100), notifying("offline_payment")),
			gives("notify twooffline_payment")},
		{"an offline payment that is changed after its customer was told is blocked",
			steps(billed, cash("one", 100), notifying("offline_payment"), notified(Settled), says(func(o *spec.Order) { o.OfflinePayments[0].Amount = 101 })),
			gives("blocked notify oneoffline_payment offline_payment_changed")},
		{"or removed", steps(billed, cash("one", 100), notifying("offline_payment"), notified(Settled), says(func(o *spec.Order) { o.OfflinePayments = nil })),
			gives("blocked notify oneoffline_payment offline_payment_changed")},
		{"or dated otherwise", steps(billed, cash("one", 100), notifying("offline_payment"), notified(Abandoned), says(func(o *spec.Order) { o.OfflinePayments[0].Date = "2026-11-19" })),
			gives("blocked notify oneoffline_payment offline_payment_changed")},
		{"another template for what was told changes nothing", steps(billed, cash("one", 100), notifying("offline_payment"), notified(Settled), template("template.other")), nil},
		{"one that was changed before anybody was told is told as it is",
			steps(billed, cash("one", 100), notifying("offline_payment"), notified(Rejected, refused), says(func(o *spec.Order) { o.OfflinePayments[0].Amount = 101 })),
			gives("notify oneoffline_payment")},
		{"a refund is told of when it succeeded",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), notifying("refund"), knowing("refund", time.Hour), seenRefund("loaf")), gives("notify loafrefund")},
		{"not while it is under way", steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), notifying("refund"), knowing("refund", time.Hour)), nil},
		{"a refused notify stays refused", steps(billed, notifying("paid"), known, paid, notified(Rejected, refused)), gives("blocked notify paid refused")},
		{"until its template changes", steps(billed, notifying("paid"), known, paid, notified(Rejected, refused), template("template.other")), gives("notify paid")},
		{"or what that is called on the platform", steps(billed, notifying("paid"), known, paid, notified(Rejected, refused),
			func(s *situation) { s.terms.Forms = map[string]string{"template.paid": "renamed"} }), gives("notify paid")},
		{"a notify of unknown outcome may have been sent", steps(billed, notifying("paid"), known, paid, notified(Undecided, claimed(9*time.Minute))),
			gives("unknown notify paid maybe_sent")},
		{"and after ten minutes nobody asks", steps(billed, notifying("paid"), known, paid, notified(Undecided, claimed(10*time.Minute))), nil},
		{"also when its template changes", steps(billed, notifying("paid"), known, paid, notified(Undecided, claimed(time.Hour)), template("template.other")), nil},
		{"also when the amount it told changes", steps(billed, cash("one", 100), notifying("offline_payment"), notified(Undecided, claimed(time.Hour)), says(func(o *spec.Order) { o.OfflinePayments[0].Amount = 101 })),
			gives("blocked notify oneoffline_payment offline_payment_changed")},
		{"at_least_once asks once more", steps(billed, notifying("paid"), atLeastOnce, known, paid, notified(Undecided, claimed(10*time.Minute))), gives("notify paid")},
		{"and not a third time", steps(billed, notifying("paid"), atLeastOnce, known, paid, notified(Undecided, claimed(time.Hour), func(a *Attempt) { a.N = 2 })), nil},
		{"a second one that was refused stays refused", steps(billed, notifying("paid"), atLeastOnce, known, paid, notified(Undecided, claimed(time.Hour)),
			notified(Rejected, refusedWith(131026), second)), gives("blocked notify paid refused")},
		{"until its template changes too", steps(billed, notifying("paid"), atLeastOnce, known, paid, notified(Undecided, claimed(time.Hour)),
			notified(Rejected, refused, second), func(s *situation) { s.terms.Forms = map[string]string{"template.paid": "renamed"} }), gives("notify paid")},
		{"or one more is permitted", steps(billed, notifying("paid"), atLeastOnce, known, paid, notified(Undecided, claimed(time.Hour)),
			notified(Rejected, refused, second, func(a *Attempt) { a.Retry = true })), gives("notify paid")},
		{"a second one that was throttled waits", steps(billed, notifying("paid"), atLeastOnce, known, paid, notified(Undecided, claimed(time.Hour)),
			notified(Ready, second, func(a *Attempt) { a.NextAt = noon.Add(time.Second) })), gives("waiting notify paid throttled")},
		{"a second one under another template is the second", steps(billed, notifying("paid"), atLeastOnce, known, paid, notified(Undecided, claimed(time.Hour)),
			template("template.other"), notified(Undecided, claimed(30*time.Minute))), nil},
		{"what the spec has changed since is not told a second time", steps(billed, cash("one", 100), notifying("offline_payment"), atLeastOnce, notified(Undecided, claimed(time.Hour)),
			says(func(o *spec.Order) { o.OfflinePayments[0].Amount = 101 })), gives("blocked notify oneoffline_payment offline_payment_changed")},
		{"one that a person gave up is not sent again", steps(billed, notifying("paid"), known, paid, notified(Abandoned)), nil},
		{"a failed try to pay is told of once", steps(billed, notifying("failed"), knowing("failed", time.Hour), looks(Unpaid, failedTry)), gives("notify failed")},
		{"so is the end of the time to pay", steps(expiresIn(-time.Minute), billed, notifying("expired"), knowing("expired", time.Hour), lookedAt("BREAD-1", Unpaid, noon)), gives("notify expired")},
		{"an authorized payment is not a captured one", steps(billed, notifying("authorized"), notifying("paid"), knowing("authorized", time.Hour), known, looks(Authorized)), gives("notify authorized")},
	} {
		t.Run(tt.name, func(t *testing.T) { expect(t, situated(tt.steps...).diff(), tt.want...) })
	}
}

// second makes an attempt the second of the action before it.
func second(a *Attempt) { a.N = 2 }

// TestTheSecondMessageHasTheFormOfTheFirst: the one in doubt went out as a fallback, and its
// action is known by that form.
func TestTheSecondMessageHasTheFormOfTheFirst(t *testing.T) {
	falling := says(func(o *spec.Order) { o.Notify[0].Fallback = []string{"template.spare"} })
	c := situated(billed, notifying("paid"), falling, atLeastOnce, knowing("paid", 2*time.Hour), paid,
		notified(Rejected, refusedWith(132015)), notified(Undecided, claimed(time.Hour))).diff()
	expect(t, c, "notify paid")
	if got := c.Actions[0].Template; got != "template.spare" {
		t.Errorf("the second goes out as %s", got)
	}
}

func atLeastOnce(s *situation) { s.want.Notify[0].AtLeastOnce = true }

func failedTry(p *Payment) {
	p.Transactions = []Transaction{{ID: "order_1", State: TransactionFailed, ErrorReason: "incorrect_pin"}}
}

func seenRefund(label string) step {
	return func(s *situation) { s.have.setMark(seen+spec.EventRefund+"/"+label, noon) }
}

// TestANotifyFollowsWhatItTellsOf: an action that tells of another one in the same plan is
// marked, so that apply does not take it alone.
func TestANotifyFollowsWhatItTellsOf(t *testing.T) {
	c := situated(unpaidIsFine, wants(spec.Shipped), notifying("created"), notifying("shipped")).diff()
	expect(t, c, "send BREAD-1", "status shipped", "notify created", "notify shipped")
	for i, follows := range []bool{false, true, true, true} {
		if c.Actions[i].follows != follows {
			t.Errorf("%s follows: %v, want %v", c.Actions[i].Kind, c.Actions[i].follows, follows)
		}
	}
	for _, a := range situated(billed, cash("till", 21000), notifying("paid"), adopted).diff().Actions {
		if a.follows {
			t.Errorf("%s %s follows nothing: it is so already", a.Kind, a.Event)
		}
	}
}
