package reconcile

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

// happenings are what can be done to an order, in any order; FuzzDiff picks from them.
var happenings = func() []step {
	all := []step{
		unpaidIsFine, invoice, repriced, unpriced, withForms, cancelOnRemove, adopted, refunding("loaf", 100), refunding("roll", 20950),
		cash("till", 100), cash("rest", 20900), notifying("created"), notifying("paid"), notifying("offline_payment"), notifying("refund"), notifying("canceled"),
		expiresIn(-time.Hour), expiresIn(time.Minute), expiresIn(time.Hour), later(11 * time.Minute), later(25 * time.Hour), later(8 * 24 * time.Hour),
		says(func(o *spec.Order) { o.Refunds = nil }),
		says(func(o *spec.Order) { o.OfflinePayments = nil }),
		says(func(o *spec.Order) { o.Customer.Phone = "919876543211" }),
		says(func(o *spec.Order) { o.PreventReplace = true }),
		says(func(o *spec.Order) { o.ReferenceID = "OTHER" }),
		func(s *situation) { s.terms.Replace = !s.terms.Replace },
		func(s *situation) { s.terms.RetryFailedRefunds++ },
		func(s *situation) { s.terms.Account = "another" },
		func(s *situation) { s.terms.Paused = "refused" },
		func(s *situation) { s.terms.Paused = "" },
		func(s *situation) {
			for i := range s.have.Refunds {
				s.have.Refunds[i].Foreign = s.have.Refunds[i].Owner == ""
			}
		},
		says(func(o *spec.Order) {
			o.Refunds = []spec.Refund{{Label: "by-hand", ID: "rfnd_x", Amount: 100, Speed: "normal"}}
		}),
		says(func(o *spec.Order) {
			for i := range o.Refunds {
				o.Refunds[i].Amount++
			}
		}),
		says(func(o *spec.Order) { o.Refunds = []spec.Refund{{Label: "bread", Amount: 100, Speed: "normal"}} }),
		refunding("all", 21000),
		func(s *situation) { erase(s.have, s.terms.Now) },
		func(s *situation) { orphans(s.have, s.terms.Now, "") },
		strayAt("BREAD-1"), strayAt("BREAD-1-2"),
	}
	for _, status := range spec.Statuses {
		all = append(all, wants(status))
	}
	for _, state := range payments[1:] {
		all = append(all, ofLastBill(func(s *situation, b *Bill) { s.look(b.Reference, state, s.terms.Now) }))
	}
	captured := ofLastBill(func(s *situation, b *Bill) { s.look(b.Reference, Captured, s.terms.Now) })
	first := func(f ...func(*Payment)) step {
		return ofLastBill(func(s *situation, _ *Bill) {
			s.look(s.have.Bills[0].Reference, Captured, s.terms.Now.Add(-time.Hour), f...)
		})
	}
	all = append(all, captured, captured, first(), first(twice), first(listing("rfnd_x", 100, RefundPending)),
		first(listing("rfnd_x", 100, RefundFailed)), first(func(p *Payment) { p.Currency = "USD" }))
	for _, state := range []AttemptState{Ready, Sending, Settled, Rejected, Undecided, Held, Closed, Abandoned} {
		for _, code := range []int{0, codeWindowClosed, codeBadTransition, codePaidAlready} {
			all = append(all, func(s *situation) { s.takeNext(state, code) })
		}
	}
	for range 12 { // what happens most often
		all = append(all, func(s *situation) { s.takeNext(Settled, 0) }, func(s *situation) { s.have.Stray = nil })
	}
	all = append(all, func(s *situation) {
		for i := range s.have.Attempts {
			s.have.Attempts[i].Retry = s.have.Attempts[i].State == Closed
		}
	})
	return all
}()

func ofLastBill(f func(*situation, *Bill)) step {
	return func(s *situation) {
		if b := s.have.begun(); b != nil {
			f(s, b)
		}
	}
}

// takeNext takes the first action that follows, with an outcome, as a claim would.
func (s *situation) takeNext(state AttemptState, code int) {
	actions := s.diff().Actions
	if len(actions) == 0 || len(s.have.Attempts) > 40 {
		return
	}
	j := &job{run: &run{w: &World{Incarnation: "fuzz"}, s: &spec.Spec{}}, group: &group{want: s.want}}
	a := actions[0]
	a.Template = "" // what is in a template is not decided here
	if b := s.have.Bill(a.ReferenceID); b != nil && a.ofBill() {
		j.account = b.Account
	}
	if err := j.begin(s.have, &a, s.terms); err != nil {
		panic(err)
	}
	attempt := s.have.Attempt(j.claimed.ID)
	if attempt.Code = code; state == Settled {
		s.have.settle(attempt, "result."+s.next(), s.terms.Now, "accepted")
	} else {
		s.have.move(attempt, state, s.terms.Now, "scripted")
	}
	s.have.Version++
}

// valid takes out what loading a spec refuses: one label or event twice.
func (s *situation) valid() {
	w := s.want
	w.Refunds = slices.CompactFunc(slices.SortedStableFunc(slices.Values(w.Refunds), func(a, b spec.Refund) int { return cmpText(a.Label, b.Label) }),
		func(a, b spec.Refund) bool { return a.Label == b.Label })
	w.OfflinePayments = slices.CompactFunc(slices.SortedStableFunc(slices.Values(w.OfflinePayments), func(a, b spec.OfflinePayment) int { return cmpText(a.Label, b.Label) }),
		func(a, b spec.OfflinePayment) bool { return a.Label == b.Label })
	w.Notify = slices.CompactFunc(slices.SortedStableFunc(slices.Values(w.Notify), func(a, b spec.Notify) int { return cmpText(a.Event, b.Event) }),
		func(a, b spec.Notify) bool { return a.Event == b.Event })
}

// FuzzDiff: whatever happened to an order, there is an answer, it is one, and it breaks none
// of the promises.
func FuzzDiff(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{2, 60, 40, 50})
	for i := range happenings {
		f.Add([]byte{byte(len(happenings) - 30), byte(i), byte(len(happenings) - 30), byte(i)})
	}
	f.Fuzz(checkHistory)
}

// TestRandomHistories is FuzzDiff with chance of its own, the same each time.
func TestRandomHistories(t *testing.T) {
	for seed := range uint64(histories) {
		random := rand.New(rand.NewPCG(seed, 7))
		script := make([]byte, 3+random.IntN(30))
		for i := range script {
			script[i] = byte(random.IntN(len(happenings)))
		}
		if checkHistory(t, script); t.Failed() {
			t.Fatalf("seed %d: %v", seed, script)
		}
	}
}

// histories is enough to meet every row of every table many times over.
const histories = 4000

// checkHistory plays a script on one order, and asks everything there is to ask about it.
func checkHistory(t *testing.T, script []byte) {
	s := situated()
	for _, b := range script[:min(len(script), 60)] {
		happenings[int(b)%len(happenings)](s)
		s.valid()
	}
	want, have := *s.want, s.have.Clone()
	got := s.diff()
	if !reflect.DeepEqual(got, s.diff()) {
		t.Error("two different answers")
	}
	Looks(s.want, s.have, s.terms)
	Looks(nil, s.have, s.terms)
	Explain(s.want, s.have, "", s.terms)
	Explain(nil, s.have, spec.Canceled, s.terms)
	removed := DiffRemoved(s.have, "whatsapp.main", s.terms)
	if !reflect.DeepEqual(want, *s.want) || !reflect.DeepEqual(have, s.have) {
		t.Error("deciding changed what it was given")
	}
	s.checkPromises(t, got.Actions)
	s.checkPromises(t, removed.Actions)
}

// checkPromises holds actions against what may never happen.
func (s *situation) checkPromises(t *testing.T, actions []Action) {
	t.Helper()
	ids := map[string]bool{}
	moves, bills, fresh := 0, 0, map[string]spec.Amount{}
	for _, a := range actions {
		if ids[a.ID] {
			t.Errorf("two actions are %s", a.ID)
		}
		ids[a.ID] = true
		b := s.have.Bill(a.ReferenceID)
		switch a.Kind {
		case KindStatus, KindReplace:
			moves++
			if _, legal := FindMove(a.From, a.To); !legal {
				t.Errorf("%s from %s to %s", a.Kind, a.From, a.To)
			}
			if b != nil && a.To == spec.Canceled && !slices.Contains([]PaymentState{Unpaid, PaymentDead}, b.state()) {
				t.Errorf("%s is canceled, and its payment is %s", b.Reference, b.state())
			}
			if open := s.have.openStatus(); open != nil && s.terms.Now.Sub(open.ClaimedAt) < statusSilence {
				t.Errorf("%s beside %s, of which nobody knows yet", a.Kind, open.ID)
			}
		case KindSend:
			bills++
			if b != nil && (s.have.Sent(b) || s.have.doubtful(b) != nil) {
				t.Errorf("%s is sent again", a.ReferenceID)
			}
			for i := range s.have.Bills {
				if old := &s.have.Bills[i]; s.have.Sent(old) && s.have.StatusOf(old) != spec.Canceled {
					t.Errorf("%s goes out beside %s, which is %s", a.ReferenceID, old.Reference, s.have.StatusOf(old))
				}
			}
		case KindRefund:
			fresh[a.ReferenceID] += a.Amount
			if open := s.have.openRefund(a.ReferenceID); open != nil {
				t.Errorf("a refund of %s while %s is open", a.ReferenceID, open.ID)
			}
		}
	}
	if moves > 1 || bills > 1 {
		t.Errorf("%d order_status and %d bills at once", moves, bills)
	}
	for reference, amount := range fresh {
		if b := s.have.Bill(reference); b.captured() < s.have.refunded(reference)+amount {
			t.Errorf("%d more back of %d on %s, of which %d went", amount, b.captured(), reference, s.have.refunded(reference))
		}
	}
}
