package reconcile

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

// FuzzOpaque: what a message carries through the platform names its order and its attempt
// and no other; what the platform makes of it names none or is one that could have been.
func FuzzOpaque(f *testing.F) {
	f.Add("BM345A-12", "0123456789abcdef-1", "BM345A-12/0123456789abcdef-1")
	f.Add("A", "x", "/")
	f.Add("A-2", "x", "A/x/y")
	f.Fuzz(func(t *testing.T, ref, attempt, other string) {
		if ref != "" && attempt != "" && !strings.Contains(ref, "/") {
			gotRef, gotAttempt, ok := ParseOpaque(Opaque(ref, attempt))
			if !ok || gotRef != ref || gotAttempt != attempt {
				t.Errorf("%q and %q became %q and %q, %t", ref, attempt, gotRef, gotAttempt, ok)
			}
		}
		if gotRef, gotAttempt, ok := ParseOpaque(other); ok && (gotRef == "" || gotAttempt == "" || Opaque(gotRef, gotAttempt) != other) {
			t.Errorf("%q is read as %q and %q", other, gotRef, gotAttempt)
		}
	})
}

// FuzzQuietHours: the hours of two policies together are quiet whenever either is, and the
// order of the two does not matter.
func FuzzQuietHours(f *testing.F) {
	f.Add("21:00", "09:00", "22:00", "06:30")
	f.Add("00:00", "23:59", "12:00", "12:00")
	f.Add("9:00", "24:00", "", "00:61")
	f.Fuzz(func(t *testing.T, from, to, from2, to2 string) {
		h, one := quietHours(&spec.Policy{QuietFrom: from, QuietTo: to})
		g, other := quietHours(&spec.Policy{QuietFrom: from2, QuietTo: to2})
		if !one || !other {
			return
		}
		both, reversed := h.join(g), g.join(h)
		quiet, needed := 0, 0
		for minute := range day {
			if h.has(minute) || g.has(minute) {
				needed++
			}
			if both.has(minute) {
				quiet++
			}
			if (h.has(minute) || g.has(minute)) && !both.has(minute) && quiet < day-1 && both.length() != day-1 {
				t.Fatalf("%s–%s and %s–%s: minute %d is not quiet", from, to, from2, to2, minute)
			}
		}
		if quiet < needed-1 || both.length() != reversed.length() {
			t.Errorf("%+v and %+v make %+v, or %+v", h, g, both, reversed)
		}
	})
}

// payment builds an answer of a lookup from bytes: of the bill or of a stray reference, in
// any state, with attempts to pay and refunds that come again and again.
func (s *situation) payment(b []byte) Payment {
	at := func(i int) int {
		if i < len(b) {
			return int(b[i])
		}
		return 0
	}
	p := Payment{Reference: "BREAD-1", State: payments[1+at(0)%(len(payments)-1)], At: noon.Add(time.Duration(at(1)%30-10) * time.Minute)}
	if at(0) > 250 {
		p.Reference = "STRAY"
	}
	p.Raw = string(p.State)
	if p.State == Captured || at(2)%3 == 0 {
		p.Amount, p.Currency = spec.Amount(at(2)%8)*3000, []string{spec.INR, "USD", ""}[at(2)%3]
	}
	states := []TransactionState{TransactionSuccess, TransactionFailed, TransactionPending, TransactionUnknown}
	named, tried := at(2) < 128, map[string]bool{} // whether payment ids are given, which has changed over the years
	for i := range at(3) % 4 {
		x := at(4 + i)
		tx := Transaction{ID: fmt.Sprint("order_", x%3), State: states[x/16%4], Amount: spec.Amount(x%4) * 7000}
		if named {
			tx.PGTransactionID = fmt.Sprint("pay_", x%12)
		}
		if key := tx.ID + tx.PGTransactionID; !tried[key] {
			tried[key] = true
			p.Transactions = append(p.Transactions, tx)
		}
	}
	moves := []RefundState{RefundPending, RefundSuccess, RefundFailed, RefundUnknown}
	listed := map[int]bool{}
	for i := range at(3) / 4 % 4 {
		if x := at(8 + i); !listed[x%5] { // a list names each refund once
			listed[x%5] = true
			p.Refunds = append(p.Refunds, RefundSeen{ID: fmt.Sprint("rfnd_", x%5), Reference: p.Reference, Amount: spec.Amount(x%5) * 50,
				Currency: spec.INR, State: moves[x/16%4], CreatedAt: p.At.Add(-time.Duration(x%20) * time.Minute)})
		}
	}
	return p
}

// FuzzAbsorb: looks come late, doubled, out of order and with less than before. Nothing seen
// is unseen, and a look that comes again says nothing new.
func FuzzAbsorb(f *testing.F) {
	f.Add([]byte{4, 10, 7, 5, 0, 0, 0, 0, 17, 0, 0, 0, 1, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Add([]byte{4, 10, 7, 9, 0, 16, 0, 0, 17, 33, 0, 0, 4, 9, 7, 8, 3, 0, 0, 0, 34, 50, 0, 0, 255})
	f.Fuzz(func(t *testing.T, script []byte) {
		s := situated(billed, refunding("loaf", 100), refundingAfter("loaf", 100, Undecided), refunding("roll", 150))
		b := &s.have.Bills[0]
		for n := 0; len(script) > 0 && n < 12; n++ {
			next := script[:min(len(script), 12)]
			script = script[len(next):]
			p := s.payment(next)
			before := s.have.Clone()
			was := before.Bills[0]
			Absorb(s.have, p)
			s.checkAbsorbed(t, before, &was)
			once := s.have.Clone()
			Absorb(s.have, p)
			if one, two := asJSON(t, once), asJSON(t, s.have); one != two {
				t.Fatalf("absorbed twice is not absorbed once:\n%s\n%s", one, two)
			}
			if captured := was.captured(); was.Look != nil && was.Look.State == Captured && (b.state() != Captured || b.CapturedAt.IsZero() || b.captured() < min(captured, 1)) {
				t.Fatalf("captured was %d and is %d, %s", captured, b.captured(), b.state())
			}
		}
	})
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (s *situation) checkAbsorbed(t *testing.T, before *Observed, was *Bill) {
	t.Helper()
	for i := range s.have.Refunds {
		if i > 0 && s.have.Refunds[i-1].ID >= s.have.Refunds[i].ID {
			t.Fatalf("refunds are not sorted, or one is there twice: %+v", s.have.Refunds)
		}
	}
	for _, r := range before.Refunds {
		now := s.have.refund(r.ID)
		if now == nil || now.Amount != r.Amount || now.FirstSeenAt != r.FirstSeenAt || r.Owner != "" && now.Owner != r.Owner {
			t.Fatalf("%+v became %+v", r, now)
		}
	}
	owned := map[string]string{}
	for i, a := range s.have.Attempts {
		old := before.Attempts[i]
		if a.ID != old.ID || !old.State.Open() && a.State != old.State {
			t.Fatalf("a look moved %s from %s to %s", a.ID, old.State, a.State)
		}
		if a.Kind != KindRefund || a.Result == "" {
			continue
		}
		if owned[a.Result] != "" {
			t.Fatalf("%s belongs to %s and %s (I6)", a.Result, owned[a.Result], a.ID)
		}
		owned[a.Result] = a.ID
		if r := s.have.refund(a.Result); a.State == Settled && old.State.Open() && (r == nil || r.Amount != a.Amount || r.Owner != a.Label) {
			t.Fatalf("%s of %d is settled as %+v", a.ID, a.Amount, r)
		}
	}
	if was.Look == nil || s.have.Bills[0].Look == nil {
		return
	}
	for _, x := range was.successes() {
		found := false
		for _, y := range s.have.Bills[0].successes() {
			found = found || y.same(x)
		}
		if !found {
			t.Fatalf("%+v took money, and is forgotten", x)
		}
	}
}
