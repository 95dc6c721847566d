package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/hisab/hisab/reconcile"
)

// papers are edits of a stream of their own, so that histories without them are what they were:
// refunds made elsewhere are written down with their id, moved and struck out, and what is sent
// with a bill changes in words or number between a person's word for it and its going out.
func (h *history) papers() {
	rng := rand.New(rand.NewPCG(h.o.Seed, 0x706170657273)) // "papers"
	for range h.o.Papers {
		h.after(min(h.o.Life, h.longTail(h.o.Life)+h.o.Life/8), func() { h.paper(rng) })
	}
}

func (h *history) paper(r *rand.Rand) {
	d := h.shop.orders[r.IntN(len(h.shop.orders))]
	change := func() string { return h.record(d, r) }
	if r.IntN(4) == 0 {
		change = func() string { return d.reword(r) }
	}
	h.tell(nil, "%s: %s", d.reference, change())
	h.after(h.longTail(h.o.Life/8), h.apply)
}

// reword changes what is sent with a bill and is none of its facets, or whom it goes to.
func (d *declared) reword(r *rand.Rand) string {
	if r.IntN(3) > 0 {
		d.thanks++
		return "other words"
	}
	n := len(d.phone) - 2
	d.phone = d.phone[:n] + string('0'+(d.phone[n]-'0'+1)%10) + d.phone[n+1:]
	return "another number"
}

// record is what merchants do with refunds that were made elsewhere, or that they take for such.
func (h *history) record(d *declared, r *rand.Rand) string {
	i := slices.IndexFunc(d.refunds, func(w wantedRefund) bool { return w.id != "" })
	if i < 0 || r.IntN(4) == 0 {
		return h.writeDown(d, r)
	}
	w := &d.refunds[i]
	was := w.label
	switch r.IntN(6) {
	case 0:
		w.label += "y"
		return fmt.Sprintf("the recorded %s is called %s", was, w.label)
	case 1:
		w.label += "z"
		w.id = ""
		return fmt.Sprintf("the recorded %s is called %s, without its id", was, w.label)
	case 2:
		w.amount = amounts[r.IntN(len(amounts))]
		return "another amount for the recorded " + was
	case 3:
		d.refunds = slices.Delete(slices.Clone(d.refunds), i, i+1)
		return fmt.Sprintf("the recorded %s is taken out", was)
	default:
		w.id = ""
		return fmt.Sprintf("the id of the recorded %s is struck out", was)
	}
}

// writeDown records a refund that the platform knows of the order: one made by hand most
// often, sometimes with a wrong amount, or under a label that is declared already. That one
// of the program's own was made elsewhere, a journal would believe that does not know better:
// while the outcome is unknown, or from an old backup.
func (h *history) writeDown(d *declared, r *rand.Rand) string {
	var known []*effect
	for _, e := range h.platform.ledger {
		of := e.reference == d.reference || strings.HasPrefix(e.reference, d.reference+"-")
		taken := slices.ContainsFunc(d.refunds, func(w wantedRefund) bool { return w.id == e.id })
		if e.op == onRefund && of && !taken && (e.claim == nil || h.knowsAsOurs(e) && r.IntN(6) == 0) {
			known = append(known, e)
		}
	}
	if len(known) == 0 || len(d.refunds) == 5 {
		return "nothing to record"
	}
	e := known[r.IntN(len(known))]
	w := wantedRefund{label: "h" + strings.TrimPrefix(e.id, "rfnd."), amount: e.amount, id: e.id}
	if r.IntN(8) == 0 {
		w.amount += 100
	}
	if i := len(d.refunds) - 1; i >= 0 && d.refunds[i].id == "" && r.IntN(6) == 0 {
		d.refunds = slices.Clone(d.refunds)
		d.refunds[i].id = e.id
		return fmt.Sprintf("%s is given the id %s", d.refunds[i].label, e.id)
	}
	if slices.ContainsFunc(d.refunds, func(other wantedRefund) bool { return other.label == w.label }) {
		w.label += "w"
	}
	d.refunds = append(slices.Clone(d.refunds), w)
	return fmt.Sprintf("%s of %d is recorded as %s", e.id, w.amount, w.label)
}

// knowsAsOurs: the journal knows the refund as one of its own, and will.
func (h *history) knowsAsOurs(e *effect) bool {
	a := h.check.attempt(e.claim)
	return h.o.Rates[OldBackup] == 0 && a != nil && a.State == reconcile.Settled
}

// body is the text of a bill.
func (d *declared) body() string { return "Thank you." + strings.Repeat(" Come again.", d.thanks) }

// asks is what a bill asks whom for, and how: what a person agrees to who lets it go.
func (d *declared) asks() string {
	return fmt.Sprint(d.phone, d.total, d.body(), d.expires, d.templates, d.second)
}
