package kill

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sandbox"
	"github.com/hisab/hisab/spec"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// after is so many milliseconds after noon.
func after(ms int) time.Time { return noon.Add(time.Duration(ms) * time.Millisecond) }

// order A is billed, shipped, and refunded twice with one amount; the second refund is in
// doubt, and has happened. Everything is as it should be.
func sound() *Evidence {
	refund := func(label, id string, state reconcile.AttemptState, at int) reconcile.Attempt {
		a := attempt(reconcile.KindRefund, "r-"+label, state, at, id)
		a.Label, a.Amount, a.Currency, a.Speed = label, 5000, spec.INR, "normal"
		a.Digest = asked{RefundRequest: reconcile.RefundRequest{Configuration: "c", Reference: "A", Amount: 5000, Currency: spec.INR, Speed: "normal"}}.digest()
		return a
	}
	send := attempt(reconcile.KindSend, "send", reconcile.Settled, 10, "wamid.1")
	send.Amount, send.Currency = 21000, spec.INR
	status := attempt(reconcile.KindStatus, "status", reconcile.Settled, 20, "wamid.2")
	status.To = spec.Shipped
	o := &reconcile.Observed{Ref: "A", Version: 9, Bills: []reconcile.Bill{{Reference: "A", Seq: 1}},
		Attempts: []reconcile.Attempt{send, status, refund("one", "rfnd_1", reconcile.Settled, 30), refund("two", "", reconcile.Undecided, 40)},
		Refunds:  []reconcile.RefundSeen{{ID: "rfnd_1", Reference: "A", Owner: "one"}},
	}
	e := &Evidence{
		Requests: []sandbox.Request{
			message("order_details", "A/send-1", 12, `"reference_id":"A","total_amount":{"value":21000,"offset":100}`),
			message("order_status", "A/status-1", 22, `"reference_id":"A","order":{"status":"shipped"}`),
			refundRequest("5000", 32), refundRequest("5000", 42),
		},
		Messages: []sandbox.Message{
			{ID: "wamid.1", Kind: sandbox.OrderDetails, Reference: "A", Opaque: "A/send-1", State: "delivered"},
			{ID: "wamid.2", Kind: sandbox.OrderStatus, Reference: "A", Status: "shipped", Opaque: "A/status-1", State: "delivered"},
		},
		Ledger: []sandbox.Entry{
			{Kind: "capture", Reference: "A", ID: "pay_1", Amount: 21000, Currency: spec.INR, By: "customer", At: after(15)},
			{Kind: "refund", Reference: "A", ID: "rfnd_1", Amount: 5000, Currency: spec.INR, By: "api", At: after(33)},
			{Kind: "refund", Reference: "A", ID: "rfnd_2", Amount: 5000, Currency: spec.INR, By: "api", At: after(43)},
		},
		Journal: []*reconcile.Observed{o},
		Log:     map[string][]reconcile.Event{},
		Reported: []Reported{
			{ID: "send", Kind: "send", Reference: "A", Result: "wamid.…1"},
			{ID: "r-one", Kind: "refund", Reference: "A", Label: "one", Result: "rfnd_1"},
		},
		Printed: "{\"result\":\"wamid.…S1VmSUI=\"}\n+91 98••••3210\n",
		Private: []string{token, "9876543210"},
	}
	for i := range o.Attempts {
		a := &o.Attempts[i]
		e.tell("claimed", a, a.ClaimedAt)
		if a.State == reconcile.Settled {
			e.tell("settled", a, a.ClaimedAt.Add(4*time.Millisecond))
		}
	}
	return e
}

func attempt(kind reconcile.ActionKind, action string, state reconcile.AttemptState, at int, result string) reconcile.Attempt {
	return reconcile.Attempt{ID: action + "-1", Action: action, N: 1, Kind: kind, Reference: "A", State: state, Result: result,
		Fence: int64(at), Incarnation: "p1", ClaimedAt: after(at)}
}

func (e *Evidence) tell(name string, a *reconcile.Attempt, at time.Time) {
	e.Log["A"] = append(e.Log["A"], reconcile.Event{At: at, Ref: "A", Name: name, Attempt: a.ID, Fence: a.Fence, Incarnation: a.Incarnation})
}

func message(kind, opaque string, at int, parameters string) sandbox.Request {
	return sandbox.Request{Where: "messages", Kind: kind, Reference: "A", At: after(at), Status: 200,
		Body: fmt.Sprintf(`{"biz_opaque_callback_data":%q,"interactive":{"action":{"parameters":{%s}}}}`, opaque, parameters)}
}

func refundRequest(paise string, at int) sandbox.Request {
	return sandbox.Request{Where: "refund", Reference: "A", At: after(at), Status: 200,
		Body: fmt.Sprintf(`{"reference_id":"A","payment_config_id":"c","speed":"normal","amount":{"value":%q,"offset":"100","currency":"INR"}}`, paise)}
}

func TestSoundEvidenceIsFoundSound(t *testing.T) {
	for _, v := range Check(sound()) {
		t.Error(v)
	}
}

// TestTheCheckerIsNotBlind spoils the evidence in one way at a time.
func TestTheCheckerIsNotBlind(t *testing.T) {
	first := func(e *Evidence) *reconcile.Observed { return e.Journal[0] }
	for name, c := range map[string]struct {
		invariant string
		spoil     func(*Evidence)
	}{
		"a refund is asked for twice on one claim": {"I1", func(e *Evidence) {
			e.Requests = append(e.Requests, refundRequest("5000", 45))
		}},
		"one attempt has two effects": {"I1", func(e *Evidence) {
			again := e.Ledger[2]
			again.ID = "rfnd_3"
			e.Ledger = append(e.Ledger, again)
		}},
		"a label has a second attempt that nobody asked for": {"I1", func(e *Evidence) {
			again := first(e).Attempts[2]
			again.ID, again.N, again.State, again.Result = "r-one-2", 2, reconcile.Rejected, ""
			first(e).Attempts = append(first(e).Attempts, again)
		}},
		"a message goes out twice on one claim": {"I1", func(e *Evidence) {
			e.Requests = append(e.Requests, e.Requests[1])
		}},
		"the customer gets one message twice": {"I1", func(e *Evidence) {
			again := e.Messages[1]
			again.ID = "wamid.3"
			e.Messages = append(e.Messages, again)
		}},
		"a settled refund is not in the ledger": {"I2", func(e *Evidence) { e.Ledger[1].ID = "rfnd_9" }},
		"a settled refund is of another amount": {"I2", func(e *Evidence) { e.Ledger[1].Amount = 4999 }},
		"a settled refund was there before its claim": {"I2", func(e *Evidence) {
			e.Ledger[1].At = after(29)
		}},
		"a settled refund is in its own baseline": {"I2", func(e *Evidence) {
			first(e).Attempts[2].Baseline = []string{"rfnd_1"}
		}},
		"a settled message is another's": {"I2", func(e *Evidence) { first(e).Attempts[1].Result = "wamid.1" }},
		"a rejected refund has happened": {"I3", func(e *Evidence) { first(e).Attempts[3].State = reconcile.Rejected }},
		"a refund that was not sent has happened": {"I3", func(e *Evidence) {
			first(e).Attempts[3].State = reconcile.Ready
		}},
		"a rejected message was delivered": {"I3", func(e *Evidence) { first(e).Attempts[1].State = reconcile.Rejected }},
		"more goes back than came in":      {"I4", func(e *Evidence) { e.Ledger[0].Amount = 9999 }},
		"more is claimed than came in": {"I4", func(e *Evidence) {
			e.Ledger, e.Reported = e.Ledger[:2], nil
			e.Ledger[0].Amount = 9999
		}},
		"two refunds of a payment are in doubt": {"I5", func(e *Evidence) {
			first(e).Attempts[2].State, first(e).Attempts[2].Result = reconcile.Held, ""
		}},
		"one refund belongs to two attempts": {"I6", func(e *Evidence) {
			first(e).Attempts[3].State, first(e).Attempts[3].Result = reconcile.Settled, "rfnd_1"
		}},
		"one refund belongs to two orders": {"I6", func(e *Evidence) {
			e.Journal = append(e.Journal, &reconcile.Observed{Ref: "B", Refunds: first(e).Refunds})
		}},
		"a refund is asked for before its claim": {"I7", func(e *Evidence) { e.Requests[2].At = after(29) }},
		"a refund is in the ledger and in no journal": {"I7", func(e *Evidence) {
			e.Ledger = append(e.Ledger, sandbox.Entry{Kind: "refund", Reference: "A", ID: "rfnd_4", Amount: 77, Currency: spec.INR, By: "api", At: after(50)})
		}},
		"a refund differs from its digest": {"I7", func(e *Evidence) { first(e).Attempts[3].Digest = "0123456789abcdef" }},
		"a message names no attempt": {"I7", func(e *Evidence) {
			e.Requests[1].Body = strings.ReplaceAll(e.Requests[1].Body, "status-1", "status-2")
		}},
		"a message comes before its claim": {"I7", func(e *Evidence) { e.Requests[1].At = after(19) }},
		"a status may not follow": {"I8", func(e *Evidence) {
			e.Messages = append(e.Messages, sandbox.Message{Kind: sandbox.OrderStatus, Reference: "A", Status: "processing", Opaque: "A/x-1", State: "failed", Code: 2046})
		}},
		"a status is refused at once": {"I8", func(e *Evidence) {
			e.Requests[1].Status, e.Requests[1].Answer = 400, `{"error":{"code":2046}}`
		}},
		"two statuses are in doubt": {"I9", func(e *Evidence) {
			for _, id := range []string{"s2", "s3"} {
				first(e).Attempts = append(first(e).Attempts, attempt(reconcile.KindStatus, id, reconcile.Undecided, 60, ""))
			}
		}},
		"a customer is billed twice": {"I9", func(e *Evidence) {
			again := e.Messages[0]
			again.ID = "wamid.3"
			e.Messages = append(e.Messages, again)
		}},
		"a status goes out a third time": {"I9", func(e *Evidence) {
			for n := 2; n <= 3; n++ {
				again := first(e).Attempts[1]
				again.ID, again.N, again.Result = fmt.Sprintf("status-%d", n), n, ""
				first(e).Attempts = append(first(e).Attempts, again)
				e.Messages = append(e.Messages, sandbox.Message{Kind: sandbox.OrderStatus, Reference: "A", Opaque: "A/" + again.ID, State: "sent"})
			}
		}},
		"what was reported is not in the journal":  {"I12", func(e *Evidence) { e.Reported[0].ID = "gone" }},
		"what was reported has another id":         {"I12", func(e *Evidence) { e.Reported[1].Result = "rfnd_2" }},
		"what was reported never happened":         {"I12", func(e *Evidence) { e.Messages[0].ID = "wamid.7" }},
		"a fence goes back":                        {"I14", func(e *Evidence) { e.Log["A"][2].Fence = 10 }},
		"a process claims after another took over": {"I14", func(e *Evidence) { e.Log["A"][2].Incarnation = "p2" }},
		"a refund is asked for over another amount": {"I15", func(e *Evidence) {
			e.Requests[3] = refundRequest("5001", 42)
		}},
		"a refund is asked for in rupees": {"I15", func(e *Evidence) { e.Requests[3] = refundRequest("50.00", 42) }},
		"a bill is over another amount": {"I15", func(e *Evidence) {
			e.Requests[0].Body = strings.ReplaceAll(e.Requests[0].Body, "21000", "21001")
		}},
		"a status is another than claimed": {"I15", func(e *Evidence) {
			e.Requests[1].Body = strings.ReplaceAll(e.Requests[1].Body, "shipped", "completed")
		}},
		"a process leaves in sending what it could record": {"I17", func(e *Evidence) {
			e.Clean = after(35)
			first(e).Attempts[3].State = reconcile.Sending
		}},
		"the token is printed":         {"I19", func(e *Evidence) { e.Printed += "Bearer " + token }},
		"a phone number is printed":    {"I19", func(e *Evidence) { e.Printed += "+919876543210" }},
		"a message id is printed":      {"I19", func(e *Evidence) { e.Printed += "wamid.HQw5MTkyNTg0ODcwMDc=" }},
		"a phone number is in the log": {"I19", func(e *Evidence) { e.Log["A"][0].Detail = "to 919876543210" }},
	} {
		t.Run(name, func(t *testing.T) {
			e := sound()
			c.spoil(e)
			found := Check(e)
			if !slices.ContainsFunc(found, func(v Violation) bool { return v.Invariant == c.invariant && v.What != "" }) {
				t.Errorf("want a violation of %s, found %v", c.invariant, found)
			}
		})
	}
}

// TestAnAccusationShowsBothSides: whoever reads it needs the ledger and the journal.
func TestAnAccusationShowsBothSides(t *testing.T) {
	e := sound()
	e.Ledger[1].Amount = 4999
	text := Check(e)[0].String()
	for _, want := range []string{"I2: ", "ledger   refund rfnd_1 of 4999", "log      claimed r-one-1", "journal  refund r-one-1", "request  refund of 5000"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}
