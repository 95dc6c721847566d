package defects

// decisions: what a person may say.
func decisions() []Defect {
	return []Defect{
		{
			Name: "did-not-happen-at-once", Breaks: []string{"I3"},
			Edits: []Edit{{"reconcile/resolve.go", "case since < failedAfter:", "case false:"},
				{"reconcile/resolve.go", "case a.Looks < failedLooks || a.LookedLast.Sub(a.LookedFirst) < failedSpread || a.LookedLast.Sub(a.ClaimedAt) < failedAfter:", "case false:"}},
			Why: "a refund may take effect hours later, so nobody may declare soon that it did not happen",
		},
		{
			Name: "did-not-happen-while-the-sender-lives", Breaks: []string{"I3"},
			Edits: []Edit{{"reconcile/resolve.go", "case alive:\n\t\treturn \"the process that was sending it still runs or is paused\"\n", ""}},
			Why:   "a process that is paused may still send",
		},
		{
			Name: "did-not-happen-though-one-is-listed", Breaks: []string{"I3"},
			Edits: []Edit{{"reconcile/resolve.go", "r.Reference == a.Reference && !r.Explained() && r.State != RefundFailed {", "false && r.Reference == a.Reference {"}},
			Why:   "a refund on the list that belongs to nobody may be the very one",
		},
		{
			Name: "attach-any-refund", Breaks: []string{"I6", "I2"},
			Edits: []Edit{{"reconcile/resolve.go", `if why := notItsRefund(o, a, d.ID); why != "" {`, `if why := notItsRefund(o, a, d.ID); why != "" && o.refund(d.ID) == nil {`}},
			Why:   "a person may err in the id, so it must be of this payment and amount, new, and nobody's",
		},
	}
}

// policies: what is held stays held until a person lets it go.
func policies() []Defect {
	return []Defect{
		{
			Name: "held-goes-out", Breaks: []string{Policy},
			Edits: []Edit{{"reconcile/work.go", `case a.Held != "":`, "case false:"}},
			Why:   "what the policy holds waits for an approval",
		},
		{
			Name: "an-approval-for-everything", Breaks: []string{Policy},
			Edits: []Edit{{"reconcile/policy.go", "approved = approved && (a.Tried.IsZero() || approval.At.After(a.Tried))", "approved = len(h.approvals) > 0"}},
			Why:   "an approval is for one action, exactly as it was shown",
		},
		{
			Name: "the-day-begins-with-the-plan", Breaks: []string{Policy},
			Edits: []Edit{{"reconcile/policy.go", "spent := h.spentToday\n", "spent := h.spentToday * 0\n"}},
			Why:   "max_refund_per_day counts what earlier runs gave back",
		},
		{
			Name: "each-refund-by-itself", Breaks: []string{Policy},
			Edits: []Edit{{"reconcile/policy.go", "\tif a.Kind == KindRefund {\n\t\t\tspent = plus(spent, a.Amount)\n\t\t}", "\tif a.Kind == KindForget {\n\t\t\tspent = plus(spent, a.Amount)\n\t\t}"}},
			Why:   "the refunds of one plan together stay within max_refund_per_day",
		},
		{
			Name: "no-largest-refund", Breaks: []string{Policy},
			Edits: []Edit{{"reconcile/policy.go", "limit != nil && a.Kind == KindRefund && a.Amount > *limit", "limit != nil && a.Kind == KindForget && a.Amount > *limit"}},
			Why:   "one refund above max_refund waits for a person",
		},
		{
			Name: "bills-without-number", Breaks: []string{Policy},
			Edits: []Edit{{"reconcile/policy.go", "tooMany(policy.MaxSent, sent, a.Kind == KindSend || a.Kind == KindReplace,", "tooMany(policy.MaxSent, sent, false,"}},
			Why:   "a plan that bills more than max_sent waits for a person as a whole",
		},
		{
			Name: "cancels-without-number", Breaks: []string{Policy},
			Edits: []Edit{{"reconcile/policy.go", "tooMany(policy.MaxCanceled, canceled, a.Kind == KindStatus && a.To == spec.Canceled,", "tooMany(policy.MaxCanceled, canceled, false,"}},
			Why:   "a plan that cancels more than max_canceled waits for a person as a whole",
		},
		{
			Name: "tell-at-night", Breaks: []string{Policy},
			Edits: []Edit{{"reconcile/quiet.go", "if !set || a.Kind != KindNotify ||", "if !set || a.Kind != KindForget ||"}},
			Why:   "notifications wait until the quiet hours are over",
		},
		{
			Name: "more-attempts-than-the-policy-grants", Breaks: []string{"I1"},
			Edits: []Edit{{"reconcile/table_refund.go", "f.attempt.N <= f.RetryFailedRefunds", "f.RetryFailedRefunds > 0"}},
			Why:   "retry_failed_refunds is a number, and each attempt is one",
		},
		{
			Name: "yesterdays-policy", Breaks: []string{Policy},
			Edits: []Edit{{"reconcile/apply.go", "hold(r.plan, r.s.Policy, holdings{approvals: approvals, spentToday: spent, now: local(r.start, r.s.Settings.Location)})", "_ = spent"}},
			Why:   "a saved plan is held against what was given back since, and against the policy of today",
		},
		{
			Name: "a-plan-outlives-an-attempt", Breaks: []string{Policy},
			Edits: []Edit{{"reconcile/claim.go", "if !a.Tried.Equal(j.action.Tried) {", "if false {"}},
			Why:   "a plan from before an attempt does not know that the approval was used for it",
		},
		{
			Name: "one-word-covers-every-attempt", Breaks: []string{Policy},
			Edits: []Edit{{"reconcile/policy.go", "approved = approved && (a.Tried.IsZero() || approval.At.After(a.Tried))", "_ = approval"}},
			Why:   "an approval lets one attempt go; a further one is another decision",
		},
	}
}

// behaviour: what is billed, shipped and told of.
func behaviour() []Defect {
	return []Defect{
		{
			Name: "ship-what-is-not-paid", Breaks: []string{Contract},
			Edits: []Edit{{"reconcile/table_status.go", "when: func(f *facts) bool { return f.want.RequirePayment && !f.moneyIn() },", "when: func(f *facts) bool { return false },"}},
			Why:   "no fulfilment status before the money is in, unless require_payment is false",
		},
		{
			Name: "ship-what-is-paid-twice", Breaks: []string{Contract},
			Edits: []Edit{{"reconcile/table_status.go", "return f.paidTwice() && f.surplus() > 0", "return false"}},
			Why:   "what the customer paid twice waits until the surplus is given back",
		},
		{
			Name: "ship-what-is-overpaid", Breaks: []string{Contract},
			Edits: []Edit{{"reconcile/table_status.go", "return f.offline() > 0 && f.anyCaptured() && f.surplus() > 0", "return false"}},
			Why:   "what was paid in cash and on WhatsApp waits until the surplus is given back",
		},
		{
			Name: "bill-what-was-paid-in-cash", Breaks: []string{Contract, "I16"},
			Edits: []Edit{
				{"reconcile/table_send.go", "when: func(f *facts) bool { return f.unbilled() && f.paidOffline() },", "when: func(f *facts) bool { return false },"},
				{"reconcile/table_send.go", "when:   func(f *facts) bool { return f.unbilled() && f.offline() > 0 },", "when:   func(f *facts) bool { return false },"},
			},
			Why: "nobody is asked for what they have paid elsewhere",
		},
		{
			Name: "replace-what-was-paid-in-cash", Breaks: []string{Contract},
			Edits: []Edit{
				{"reconcile/table_send.go", "f.status.Terminal() || f.paidOffline()", "f.status.Terminal()"},
				{"reconcile/table_send.go", "when:   func(f *facts) bool { return f.offline() > 0 },", "when:   func(f *facts) bool { return false },"},
			},
			Why: "a bill that was paid elsewhere is not canceled to make room for one that nobody owes",
		},
		{
			Name: "tell-the-past", Breaks: []string{Contract},
			Edits: []Edit{{"reconcile/diff_notify.go", "if !oc.seen.IsZero() && oc.seen.Before(since) {", "if !oc.seen.IsZero() && oc.seen.Before(since) && false {"}},
			Why:   "adding a notify does not message the past",
		},
		{
			Name: "a-new-label-is-a-new-refund", Breaks: []string{Contract},
			Edits: []Edit{{"reconcile/table_refund.go", "return f.attempt == nil && f.renamedFrom() != nil && !f.Approved[f.secondID()]", "return false"}},
			Why:   "a refund whose label was changed is not made a second time",
		},
		{
			Name: "import-what-is-not-there", Breaks: []string{Contract, "I8"},
			Edits: []Edit{{"reconcile/importing.go", "if p.State == NotFound {", "if false {"}},
			Why:   "what the platform does not know was never sent, and is not taken over",
		},
		{
			Name: "a-recorded-refund-under-another-label", Breaks: []string{Contract},
			Edits: []Edit{{"reconcile/table_refund.go", "!declares(f.want, r.Owner) && f.have.givenByID(r) {", "false {"}},
			Why:   "a new label beside a recorded one of the same amount that left the spec is most likely that refund",
		},
	}
}

// pacing: what a platform takes is not exceeded.
func pacing() []Defect {
	return []Defect{
		{
			Name: "as-fast-as-it-goes", Breaks: []string{"I21"},
			Edits: []Edit{
				{"reconcile/work.go", "j.w.Pacer.Pair(ctx, j.account, j.recipient())", "context.Context.Err, ctx.Err()"},
				{"reconcile/lookups.go", "if err := w.Pacer.Wait(ctx, account, \"\"); err != nil {\n\t\treturn Payment{}, err\n\t}\n\tpay, _, err", "pay, _, err"},
			},
			Why: "every request waits for its place",
		},
		{
			Name: "faster-with-time", Breaks: []string{"I21"},
			Edits: []Edit{
				{"reconcile/pace/lane.go", "if limit >= l.full || n <= 0 {", "if n <= 0 {"},
				{"reconcile/pace/lane.go", "faster := min(limit+rate.Limit(n)*l.full/steps, l.full)", "faster := limit + rate.Limit(n)*l.full/steps"},
			},
			Why: "nothing raises a rate above what was configured",
		},
	}
}

// specs: what is declared, and what is missing.
func specs() []Defect {
	return []Defect{
		{
			Name: "an-empty-folder-is-a-wish", Breaks: []string{"I18"},
			Edits: []Edit{{"reconcile/makeplan.go", "if len(p.s.Orders) == 0 && p.managed > 0 {", "if false {"}},
			Why:   "a folder that vanished is never taken for a wish to forget its orders",
		},
		{
			Name: "half-a-file-is-a-wish", Breaks: []string{"I18"},
			Edits: []Edit{
				{"spec/parse.go", "if diags.HasErrors() {\n\t\treturn nil, diags\n\t}\n\tbody, ok", "if parsed == nil {\n\t\treturn nil, diags\n\t}\n\tbody, ok"},
				{"spec/parse.go", "if diags.HasErrors() {\n\t\treturn nil, false\n\t}", "if body == nil {\n\t\treturn nil, false\n\t}"},
				{"spec/load.go", "if result.HasErrors() {\n\t\treturn nil, result\n\t}", "if result.HasErrors() {\n\t\tresult = Diagnostics{}\n\t}"},
			},
			Why: "what an error cut out of a file is not what somebody no longer wants",
		},
	}
}

// liveness: what can be known comes to be known, and then there is peace.
func liveness() []Defect {
	return []Defect{
		{
			Name: "never-ask-a-person", Breaks: []string{"I17"},
			Edits: []Edit{{"reconcile/absorb.go", "if a.State == Undecided && p.At.Sub(a.ClaimedAt) >= refundHold {", "if false {"}},
			Why:   "what looking does not settle comes before a person",
		},
		{
			Name: "sending-for-ever", Breaks: []string{"I17"},
			Edits: []Edit{
				{"reconcile/remember.go", "a.State == Sending && a.Incarnation != mine {", "false && a.Incarnation != mine {"},
				{"reconcile/absorb.go", "if a.State == Sending {\n\t\to.move(a, Undecided, at,", "if false {\n\t\to.move(a, Undecided, at,"},
			},
			Why: "whoever finds what a dead process left in sending takes it for unknown",
		},
		{
			Name: "throttled-for-ever", Breaks: []string{"I17"},
			Edits: []Edit{{"reconcile/table_answer.go", "f.attempt.State == Ready && f.Now.Before(f.attempt.NextAt)", "f.attempt.State == Ready && !f.attempt.NextAt.IsZero()"}},
			Why:   "what was throttled is tried again when its time has come",
		},
		{
			Name: "never-done", Breaks: []string{"I16", "I9"},
			Edits: []Edit{
				{"reconcile/table_status.go", "when: func(f *facts) bool { return f.target == f.status },", "when: func(f *facts) bool { return f.target == f.status && f.status != spec.Shipped },"},
				{"reconcile/diff.go", "if !legal {\n\t\tpanic(", "if !legal && d.status != d.target {\n\t\tpanic("},
			},
			Why: "an order that is as declared needs nothing",
		},
	}
}

// secrets: what a log must not hold.
func secrets() []Defect {
	return []Defect{
		{
			Name: "a-phone-in-the-log", Breaks: []string{"I19"},
			Edits: []Edit{{"reconcile/claim.go", `o.tell(t.Now, "claimed", &attempt, describe(a)+j.action.letGo())`, `o.tell(t.Now, "claimed", &attempt, describe(a)+" to "+j.phone)`}},
			Why:   "a log holds nothing personal",
		},
		{
			Name: "forgotten-and-still-known", Breaks: []string{"I19"},
			Edits: []Edit{{"reconcile/forget.go", "o.Bills[i].Phone, o.Bills[i].Facets.Phone = \"\", \"\"", "_ = i"}},
			Why:   "of an order that is forgotten nothing is kept that names its customer",
		},
	}
}
