package sim

import (
	"math/rand/v2"
	"slices"

	"github.com/hisab/hisab/spec"
)

// Theme is what a shop does most. Most shops do a little of everything, and then a few things
// hardly ever happen: each of the other themes makes some of them common, so that a thousand
// histories see them all.
type Theme uint8

// The themes.
const (
	Anything Theme = iota
	// Fulfilling: goods leave and come back, so that orders go through all their statuses, paid
	// for or not.
	Fulfilling
	// Replacing: bills are changed after they were sent, while customers hesitate.
	Replacing
	// GivingBack: money goes back, much goes wrong with it, and persons decide.
	GivingBack

	nThemes
)

func (t Theme) String() string {
	return [nThemes]string{"a shop", "fulfilling", "replacing", "giving back"}[t]
}

// themeRates are how often, at least, faults strike that a theme is about.
var themeRates = [nThemes]map[Fault]float64{
	Fulfilling: {PauseInHand: 0.15, TimeoutAfter: 0.1, RefusedSend: 0.05, Undeliverable: 0.15},
	Replacing:  {DialRefused: 0.1, TimeoutAfter: 0.1, RefusedSend: 0.1, Undeliverable: 0.1, PaysCanceled: 0.7},
	GivingBack: {ResetBefore: 0.25, ResetAfter: 0.1, RefundPends: 0.5, RefundFailsLater: 0.5, HandRefund: 0.1},
}

// draw lets a history be about its theme. One that was drawn without faults stays so.
func (t Theme) draw(o *Options, r *rand.Rand) {
	if t == Anything {
		return
	}
	o.Edits += 2 + r.IntN(5)
	o.Runs += 2
	if t == GivingBack {
		o.Decisions += 4
	}
	if t == Fulfilling {
		o.Locked = o.Locked && r.IntN(2) == 0
	}
	if o.calm() {
		return
	}
	for f := range nFaults {
		o.Rates[f] = max(o.Rates[f], themeRates[t][f])
	}
}

// declare makes an order one that the theme is about.
func (t Theme) declare(d *declared, r *rand.Rand) {
	switch t {
	case Fulfilling:
		d.invoice, d.status, d.unpaidOK = false, fulfilment[r.IntN(len(fulfilment))], r.IntN(3) > 0
		d.notify = append(d.notify, spec.EventShipped)
		slices.Sort(d.notify)
	case GivingBack:
		for range 1 + r.IntN(3) {
			d.addRefund(r)
		}
	}
}

// fulfilment are the statuses between the first and the last.
var fulfilment = []spec.Status{spec.Processing, spec.PartiallyShipped, spec.Shipped}

// edit changes a declaration as the theme has it, and says how; empty: it has no wish.
func (t Theme) edit(d *declared, r *rand.Rand) string {
	if r.IntN(4) == 0 {
		return ""
	}
	switch t {
	case Fulfilling:
		d.status = fulfilment[r.IntN(len(fulfilment))]
		if r.IntN(5) == 0 {
			d.status = []spec.Status{spec.Completed, spec.Canceled}[r.IntN(2)]
		}
		return "status " + string(d.status)
	case Replacing:
		d.total += 1000
		return "another total"
	case GivingBack:
		d.addRefund(r)
		return "one refund more"
	}
	return ""
}

// hesitates: customers of such a shop pay late or not at all.
func (t Theme) hesitates() bool { return t == Fulfilling || t == Replacing }
