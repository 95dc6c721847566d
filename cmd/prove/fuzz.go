package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"time"

	"github.com/hisab/hisab/cmd/internal/fuzz"
)

// runFuzz fuzzes every decoder of the module, and sequences of all that can happen.
func runFuzz(ctx context.Context, args []string, out io.Writer) error {
	o := fuzz.Options{Dir: "."}
	f := flag.NewFlagSet("fuzz", flag.ContinueOnError)
	f.SetOutput(out)
	f.DurationVar(&o.Time, "time", 10*time.Second, "fuzz each target for so long")
	f.IntVar(&o.Jobs, "jobs", 2*runtime.GOMAXPROCS(0), "how many targets at a time, each with one worker")
	match := f.String("run", "", "fuzz the targets alone whose names this regular expression matches")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("fuzz takes no arguments, and was given %q; see -h", f.Args())
	}
	if *match != "" {
		var err error
		if o.Match, err = regexp.Compile(*match); err != nil {
			return fmt.Errorf("-run: %w", err)
		}
	}
	return fuzz.Run(ctx, o, out)
}
