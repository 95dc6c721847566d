package defects

// Whatever a file holds, its rules stand in the order of reliability section 3.

// refundProtocol: a request for money is made once, and what became of it is found out.
func refundProtocol() []Defect {
	return []Defect{
		{
			Name: "send-again-on-timeout", Breaks: []string{"I1", "I3"},
			Edits: []Edit{{"reconcile/record.go",
				"o.move(a, Undecided, now, got.err.Error())",
				"o.move(a, Ready, now, got.err.Error())"}},
			Why: "an answer that did not come says nothing about whether it happened, so nothing is sent again on it",
		},
		{
			Name: "resend-after-an-absence-window", Breaks: []string{"I1", "I3"},
			Edits: []Edit{{"reconcile/absorb.go",
				`o.move(a, Held, p.At, "not on the list after 15 minutes; a person decides: hisab resolve "+a.ID)`,
				`o.move(a, Ready, p.At, "not on the list after 15 minutes")`}},
			Why: "absence from the list is never proof: the refund may take effect later than any window",
		},
		{
			Name: "left-in-sending-means-not-sent", Breaks: []string{"I1", "I3"},
			Edits: []Edit{{"reconcile/remember.go",
				`o.move(a, Undecided, now, "the process that was sending it ended`,
				`o.move(a, Ready, now, "the process that was sending it ended`}},
			Why: "a process that was killed may have sent before, so what it left in sending is unknown",
		},
		{
			Name: "any-error-is-a-refusal", Breaks: []string{"I3", "I1"},
			Edits: []Edit{{"reconcile/record.go",
				"o.move(a, Undecided, now, got.err.Error())",
				"o.move(a, Rejected, now, got.err.Error())"}},
			Why: "only a code that is known to mean that nothing was created proves that nothing was",
		},
		{
			Name: "a-late-error-takes-back", Breaks: []string{"I2", "I3", "I14"},
			Edits: []Edit{{"reconcile/record.go",
				"if late && (a.Kind == KindRefund || a.State != Undecided || got.err.Class == Unknown) {\n\t\to.tell(now, \"late answer\", a, got.err.Error())\n\t\treturn\n\t}",
				""}, {"reconcile/record.go", "late := a.State != Sending\n", ""}},
			Why: "what another look has settled meanwhile is not unsettled by the sender's timeout",
		},
		{
			Name: "one-more-attempt-by-itself", Breaks: []string{"I1"},
			Edits: []Edit{{"reconcile/table_refund.go",
				"return f.attempt.Retry || (f.attempt.State != Closed && f.attempt.N <= f.RetryFailedRefunds)",
				"return true"}},
			Why: "a new attempt is made by a person's word or the policy's, never by the program's own",
		},
		{
			Name: "retry-of-an-unknown", Breaks: []string{"I1", "I3"},
			Edits: []Edit{
				{"reconcile/resolve.go", "if !o.failed(a) {\n", "if !o.failed(a) && !a.State.Open() {\n"},
				{"reconcile/resolve.go", "a.Retry = true\n", "a.Retry = true\n\tif a.State.Open() {\n\t\ta.State = Closed\n\t}\n"},
			},
			Why: "one more attempt after an unknown one could pay twice, so it is refused until that is settled",
		},
		{
			Name: "without-its-id-a-recorded-refund-is-new", Breaks: []string{"I1"},
			Edits: []Edit{{"reconcile/table_refund.go",
				"return (f.attempt == nil || f.attempt.nothingCame() || f.failed()) && f.recordedAs(f.refund.Label, f.refund.Was) != nil",
				"return false"}},
			Why: "a label that stands for a refund made elsewhere sends none when the line with the id is lost",
		},
	}
}

// candidates: which refund on the list is the effect of an attempt.
func candidates() []Defect {
	return []Defect{
		{
			Name: "ignore-the-baseline", Breaks: []string{"I2", "I6"},
			Edits: []Edit{
				{"reconcile/absorb.go", "|| slices.Contains(a.Baseline, r.ID) ||\n\t\t\t(!r.CreatedAt.IsZero() && r.CreatedAt.Before(a.ClaimedAt.Add(-clockSkew)))", ""},
			},
			Why: "a refund that was there before the claim, or is older, cannot be its effect",
		},
		{
			Name: "adopt-what-another-owns", Breaks: []string{"I6", "I2"},
			Edits: []Edit{
				{"reconcile/absorb.go", "r.Reference != a.Reference || r.Explained() || r.Amount", "r.Reference != a.Reference || r.Amount"},
				{"reconcile/sim/memstore/unique.go", `a.Result != "" && a.Result == b.Result`, "false"},
			},
			Why: "a refund that belongs to a label, or is known to be another's, is not the effect of a second one",
		},
		{
			Name: "adopt-any-amount", Breaks: []string{"I2"},
			Edits: []Edit{{"reconcile/absorb.go", "|| r.Explained() || r.Amount != a.Amount ||", "|| r.Explained() ||"}},
			Why:   "a refund of another amount is not the one that was asked for",
		},
		{
			Name: "adopt-one-of-several", Breaks: []string{"I2"},
			Edits: []Edit{{"reconcile/absorb.go", "found := o.candidates(a)\n", "found := o.candidates(a)\n\t\tfound = found[:min(len(found), 1)]\n"}},
			Why:   "where several refunds could be it, which one is for a person to say",
		},
		{
			Name: "adopt-what-a-closed-one-may-have-made", Breaks: []string{"I2"},
			Edits: []Edit{{"reconcile/absorb.go", "case rival != nil:", "case false && rival != nil:"}},
			Why:   "what a person closed without knowing may still show up, and is not the next one's",
		},
		{
			Name: "take-any-id-as-the-answer", Breaks: []string{"I2", "I6"},
			Edits: []Edit{{"reconcile/record.go", `why != "" && a.State.Open() {`, `why != "" && got.result == "" && a.State.Open() {`}},
			Why:   "an answer that names a refund which was there before, or is another's, proves nothing",
		},
	}
}

// closedPayments: while the outcome of one refund is open, no other goes out on its payment.
func closedPayments() []Defect {
	return []Defect{
		{
			Name: "payment-open-while-held", Breaks: []string{"I5", "I2"},
			Edits: []Edit{
				{"reconcile/facts.go", "a.Kind == KindRefund && a.Reference == reference && a.State.Open()",
					"a.Kind == KindRefund && a.Reference == reference && (a.State == Sending || a.State == Undecided)"},
				{"reconcile/sim/memstore/unique.go", "a.Reference == b.Reference && a.State.Open() && b.State.Open()",
					"a.Reference == b.Reference && a.State.Open() && b.State.Open() && a.State != reconcile.Held && b.State != reconcile.Held"},
			},
			Why: "a paused sender may wake after a person was asked, and its refund would be taken for the next one's",
		},
		{
			Name: "payment-never-closed", Breaks: []string{"I5", "I2"},
			Edits: []Edit{
				{"reconcile/facts.go", "a.Kind == KindRefund && a.Reference == reference && a.State.Open()",
					"false && a.Kind == KindRefund && a.Reference == reference"},
				{"reconcile/sim/memstore/unique.go", "a.Reference == b.Reference && a.State.Open() && b.State.Open()", "false"},
			},
			Why: "two refunds of one payment in doubt cannot be told apart on its list",
		},
		{
			Name: "unexplained-refund-blocks-nothing", Breaks: []string{"I1", "I2"},
			Edits: []Edit{{"reconcile/table_refund.go", "f.newTry() && f.unexplained() != nil", "false"}},
			Why:   "a refund that nobody explains may be ours, forgotten by a journal that was restored from a backup",
		},
		{
			Name: "refund-without-looking-for-a-later-bill", Breaks: []string{"I1"},
			Edits: []Edit{{"reconcile/table_refund.go", "return f.newTry() && f.stranger()", "return false"}},
			Why:   "what went back on a bill that a journal from a backup does not know stands on no other bill's list",
		},
		{
			Name: "another-label-is-another-refund", Breaks: []string{"I1"},
			Edits: []Edit{{"reconcile/table_refund.go", "if was != nil && (own == nil", "if false && (own == nil"}},
			Why:   "a refund that was made under the label it had before is made",
		},
	}
}

// sums: no more goes back than came in.
func sums() []Defect {
	return []Defect{
		{
			Name: "more-than-was-captured", Breaks: []string{"I4"},
			Edits: []Edit{{"reconcile/table_refund.go", "return f.fresh > left", "return false && f.fresh > left"}},
			Why:   "all refunds of a payment together stay within what was captured",
		},
		{
			Name: "abandoned-counts-as-unspent", Breaks: []string{"I4"},
			Edits: []Edit{{"reconcile/facts.go", "a.State.Open() || a.State == Abandoned || (a.State == Settled", "a.State.Open() || (a.State == Settled"}},
			Why:   "what a person stopped asking about may have happened, so its amount stays spent",
		},
		{
			Name: "pending-counts-as-unspent", Breaks: []string{"I4"},
			Edits: []Edit{{"reconcile/facts.go", "r.Reference == reference && r.State != RefundFailed", "r.Reference == reference && r.State == RefundSuccess"}},
			Why:   "a refund on its way is spent until it is known to have failed",
		},
		{
			Name: "whole-rupees", Breaks: []string{"I15", "I7", "I2"},
			Edits: []Edit{{"reconcile/claim.go", "Reference: a.Reference, Amount: a.Amount, Currency: a.Currency, Speed: a.Speed}\n", "Reference: a.Reference, Amount: a.Amount / 100 * 100, Currency: a.Currency, Speed: a.Speed}\n"}},
			Why:   "what is asked for is what the journal says, to the paisa",
		},
	}
}
