// Command prove tries to make hisab break its promises, and says when it could not.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// layer is one way to attack.
type layer struct {
	name, does string
	run        func(ctx context.Context, args []string, out io.Writer) error
}

func layers() []layer {
	return []layer{
		{"sim", "plays simulated histories of the core, and holds each step against the invariants", runSim},
		{"defects", "leaves one rule out at a time, and shows that the simulator finds each", runDefects},
		{"kill", "kills the real program at random moments, and checks what it leaves", runKill},
		{"fuzz", "fuzzes every decoder, and sequences of all that can happen to an order", runFuzz},
	}
}

// errUsage: the command line makes no sense.
var errUsage = errors.New("usage: prove sim|defects|kill|fuzz [flags]; each explains its flags with -h")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "prove:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	for _, l := range layers() {
		if l.name == args[0] {
			return l.run(ctx, args[1:], os.Stdout)
		}
	}
	return errUsage
}
