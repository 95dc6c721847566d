package main

import (
	"context"
	"fmt"
)

// watchSignals turns the first signal into a polite end: nothing new is begun, what is
// in flight is finished. A second one ends the process where it is; the journal then
// tells the next run what may have happened. The returned function stops watching.
func (a *App) watchSignals(stop context.CancelCauseFunc) func() {
	if a.Signals == nil {
		return func() {}
	}
	done := make(chan struct{})
	go func() {
		select {
		case <-done:
			return
		case s := <-a.Signals:
			fmt.Fprintf(a.Err, "\nStopping (%s): finishing what is in flight. Once more ends at once.\n", s)
			stop(&stoppedError{signal: s})
		}
		select {
		case <-done:
		case s := <-a.Signals:
			a.Abort(int((&stoppedError{signal: s}).code()))
		}
	}()
	return func() { close(done) }
}
