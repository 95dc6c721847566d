package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/hisab/hisab/reconcile"
)

func TestWorst(t *testing.T) {
	for _, c := range []struct {
		codes []ExitCode
		want  ExitCode
	}{
		{nil, ExitDone},
		{[]ExitCode{ExitDone, ExitDone}, ExitDone},
		{[]ExitCode{ExitHeld, ExitStale, ExitPartial, ExitUnknown}, ExitUnknown},
		{[]ExitCode{ExitHeld, ExitStale, ExitPartial}, ExitPartial},
		{[]ExitCode{ExitHeld, ExitStale}, ExitStale},
		{[]ExitCode{ExitError, ExitHeld}, ExitHeld},
		{[]ExitCode{ExitCheckFailed, ExitError}, ExitError},
	} {
		if got := worst(c.codes...); got != c.want {
			t.Errorf("worst(%v) = %d, want %d", c.codes, got, c.want)
		}
	}
}

func TestOutcomeOf(t *testing.T) {
	one := []reconcile.Outcome{{}}
	note := []reconcile.Note{{}}
	for name, c := range map[string]struct {
		result        reconcile.Result
		failOnBlocked bool
		want          ExitCode
	}{
		"nothing":                    {reconcile.Result{}, false, ExitDone},
		"waiting and blocked":        {reconcile.Result{Waiting: one, Pending: note, Blocked: note}, false, ExitDone},
		"blocked, asked for":         {reconcile.Result{Blocked: note}, true, ExitCheckFailed},
		"nothing blocked, asked for": {reconcile.Result{}, true, ExitDone},
		"held":                       {reconcile.Result{Held: one}, false, ExitHeld},
		"failed and held":            {reconcile.Result{Failed: one, Held: one}, false, ExitPartial},
		"stale":                      {reconcile.Result{Stale: one}, false, ExitStale},
		"spent":                      {reconcile.Result{Spent: true}, false, ExitStale},
		"unknown and failed":         {reconcile.Result{Unknown: one, Failed: one}, false, ExitUnknown},
		"unknown from before":        {reconcile.Result{Doubtful: note}, false, ExitUnknown},
		"paused":                     {reconcile.Result{Paused: true, Waiting: one}, false, ExitError},
	} {
		if got := outcomeOf(&c.result, c.failOnBlocked); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestEnded(t *testing.T) {
	full, closed := errors.New("write the journal: disk full"), errors.New("the pipe is closed")
	for _, c := range []struct {
		outcome        ExitCode
		journal, shown error
		want           ExitCode
	}{
		{ExitDone, nil, nil, ExitDone},
		{ExitPartial, nil, nil, ExitPartial},
		{ExitDone, full, nil, ExitError},
		{ExitPartial, full, nil, ExitError},
		{ExitStale, full, closed, ExitError},
		{ExitHeld, full, nil, ExitError},
		{ExitUnknown, full, nil, ExitUnknown},
		{ExitPartial, nil, closed, ExitPartial},
		{ExitDone, nil, closed, ExitError},
	} {
		if got := exitOf(t.Context(), ended(c.outcome, c.journal, c.shown)); got != c.want {
			t.Errorf("%d, %v, %v: %d, want %d", c.outcome, c.journal, c.shown, got, c.want)
		}
	}
}

func TestExitOf(t *testing.T) {
	interrupted := func(s os.Signal) context.Context {
		ctx, stop := context.WithCancelCause(t.Context())
		stop(&stoppedError{signal: s})
		return ctx
	}
	for name, c := range map[string]struct {
		ctx  context.Context
		err  error
		want ExitCode
	}{
		"done":                    {t.Context(), nil, ExitDone},
		"error":                   {t.Context(), errors.New("x"), ExitError},
		"status":                  {t.Context(), fmt.Errorf("wrapped: %w", exit(ExitLocked)), ExitLocked},
		"interrupted":             {interrupted(os.Interrupt), nil, ExitInterrupted},
		"interrupted with errors": {interrupted(os.Interrupt), errors.New("x"), ExitInterrupted},
		"terminated":              {interrupted(syscall.SIGTERM), exit(ExitPartial), ExitTerminated},
		"unknown is more urgent":  {interrupted(syscall.SIGTERM), exit(ExitUnknown), ExitUnknown},
	} {
		if got := exitOf(c.ctx, c.err); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// Every status that a command's help promises has a meaning, and every command promises some.
func TestEveryCommandSaysItsStatuses(t *testing.T) {
	for _, c := range newRoot(&App{}).Commands() {
		if c.Name() != "help" && (c.Annotations[exitAnnotation] == "" || c.Example == "" || c.Short == "") {
			t.Errorf("%s lacks exit statuses, an example or a line about it", c.Name())
		}
	}
}
