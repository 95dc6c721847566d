//go:build defects

package defects

import (
	"context"
	"os"
	"runtime"
	"testing"
)

// TestTheSimulatorFindsEveryDefect within 100,000 histories, and no courtesy. It takes
// minutes: go test -tags defects -timeout 2h ./cmd/internal/defects.
func TestTheSimulatorFindsEveryDefect(t *testing.T) {
	if err := Run(context.Background(), DefaultOptions(runtime.GOMAXPROCS(0)), os.Stdout); err != nil {
		t.Fatal(err)
	}
}
