package sim

import "maps"

// Shrink leaves out faults of a failing history for as long as it fails in the same way, and
// returns what is left: kinds first, then single strikes. It plays at most limit histories.
func Shrink(base *Base, failing Outcome, limit int) Outcome {
	best := failing
	without := func(s Strike) {
		if limit--; limit < 0 {
			return
		}
		o := best.Options
		o.Drop = maps.Clone(o.Drop)
		if o.Drop == nil {
			o.Drop = map[Strike]bool{}
		}
		o.Drop[s] = true
		if got := Run(base, o, nil); got.Violation != nil && got.Violation.Invariant == failing.Violation.Invariant {
			best = got
		}
	}
	for f, rate := range failing.Options.Rates {
		if rate > 0 {
			without(Strike{Fault(f), all})
		}
	}
	for i := len(best.Strikes) - 1; i >= 0; i-- {
		if i < len(best.Strikes) {
			without(best.Strikes[i])
		}
	}
	return best
}
