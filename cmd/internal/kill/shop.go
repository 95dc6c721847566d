package kill

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/hisab/hisab/reconcile/sandbox"
)

// shop is what the merchant wants, and changes as the round goes on. Money is paise.
type shop struct {
	chance *rand.Rand
	wishes []*wish
	// private are names and numbers, which are nobody's, and must be found nowhere in print.
	private []string
}

// wish is one declared order or invoice.
type wish struct {
	kind, reference string
	name, phone     string
	price, tax      int64
	quantity        int64
	status          string
	prepaid         bool // require_payment
	notify          []string
	refunds         []refund
	cancelOnRemove  bool
	gone            bool // it has left the spec, and may come back
}

type refund struct {
	label  string
	amount int64
}

func (w *wish) total() int64 { return w.price*w.quantity + w.tax }

func (w *wish) given() (sum int64) {
	for _, r := range w.refunds {
		sum += r.amount
	}
	return sum
}

func newShop(chance *rand.Rand) *shop { return &shop{chance: chance} }

// once reports true in one of n cases.
func (s *shop) once(n int) bool { return s.chance.IntN(n) == 0 }

// grow declares n more orders and invoices.
func (s *shop) grow(n int) {
	for range n {
		i := len(s.wishes) + 1
		w := &wish{
			kind: "order", reference: fmt.Sprintf("K%03d", i),
			name:  fmt.Sprintf("Zebulon Quettawala%c%c", 'a'+i/26%26, 'a'+i%26),
			phone: fmt.Sprintf("9%09d", 100_000_000+s.chance.IntN(800_000_000)),
			price: 100 * int64(50+s.chance.IntN(400)), quantity: 1 + s.chance.Int64N(3),
			status: "pending", prepaid: !s.once(6), cancelOnRemove: s.once(3),
		}
		switch {
		case s.once(4):
			w.kind, w.quantity, w.status = "invoice", 1, "completed"
		case s.once(2):
			w.status = s.step()
		}
		for _, event := range []string{"paid", "refund", "created"} {
			if s.once(4) {
				w.notify = append(w.notify, event)
			}
		}
		if s.once(2) {
			s.giveBack(w)
		}
		s.private = append(s.private, w.name, w.phone, w.phone[:5]+" "+w.phone[5:])
		s.wishes = append(s.wishes, w)
	}
}

func (s *shop) step() string {
	return []string{"processing", "partially_shipped", "shipped", "completed"}[s.chance.IntN(4)]
}

// giveBack declares refunds: in full, one part, or several parts of equal amount, which only
// their labels tell apart.
func (s *shop) giveBack(w *wish) {
	left := w.total() - w.given()
	parts, amount := 1, left
	switch s.chance.IntN(4) {
	case 0: // all that is left
	case 1:
		amount = left / (2 + s.chance.Int64N(5))
	default:
		parts = 2 + s.chance.IntN(3)
		amount = w.total() / 10
	}
	if amount < 100 { // the least that the gateway takes
		return
	}
	for range parts {
		if w.given()+amount <= w.total() || s.once(20) { // now and then too much is asked for
			w.refunds = append(w.refunds, refund{fmt.Sprintf("r%d", len(w.refunds)+1), amount})
		}
	}
}

// edit changes what is wanted, as a merchant would who sees how the orders stand.
func (s *shop) edit(orders []sandbox.Order) {
	stands := map[string]*sandbox.Order{}
	for i := range orders {
		stands[orders[i].Reference] = &orders[i]
	}
	for _, w := range s.wishes {
		if o := stands[w.reference]; o != nil {
			s.change(w, o)
		}
	}
	s.grow(4 + s.chance.IntN(6))
}

func (s *shop) change(w *wish, o *sandbox.Order) {
	paid, over := o.Payment.Captured() > 0, o.Status == "completed" || o.Status == "canceled"
	switch {
	case w.gone:
		w.gone = !s.once(2)
	case s.once(20):
		w.gone = true
	case paid && s.once(2):
		s.giveBack(w)
	case w.kind == "order" && (paid && !over && s.once(2) || over && s.once(10)): // what is over is over
		w.status = s.step()
	case paid && s.once(20): // too late
		w.status = "canceled"
	case !paid && !over && s.once(6):
		w.tax += 100 * (1 + s.chance.Int64N(20)) // another content: a replace
	case !paid && s.once(8):
		w.status = "canceled" // while the customer may be paying
	}
}

// wanted is the declared status; an invoice is only ever pending, completed or canceled.
func (w *wish) wanted() string {
	if w.kind == "order" || slices.Contains([]string{"pending", "completed", "canceled"}, w.status) {
		return w.status
	}
	return "completed"
}
