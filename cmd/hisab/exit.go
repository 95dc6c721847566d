package main

import (
	"context"
	"errors"
	"os"
	"syscall"
)

// ExitCode is the status the program ends with. The numbers are a promise to scripts.
type ExitCode int

// The exit statuses.
const (
	ExitDone        ExitCode = 0
	ExitError       ExitCode = 1
	ExitActions     ExitCode = 2
	ExitCheckFailed ExitCode = 3
	ExitHeld        ExitCode = 4
	ExitPartial     ExitCode = 5
	ExitUnknown     ExitCode = 6
	ExitLocked      ExitCode = 7
	ExitStale       ExitCode = 8
	ExitInterrupted ExitCode = 130
	ExitTerminated  ExitCode = 143
)

// meanings is what each status means, in the order in which help shows them.
var meanings = []struct {
	Code    ExitCode
	Meaning string
}{
	{ExitDone, "done"},
	{ExitError, "error: usage, spec, state or network"},
	{ExitActions, "--detailed-exitcode: there are actions"},
	{ExitCheckFailed, "the check that was asked for says no"},
	{ExitHeld, "the policy held at least one action"},
	{ExitPartial, "some actions or looks failed; the journal is sound and the next run goes on"},
	{ExitUnknown, "at least one outcome is unknown"},
	{ExitLocked, "another process acts on the state"},
	{ExitStale, "some or all of the saved plan is stale or spent; the rest ran"},
	{ExitInterrupted, "stopped by an interrupt after finishing what was in flight"},
	{ExitTerminated, "stopped by SIGTERM after finishing what was in flight"},
}

// dangers lists the outcomes of a run, the most dangerous first. Where several hold, the
// first one is the status.
var dangers = []ExitCode{ExitUnknown, ExitPartial, ExitStale, ExitHeld, ExitError, ExitCheckFailed, ExitActions}

// worst returns the most dangerous of the codes, ExitDone of none.
func worst(codes ...ExitCode) ExitCode {
	for _, danger := range dangers {
		for _, code := range codes {
			if code == danger {
				return code
			}
		}
	}
	return ExitDone
}

// exitError ends the program with a status of its own. Without Err nothing is left to say:
// the command has said it.
type exitError struct {
	Code ExitCode
	Err  error
}

func (e *exitError) Error() string {
	if e.Err == nil {
		return "exit status " + meaningOf(e.Code)
	}
	return e.Err.Error()
}

func (e *exitError) Unwrap() error { return e.Err }

// exit ends a command with a status, and nothing more to say. ExitDone is no error.
func exit(code ExitCode) error {
	if code == ExitDone {
		return nil
	}
	return &exitError{Code: code}
}

// meaningOf is the sentence that goes with a code.
func meaningOf(code ExitCode) string {
	for _, m := range meanings {
		if m.Code == code {
			return m.Meaning
		}
	}
	return "unknown"
}

// exitOf is the status for what a command returned. A run that a signal stopped ends with
// the signal's status unless money or messages are in doubt.
func exitOf(ctx context.Context, err error) ExitCode {
	code := ExitDone
	var e *exitError
	switch {
	case err == nil:
	case errors.As(err, &e):
		code = e.Code
	default:
		code = ExitError
	}
	var stopped *stoppedError
	if code != ExitUnknown && errors.As(context.Cause(ctx), &stopped) {
		return stopped.code()
	}
	return code
}

// stoppedError is why a run that was asked to stop stopped.
type stoppedError struct{ signal os.Signal }

func (e *stoppedError) Error() string { return "stopped by " + e.signal.String() }

func (e *stoppedError) code() ExitCode {
	if e.signal == syscall.SIGTERM {
		return ExitTerminated
	}
	return ExitInterrupted
}
