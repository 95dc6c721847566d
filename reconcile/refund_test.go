package reconcile

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

func TestRefunds(t *testing.T) {
	claim := func(label, id string, amount spec.Amount) step {
		return says(func(o *spec.Order) {
			o.Refunds = append(o.Refunds, spec.Refund{Label: label, ID: id, Amount: amount, Speed: "normal"})
		})
	}
	relabel := func(f func(*spec.Refund)) step { return says(func(o *spec.Order) { f(&o.Refunds[0]) }) }
	failed := func(label string) step {
		return lookedAt("BREAD-1", Captured, noon, listing("rfnd_"+label, 100, RefundFailed))
	}
	retries := func(n int) step { return func(s *situation) { s.terms.RetryFailedRefunds = n } }
	for _, tt := range []struct {
		name  string
		steps []step
		want  []string
	}{
		{"an unexplained refund is explained by the label that claims it, in the same plan",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundPending)), refunding("loaf", 100), claim("by-hand", "rfnd_1", 2000)),
			gives("refund loaf")},
		{"claiming it with another amount explains nothing",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundPending)), refunding("loaf", 100), claim("by-hand", "rfnd_1", 2100)),
			gives("blocked refund loaf refund_unexplained", "blocked refund by-hand refund_not_found")},
		{"one that was recorded is never sent under its label, also when its id is taken out",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundSuccess)), claim("by-hand", "rfnd_1", 2000), adopted, relabel(func(r *spec.Refund) { r.ID = "" })),
			gives("blocked refund by-hand refund_changed")},
		{"nor under the label that was another before",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundSuccess)), claim("by-hand", "rfnd_1", 2000), adopted,
				relabel(func(r *spec.Refund) { r.ID, r.Label, r.Was = "", "till", "by-hand" })),
			gives("blocked refund till refund_changed")},
		{"it may take another label with its id",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundSuccess)), claim("by-hand", "rfnd_1", 2000), adopted, relabel(func(r *spec.Refund) { r.Label = "till" }), adopted), nil},
		{"and not while the first one is declared too",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundSuccess)), claim("by-hand", "rfnd_1", 2000), adopted, claim("till", "rfnd_1", 2000)),
			gives("blocked refund till refund_not_found")},
		{"a total that is changed after the payment hides no surplus",
			steps(billed, looks(Captured, twice), wants(spec.Shipped), repriced), gives("blocked replace content_changed_after_payment", "blocked status paid_twice")},
		{"a refund that failed moved no money and needs no explanation",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundFailed)), refunding("loaf", 100)),
			gives("refund loaf")},
		{"a refund declared to be another's is explained, and counts",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundSuccess)), foreign("rfnd_1"), refunding("loaf", 19001)),
			gives("blocked refund loaf refund_exceeds_captured")},
		{"an imported refund needs an explanation too",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundSuccess)), imported("rfnd_1"), refunding("loaf", 100)),
			gives("blocked refund loaf refund_unexplained")},
		{"one that is unexplained on another bill of the order holds all of its refunds",
			steps(billed, billedAs("BREAD-1-2"), lookedAt("BREAD-1", Unpaid, noon, listing("rfnd_1", 5, RefundSuccess)), lookedAt("BREAD-1-2", Captured, noon), refunding("loaf", 100)),
			gives("blocked refund loaf refund_unexplained")},
		{"one listed with a larger amount counts with that",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), looks(Captured, listing("rfnd_loaf", 20000, RefundSuccess)), refunding("roll", 1001)),
			gives("blocked refund loaf amount_mismatch", "blocked refund roll refund_exceeds_captured")},
		{"one listed with a smaller amount counts with what was asked for",
			steps(billed, paid, refunding("loaf", 20000), refunded("loaf", Settled), looks(Captured, listing("rfnd_loaf", 100, RefundSuccess)), refunding("roll", 1001)),
			gives("blocked refund loaf amount_mismatch", "blocked refund roll refund_exceeds_captured")},
		{"a list that shows the old amount again takes nothing back",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), looks(Captured, listing("rfnd_loaf", 20000, RefundSuccess)),
				looks(Captured, listing("rfnd_loaf", 100, RefundSuccess)), refunding("roll", 1001)),
			gives("blocked refund loaf amount_mismatch", "blocked refund roll refund_exceeds_captured")},
		{"a person lets another amount stand by naming the refund",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), looks(Captured, listing("rfnd_loaf", 101, RefundSuccess)),
				relabel(func(r *spec.Refund) { r.ID, r.Amount = "rfnd_loaf", 101 })), nil},
		{"one that failed moved neither amount",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), looks(Captured, listing("rfnd_loaf", 101, RefundFailed))),
			gives("blocked refund loaf refund_failed")},
		{"all of the money is not too much",
			steps(billed, paid, refunding("loaf", 1), refunding("rest", 20999)), gives("refund loaf", "refund rest")},
		{"what is pending counts as spent",
			steps(billed, looks(Captured, listing("rfnd_1", 20000, RefundPending)), claim("by-hand", "rfnd_1", 20000), refunding("loaf", 1001)),
			gives("blocked refund loaf refund_exceeds_captured")},
		{"what was given up counts as spent",
			steps(billed, paid, refunding("loaf", 20000), refunded("loaf", Abandoned), refunding("roll", 1001)),
			gives("blocked refund roll refund_exceeds_captured")},
		{"what was refused does not",
			steps(billed, paid, refunding("loaf", 20000), refunded("loaf", Rejected, refusedWith(100)), refunding("roll", 21000)),
			gives("refund roll", "blocked refund loaf refund_failed")},
		{"sums beyond what an amount holds are too much, not little",
			steps(billed, paid, refunding("a", math.MaxInt64), refunding("b", math.MaxInt64)),
			gives("blocked refund a refund_exceeds_captured", "blocked refund b refund_exceeds_captured")},
		{"one too large holds back the small ones declared with it, and none that went before",
			steps(billed, paid, refunding("sent", 100), refunded("sent", Settled), refunding("small", 1), refunding("large", 21000)),
			gives("blocked refund small refund_exceeds_captured", "blocked refund large refund_exceeds_captured")},
		{"another speed is another refund",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), relabel(func(r *spec.Refund) { r.Speed = "instant" })),
			gives("blocked refund loaf refund_changed")},
		{"what never left may be changed",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Ready), relabel(func(r *spec.Refund) { r.Amount = 200 })),
			gives("refund loaf")},
		{"what was refused is no more than failed when it is changed",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Rejected), relabel(func(r *spec.Refund) { r.Amount = 200 })),
			gives("blocked refund loaf refund_failed")},
		{"was says that it is the same refund",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), relabel(func(r *spec.Refund) { r.Label, r.Was = "roll", "loaf" })), nil},
		{"was also finds one of unknown outcome",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Undecided), relabel(func(r *spec.Refund) { r.Label, r.Was = "roll", "loaf" })),
			gives("unknown refund roll")},
		{"a second one of the same amount beside the first is no renaming",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), refunding("roll", 100)), gives("refund roll")},
		{"a label that left while its outcome is unknown is still shown, and closes the payment",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Held), says(func(o *spec.Order) { o.Refunds = nil }), refunding("roll", 50)),
			gives("waiting refund roll refund_undecided", "unknown refund loaf")},
		{"the policy grants a new attempt after a definite failure",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), failed("loaf"), retries(1)), gives("refund loaf")},
		{"and no second one",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled, func(a *Attempt) { a.N = 2 }), failed("loaf"), retries(1)),
			gives("blocked refund loaf refund_failed")},
		{"and none after an unknown outcome, however often it may",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Undecided), retries(9)), gives("unknown refund loaf")},
		{"and none where a person said that it did not happen",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Closed), retries(9)), gives("blocked refund loaf refund_failed")},
		{"a person grants one",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Closed, func(a *Attempt) { a.Retry = true })), gives("refund loaf")},
		{"a granted attempt is held up by what nobody explains, like any other",
			steps(billed, looks(Captured, listing("rfnd_1", 100, RefundSuccess)), refundingAfter("loaf", 100, Closed), refunding("roll", 7)),
			gives("blocked refund loaf refund_unexplained", "blocked refund roll refund_unexplained")},
		{"a refund names the bill that was paid twice",
			steps(billed, billedAs("BREAD-1-2"), lookedAt("BREAD-1", Captured, noon), lookedAt("BREAD-1-2", Captured, noon), refunding("twice", 21000),
				relabel(func(r *spec.Refund) { r.Reference = "BREAD-1" })),
			gives("refund twice", "blocked status paid_twice")},
		{"or the payment",
			steps(billed, billedAs("BREAD-1-2"), lookedAt("BREAD-1", Captured, noon), lookedAt("BREAD-1-2", Captured, noon), refunding("twice", 21000),
				relabel(func(r *spec.Refund) { r.Payment = "order_BREAD-1-2" })),
			gives("refund twice", "blocked status paid_twice")},
		{"a refund of a bill that was not paid waits",
			steps(billed, billedAs("BREAD-1-2"), lookedAt("BREAD-1", Captured, noon), refunding("loaf", 100),
				relabel(func(r *spec.Refund) { r.Reference = "BREAD-1-2" })),
			gives("waiting refund loaf refund_before_capture")},
		{"a bill that was canceled and paid all the same can be refunded",
			steps(billed, moved(spec.Canceled), paid, wants(spec.Canceled), refunding("all", 21000)),
			gives("refund all", "blocked status paid_after_cancel")},
		{"and after that nobody is bothered",
			steps(billed, moved(spec.Canceled), paid, wants(spec.Canceled), refunding("all", 21000), refunded("all", Settled)), nil},
		{"a refund waits for no message, and no message for a refund",
			steps(billed, paid, wants(spec.Shipped), refunding("loaf", 100), refunded("loaf", Undecided), refunding("roll", 50)),
			gives("status shipped", "waiting refund roll refund_undecided", "unknown refund loaf")},
	} {
		t.Run(tt.name, func(t *testing.T) { expect(t, situated(tt.steps...).diff(), tt.want...) })
	}
}

func foreign(id string) step  { return func(s *situation) { s.have.refund(id).Foreign = true } }
func imported(id string) step { return func(s *situation) { s.have.refund(id).Imported = true } }

// refundingAfter declares a refund whose first attempt came to nothing, and one more of which
// a person permitted.
func refundingAfter(label string, amount spec.Amount, state AttemptState) step {
	return func(s *situation) {
		refunding(label, amount)(s)
		s.have.Attempts = append(s.have.Attempts, Attempt{ID: "x-1", Action: "x", N: 1, Kind: KindRefund, Label: label, Amount: amount,
			Speed: "normal", Reference: "BREAD-1", State: state, Retry: true, ClaimedAt: noon.Add(-48 * time.Hour)})
	}
}

func TestTwiceUnderOneReferenceCountsTwice(t *testing.T) {
	s := situated(billed, looks(Captured, twice), refunding("surplus", 21000))
	expect(t, s.diff(), "refund surplus", "blocked status paid_twice")
	refunded("surplus", Settled)(s)
	expect(t, s.diff())
	refunding("again", 21001)(s)
	expect(t, s.diff(), "blocked refund again refund_exceeds_captured")
}

func TestARefundThatLeftTheSpecIsNotSentAgainWhenItComesBack(t *testing.T) {
	s := situated(billed, paid, refunding("loaf", 100), refunded("loaf", Settled))
	declaredRefunds := s.want.Refunds
	s.want.Refunds = nil
	expect(t, s.diff())
	s.want.Refunds = declaredRefunds
	expect(t, s.diff())
}

func TestTheRefundIDIsWhatWasShown(t *testing.T) {
	id := func(f func(*spec.Refund)) string {
		s := situated(billed, paid, refunding("loaf", 100))
		f(&s.want.Refunds[0])
		return s.diff().Actions[0].ID
	}
	same := id(func(*spec.Refund) {})
	if id(func(r *spec.Refund) { r.Reason = "said otherwise" }) != same {
		t.Error("a reason is for people and no part of what is approved")
	}
	for name, f := range map[string]func(*spec.Refund){
		"amount": func(r *spec.Refund) { r.Amount++ }, "speed": func(r *spec.Refund) { r.Speed = "instant" }, "label": func(r *spec.Refund) { r.Label = "roll" },
	} {
		if id(f) == same {
			t.Errorf("another %s has the same id, so an approval would cover it", name)
		}
	}
}

// TestARefundUnderANewLabelIsToldWhichItIs: what to write depends on whether the old label was
// sent or recorded.
func TestARefundUnderANewLabelIsToldWhichItIs(t *testing.T) {
	renamed := says(func(o *spec.Order) { o.Refunds = []spec.Refund{{Label: "roll", Amount: 2000, Speed: "normal"}} })
	recorded := says(func(o *spec.Order) {
		o.Refunds = []spec.Refund{{Label: "by-hand", ID: "rfnd_1", Amount: 2000, Speed: "normal"}}
	})
	for way, steps := range map[string][]step{
		`was = "loaf"`:  steps(billed, paid, refunding("loaf", 2000), refunded("loaf", Settled), renamed),
		`id = "rfnd_1"`: steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundSuccess)), recorded, adopted, renamed),
	} {
		c := situated(steps...).diff()
		if len(c.Blocked) != 1 || !strings.Contains(c.Blocked[0].Detail, "write "+way+";") {
			t.Errorf("want a block that says to write %s: %+v", way, c.Blocked)
		}
	}
}
