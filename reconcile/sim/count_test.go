package sim

import (
	"slices"
	"strings"
	"testing"
)

// TestMissing: few histories must show every fault, and enough of them everything.
func TestMissing(t *testing.T) {
	all := func(histories, strikes int) *Counts {
		c := NewCounts()
		c.Histories = histories
		for f := range c.struck {
			c.struck[f] = strikes
		}
		return c
	}
	if missing, unseen := all(1000, 1).Missing(); len(missing) > 0 || !slices.Contains(unseen, "fault: kill -9, 1 times") || !slices.Contains(unseen, "orders paid") {
		t.Errorf("of 1,000 histories: missing %q, unseen %q", missing, unseen)
	}
	few := all(1000, 1)
	few.struck[Kill] = 0
	if missing, _ := few.Missing(); len(missing) != 1 || !strings.HasPrefix(missing[0], "fault: kill -9, 0 of") {
		t.Errorf("without a kill: missing %q", missing)
	}
	if missing, unseen := all(enough, 199).Missing(); len(unseen) > 0 || !slices.Contains(missing, "orders paid") ||
		!slices.Contains(missing, "status: processing → shipped") || !slices.Contains(missing, "fault: kill -9, 199 of at least 200 times") {
		t.Errorf("of enough histories: missing %q, unseen %q", missing, unseen)
	}
}
