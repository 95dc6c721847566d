package defects

// statuses: an order_status follows the last one, and there is one at a time.
func statuses() []Defect {
	return []Defect{
		{
			Name: "go-on-where-the-bill-failed", Breaks: []string{"I8"},
			Edits: []Edit{{"reconcile/claim.go", "if a.follows {", "if false {"}},
			Why:   "a status that was planned together with its bill goes out once the bill has",
		},
		{
			Name: "leave-a-terminal-status", Breaks: []string{"I8"},
			Edits: []Edit{
				{"reconcile/table_status.go", "when: func(f *facts) bool { return f.status.Terminal() },", "when: func(f *facts) bool { return false },"},
				{"reconcile/diff.go", "if !legal {\n\t\tpanic(", "if !legal && d.status == d.target {\n\t\tpanic("},
			},
			Why: "nothing follows completed or canceled",
		},
		{
			Name: "a-move-too-many", Breaks: []string{"I8"},
			Edits: []Edit{
				{"reconcile/table_status.go", "when: func(f *facts) bool { return f.status.Terminal() },", "when: func(f *facts) bool { return f.status == spec.Canceled || f.status.Terminal() && f.target == spec.Canceled },"},
				{"reconcile/moves.go", "{From: spec.Pending, To: spec.Processing, Needs", "{From: spec.Completed, To: spec.Shipped, Needs: MoneyIn, Source: toTerminal},\n\t{From: spec.Completed, To: spec.Processing, Needs: MoneyIn, Source: toTerminal},\n\t{From: spec.Completed, To: spec.PartiallyShipped, Needs: MoneyIn, Source: toTerminal},\n\t{From: spec.Pending, To: spec.Processing, Needs"},
			},
			Why: "the table of moves holds what the platform allows and no more",
		},
		{
			Name: "pass-a-status-in-doubt", Breaks: []string{"I8", "I9"},
			Edits: []Edit{{"reconcile/diff.go", "if open == nil || open.Action == id || d.superseded(open, to) {", "if open == nil || open.Action == id || to != \"\" {"}},
			Why:   "what may follow depends on whether the one in doubt arrived",
		},
		{
			Name: "two-statuses-open", Breaks: []string{"I9", "I8"},
			Edits: []Edit{
				{"reconcile/claim.go", "j.makeRoom(o, &attempt, t.Now)\n", ""},
				{"reconcile/sim/memstore/unique.go", "j != i && isStatus(a) && isStatus(b) && a.State.Open() && b.State.Open()", "j != i && false"},
			},
			Why: "an order has at most one order_status whose outcome is open",
		},
		{
			Name: "repeat-a-status-at-once", Breaks: []string{"I9", "I8"},
			Edits: []Edit{{"reconcile/table_answer.go", "a.N == 1 && f.Now.Sub(a.ClaimedAt) >= statusSilence && !mine", "a.N == 1 && !mine"}},
			Why:   "ten minutes give the webhook time to say that it arrived, and a message on its way time to get there",
		},
		{
			Name: "repeat-a-status-for-ever", Breaks: []string{"I9"},
			Edits: []Edit{
				{"reconcile/table_answer.go", "a.movesStatus() && a.N == 1 && f.Now", "a.movesStatus() && f.Now"},
				{"reconcile/diff.go", "return open.N == 1\n", "return true\n"},
			},
			Why: "the customer sees an order_status at most twice",
		},
		{
			Name: "cancel-what-is-paid", Breaks: []string{"I8"},
			Edits: []Edit{{"reconcile/table_status.go", "return f.target == spec.Canceled && f.anyCaptured()", "return false"}},
			Why:   "an order whose payment is captured is not canceled",
		},
		{
			Name: "cancel-while-the-customer-pays", Breaks: []string{"I8"},
			Edits: []Edit{{"reconcile/table_status.go", "return f.target == spec.Canceled && f.paymentUnderWay()", "return false"}},
			Why:   "a payment that is under way may be captured, so the cancel waits for it",
		},
		{
			Name: "cancel-without-a-fresh-look", Breaks: []string{"I8"},
			Edits: []Edit{{"reconcile/work.go", "if j.action.Kind == KindNotify {\n\t\treturn nil, \"\", nil", "if j.action.Kind != KindRefund && j.action.Kind != KindSend {\n\t\treturn nil, \"\", nil"}},
			Why:   "between the plan and the cancel the customer may have paid",
		},
		{
			Name: "a-doubt-ends-with-what-followed-it", Breaks: []string{"I8", "I9"},
			Edits: []Edit{{"reconcile/claim.go", "if before != nil {\n\t\tbefore.FollowedBy", "if before != nil && false {\n\t\tbefore.FollowedBy"}},
			Why:   "that nothing came of the second cancel says nothing of the first",
		},
	}
}

// bills: a customer is asked once, and a new bill takes the place of one that is gone.
func bills() []Defect {
	return []Defect{
		{
			Name: "bill-again-while-in-doubt", Breaks: []string{"I9"},
			Edits: []Edit{{"reconcile/table_send.go",
				"Result: Doubt, Source: \"behaviour, Unknown outcome of order_details\",\n\t\twhen: func(f *facts) bool { return f.have.doubtful(f.bill) != nil },",
				"Result: Doubt, Source: \"behaviour, Unknown outcome of order_details\",\n\t\twhen: func(f *facts) bool { return false },"}},
			Why: "a bill that may have arrived is not sent under another reference",
		},
		{
			Name: "bill-without-asking-the-platform", Breaks: []string{"I9"},
			Edits: []Edit{{"reconcile/table_send.go", "when:   func(f *facts) bool { return f.unbilled() && f.have.doubtful(f.bill) == nil && f.stranger() },", "when:   func(f *facts) bool { return false },"}},
			Why:   "a journal that was lost does not know what it billed; the platform does",
		},
		{
			Name: "second-bill-before-the-cancel-is-sure", Breaks: []string{"I9"},
			Edits: []Edit{{"reconcile/table_send.go", "return f.replacing() && !f.cancelConfirmed()", "return false"}},
			Why:   "until the cancel is known to hold, the customer could pay both bills",
		},
		{
			Name: "second-bill-under-the-first-reference", Breaks: []string{"I9"},
			Edits: []Edit{{"reconcile/table_facts.go", "if f.free(f.want.ReferenceID) {\n", "if f.want.ReferenceID != \"\" {\n"}},
			Why:   "a reference names one bill",
		},
		{
			Name: "replace-what-is-paid", Breaks: []string{"I8"},
			Edits: []Edit{{"reconcile/table_send.go", "return f.anyCaptured() || f.billIn(PaymentPending, Authorized) != nil || f.status.Terminal() || f.paidOffline()", "return f.status.Terminal() || f.paidOffline()"}},
			Why:   "a bill that is paid, or being paid, stays as it was agreed to",
		},
		{
			Name: "third-bill-though-the-first-is-paid", Breaks: []string{"I9"},
			Edits: []Edit{{"reconcile/table_send.go", "return f.replacing() && f.billIn(Captured) != nil", "return f.replacing() && f.state() == Captured"}},
			Why:   "a bill that another has replaced can still be paid: its cancel can fail on its way",
		},
		{
			Name: "second-bill-though-the-first-is-paid", Breaks: []string{"I9"},
			Edits: []Edit{
				{"reconcile/table_send.go", "return f.replacing() && f.billIn(Captured) != nil", "return false"},
				{"reconcile/table_send.go", "return f.replacing() && f.billIn(PaymentPending, Authorized) != nil", "return false"},
				{"reconcile/table_send.go", "clear := b.Look != nil && !b.ClearSince.IsZero()", "clear := b.Look != nil"},
			},
			Why: "a customer who paid the canceled bill all the same is not asked again",
		},
		{
			Name: "a-bill-is-known-by-its-amount", Breaks: []string{Policy},
			Edits: []Edit{{"reconcile/diff.go", "f.Goods, f.Phone, f.Provider, f.Configuration, f.Expiration, d.contentText())", "f.Provider)"}},
			Why:   "what a person approved is what the customer gets, in words and number too",
		},
	}
}

// notices: a customer is told once.
func notices() []Defect {
	return []Defect{
		{
			Name: "tell-again", Breaks: []string{"I9", "I16"},
			Edits: []Edit{
				{"reconcile/diff_notify.go", "if told != nil {\n\t\treturn\n\t}\n", ""},
				{"reconcile/table_answer.go", "return f.attempt != nil && (f.attempt.State == Settled || f.attempt.State == Abandoned)", "return false"},
			},
			Why: "what a customer was told is not told again",
		},
		{
			Name: "tell-again-when-in-doubt", Breaks: []string{"I9"},
			Edits: []Edit{{"reconcile/diff_notify.go", "if n.AtLeastOnce && a.N == 1 &&", "if a.N == 1 &&"}},
			Why:   "a notify that may have arrived is sent again only where the spec opts in",
		},
		{
			Name: "tell-without-end", Breaks: []string{"I9"},
			Edits: []Edit{{"reconcile/diff_notify.go", "if n.AtLeastOnce && a.N == 1 && d.have.tellings(a) == 1 &&", "if n.AtLeastOnce &&"}},
			Why:   "at_least_once means at most two",
		},
	}
}
