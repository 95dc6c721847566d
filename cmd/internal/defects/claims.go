package defects

// claims: the right to send is one committed decision, and the answer belongs to it.
func claims() []Defect {
	return []Defect{
		{
			Name: "no-compare-and-set", Breaks: []string{"I1", "I5", "I14"},
			Edits: []Edit{{"reconcile/claim.go",
				"_, err = j.w.Store.Update(ctx, j.ref, func(o *Observed) error {\n\t\tt := j.terms(j.group.want)\n",
				"read, _, err := j.w.Store.Get(ctx, j.ref)\n\tif err != nil {\n\t\treturn time.Time{}, err\n\t}\n\t_, err = j.w.Store.Update(ctx, j.ref, func(o *Observed) error {\n\t\tversion := o.Version\n\t\t*o = *read.Clone()\n\t\to.Ref, o.Version = j.ref, version\n\t\tt := j.terms(j.group.want)\n"}},
			Why: "who may send is decided on what is written, in the transaction that writes it",
		},
		{
			Name: "claim-without-deciding-anew", Breaks: []string{"I1", "I9", "I5"},
			Edits: []Edit{{"reconcile/claim.go", "\tif a == nil {\n\t\t\treturn j.early(o, stale(&j.action, &change))\n\t\t}\n", "\tif a == nil {\n\t\t\ta = &j.action\n\t\t}\n"}},
			Why:   "since the plan was made another process may have done it, or the customer paid",
		},
		{
			Name: "send-though-the-claim-failed", Breaks: []string{"I7", "I12"},
			Edits: []Edit{{"reconcile/work.go",
				"return j.notClaimed(ctx, looked, err)\n\t}\n\t//",
				"if j.claimed.ID == \"\" {\n\t\t\treturn j.notClaimed(ctx, looked, err)\n\t\t}\n\t}\n\t//"}},
			Why: "a claim that was not seen to be durable may be forgotten, and what was sent on it with it",
		},
		{
			Name: "attempts-numbered-in-memory", Breaks: []string{"I22", "I1", "I9"},
			Edits: []Edit{{"reconcile/claim.go", "attempt.N = o.nextN(&attempt)", "attempt.N = j.tries"}},
			Why:   "how often something was tried is known from the journal, and so by every process after this one",
		},
		{
			Name: "one-number-for-two-messages", Breaks: []string{"I13", "I9", "I1"},
			Edits: []Edit{{"reconcile/claim.go", "case last.State == Ready && last.Delivery != FailedOnRoute:", "case last.State == Ready:"},
				{"reconcile/witness.go", "a.NextAt = now.Add(wait(&CallError{}, 0))", "a.Delivery, a.Result = Unconfirmed, \"\"\n\t\ta.NextAt = now.Add(wait(&CallError{}, 0))"}},
			Why: "a webhook that comes twice speaks of the message it was about, not of the one sent in its place",
		},
		{
			Name: "fence-stands-still", Breaks: []string{"I14"},
			Edits: []Edit{{"reconcile/claim.go", "Fence: o.Version + 1", "Fence: 1"}},
			Why:   "a claim is known from an earlier one of the same attempt by its fence",
		},
		{
			Name: "answer-to-another-claim", Breaks: []string{"I14", "I3", "I1"},
			Edits: []Edit{{"reconcile/record.go", "if a.Fence != claimed.Fence || a.Incarnation != claimed.Incarnation {", "if false {"}},
			Why:   "an answer is written by the claim that asked, not over one that came after it",
		},
		{
			Name: "give-back-what-is-anothers", Breaks: []string{"I14", "I1", "I3"},
			Edits: []Edit{{"reconcile/work.go",
				"if a == nil || a.State != Sending || a.Fence != j.claimed.Fence || a.Incarnation != j.w.Incarnation {",
				"if a == nil {"}},
			Why: "only the owner of a claim may undo it, and only while nobody else has taken it for unknown",
		},
		{
			Name: "give-back-after-sending", Breaks: []string{"I1", "I3"},
			Edits: []Edit{{"reconcile/work.go", "return j.record(ctx, own, answer)", "if answer.err != nil && ctx.Err() != nil {\n\t\treturn j.giveBack(own, true)\n\t}\n\treturn j.record(ctx, own, answer)"}},
			Why:   "a claim is given back only before anything was sent",
		},
		{
			Name: "send-long-after-the-claim", Breaks: []string{"I7", "I8"},
			Edits: []Edit{{"reconcile/work.go", "> claimLife; late || ctx.Err() != nil {", "> claimLife; ctx.Err() != nil {"}},
			Why:   "a process that slept after its claim must not send what others have gone past",
		},
		{
			Name: "an-old-look-will-do", Breaks: []string{"I7", Contract},
			Edits: []Edit{{"reconcile/claim.go", "if !j.asked.IsZero() && t.Now.Sub(j.asked) > lookLife || !j.hasLookedAll(o, looked) {", "if !j.hasLookedAll(o, looked) {"}},
			Why:   "what a process saw before it was held up is no look right before",
		},
		{
			Name: "claim-ages-from-its-return", Breaks: []string{"I7", "I8"},
			Edits: []Edit{{"reconcile/claim.go", "return begun, err\n", "return j.w.Clock.Now(), err\n"}},
			Why:   "a process can be held up within the commit as well, and the claim grows old from its beginning",
		},
		{
			Name: "done-before-it-is-written", Breaks: []string{"I12"},
			Edits: []Edit{{"reconcile/record.go",
				"if err != nil {\n\t\tj.broken(fmt.Errorf(\"write the journal: %w\", err))\n\t\tj.put(&j.result.Unknown",
				"if err != nil && got.err == nil {\n\t\tj.putDone(j.action, got.result)\n\t\treturn false\n\t}\n\tif err != nil {\n\t\tj.broken(fmt.Errorf(\"write the journal: %w\", err))\n\t\tj.put(&j.result.Unknown"}},
			Why: "what is reported as done is in the journal",
		},
		{
			Name: "claim-on-bills-nobody-looked-at", Breaks: []string{"I9", "I8"},
			Edits: []Edit{{"reconcile/claim.go", " || !j.hasLookedAll(o, looked) {", " {"}},
			Why:   "word that an earlier bill arrived after all may come between the looks and the claim",
		},
	}
}
