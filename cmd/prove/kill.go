package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/hisab/hisab/cmd/internal/kill"
)

// runKill is the loop of kills: kill -9 on the real program, at random moments.
func runKill(ctx context.Context, args []string, out io.Writer) error {
	o := kill.Options{Progress: os.Stderr}
	flags := flag.NewFlagSet("kill", flag.ContinueOnError)
	flags.IntVar(&o.Kills, "kills", 20, "kill so many processes")
	flags.Uint64Var(&o.Seed, "seed", 0, "seed of the first round; 0: another one each time")
	flags.BoolVar(&o.Keep, "keep", false, "keep the folder of every round, not of a failing one alone")
	flags.BoolVar(&o.Verbose, "v", false, "tell of every round")
	flags.BoolVar(&o.Race, "race", false, "build the program with the race detector")
	flags.StringVar(&o.Binary, "binary", "", "kill this program instead of building one")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("kill takes no arguments, and was given %q; see -h", flags.Args())
	}
	if o.Seed == 0 {
		o.Seed = uint64(time.Now().UnixMilli())
	}
	fmt.Fprintf(o.Progress, "killing from seed %d\n", o.Seed)
	report, err := kill.Run(ctx, o)
	if report != nil {
		fmt.Fprintln(out, report)
	}
	return err
}
