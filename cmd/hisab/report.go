package main

import (
	"errors"

	"github.com/hisab/hisab/cmd/internal/view"
)

// report says why a command failed, unless it has said so itself.
func (a *App) report(err error) {
	var e *Exit
	if err == nil || (errors.As(err, &e) && e.Err == nil) {
		return
	}
	g := &global{App: a}
	view.Error(a.Err, err, g.talking())
}
