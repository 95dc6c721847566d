package whatsapp

import (
	"strings"
	"testing"
)

// TestRemarkIsOneLine holds for words of the platform that are kept as they come.
func TestRemarkIsOneLine(t *testing.T) {
	if got := remark("UPI\n  declined\x1b[2J \u202eby bank"); got != "UPI declined[2J by bank" {
		t.Errorf("got %q", got)
	}
}

// TestScrubIsQuick takes no seconds over a text that is no sentence, and shows no end of it
// behind which half a secret could stand.
func TestScrubIsQuick(t *testing.T) {
	if got := scrub(strings.Repeat("no ", mostScrubbed), []string{"secret"}); got != hidden {
		t.Errorf("got %q", got)
	}
	if got := scrub("a secret", []string{"secret"}); got != "a "+hidden {
		t.Errorf("got %q", got)
	}
}
