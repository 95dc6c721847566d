package defects

// evidence: what a look shows, and what it does not.
func evidence() []Defect {
	return []Defect{
		{
			Name: "captured-can-be-unseen", Breaks: []string{"I8"},
			Edits: []Edit{{"reconcile/absorb.go", "if old.State == Captured && p.State != Captured {", "if false {"}},
			Why:   "a stale look does not take money back",
		},
		{
			Name: "an-older-look-wins", Breaks: []string{"I8", "I13"},
			Edits: []Edit{{"reconcile/absorb.go", "if old.At.After(p.At) {", "if false {"}},
			Why:   "a look that was overtaken on its way may raise an alarm, and never lower one",
		},
		{
			Name: "a-failed-look-shows-nothing", Breaks: []string{"I8", "I9", "I2"},
			Edits: []Edit{{"reconcile/lookups.go", "if err == nil {\n\t\tpay.Reference = key.Reference", "if call != nil && call.Class == Unknown {\n\t\tpay, err = Payment{State: NotFound}, nil\n\t}\n\tif err == nil {\n\t\tpay.Reference = key.Reference"}},
			Why:   "not to have seen is not to have seen that there is nothing",
		},
		{
			Name: "an-unknown-state-is-unpaid", Breaks: []string{"I8", "I9"},
			Edits: []Edit{{"reconcile/facts.go", "if b.Look.State == NotFound {", "if b.Look.State == NotFound || b.Look.State == PaymentUnknown {"}},
			Why:   "a payment state that nobody has documented may be money",
		},
		{
			Name: "refund-without-a-look", Breaks: []string{"I7", "I2", "I4"},
			Edits: []Edit{
				{"reconcile/work.go", "if j.action.Kind == KindNotify {\n\t\treturn nil, \"\", nil", "if j.action.Kind == KindNotify || j.action.Kind == KindRefund {\n\t\treturn nil, \"\", nil"},
				{"reconcile/work.go", "if j.action.Kind != KindRefund {\n\t\treturn \"\"\n\t}", "if true {\n\t\treturn \"\"\n\t}"},
			},
			Why: "what was given back since the plan stands on the list alone",
		},
		{
			Name: "refund-on-a-look-without-the-payment", Breaks: []string{"I7", "I2", "I4"},
			Edits: []Edit{{"reconcile/work.go", "if j.action.Kind != KindRefund {\n\t\treturn \"\"\n\t}", "if true {\n\t\treturn \"\"\n\t}"}},
			Why:   "a lookup that does not show the payment does not show its refunds either",
		},
		{
			Name: "held-is-not-looked-for", Breaks: []string{"I17", "I2"},
			Edits: []Edit{{"reconcile/absorb.go", "a.Reference != b.Reference || !a.State.Open() {", "a.Reference != b.Reference || !a.State.Open() || a.State == Held {"}},
			Why:   "a refund that takes effect late is still found, also after a person was asked",
		},
	}
}

// webhooks: hints, in any order, from anybody.
func webhooks() []Defect {
	return []Defect{
		{
			Name: "believe-another-tenant", Breaks: []string{"I20"},
			Edits: []Edit{{"reconcile/witness.go", `if a.Account != "" && e.Account != "" && a.Account != e.Account {`, "if false {"}},
			Why:   "an event of one account says nothing of another's messages",
		},
		{
			Name: "believe-a-webhook-about-money", Breaks: []string{"I11", "I2"},
			Edits: []Edit{{"reconcile/witness.go", "if a == nil || a.Kind == KindRefund {", "if a == nil {"}},
			Why:   "a webhook is a hint to look, and decides nothing about a refund",
		},
		{
			Name: "failure-of-another-message", Breaks: []string{"I13", "I3"},
			Edits: []Edit{{"reconcile/witness.go", `if a.Result != "" && e.MessageID != "" && a.Result != e.MessageID {`, "if false {"}},
			Why:   "a webhook about another message of the same try does not take back the one that was accepted",
		},
		{
			Name: "delivery-goes-backwards", Breaks: []string{"I13"},
			Edits: []Edit{{"reconcile/witness.go", "if e.Delivery.rank() > a.Delivery.rank() && a.Delivery != FailedOnRoute {", "if e.Delivery != a.Delivery && a.Delivery != FailedOnRoute {"}},
			Why:   "webhooks come in any order, and the furthest one stands",
		},
	}
}
