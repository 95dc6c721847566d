package reconcile

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

func TestAbsorbingALookAgainChangesNothing(t *testing.T) {
	for _, state := range payments[1:] {
		s := situated(billed, refunding("loaf", 100), refundingAfter("loaf", 100, Undecided),
			lookedAt("BREAD-1", state, noon, listing("rfnd_1", 100, RefundPending), failedTry))
		once := s.have.Clone()
		lookedAt("BREAD-1", state, noon, listing("rfnd_1", 100, RefundPending), failedTry)(s)
		if !reflect.DeepEqual(once, s.have) {
			t.Errorf("%s: absorbed twice is not absorbed once:\n%+v\n%+v", state, once, s.have)
		}
	}
}

// TestAnotherAmountIsToldOfOnce, in whatever order lists come that show it.
func TestAnotherAmountIsToldOfOnce(t *testing.T) {
	for _, amounts := range [][]spec.Amount{{101, 101, 100, 101, 100}, {99, 100, 99, 101, 99, 101}} {
		s := situated(billed, paid, refunding("loaf", 100), refunded("loaf", Settled))
		told := len(s.have.News)
		for _, amount := range amounts {
			looks(Captured, listing("rfnd_loaf", amount, RefundSuccess))(s)
		}
		if got := len(s.have.News) - told; got != 2 {
			t.Errorf("%v: told of %d times", amounts, got)
		}
		if got := s.have.refunded("BREAD-1"); got != 101 {
			t.Errorf("%v: %d counts as spent", amounts, got)
		}
	}
}

// TestNothingSeenIsUnseen: looks come late, doubled and out of order. Whatever comes after,
// money that came in stays in, and refunds stay listed.
func TestNothingSeenIsUnseen(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		s := situated(billed)
		captured, listed := false, map[string]bool{}
		for range 6 {
			state := payments[1+random.IntN(len(payments)-1)]
			p := Payment{Reference: "BREAD-1", State: state, At: noon.Add(time.Duration(random.IntN(5)) * time.Minute)}
			if state == Captured {
				p.Amount, p.Currency, captured = 21000, spec.INR, true
				p.Transactions = []Transaction{{ID: "order_1", State: TransactionSuccess}}
			}
			if random.IntN(2) == 0 {
				id := string(rune('a' + random.IntN(3)))
				p.Refunds, listed[id] = []RefundSeen{{ID: id, Reference: "BREAD-1", Amount: 5, State: RefundPending}}, true
			}
			Absorb(s.have, p)
			b := &s.have.Bills[0]
			if captured && (b.state() != Captured || b.captured() != 21000 || b.CapturedAt.IsZero()) {
				t.Fatalf("the payment was captured, and is %s with %d now", b.state(), b.captured())
			}
			for id := range listed {
				if s.have.refund(id) == nil {
					t.Fatalf("refund %s was listed, and is forgotten", id)
				}
			}
			if !slices.IsSortedFunc(s.have.Refunds, func(a, b RefundSeen) int { return cmpText(a.ID, b.ID) }) {
				t.Fatal("refunds are not sorted")
			}
		}
	}
}

// A gateway order may see several attempts to pay, and their payment ids may come later than
// the success: one success stays one, and two stay two.
func TestASuccessIsFoundAgain(t *testing.T) {
	failed := Transaction{ID: "order_1", PGTransactionID: "pay_1", State: TransactionFailed}
	success := Transaction{ID: "order_1", PGTransactionID: "pay_2", State: TransactionSuccess}
	another := Transaction{ID: "order_1", PGTransactionID: "pay_3", State: TransactionSuccess}
	unnamed := Transaction{ID: "order_1", State: TransactionSuccess}
	for _, c := range []struct {
		name     string
		old, new []Transaction
		want     int
	}{
		{"its payment id comes later", []Transaction{unnamed}, []Transaction{failed, success}, 1},
		{"its payment id goes again", []Transaction{failed, success}, []Transaction{unnamed}, 1},
		{"both are there from the beginning", []Transaction{failed, success}, []Transaction{failed, success}, 1},
		{"a later look has only the failure", []Transaction{success}, []Transaction{failed}, 1},
		{"a second success", []Transaction{success}, []Transaction{success, another}, 2},
		{"two that lose their ids", []Transaction{success, another}, []Transaction{unnamed}, 2},
		{"nothing", []Transaction{success}, nil, 1},
	} {
		b := Bill{Look: &Payment{Transactions: mergeTransactions(c.old, c.new)}}
		if got := len(b.successes()); got != c.want {
			t.Errorf("%s: %d successes, want %d", c.name, got, c.want)
		}
	}
}

func cmpText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestAnOvertakenLookRaisesAlarmsAlone(t *testing.T) {
	early, late := noon.Add(-time.Minute), noon
	for _, tt := range []struct {
		latest, overtaken, want PaymentState
	}{
		{Unpaid, PaymentPending, PaymentPending},
		{PaymentPending, Unpaid, PaymentPending},
		{Unpaid, Captured, Captured},
		{Unpaid, PaymentUnknown, PaymentUnknown},
		{PaymentUnknown, PaymentPending, PaymentUnknown},
		{Captured, Unpaid, Captured},
		{Unpaid, NotFound, Unpaid},
	} {
		s := situated(billed, lookedAt("BREAD-1", tt.latest, late), lookedAt("BREAD-1", tt.overtaken, early))
		if got := s.have.Bills[0].Look; got.State != tt.want || !got.At.Equal(late) {
			t.Errorf("%s, overtaken %s: %s of %s, want %s of the later look", tt.latest, tt.overtaken, got.State, got.At, tt.want)
		}
		// The next look in order says what is so.
		lookedAt("BREAD-1", Unpaid, late.Add(time.Minute))(s)
		if got := s.have.Bills[0].Look.State; got != Unpaid && tt.want != Captured {
			t.Errorf("%s, overtaken %s: still %s after a later look", tt.latest, tt.overtaken, got)
		}
	}
}

func TestOnePaymentSeenTwiceIsOnePayment(t *testing.T) {
	success := func(id, pg string) Transaction {
		return Transaction{ID: id, PGTransactionID: pg, State: TransactionSuccess}
	}
	for _, tt := range []struct {
		name        string
		first, then []Transaction
		paid        spec.Amount
	}{
		{"the payment id comes later", []Transaction{success("order_1", "")}, []Transaction{success("order_1", "pay_1")}, 21000},
		{"or goes away", []Transaction{success("order_1", "pay_1")}, []Transaction{success("order_1", "")}, 21000},
		{"a look without transactions", []Transaction{success("order_1", "pay_1")}, nil, 21000},
		{"two payments of one order", []Transaction{success("order_1", "pay_1")}, []Transaction{success("order_1", "pay_2")}, 42000},
		{"two orders", []Transaction{success("order_1", "")}, []Transaction{success("order_2", "")}, 42000},
	} {
		with := func(ts []Transaction) func(*Payment) { return func(p *Payment) { p.Transactions = ts } }
		s := situated(billed, looks(Captured, with(tt.first)), lookedAt("BREAD-1", Captured, noon, with(tt.then)))
		if got := s.have.Bills[0].captured(); got != tt.paid {
			t.Errorf("%s: %d captured, want %d", tt.name, got, tt.paid)
		}
	}
}

func TestARefundInDoubtIsFoundOnTheList(t *testing.T) {
	before := func(id string) func(*Attempt) { return func(a *Attempt) { a.Baseline = append(a.Baseline, id) } }
	made := func(at time.Time) func(*Payment) {
		return func(p *Payment) { p.Refunds[len(p.Refunds)-1].CreatedAt = at }
	}
	claim := noon.Add(-time.Hour)
	for _, tt := range []struct {
		name  string
		doubt []func(*Attempt)
		list  []func(*Payment)
		state AttemptState
		id    string
	}{
		{"one that fits is adopted", nil, []func(*Payment){listing("rfnd_1", 100, RefundPending)}, Settled, "rfnd_1"},
		{"by a clock that is five minutes late", nil, []func(*Payment){listing("rfnd_1", 100, RefundPending), made(claim.Add(-5 * time.Minute))}, Settled, "rfnd_1"},
		{"without a date", nil, []func(*Payment){listing("rfnd_1", 100, RefundPending), made(time.Time{})}, Settled, "rfnd_1"},
		{"an older one is another", nil, []func(*Payment){listing("rfnd_1", 100, RefundPending), made(claim.Add(-6 * time.Minute))}, Held, ""},
		{"one that was there before is another", []func(*Attempt){before("rfnd_1")}, []func(*Payment){listing("rfnd_1", 100, RefundPending)}, Held, ""},
		{"another amount is another", nil, []func(*Payment){listing("rfnd_1", 101, RefundPending)}, Held, ""},
		{"two that fit are for a person", nil, []func(*Payment){listing("rfnd_1", 100, RefundPending), listing("rfnd_2", 100, RefundPending)}, Held, ""},
		{"none after 15 minutes is for a person", nil, nil, Held, ""},
		{"before that it is looked for", []func(*Attempt){claimed(14 * time.Minute)}, nil, Undecided, ""},
		{"what a dead process was sending is in doubt", []func(*Attempt){claimed(time.Minute), func(a *Attempt) { a.State = Sending }}, nil, Undecided, ""},
		{"and found like any other", []func(*Attempt){func(a *Attempt) { a.State = Sending }}, []func(*Payment){listing("rfnd_1", 100, RefundSuccess)}, Settled, "rfnd_1"},
		{"one that is with a person is found all the same", []func(*Attempt){func(a *Attempt) { a.State = Held }}, []func(*Payment){listing("rfnd_1", 100, RefundSuccess)}, Settled, "rfnd_1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := situated(billed, paid, refunding("loaf", 100), refunded("loaf", Undecided, tt.doubt...), lookedAt("BREAD-1", Captured, noon, tt.list...))
			a := s.have.ofRefund("loaf")
			if a.State != tt.state || a.Result != tt.id {
				t.Errorf("%s as %q, want %s as %q", a.State, a.Result, tt.state, tt.id)
			}
			if r := s.have.refund("rfnd_1"); tt.id != "" && r.Owner != "loaf" {
				t.Errorf("the refund belongs to %q", r.Owner)
			}
		})
	}
}

func TestOnlyLooksSinceTheClaimCount(t *testing.T) {
	s := situated(billed, paid, refunding("loaf", 100), refunded("loaf", Undecided, claimed(time.Minute)))
	lookedAt("BREAD-1", Captured, noon.Add(-2*time.Minute))(s)
	if a := s.have.ofRefund("loaf"); a.Looks != 0 {
		t.Errorf("a look before the claim counts: %d", a.Looks)
	}
	lookedAt("BREAD-1", Captured, noon)(s)
	lookedAt("BREAD-1", Captured, noon)(s)
	if a := s.have.ofRefund("loaf"); a.Looks != 1 || a.LookedFirst != noon || a.LookedLast != noon {
		t.Errorf("%d looks from %s to %s, want one", a.Looks, a.LookedFirst, a.LookedLast)
	}
}

func TestACancelIsClearOnceALookAfterItShowsNoPayment(t *testing.T) {
	clear := func(looks ...step) time.Time {
		return situated(append(steps(billed, repriced, replacing()), looks...)...).have.Bills[0].ClearSince
	}
	before, after := noon.Add(-2*time.Hour), noon.Add(-30*time.Minute)
	for _, tt := range []struct {
		name  string
		looks []step
		want  time.Time
	}{
		{"a look before the cancel says nothing", steps(lookedAt("BREAD-1", Unpaid, before)), time.Time{}},
		{"the first one after it does", steps(lookedAt("BREAD-1", Unpaid, after), lookedAt("BREAD-1", Unpaid, noon)), after},
		{"a payment under way undoes it", steps(lookedAt("BREAD-1", Unpaid, after), lookedAt("BREAD-1", PaymentPending, noon)), time.Time{}},
		{"a bill that the customer canceled is clear too", steps(lookedAt("BREAD-1", PaymentDead, after)), after},
		{"a state that nobody knows is not", steps(lookedAt("BREAD-1", PaymentUnknown, after)), time.Time{}},
	} {
		if got := clear(tt.looks...); !got.Equal(tt.want) {
			t.Errorf("%s: clear since %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestABillInDoubtIsFoundByItsReference(t *testing.T) {
	for state, want := range map[PaymentState]AttemptState{NotFound: Undecided, Unpaid: Settled, Captured: Settled, PaymentUnknown: Settled} {
		s := situated(billing(Sending), lookedAt("BREAD-1", state, noon))
		if got := s.have.Attempts[0].State; got != want {
			t.Errorf("%s: the bill is %s, want %s", state, got, want)
		}
	}
}
