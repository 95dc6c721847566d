package reconcile

import (
	"slices"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

// noon is the present in tests of decisions.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const account = "whatsapp|graph.facebook.com|106540352242922"

// situation is one order as declared and as observed, at one moment.
type situation struct {
	want  *spec.Order
	have  *Observed
	terms Terms
}

// step is one thing that is so in a situation.
type step func(*situation)

// situated puts steps together, in their order, on a declared order that nobody has seen yet.
func situated(steps ...step) *situation {
	s := &situation{
		want:  bread(),
		have:  &Observed{Ref: "BREAD-1", Kind: spec.KindOrder, Address: "order.BREAD-1", Standing: Managed, Version: 1},
		terms: Terms{Now: noon, Since: noon.Add(-time.Minute), Account: account},
	}
	for _, f := range steps {
		f(s)
	}
	return s
}

func (s *situation) diff() Change { return Diff(s.want, s.have, s.terms) }

// bread is an order of 210.00 that asks for nothing but to be billed.
func bread() *spec.Order {
	return &spec.Order{
		Kind: spec.KindOrder, Address: "order.BREAD-1", ReferenceID: "BREAD-1", Provider: "whatsapp.main", Currency: spec.INR,
		Customer: spec.Customer{Name: "Asha Rao", Phone: "919876543210"}, Type: "digital-goods", CatalogID: "538246951",
		Items:    []spec.Item{{RetailerID: "1234567", Name: "Sourdough bread", Amount: 10500, Quantity: 2}},
		Subtotal: 21000, Total: 21000, Payment: &spec.Payment{Gateway: "razorpay", Configuration: "shop-razorpay"},
		Status: spec.Pending, RequirePayment: true, Pos: spec.Pos{File: "orders.hcl", Line: 1},
	}
}

// says changes what the spec says.
func says(f func(*spec.Order)) step { return func(s *situation) { f(s.want) } }

func wants(status spec.Status) step {
	return says(func(o *spec.Order) { o.Status = status })
}

func unpaidIsFine(s *situation) { s.want.RequirePayment = false }

func invoice(s *situation) { s.want.Kind = spec.KindInvoice }

// repriced is a change of content: one loaf more.
func repriced(s *situation) {
	s.want.Items = slices.Clone(s.want.Items)
	s.want.Items[0].Quantity, s.want.Subtotal, s.want.Total = 3, 31500, 31500
}

func expiresIn(d time.Duration) step {
	return says(func(o *spec.Order) { o.Expiration = &spec.Expiration{Timestamp: noon.Add(d)} })
}

func cash(label string, amount spec.Amount) step {
	return says(func(o *spec.Order) {
		o.OfflinePayments = append(o.OfflinePayments, spec.OfflinePayment{Label: label, Amount: amount, Date: "2026-11-20", Method: "cash"})
	})
}

func refunding(label string, amount spec.Amount) step {
	return says(func(o *spec.Order) {
		o.Refunds = append(o.Refunds, spec.Refund{Label: label, Amount: amount, Speed: "normal"})
	})
}

func notifying(event string) step {
	return says(func(o *spec.Order) {
		o.Notify = append(o.Notify, spec.Notify{Event: event, Template: "template." + event})
	})
}

func withForms(s *situation) {
	s.want.Templates = &spec.Templates{OrderDetails: "template.bill", OrderStatus: "template.update"}
}

// billed: the order as it is declared by then was sent an hour ago, and accepted.
func billed(s *situation) { tried(s, KindSend, "BREAD-1", Settled) }

// billedAs is billed under another reference.
func billedAs(reference string) step {
	return func(s *situation) { tried(s, KindSend, reference, Settled) }
}

// billing: the order was sent an hour ago, with this outcome.
func billing(state AttemptState, f ...func(*Attempt)) step {
	return func(s *situation) { tried(s, KindSend, "BREAD-1", state, f...) }
}

// tried takes the action of a kind that follows now, an hour ago, with this outcome. Where no
// such action follows, it makes one up.
func tried(s *situation, kind ActionKind, reference string, state AttemptState, f ...func(*Attempt)) {
	at := noon.Add(-time.Hour)
	a := Attempt{Action: digest(8, string(kind), reference, s.next()), N: 1, Kind: kind, Reference: reference, Incarnation: "earlier"}
	for _, follows := range s.diff().Actions {
		if follows.Kind == kind && (kind != KindSend || follows.ReferenceID == reference) {
			a.Action, a.To, a.Label, a.Event = follows.ID, follows.To, follows.Label, follows.Event
			a.Amount, a.Currency, a.Speed, a.Template = follows.Amount, follows.Currency, follows.Speed, follows.Template
		}
	}
	if kind == KindSend {
		a.To, a.Amount, a.Currency = spec.Pending, s.want.Total, s.want.Currency
		s.have.bill(s.want, &Attempt{Reference: reference}, s.terms)
	}
	a.State, a.ClaimedAt, a.EndedAt, a.Result = state, at, at, "wamid."+s.next()
	if state.Open() {
		a.Result = ""
	}
	for _, change := range f {
		change(&a)
	}
	a.ID = attemptID(a.Action, a.N)
	s.have.Attempts = append(s.have.Attempts, a)
	if a.State == Settled {
		s.have.settle(s.have.Attempt(a.ID), a.Result, at, "accepted")
	}
}

// next numbers what a situation makes up.
func (s *situation) next() string { return string(rune('a' + len(s.have.Attempts))) }

// moved: the order took a status an hour ago, and it was accepted.
func moved(to spec.Status) step {
	return func(s *situation) { s.moving(to, Settled) }
}

// moving: the order was asked to take a status, with this outcome.
func moving(to spec.Status, state AttemptState, f ...func(*Attempt)) step {
	return func(s *situation) { s.moving(to, state, f...) }
}

func (s *situation) moving(to spec.Status, state AttemptState, f ...func(*Attempt)) {
	declaredStatus := s.want.Status
	s.want.Status = to
	tried(s, KindStatus, s.have.Current().Reference, state, append([]func(*Attempt){func(a *Attempt) { a.To = to }}, f...)...)
	s.want.Status = declaredStatus
}

// replacing: the bill was canceled to make room for another.
func replacing(f ...func(*Attempt)) step {
	return func(s *situation) {
		tried(s, KindReplace, s.have.Current().Reference, Settled, append([]func(*Attempt){func(a *Attempt) { a.To = spec.Canceled }}, f...)...)
	}
}

// looks: a look half an hour ago said this of the payment of the current bill.
func looks(state PaymentState, f ...func(*Payment)) step {
	return func(s *situation) { s.look(s.have.Current().Reference, state, noon.Add(-30*time.Minute), f...) }
}

// lookedAt is looked for one bill and one moment.
func lookedAt(reference string, state PaymentState, at time.Time, f ...func(*Payment)) step {
	return func(s *situation) { s.look(reference, state, at, f...) }
}

func (s *situation) look(reference string, state PaymentState, at time.Time, f ...func(*Payment)) {
	p := Payment{Reference: reference, State: state, Raw: string(state), At: at}
	if state == Captured {
		p.Amount, p.Currency = 21000, spec.INR
		p.Transactions = []Transaction{{ID: "order_" + reference, State: TransactionSuccess, Method: "upi"}}
	}
	for _, change := range f {
		change(&p)
	}
	Absorb(s.have, p)
}

// paid: a look says captured.
func paid(s *situation) { looks(Captured)(s) }

// listing adds a refund to what a look shows.
func listing(id string, amount spec.Amount, state RefundState) func(*Payment) {
	return func(p *Payment) {
		p.Refunds = append(p.Refunds, RefundSeen{ID: id, Reference: p.Reference, Amount: amount, Currency: spec.INR, State: state,
			CreatedAt: noon.Add(-31 * time.Minute)})
	}
}

// refunded: a refund that the spec declares was sent an hour ago, with this outcome.
func refunded(label string, state AttemptState, f ...func(*Attempt)) step {
	return func(s *situation) {
		all := s.want.Refunds
		s.want.Refunds = slices.DeleteFunc(slices.Clone(all), func(r spec.Refund) bool { return r.Label != label })
		tried(s, KindRefund, s.have.Current().Reference, state, append([]func(*Attempt){func(a *Attempt) { a.Result = "rfnd_" + label }}, f...)...)
		s.want.Refunds = all
		if a := s.have.ofRefund(label); a == nil {
			panic("no refund " + label + " followed")
		} else if a.State.Open() || a.nothingCame() {
			a.Result = ""
		} else if a.State == Settled {
			s.have.Refunds = append(s.have.Refunds, RefundSeen{ID: a.Result, Reference: a.Reference, Amount: a.Amount,
				Currency: a.Currency, State: RefundSuccess, Owner: label, FirstSeenAt: noon})
		}
	}
}

func refusedWith(code int) func(*Attempt) {
	return func(a *Attempt) { a.Code, a.Meaning, a.Result = code, "no", "" }
}

func claimed(ago time.Duration) func(*Attempt) {
	return func(a *Attempt) { a.ClaimedAt = noon.Add(-ago) }
}

// notes are the codes of a change's notes with their kinds, as "blocked send exists_unmanaged".
func (c *Change) notes() []string {
	var all []string
	for _, l := range []struct {
		name  string
		notes []Note
	}{{"waiting", c.Waiting}, {"blocked", c.Blocked}, {"unknown", c.Unknown}} {
		for _, n := range l.notes {
			all = append(all, trimmed(l.name+" "+string(n.Kind)+" "+n.Label+n.Event+" "+n.Code))
		}
	}
	return all
}

// acts are a change's actions, as "status shipped" or "refund loaf".
func (c *Change) acts() []string {
	var all []string
	for _, a := range c.Actions {
		what := string(a.To)
		if a.Kind != KindStatus {
			what = a.Label + a.Event
		}
		if a.Kind == KindSend {
			what = a.ReferenceID
		}
		all = append(all, trimmed(string(a.Kind)+" "+what))
	}
	return all
}

// all is everything a change does and says.
func (c *Change) all() []string { return append(c.acts(), c.notes()...) }

func trimmed(s string) string {
	var out []byte
	for i := range len(s) {
		if s[i] == ' ' && (i == len(s)-1 || s[i+1] == ' ') {
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

// expect compares everything a change does and says.
func expect(t *testing.T, c Change, want ...string) {
	t.Helper()
	if got := c.all(); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
