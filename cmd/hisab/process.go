package main

import (
	"crypto/rand"
	"os"
	"os/user"

	"golang.org/x/term"

	"github.com/hisab/hisab/cmd/internal/run"
)

// newProcess is the App of this process.
func newProcess(signals <-chan os.Signal) *App {
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	return &App{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Console: console(),
		Environ: os.Environ(),
		Dir:     dir,
		Clock:   run.Clock{},
		Random:  rand.Reader,
		Who:     whoami(),
		Signals: signals,
		Budget:  newBudget(),
		Abort:   os.Exit,
	}
}

// console looks at the three streams. Width is standard output's, or else standard
// error's, where progress goes.
func console() Console {
	c := Console{
		In:  term.IsTerminal(int(os.Stdin.Fd())),
		Out: term.IsTerminal(int(os.Stdout.Fd())),
		Err: term.IsTerminal(int(os.Stderr.Fd())),
	}
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			c.Width = w
			break
		}
	}
	return c
}

// whoami names the person at this machine, as user@host.
func whoami() string {
	name := "unknown"
	if u, err := user.Current(); err == nil && u.Username != "" {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		return name
	}
	return name + "@" + host
}
