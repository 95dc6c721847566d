package reconcile

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

// payments are all states that a look can show, and no look at all.
var payments = []PaymentState{"", NotFound, Unpaid, PaymentPending, Authorized, Captured, PaymentDead, PaymentUnknown}

// matrixCase is one point of the matrix. Observed is the order's status; empty: not sent.
type matrixCase struct {
	desired, observed spec.Status
	payment           PaymentState
	require           bool
	offline           spec.Amount
	expires           time.Duration // zero: never
	kind              spec.Kind
	changed           bool
	replacing         bool
	refund            bool
}

func (c matrixCase) String() string {
	type bare matrixCase // without String, which would call itself
	return fmt.Sprintf("%+v", bare(c))
}

// everyCase calls f for every point of the matrix that can be.
func everyCase(f func(matrixCase)) (n int) {
	flags := []bool{false, true}
	for _, desired := range spec.Statuses {
		for _, observed := range append([]spec.Status{""}, spec.Statuses...) {
			for _, payment := range payments {
				for _, offline := range []spec.Amount{0, 10000, 21000} {
					for _, expires := range []time.Duration{0, -time.Minute, 299 * time.Second, time.Hour} {
						for _, kind := range []spec.Kind{spec.KindOrder, spec.KindInvoice} {
							for bits := range 16 {
								c := matrixCase{desired, observed, payment, flags[bits&1], offline, expires, kind, flags[bits>>1&1], flags[bits>>2&1], flags[bits>>3&1]}
								if c.possible() {
									f(c)
									n++
								}
							}
						}
					}
				}
			}
		}
	}
	return n
}

// possible: a bill that was not sent is neither looked at, changed nor replaced; a replace
// begins with a cancel.
func (c matrixCase) possible() bool {
	if c.observed == "" && (c.payment != "" || c.changed) {
		return false
	}
	return !c.replacing || c.observed == spec.Canceled
}

func (c matrixCase) situation() *situation {
	s := situated(wants(c.desired))
	s.want.Kind, s.want.RequirePayment = c.kind, c.require
	if c.expires != 0 {
		expiresIn(c.expires)(s)
	}
	if c.observed != "" {
		billed(s)
		switch {
		case c.replacing:
			replacing(sentOn)(s)
		case c.observed != spec.Pending:
			moved(c.observed)(s)
		}
	}
	if c.payment != "" {
		lookedAt("BREAD-1", c.payment, noon)(s)
	}
	if c.changed {
		s.want.Items = slices.Clone(s.want.Items)
		s.want.Items[0].Name = "Rye bread"
	}
	if c.offline > 0 {
		cash("till", c.offline)(s)
	}
	if c.refund {
		refunding("loaf", 5000)(s)
	}
	s.have.News = nil
	return s
}

func TestDiffIsSafeForEveryCase(t *testing.T) {
	t.Parallel()
	n := everyCase(func(c matrixCase) {
		s := c.situation()
		want, have := *s.want, s.have.Clone()
		got := s.diff()
		if t.Failed() {
			return // one case tells enough
		}
		if again := s.diff(); !reflect.DeepEqual(got, again) {
			t.Errorf("%v: two different answers", c)
		}
		if !reflect.DeepEqual(want, *s.want) || !reflect.DeepEqual(have, s.have) {
			t.Errorf("%v: Diff changed what it was given", c)
		}
		for _, broken := range c.broken(got) {
			t.Errorf("%v: %s: %q", c, broken, got.all())
		}
	})
	if n < 50000 {
		t.Errorf("only %d cases", n)
	}
}

// broken names the promises that a change breaks.
func (c matrixCase) broken(got Change) []string {
	var all []string
	breaks := func(holds bool, what string) {
		if holds {
			all = append(all, what)
		}
	}
	count := map[ActionKind]int{}
	for _, a := range got.Actions {
		count[a.Kind]++
		switch a.Kind {
		case KindStatus:
			all = append(all, c.brokenStatus(a, count)...)
		case KindReplace:
			breaks(c.moneyMoves() || c.observed == spec.Completed || c.observed == spec.Canceled, "a bill is replaced that is paid, being paid or over")
		case KindRefund:
			breaks(c.payment != Captured, "a refund goes out for what was not captured")
		case KindSend:
			breaks(c.observed != "" && !c.replacing, "a bill that was sent is sent again")
			breaks(c.replacing && (c.moneyMoves() || c.payment == ""), "a new bill goes out while the old one may be paid")
			breaks(c.offline > 0, "a bill goes out beside cash")
			breaks(c.expires != 0 && c.expires < expireNotice, "a bill goes out that WhatsApp refuses for its expiration")
			breaks(c.desired == spec.Canceled, "a bill goes out for what is canceled")
		}
	}
	breaks(count[KindStatus]+count[KindReplace] > 1, "two order_status messages")
	breaks(count[KindSend]+count[KindReplace] > 1, "send and replace together")
	for _, a := range got.Actions {
		breaks(a.ID == "" || a.Address == "" || a.Ref != "BREAD-1" || a.ReferenceID == "" || a.Reason == "" || a.Fingerprint == "" || a.Source.Line == 0,
			"an action does not say what it is")
	}
	for _, n := range slices.Concat(got.Waiting, got.Blocked) {
		breaks(n.Code == "" || n.Detail == "" || n.Address == "" || n.ReferenceID == "" || n.Source.Line == 0, "a note does not say what it is about")
	}
	return all
}

func (c matrixCase) brokenStatus(a Action, before map[ActionKind]int) []string {
	var all []string
	from := c.observed
	if before[KindSend] > 0 || from == "" {
		from = spec.Pending
	}
	if a.From != from || !guideAllows(a.From, a.To) {
		all = append(all, fmt.Sprintf("an illegal step from %s to %s, the order is %s", a.From, a.To, from))
	}
	if a.To != c.desired {
		all = append(all, "a status that nobody asked for")
	}
	if a.To == spec.Canceled && c.moneyMoves() {
		all = append(all, "a cancel of what is paid or being paid")
	}
	if a.To != spec.Canceled && c.require && c.payment != Captured && c.offline < 21000 {
		all = append(all, "fulfilment without the money")
	}
	if c.observed == "" && before[KindSend] == 0 {
		all = append(all, "an order_status without a bill")
	}
	return all
}

// moneyMoves: paid, being paid, or nobody knows.
func (c matrixCase) moneyMoves() bool {
	return c.payment == Captured || c.payment == PaymentPending || c.payment == Authorized || c.payment == PaymentUnknown
}

// guideAllows is the rule in words: from pending to all others; the three in the middle to
// one another; both to the two ends; from an end nowhere.
func guideAllows(from, to spec.Status) bool {
	rank := map[spec.Status]int{spec.Pending: 0, spec.Processing: 1, spec.PartiallyShipped: 1, spec.Shipped: 1, spec.Completed: 2, spec.Canceled: 2}
	return from != to && to != spec.Pending && rank[from] < 2
}

func TestADesiredStatusThatIsNoneAsksForNothing(t *testing.T) {
	for _, none := range []spec.Status{"", "captured", "PENDING"} {
		expect(t, situated(billed, paid, moved(spec.Shipped), wants(none)).diff())
		expect(t, situated(wants(none)).diff(), "send BREAD-1")
	}
}
