package sim

// Shrink leaves out faults of a failing history for as long as it fails in the same way, and
// returns what is left: kinds first, then single strikes. It plays at most limit histories.
func Shrink(base *Base, failing Outcome, limit int) Outcome {
	best := failing
	try := func(o Options) {
		if limit--; limit < 0 {
			return
		}
		got := Run(base, o, nil)
		if got.Violation != nil && got.Violation.Invariant == failing.Violation.Invariant {
			best = got
		}
	}
	for f := range best.Options.Rates {
		if best.Options.Rates[f] > 0 {
			o := best.Options
			o.Rates[f] = 0
			try(o)
		}
	}
	for i := len(best.Strikes) - 1; i >= 0 && limit > 0; i-- {
		if i >= len(best.Strikes) {
			continue
		}
		o := best.Options
		o.Drop = map[Strike]bool{best.Strikes[i]: true}
		for s := range best.Options.Drop {
			o.Drop[s] = true
		}
		try(o)
	}
	return best
}
