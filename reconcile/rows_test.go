package reconcile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

// contractRow is a row of a behaviour table as the contract has it (section 4). Seen is how
// the code names the observation where it needs other words.
type contractRow struct {
	desired, observed string
	result            Effect
	code              string
	seen              string
}

// contract holds the four tables, row by row, in the contract's order.
var contract = map[string][]contractRow{
	"sending": {
		{"canceled", "not sent", Nothing, "", ""},
		{"any", "not in state, but the provider or gateway knows the reference_id", Block, "exists_unmanaged", ""},
		{"any", "not sent, paid offline in full", Nothing, "", ""},
		{"any", "not sent, paid offline in part", Block, "partly_paid_offline", ""},
		{"any", "not sent, expiration less than 300 s away", Block, "expiration_too_soon", ""},
		{"any", "not sent", Act, "", ""},
		{"content changed", "a payment is pending or captured, or terminal", Block, "content_changed_after_payment", ""},
		{"content changed", "pending, unpaid, and the next reference would be over 35 characters", Block, "reference_too_long", ""},
		{"content changed", "pending, unpaid", Act, "", ""},
	},
	"status": {
		{"any", "canceled, and captured later", Block, "paid_after_cancel", ""},
		{"any", "captured under two references or twice under one", Block, "paid_twice", ""},
		{"any", "captured amount or currency is not the bill's", Block, "amount_mismatch", ""},
		{"any", "offline and captured together exceed the total", Block, "overpaid", ""},
		{"the observed one", "", Nothing, "", ""},
		{"any other", "a payment state nobody knows", Wait, "payment_unknown", ""},
		{"another", "completed or canceled", Block, "terminal_status", ""},
		{"pending", "any later status", Block, "cannot_return_to_pending", ""},
		{"canceled", "captured", Block, "canceled_after_payment", ""},
		{"canceled", "a payment is pending or authorized", Wait, "payment_pending", ""},
		{"canceled", "unpaid", Act, "", ""},
		{"processing … shipped", "refunded in full", Wait, "fully_refunded", ""},
		{"processing … completed", "expired, unpaid", Wait, "expired", ""},
		{"processing … completed", "not captured, not paid offline in full, and require_payment", Wait, "payment_not_captured", ""},
		{"processing … completed", "otherwise", Act, "", ""},
	},
	"refund": {
		{"recorded with `id`", "", Block, "refund_not_found", "not on the list, or with another amount"},
		{"changed in amount, speed or way", "accepted or sent", Block, "refund_changed", ""},
		{"removed from the spec", "sent or unknown", Nothing, "", "sent"},
		{"new label", "a sent label of the same order and amount has left the spec", Block, "refund_renamed", "a sent or recorded label of the same order and amount has left the spec"},
		{"any new", "the provider or gateway lists a refund that belongs to no label, imported or not", Block, "refund_unexplained", ""},
		{"any new", "an earlier refund of the same payment is unknown", Wait, "refund_undecided", ""},
		{"any", "not captured", Wait, "refund_before_capture", ""},
		{"any new", "all refunds together exceed what was captured", Block, "refund_exceeds_captured", ""},
		{"any", "reported failed by the provider", Block, "refund_failed", "reported failed by the provider, or refused, and no new attempt permitted"},
		{"any", "otherwise", Act, "", ""},
	},
	"answer": {
		{"free-form message", "the 24-hour window is closed (131047)", Block, "outside_service_window", ""},
		{"status", "2046 or 2047", Block, "status_refused", ""},
		{"send, status, notify", "refused for good (131026, 131050, 130403, 132015 …)", Block, "refused", ""},
		{"any", "account or number refused (190, 368, 131042, 131048 …)", Wait, "provider_paused", ""},
		{"any", "throttled, or over the messaging limit", Wait, "throttled", ""},
	},
}

func TestTablesHoldTheContractsRowsInItsOrder(t *testing.T) {
	tables := Tables()
	if len(tables) != len(contract) {
		t.Errorf("%d tables, the contract has %d", len(tables), len(contract))
	}
	for name, rows := range contract {
		at := -1
		for _, want := range rows {
			i := indexOfRow(tables[name], want)
			switch {
			case i < 0:
				t.Errorf("%s: no row %q, %q", name, want.desired, want.observed)
				continue
			case i <= at:
				t.Errorf("%s: row %q, %q comes before the one the contract has above it", name, want.desired, want.observed)
			}
			at = i
			if got := tables[name][i]; got.Result != want.result || got.Code != want.code {
				t.Errorf("%s: %q, %q gives %s %s, the contract %s %s", name, want.desired, want.observed, got.Result, got.Code, want.result, want.code)
			}
		}
	}
}

func indexOfRow(rows []Row, want contractRow) int {
	for i := range rows {
		if rows[i].Desired == want.desired && rows[i].Observed == firstOf(want.seen, want.observed) {
			return i
		}
	}
	return -1
}

func TestEveryRowThatWaitsOrBlocksSaysWhy(t *testing.T) {
	for name, rows := range Tables() {
		for _, r := range rows {
			says := r.Result == Wait || r.Result == Block || r.Result == Doubt
			if says != (r.detail != nil) {
				t.Errorf("%s: %q, %q: %s, with a detail: %v", name, r.Desired, r.Observed, r.Result, r.detail != nil)
			}
			if (r.Code != "") != (r.Result == Wait || r.Result == Block) {
				t.Errorf("%s: %q, %q: %s with code %q", name, r.Desired, r.Observed, r.Result, r.Code)
			}
			if r.Source == "" {
				t.Errorf("%s: %q, %q names no source", name, r.Desired, r.Observed)
			}
		}
	}
}

// scenario is one situation and the row that decides in it.
type scenario struct {
	table, desired, observed string
	steps                    []step
	want                     []string
}

func steps(s ...step) []step     { return s }
func gives(s ...string) []string { return s }

// rowScenarios has at least one situation for every row of every table, in their order.
func rowScenarios() []scenario {
	var all []scenario
	for _, list := range [][]scenario{sendingScenarios(), statusScenarios(), refundScenarios(), answerScenarios()} {
		all = append(all, list...)
	}
	return all
}

func TestEveryRowIsReached(t *testing.T) {
	hits := watchRows(t)
	for _, sc := range rowScenarios() {
		t.Run(fmt.Sprintf("%s/%s/%s", sc.table, sc.desired, sc.observed), func(t *testing.T) {
			s := situated(sc.steps...)
			before := hits.count(sc)
			expect(t, s.diff(), sc.want...)
			if hits.count(sc) == before {
				t.Error("another row decided")
			}
		})
	}
	for name, rows := range Tables() {
		for _, r := range rows {
			if hits[rowKey(name, r.Desired, r.Observed)] == 0 {
				t.Errorf("%s: no scenario reaches %q, %q", name, r.Desired, r.Observed)
			}
		}
	}
}

// TestScenariosFollowTheTables keeps the list above readable as the tables themselves.
func TestScenariosFollowTheTables(t *testing.T) {
	tables := Tables()
	at := map[string]int{}
	for _, sc := range rowScenarios() {
		i := indexOfRow(tables[sc.table], contractRow{desired: sc.desired, observed: sc.observed})
		if i < 0 || i < at[sc.table] {
			t.Errorf("%s: the scenario of %q, %q is out of order, or of no row", sc.table, sc.desired, sc.observed)
		}
		at[sc.table] = i
	}
}

// rowHits counts how often each row decided.
type rowHits map[string]int

func (h rowHits) count(sc scenario) int { return h[rowKey(sc.table, sc.desired, sc.observed)] }

func rowKey(parts ...string) string { return strings.Join(parts, "\x00") }

// watchRows counts which rows decide, until the test ends.
func watchRows(t *testing.T) rowHits {
	hits := rowHits{}
	for name, rows := range map[string][]Row{"sending": sendRows, "status": statusRows, "refund": refundRows, "answer": answerRows} {
		for i := range rows {
			when, key := rows[i].when, rowKey(name, rows[i].Desired, rows[i].Observed)
			rows[i].when = func(f *facts) bool {
				holds := when(f)
				if holds {
					hits[key]++
				}
				return holds
			}
			t.Cleanup(func() { rows[i].when = when })
		}
	}
	return hits
}

func longReference(s *situation) {
	s.want.ReferenceID = strings.Repeat("R", 34)
	s.have.Ref = s.want.ReferenceID
	billedAs(s.want.ReferenceID)(s)
}

func stray(state PaymentState) step {
	return func(s *situation) {
		s.have.Stray = &Payment{Reference: s.want.ReferenceID, State: state, At: noon}
	}
}

func sendingScenarios() []scenario {
	return []scenario{
		{"sending", "any", "an invoice without a provider, or an order that left the spec",
			steps(invoice, says(func(o *spec.Order) { o.Provider = "" })), nil},
		{"sending", "canceled", "not sent",
			steps(wants(spec.Canceled)), nil},
		{"sending", "any", "the sending is in doubt",
			steps(billing(Undecided)), gives("unknown send")},
		{"sending", "any", "not in state, but the provider or gateway knows the reference_id",
			steps(stray(Unpaid), notifying(spec.EventCreated), refunding("loaf", 100)), gives("blocked send exists_unmanaged")},
		{"sending", "any", "not in state, but the provider or gateway knows the reference_id",
			steps(billed, repriced, replacing(sentOn), lookedAt("BREAD-1", Unpaid, noon), strayAt("BREAD-1-2")), gives("blocked replace exists_unmanaged")},
		{"sending", "canceled", "canceled for a replace that is not finished",
			steps(billed, repriced, replacing(), wants(spec.Canceled)), nil},
		{"sending", "content changed", "canceled for a replace, and captured all the same",
			steps(billed, repriced, replacing(), paid), gives("blocked replace paid_after_cancel")},
		{"sending", "content changed", "canceled for a replace, and captured all the same",
			steps(billed, repriced, replacing(), begunAs("BREAD-1-2"), lookedAt("BREAD-1", Captured, noon)), gives("blocked replace paid_after_cancel")},
		{"sending", "content changed", "canceled for a replace, and a payment is pending or authorized",
			steps(billed, repriced, replacing(), looks(PaymentPending)), gives("waiting replace payment_pending")},
		{"sending", "any", "not sent, paid offline in full",
			steps(cash("till", 21000), notifying(spec.EventPaid)), gives("notify paid")},
		{"sending", "any", "not sent, paid offline in full",
			steps(billed, repriced, replacing(sentOn), lookedAt("BREAD-1", Unpaid, noon), cash("till", 31500)), nil},
		{"sending", "any", "not sent, paid offline in part",
			steps(cash("till", 20999)), gives("blocked send partly_paid_offline")},
		{"sending", "content changed", "canceled for a replace, and a payment state nobody knows",
			steps(billed, repriced, replacing(), looks(PaymentUnknown)), gives("waiting replace payment_unknown")},
		{"sending", "content changed", "canceled for a replace, the cancel not confirmed yet",
			steps(billed, repriced, replacing(), lookedAt("BREAD-1", Unpaid, noon)), gives("waiting replace replace_unconfirmed")},
		{"sending", "any", "not sent, expiration less than 300 s away",
			steps(expiresIn(299 * time.Second)), gives("blocked send expiration_too_soon")},
		{"sending", "any", "not sent",
			steps(expiresIn(300 * time.Second)), gives("send BREAD-1")},
		{"sending", "any", "not sent",
			steps(billed, repriced, replacing(sentOn), lookedAt("BREAD-1", Unpaid, noon)), gives("send BREAD-1-2")},
		{"sending", "content unchanged", "sent",
			steps(billed), nil},
		{"sending", "canceled", "sent, content changed",
			steps(billed, repriced, wants(spec.Canceled)), gives("status canceled")},
		{"sending", "content changed", "a payment is pending or captured, or terminal",
			steps(billed, paid, repriced), gives("blocked replace content_changed_after_payment")},
		{"sending", "content changed", "a payment is pending or captured, or terminal",
			steps(billed, looks(PaymentPending), repriced), gives("blocked replace content_changed_after_payment")},
		{"sending", "content changed", "a payment is pending or captured, or terminal",
			steps(billed, unpaidIsFine, moved(spec.Completed), wants(spec.Completed), repriced), gives("blocked replace content_changed_after_payment")},
		{"sending", "content changed", "a payment state nobody knows",
			steps(billed, looks(PaymentUnknown), repriced), gives("waiting replace payment_unknown")},
		{"sending", "content changed", "paid offline in part",
			steps(billed, repriced, cash("till", 100)), gives("blocked replace partly_paid_offline")},
		{"sending", "content changed", "the new expiration less than 300 s away",
			steps(billed, expiresIn(299*time.Second)), gives("blocked replace expiration_too_soon")},
		{"sending", "content changed", "pending, unpaid, lifecycle prevent_replace",
			steps(billed, repriced, says(func(o *spec.Order) { o.PreventReplace = true })), gives("blocked replace replace_prevented")},
		{"sending", "content changed", "pending, unpaid, and the next reference would be over 35 characters",
			steps(longReference, repriced), gives("blocked replace reference_too_long")},
		{"sending", "content changed", "pending, unpaid",
			steps(billed, repriced), gives("replace BREAD-1-2")},
	}
}

// sentOn is what a webhook says of a message that left the platform.
func sentOn(a *Attempt) { a.Delivery = SentOn }

func strayAt(reference string) step {
	return func(s *situation) { s.have.Stray = &Payment{Reference: reference, State: Unpaid, At: noon} }
}

// begunAs: a bill was begun under a reference, and the platform would not take it.
func begunAs(reference string) step {
	return func(s *situation) { tried(s, KindSend, reference, Rejected, refusedWith(131026)) }
}

func twice(p *Payment) {
	p.Transactions = append(p.Transactions, Transaction{ID: "order_2", State: TransactionSuccess})
}

func statusScenarios() []scenario {
	return []scenario{
		{"status", "any", "canceled, and captured later",
			steps(billed, moved(spec.Canceled), paid, wants(spec.Canceled)), gives("blocked status paid_after_cancel")},
		{"status", "any", "captured under two references or twice under one",
			steps(billed, looks(Captured, twice), wants(spec.Shipped)), gives("blocked status paid_twice")},
		{"status", "any", "captured amount or currency is not the bill's",
			steps(billed, looks(Captured, func(p *Payment) { p.Amount = 20000 }), wants(spec.Shipped)), gives("blocked status amount_mismatch")},
		{"status", "any", "captured amount or currency is not the bill's",
			steps(billed, looks(Captured, func(p *Payment) { p.Currency = "USD" }), wants(spec.Shipped)), gives("blocked status amount_mismatch")},
		{"status", "any", "offline and captured together exceed the total",
			steps(billed, paid, cash("till", 1), wants(spec.Shipped)), gives("blocked status overpaid")},
		{"status", "the observed one", "",
			steps(billed, paid, moved(spec.Shipped), wants(spec.Shipped)), nil},
		{"status", "any", "not sent, and not about to be",
			steps(cash("till", 21000), wants(spec.Shipped)), nil},
		{"status", "any other", "a payment state nobody knows",
			steps(billed, looks(PaymentUnknown), wants(spec.Canceled)), gives("waiting status payment_unknown")},
		{"status", "another", "completed or canceled",
			steps(billed, paid, moved(spec.Completed), wants(spec.Shipped)), gives("blocked status terminal_status")},
		{"status", "pending", "any later status",
			steps(billed, paid, moved(spec.Shipped)), gives("blocked status cannot_return_to_pending")},
		{"status", "canceled", "captured",
			steps(billed, paid, wants(spec.Canceled)), gives("blocked status canceled_after_payment")},
		{"status", "canceled", "a payment is pending or authorized",
			steps(billed, looks(PaymentPending), wants(spec.Canceled)), gives("waiting status payment_pending")},
		{"status", "canceled", "a payment is pending or authorized",
			steps(billed, looks(Authorized), wants(spec.Canceled)), gives("waiting status payment_pending")},
		{"status", "canceled", "unpaid",
			steps(billed, looks(Unpaid), wants(spec.Canceled)), gives("status canceled")},
		{"status", "processing … shipped", "refunded in full",
			steps(billed, paid, refunding("all", 21000), refunded("all", Settled), wants(spec.Shipped)), gives("waiting status fully_refunded")},
		{"status", "processing … completed", "canceled by the customer, no retry possible",
			steps(billed, looks(PaymentDead), wants(spec.Completed)), gives("blocked status payment_dead")},
		{"status", "processing … completed", "expired, unpaid",
			steps(expiresIn(-time.Minute), billed, looks(Unpaid), wants(spec.Shipped)), gives("waiting status expired")},
		{"status", "processing … completed", "not captured, not paid offline in full, and require_payment",
			steps(billed, looks(Authorized), wants(spec.Processing)), gives("waiting status payment_not_captured")},
		{"status", "processing … completed", "otherwise",
			steps(billed, paid, wants(spec.Processing)), gives("status processing")},
		{"status", "processing … completed", "otherwise",
			steps(unpaidIsFine, wants(spec.Completed)), gives("send BREAD-1", "status completed")},
	}
}

func refundScenarios() []scenario {
	made := func(id string, amount spec.Amount) step {
		return says(func(o *spec.Order) {
			o.Refunds = []spec.Refund{{Label: "by-hand", ID: id, Amount: amount, Speed: "normal"}}
		})
	}
	renamed := says(func(o *spec.Order) { o.Refunds[0].Label = "roll" })
	// refusedAndByHand: what was refused under a label was made elsewhere, and recorded under it.
	refusedAndByHand := func(s *situation) {
		for _, step := range steps(billed, paid, made("", 2000), refunded("by-hand", Rejected, refusedWith(100)),
			lookedAt("BREAD-1", Captured, noon, listing("rfnd_1", 2000, RefundSuccess)), made("rfnd_1", 2000), adopted) {
			step(s)
		}
	}
	return []scenario{
		{"refund", "recorded with `id`", "on the list, with the amount declared",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundSuccess)), made("rfnd_1", 2000)), nil},
		{"refund", "recorded with `id`", "on the list, with the amount declared",
			steps(refusedAndByHand, renamed), nil},
		{"refund", "recorded with `id`", "not on the list, or with another amount",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundSuccess)), made("rfnd_1", 2001)), gives("blocked refund by-hand refund_not_found")},
		{"refund", "recorded with `id`", "not on the list, or with another amount",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Undecided), says(func(o *spec.Order) { o.Refunds[0].ID = "rfnd_9" })),
			gives("blocked refund loaf refund_not_found", "unknown refund loaf")},
		{"refund", "changed in amount, speed or way", "recorded with an `id` that is gone",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundSuccess)), made("rfnd_1", 2000), adopted, made("", 2000)),
			gives("blocked refund by-hand refund_changed")},
		{"refund", "changed in amount, speed or way", "recorded with an `id` that is gone",
			steps(refusedAndByHand, made("", 2000), func(s *situation) { s.terms.RetryFailedRefunds = 1 }),
			gives("blocked refund by-hand refund_changed")},
		{"refund", "any", "listed with another amount than it was sent with",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), looks(Captured, listing("rfnd_loaf", 101, RefundSuccess))),
			gives("blocked refund loaf amount_mismatch")},
		{"refund", "changed in amount, speed or way", "accepted or sent",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), says(func(o *spec.Order) { o.Refunds[0].Amount = 101 })),
			gives("blocked refund loaf refund_changed")},
		{"refund", "changed in amount, speed or way", "accepted or sent",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), func(s *situation) { s.want.RefundVia = "razorpay.main" }),
			gives("blocked refund loaf refund_changed")},
		{"refund", "changed in amount, speed or way", "accepted or sent",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), billedAs("BREAD-1-2"), lookedAt("BREAD-1-2", Captured, noon),
				says(func(o *spec.Order) { o.Refunds[0].Reference = "BREAD-1-2" })),
			gives("blocked status paid_twice", "blocked refund loaf refund_changed")},
		{"refund", "changed in amount, speed or way", "accepted or sent",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Held), says(func(o *spec.Order) { o.Refunds[0].Amount = 101 })),
			gives("blocked refund loaf refund_changed", "unknown refund loaf")},
		{"refund", "any", "unknown outcome",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Undecided)), gives("unknown refund loaf")},
		{"refund", "removed from the spec", "sent",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), says(func(o *spec.Order) { o.Refunds = nil })), nil},
		{"refund", "any", "sent, or given up by a person",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Abandoned)), nil},
		{"refund", "new label", "a sent or recorded label of the same order and amount has left the spec",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled), renamed), gives("blocked refund roll refund_renamed")},
		{"refund", "new label", "a sent or recorded label of the same order and amount has left the spec",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundSuccess)), made("rfnd_1", 2000), adopted, made("", 2000), renamed),
			gives("blocked refund roll refund_renamed")},
		{"refund", "new label", "a sent or recorded label of the same order and amount has left the spec",
			steps(refusedAndByHand, made("", 2000), renamed), gives("blocked refund roll refund_renamed")},
		{"refund", "any new", "the provider or gateway lists a refund that belongs to no label, imported or not",
			steps(billed, looks(Captured, listing("rfnd_1", 2000, RefundSuccess)), refunding("loaf", 100)), gives("blocked refund loaf refund_unexplained")},
		{"refund", "any new", "not in state, but the provider or gateway knows the order's next reference_id",
			steps(billed, paid, refunding("loaf", 100), strayAt("BREAD-1-2")), gives("blocked refund loaf exists_unmanaged")},
		{"refund", "any new", "an earlier refund of the same payment is unknown",
			steps(billed, paid, refunding("loaf", 100), refunding("roll", 200), refunded("loaf", Held)),
			gives("waiting refund roll refund_undecided", "unknown refund loaf")},
		{"refund", "any", "captured under several references, and none named",
			steps(billed, billedAs("BREAD-1-2"), lookedAt("BREAD-1", Captured, noon), lookedAt("BREAD-1-2", Captured, noon), refunding("twice", 21000)),
			gives("blocked status paid_twice", "blocked refund twice refund_ambiguous")},
		{"refund", "any", "refund_via names a gateway that this version cannot speak to",
			steps(billed, paid, refunding("loaf", 100), func(s *situation) { s.want.RefundVia = "razorpay.main" }),
			gives("blocked refund loaf gateway_unavailable")},
		{"refund", "any", "not captured",
			steps(billed, looks(PaymentPending), refunding("loaf", 100)), gives("waiting refund loaf refund_before_capture")},
		{"refund", "any new", "captured in another currency",
			steps(billed, looks(Captured, func(p *Payment) { p.Currency = "USD" }), refunding("loaf", 100)),
			gives("blocked status amount_mismatch", "blocked refund loaf amount_mismatch")},
		{"refund", "any new", "all refunds together exceed what was captured",
			steps(billed, paid, refunding("loaf", 11000), refunding("roll", 10001)),
			gives("blocked refund loaf refund_exceeds_captured", "blocked refund roll refund_exceeds_captured")},
		{"refund", "any", "reported failed by the provider, or refused, and no new attempt permitted",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Rejected, refusedWith(100))), gives("blocked refund loaf refund_failed")},
		{"refund", "any", "reported failed by the provider, or refused, and no new attempt permitted",
			steps(billed, paid, refunding("loaf", 100), refunded("loaf", Settled),
				lookedAt("BREAD-1", Captured, noon, listing("rfnd_loaf", 100, RefundFailed))), gives("blocked refund loaf refund_failed")},
		{"refund", "any", "otherwise",
			steps(billed, paid, refunding("loaf", 11000), refunding("roll", 10000)), gives("refund loaf", "refund roll")},
	}
}

func answerScenarios() []scenario {
	permitted := func(a *Attempt) { a.Retry = true }
	return []scenario{
		{"answer", "order_status", "unknown for 10 minutes, sent once",
			steps(billed, paid, moving(spec.Shipped, Undecided, claimed(10*time.Minute)), wants(spec.Shipped)), gives("status shipped")},
		{"answer", "any action", "unknown",
			steps(billed, paid, moving(spec.Shipped, Undecided, claimed(9*time.Minute)), wants(spec.Shipped)), gives("unknown status")},
		{"answer", "any action", "done, or given up by a person",
			steps(billed, paid, moving(spec.Shipped, Abandoned), wants(spec.Shipped)), nil},
		{"answer", "free-form message", "the 24-hour window is closed (131047), and templates names a form",
			steps(withForms, billing(Rejected, refusedWith(131047))), gives("send BREAD-1")},
		{"answer", "free-form message", "the 24-hour window is closed (131047)",
			steps(billing(Rejected, refusedWith(131047))), gives("blocked send outside_service_window")},
		{"answer", "status", "2046 or 2047",
			steps(billed, looks(Unpaid), moving(spec.Canceled, Rejected, refusedWith(2047)), wants(spec.Canceled)), gives("blocked status status_refused")},
		{"answer", "status", "2046 or 2047",
			steps(billed, paid, moving(spec.Shipped, Rejected, refusedWith(2046)), wants(spec.Shipped)), gives("blocked status status_refused")},
		{"answer", "send, status, notify", "refused for good (131026, 131050, 130403, 132015 …)",
			steps(billing(Rejected, refusedWith(131026))), gives("blocked send refused")},
		{"answer", "any", "account or number refused (190, 368, 131042, 131048 …)",
			steps(func(s *situation) { s.terms.Paused = "token expired" }), gives("waiting send provider_paused")},
		{"answer", "any", "throttled, or over the messaging limit",
			steps(billing(Ready, func(a *Attempt) { a.NextAt = noon.Add(time.Second) })), gives("waiting send throttled")},
		{"answer", "any action", "never tried, not sent after all, or one more try permitted by a person",
			steps(billing(Ready, func(a *Attempt) { a.NextAt = noon })), gives("send BREAD-1")},
		{"answer", "any action", "never tried, not sent after all, or one more try permitted by a person",
			steps(billing(Rejected, refusedWith(131026), permitted)), gives("send BREAD-1")},
		{"answer", "any action", "never tried, not sent after all, or one more try permitted by a person",
			steps(billing(Closed)), gives("send BREAD-1")},
	}
}
