package main

import "github.com/hisab/hisab/reconcile"

// outcomeOf is the status that a run ends with. Waiting and blocked orders alone are no
// error, unless the user asked with --fail-on-blocked.
func outcomeOf(r *reconcile.Result, failOnBlocked bool) ExitCode {
	var codes []ExitCode
	for _, c := range []struct {
		holds bool
		code  ExitCode
	}{
		{len(r.Unknown)+len(r.Doubtful) > 0, ExitUnknown},
		{len(r.Failed) > 0, ExitPartial},
		{len(r.Stale) > 0 || r.Spent, ExitStale},
		{len(r.Held) > 0, ExitHeld},
		{r.Paused, ExitError},
		{failOnBlocked && len(r.Blocked) > 0, ExitCheckFailed},
	} {
		if c.holds {
			codes = append(codes, c.code)
		}
	}
	return worst(codes...)
}
