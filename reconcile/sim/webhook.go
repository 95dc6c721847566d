package sim

import (
	"context"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// undeliverable is the code of a message that does not reach its customer.
const undeliverable = 131026

// webhooks tells what became of a message: that it failed with a code, or that it was sent,
// delivered and perhaps read.
func (h *history) webhooks(q *request, id string, code int) {
	e := reconcile.Evidence{Account: q.account, Opaque: q.m.Opaque, MessageID: id}
	if code != 0 {
		e.Delivery, e.Code, e.Meaning = reconcile.FailedOnRoute, code, "refused"
		if code == undeliverable && h.rng.IntN(3) == 0 {
			e.Code, e.Class, e.Meaning = 131056, reconcile.Throttled, "too many messages"
		}
		h.webhook(e, h.upTo(20*time.Second))
		return
	}
	d := h.upTo(5 * time.Second)
	e.Delivery = reconcile.SentOn
	h.webhook(e, d)
	if h.rng.IntN(10) == 0 {
		return // the customer's phone is off
	}
	d += h.longTail(time.Hour)
	e.Delivery = reconcile.Delivered
	h.webhook(e, d)
	if h.rng.IntN(2) == 0 {
		e.Delivery = reconcile.Read
		h.webhook(e, d+h.longTail(6*time.Hour))
	}
}

// webhook sends one, as platforms do: late, twice, not at all.
func (h *history) webhook(e reconcile.Evidence, d time.Duration) {
	if h.o.Silent || h.fault(WebhookLost) {
		h.lost = append(h.lost, e)
		return
	}
	if h.fault(WebhookLate) {
		d += h.longTail(48 * time.Hour)
	}
	if h.fault(WebhookEarly) {
		d = 0
	}
	h.after(d, func() { h.deliver(e) })
	if h.fault(WebhookTwice) {
		h.after(d+h.longTail(time.Hour), func() { h.deliver(e) })
	}
	if h.fault(WebhookForged) {
		h.after(d+h.upTo(time.Hour), func() { h.forged(e) })
	}
}

// deliver hands a webhook to the program, again and again until it was taken.
func (h *history) deliver(e reconcile.Evidence) {
	if h.over {
		return
	}
	taken := false
	h.begin("webhook "+string(e.Delivery)+" of "+e.Opaque, false, func(ctx context.Context, p *process) {
		e.At = h.now
		_, err := reconcile.Witness(ctx, p.world, e)
		if taken = err == nil; taken {
			h.taken = append(h.taken, e)
		}
		if err != nil {
			h.tell(p, "not taken: %v", err)
		}
	})
	h.after(time.Minute, func() {
		if !taken {
			h.deliver(e)
		}
	})
}

// aRefund is the name that a refund would carry if refunds had webhooks, or one that names
// nothing.
func (h *history) aRefund() string {
	for _, ref := range h.disk.Refs() {
		for _, a := range h.disk.Latest(ref).Attempts {
			if a.Kind == reconcile.KindRefund {
				return reconcile.Opaque(ref, a.ID)
			}
		}
	}
	return "NOBODY/1"
}

// forged hands in what no platform has said: another tenant's account with our opaque
// string, or our account with a string that names nothing. It must change nothing (I11, I20).
func (h *history) forged(e reconcile.Evidence) {
	switch h.rng.IntN(4) {
	case 0:
		e.Account, e.Delivery, e.MessageID = "whatsapp|graph.facebook.com|999", reconcile.FailedOnRoute, "wamid.forged"
	case 1:
		e.Opaque += "0"
	case 2:
		e.Opaque = "NOBODY/" + e.Opaque
	default:
		e.Opaque, e.Delivery = h.aRefund(), reconcile.Delivered
	}
	p := h.begin("forged webhook", false, func(ctx context.Context, p *process) {
		known, err := reconcile.Witness(ctx, p.world, e)
		if known && err == nil {
			h.violate("I11", "a forged webhook was taken: account %s, opaque %q", e.Account, e.Opaque)
		}
	})
	p.forged = true
}
