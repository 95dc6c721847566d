package kill

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sandbox"
	"github.com/hisab/hisab/spec"
)

// refundBody is a refund on the wire.
type refundBody struct {
	Reference     string `json:"reference_id"`
	Configuration string `json:"payment_config_id"`
	Speed         string `json:"speed"`
	Amount        struct {
		Value    string `json:"value"`
		Offset   string `json:"offset"`
		Currency string `json:"currency"`
	} `json:"amount"`
}

// asked is what a request for a refund asks for.
type asked struct {
	reconcile.RefundRequest
	written string // the amount, as it came
	paise   bool   // it is a whole number of hundredths
}

func refundOf(r *sandbox.Request) asked {
	var b refundBody
	_ = json.Unmarshal([]byte(r.Body), &b) // what cannot be read asks for nothing
	n, err := strconv.ParseInt(b.Amount.Value, 10, 64)
	return asked{
		RefundRequest: reconcile.RefundRequest{Configuration: b.Configuration, Reference: b.Reference,
			Amount: spec.Amount(n), Currency: b.Amount.Currency, Speed: b.Speed},
		written: b.Amount.Value,
		paise:   err == nil && b.Amount.Offset == strconv.Itoa(spec.Offset),
	}
}

// digest is what the journal keeps of the request: its own computation, so that a mistake in
// the program's is seen.
func (a asked) digest() string {
	text, err := json.Marshal(&a.RefundRequest)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d:%s", len(text), text))
	return hex.EncodeToString(sum[:8])
}

// refundRequests attributes every request for a refund to the latest claim on its payment,
// which stays closed to others while a claim on it is undecided.
func (c *checker) refundRequests() {
	made := map[reconcile.Event]int{}
	for i := range c.Requests {
		r := &c.Requests[i]
		if r.Where != "refund" {
			continue
		}
		a, claim := c.claimOf(r)
		want := refundOf(r)
		switch {
		case a == nil:
			c.broken("I7", r.Reference, "a refund of %s on %s was asked for, and no claim in the journal came before it", want.written, r.Reference)
			continue
		case !want.paise:
			c.broken("I15", r.Reference, "a refund was asked for as %q, which is no whole number of paise", r.Body)
		case want.Amount != a.Amount || want.Currency != a.Currency:
			c.broken("I15", r.Reference, "%s was claimed over %d %s, and asked for over %s %s", a.ID, a.Amount, a.Currency, want.written, want.Currency)
		case want.digest() != a.Digest:
			c.broken("I7", r.Reference, "%s was claimed with the digest %s, and the request's is %s", a.ID, a.Digest, want.digest())
		}
		if made[claim]++; made[claim] > 1 {
			c.broken("I1", r.Reference, "%d requests for the claim of %s with fence %d", made[claim], a.ID, claim.Fence)
		}
	}
}

// claimOf finds the latest claim of a refund on the request's payment that is not later than
// the request. The log knows milliseconds, and claims are dated before they are committed.
func (c *checker) claimOf(r *sandbox.Request) (a *claimed, claim reconcile.Event) {
	for _, b := range c.sorted {
		if b.Kind != reconcile.KindRefund || b.Reference != r.Reference {
			continue
		}
		for _, e := range b.claims {
			if !e.At.After(r.At) && (a == nil || e.Fence > claim.Fence) {
				a, claim = b, e
			}
		}
	}
	return a, claim
}

// heap is refunds that only their payment and amount tell from others.
type heap struct {
	reference string
	amount    int64
}

// refundEffects explains every refund in the ledger by an attempt: by its id where the attempt
// is settled, by payment and amount where nobody knows yet.
func (c *checker) refundEffects() {
	entries := map[string]*sandbox.Entry{}
	left := map[heap]int{}
	for i := range c.Ledger {
		if e := &c.Ledger[i]; e.Kind == "refund" && e.By == "api" {
			entries[e.ID] = e
			left[heap{e.Reference, e.Amount}]++
		}
	}
	labels, owners := map[string]int{}, map[string]string{}
	for _, a := range c.sorted {
		if a.Kind != reconcile.KindRefund {
			continue
		}
		if label := a.order.Ref + "/" + a.Label; (a.N > 1 || labels[label] > 0) && !permitted(a) {
			c.broken("I1", a.Reference, "the refund %q of %s has a second attempt, %s, and nobody asked for it", a.Label, a.order.Ref, a.ID)
		} else {
			labels[label]++
		}
		if a.State == reconcile.Settled && c.settledRefund(a, entries[a.Result]) {
			left[heap{a.Reference, int64(a.Amount)}]--
		}
		if other := owners[a.Result]; a.Result != "" && other != "" {
			c.broken("I6", a.Reference, "the refund %s belongs to %s and to %s", a.Result, other, a.ID)
		}
		owners[a.Result] = a.ID
	}
	for h, n := range left {
		c.unsettledRefunds(h, n)
	}
}

// permitted reports whether a person asked for an attempt after the one before it.
func permitted(a *claimed) bool {
	return slices.ContainsFunc(a.order.Attempts, func(b reconcile.Attempt) bool {
		return b.Action == a.Action && b.N == a.N-1 && b.Retry
	})
}

// settledRefund holds a settled attempt against the refund it names (I2), and reports whether
// there is one.
func (c *checker) settledRefund(a *claimed, e *sandbox.Entry) bool {
	switch {
	case e == nil:
		c.broken("I2", a.Reference, "%s is settled as %q, and the ledger has no such refund", a.ID, a.Result)
		return false
	case e.Reference != a.Reference || e.Amount != int64(a.Amount) || e.Currency != a.Currency:
		c.broken("I2", a.Reference, "%s over %d %s of %s is settled as %s, which is of %d %s of %s", a.ID, a.Amount, a.Currency, a.Reference, e.ID, e.Amount, e.Currency, e.Reference)
	case len(a.claims) == 0 || e.At.Before(a.claims[0].At) || slices.Contains(a.Baseline, e.ID):
		c.broken("I2", a.Reference, "%s is settled as %s, which was there before it", a.ID, e.ID)
	}
	return e.Reference == a.Reference && e.Amount == int64(a.Amount)
}

// unsettledRefunds finds who could have made n refunds that no settled attempt owns.
func (c *checker) unsettledRefunds(h heap, n int) {
	attempts, unsettled, open := 0, 0, 0
	for _, a := range c.sorted {
		if a.Kind != reconcile.KindRefund || a.Reference != h.reference || int64(a.Amount) != h.amount {
			continue
		}
		attempts++
		if a.State != reconcile.Settled {
			unsettled++
		}
		if a.State.Open() || a.State == reconcile.Abandoned {
			open++
		}
	}
	switch {
	case n <= open:
	case attempts == 0:
		c.broken("I7", h.reference, "%d refunds of %d on %s in the ledger, and no attempt at one in the journal", n, h.amount, h.reference)
	case n > unsettled:
		c.broken("I1", h.reference, "%d refunds of %d on %s belong to no settled attempt, and there are %d others", n, h.amount, h.reference, unsettled)
	default:
		c.broken("I3", h.reference, "%d refunds of %d on %s belong to no settled attempt, and of the others %d may have happened", n, h.amount, h.reference, open)
	}
}

// sums holds what went back, and what was asked for, against what was captured (I4).
func (c *checker) sums() {
	captured, back, failed := map[string]int64{}, map[string]int64{}, map[string]bool{}
	for _, e := range c.Ledger {
		switch e.Kind {
		case "capture":
			captured[e.Reference] += e.Amount
		case "refund":
			back[e.Reference] += e.Amount
		case "refund_failed":
			back[e.Reference] -= e.Amount
			failed[e.ID] = true
		}
	}
	asked := map[string]int64{}
	for _, a := range c.sorted {
		may := a.State == reconcile.Settled || a.State.Open() || a.State == reconcile.Abandoned
		if a.Kind == reconcile.KindRefund && may && !failed[a.Result] {
			asked[a.Reference] += int64(a.Amount)
		}
	}
	for reference, sum := range back {
		if sum > captured[reference] {
			c.broken("I4", reference, "%d were given back on %s, and %d captured", sum, reference, captured[reference])
		}
	}
	for reference, sum := range asked {
		if sum > captured[reference] {
			c.broken("I4", reference, "refunds of %d are claimed on %s, and %d captured", sum, reference, captured[reference])
		}
	}
}
