// Command hisab keeps WhatsApp payment orders the way a spec declares them.
//
// One file holds one command: it reads its flags into a struct, calls one function, and
// renders the answer. Rendering is in cmd/internal/view, the parts a run needs are put
// together in cmd/internal/wire.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(runProcess()) }

// runProcess runs the program on the real process: its arguments, streams and signals.
func runProcess() int {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	return newProcess(signals).Run(os.Args[1:])
}
