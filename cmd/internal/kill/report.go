package kill

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Report is what came of the kills.
type Report struct {
	Kills, Violations, Rounds int
	// Refunds is how many requests for a refund the platform saw.
	Refunds int
	// Left is how many refunds ended in doubt, so that a person decides.
	Left int
	// Cut is how many requests a kill cut short: begun, and not answered to the end.
	Cut int
	// Sending is how many intents a kill left claimed and without an outcome.
	Sending int
	// Zombies is how many processes were paused in the middle, Refused how many found the
	// state locked, Polite how many were asked to stop and did.
	Zombies, Refused, Polite int
	// Recovery is the longest time from a restart to the first request about an intent that the
	// kill had cut short.
	Recovery time.Duration
	// Struck counts the faults by kind.
	Struck map[string]int
}

// Troubles tells how often what was done to the program, for who wants to know whether the
// loop tries everything.
func (r *Report) Troubles() string {
	text := fmt.Sprintf("%d asked to stop; faults:", r.Polite)
	for _, what := range slices.Sorted(maps.Keys(r.Struck)) {
		text += fmt.Sprintf(" %s %d", what, r.Struck[what])
	}
	return text
}

// String is the one line that a run ends with.
func (r *Report) String() string {
	return fmt.Sprintf("%d kills, %d violations, %d rounds, %d refunds asked for, %d left to a person, %d requests cut in flight, %d intents cut, %d zombies, %d refused by the lock, recovery at most %.2f s",
		r.Kills, r.Violations, r.Rounds, r.Refunds, r.Left, r.Cut, r.Sending, r.Zombies, r.Refused, r.Recovery.Seconds())
}
