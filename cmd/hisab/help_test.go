package main

import (
	"strings"
	"testing"
)

// TestEveryCommandIsExplained: an example and the exit statuses stand in each help. What
// reads a spec or waits can be interrupted.
func TestEveryCommandIsExplained(t *testing.T) {
	instant := map[string]bool{"completion": true, "help": true, "schema": true, "version": true}
	for _, c := range newRoot(&App{}).Commands() {
		if c.Example == "" {
			t.Errorf("%s: no example", c.Name())
		}
		statuses := c.Annotations[exitAnnotation]
		for _, want := range []string{"  0    done", "  1    error"} {
			if !strings.Contains(statuses, want) {
				t.Errorf("%s: no exit status %q", c.Name(), want)
			}
		}
		if strings.Contains(statuses, "  130  ") == instant[c.Name()] {
			t.Errorf("%s: says of interrupts what is not so:\n%s", c.Name(), statuses)
		}
	}
}
