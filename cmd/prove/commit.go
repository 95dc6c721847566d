package main

import (
	"context"
	"os/exec"
	"strings"
)

// commit names the source that this program was built from, as well as can be told, also
// where ctx ended the search: a seed means a history of one commit alone. It asks git about
// the working directory, since go run stamps nothing.
func commit(ctx context.Context) string {
	out, err := exec.CommandContext(context.WithoutCancel(ctx), "git", "describe", "--always", "--dirty", "--abbrev=12").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
