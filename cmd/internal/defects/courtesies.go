package defects

// courtesies are waits and checks that spare people trouble. Nothing unsafe comes of leaving
// them out, and the simulator holds us to that.
func courtesies() []Defect {
	return []Defect{
		{
			Name:     "no-wait-before-looking",
			Edits:    []Edit{{"reconcile/record.go", "var soon = []time.Duration{0, 5 * time.Second, 10 * time.Second}", "var soon = []time.Duration{0, 0, 0}"}},
			Why:      "a refund needs a moment to appear on the list",
			Courtesy: "a look that comes too early shows nothing, and absence is never proof; only the person is asked more often",
		},
		{
			Name:     "nothing-is-given-back",
			Edits:    []Edit{{"reconcile/work.go", "o.move(a, Ready, now, \"claimed, and given back before anything was sent\")", "_ = now\n\t\treturn errNotOurs"}},
			Why:      "a claim that was not used is free for the next run",
			Courtesy: "what stays in sending is found out as unknown and ends with a person, who is asked for nothing",
		},
		{
			Name:     "ask-a-person-at-once",
			Edits:    []Edit{{"reconcile/absorb.go", "p.At.Sub(a.ClaimedAt) >= refundHold", "p.At.Sub(a.ClaimedAt) >= 0"}},
			Why:      "fifteen minutes of looking settle most of what is unknown without a person",
			Courtesy: "a held refund is still looked for and adopted",
		},
		{
			Name:     "stop-in-mid-send",
			Edits:    []Edit{{"reconcile/work.go", "own := context.WithoutCancel(ctx)\n\tif late", "own := ctx\n\tif late"}},
			Why:      "a run that is asked to stop finishes what is in flight, and records it",
			Courtesy: "what was not recorded is found out by the next run, as after a crash",
		},
		{
			Name:     "failed-after-delivered",
			Edits:    []Edit{{"reconcile/witness.go", "if a.Delivery == FailedOnRoute || a.Delivery.rank() >= Delivered.rank() {", "if a.Delivery == FailedOnRoute {"}},
			Why:      "what a customer has read did arrive, whatever comes in after",
			Courtesy: "no platform says failed of what it has said to be delivered; should one, this believes the better news",
		},
		{
			Name:     "paid-but-not-delivered",
			Edits:    []Edit{{"reconcile/witness.go", "if a.Kind == KindSend && o.payable(a.Reference) {", "if false {"}},
			Why:      "a bill that the customer pays has arrived, whatever a webhook says",
			Courtesy: "a bill that counts as refused goes out again by a person's word alone, and then the platform is asked first",
		},
		{
			Name:     "forget-what-is-in-doubt",
			Edits:    []Edit{{"reconcile/diff_removed.go", "if a := d.openOf(); a != nil {", "if a := d.openOf(); false {"}},
			Why:      "an order that left the spec is looked after until what was asked for is known",
			Courtesy: "what is in doubt is looked for also when its order is forgotten, and declaring it again goes on where it was",
		},
	}
}
