package main

import (
	"context"
	"io"
	"os"

	"github.com/hisab/hisab/reconcile"
)

// App is everything one run of the program reaches outside itself. Commands read nothing
// from the process, so a test runs them in its own.
type App struct {
	In       io.Reader
	Out, Err io.Writer
	// Console tells which of the streams a person looks at.
	Console Console
	// Environ is the environment as NAME=VALUE, as os.Environ gives it.
	Environ []string
	// Dir is the working directory, absolute.
	Dir   string
	Clock reconcile.Clock
	// Random gives identities: of a new spec, of a plan, of this run.
	Random io.Reader
	// Who is recorded with what a person decides: user@host.
	Who string
	// Signals asks the run to stop; nil: nobody does.
	Signals <-chan os.Signal
	// Budget sets how much memory the process may take; nil: nothing is set.
	Budget func(limit int64)
	// Abort ends the process at once, with what is in flight undecided.
	Abort func(code int)
}

// Console is what is known of the streams. The zero Console is no terminal anywhere.
type Console struct {
	In, Out, Err bool
	Width        int // columns of the terminal; 0 where there is none
}

// Run runs one command line and returns its exit status.
func (a *App) Run(args []string) int {
	ctx, stop := context.WithCancelCause(context.Background())
	defer stop(nil)
	defer a.watchSignals(stop)()
	err := a.run(ctx, args)
	a.report(ctx, err)
	return int(exitOf(ctx, err))
}

// run runs one command line.
func (a *App) run(ctx context.Context, args []string) error {
	root := newRoot(a)
	args = doubleDashes(root, args)
	if err := knownCommand(root, args); err != nil {
		return err
	}
	root.SetArgs(args)
	return root.ExecuteContext(ctx)
}

// env returns a variable of the environment, empty where it is not set.
func (a *App) env(name string) string {
	value, _ := a.lookupEnv(name)
	return value
}

// lookupEnv returns a variable of the environment, and whether it is set. The last one
// wins where a name is there twice.
func (a *App) lookupEnv(name string) (string, bool) {
	for i := len(a.Environ) - 1; i >= 0; i-- {
		entry := a.Environ[i]
		if len(entry) > len(name) && entry[len(name)] == '=' && entry[:len(name)] == name {
			return entry[len(name)+1:], true
		}
	}
	return "", false
}
