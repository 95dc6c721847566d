package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/hisab/hisab/cmd/internal/view"
)

// report says why a command failed, unless it has said so itself.
func (a *App) report(ctx context.Context, err error) {
	var e *exitError
	if err == nil || (errors.As(err, &e) && e.Err == nil) {
		return
	}
	var stopped *stoppedError
	if errors.As(context.Cause(ctx), &stopped) && (errors.Is(err, context.Canceled) || errors.As(err, &stopped)) {
		fmt.Fprintln(a.Err, "Stopped.")
		return
	}
	g := &global{App: a}
	view.Error(a.Err, err, g.talking(nil))
}
