package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/pace"
	"github.com/hisab/hisab/reconcile/sim"
)

// simulated is the command line of prove sim.
type simulated struct {
	histories int
	seed      uint64
	workers   int
	until     bool
	quiet     bool
	replay    bool
	drop      string
	shrink    int
}

func runSim(ctx context.Context, args []string, out io.Writer) error {
	var o simulated
	flags := flag.NewFlagSet("prove sim", flag.ContinueOnError)
	flags.IntVar(&o.histories, "histories", 20_000, "how many histories to play")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the first history")
	flags.IntVar(&o.workers, "workers", runtime.NumCPU(), "how many histories at once")
	flags.BoolVar(&o.until, "until-violation", false, "stop at the first broken promise")
	flags.BoolVar(&o.quiet, "quiet", false, "no table of what occurred, no trace")
	flags.BoolVar(&o.replay, "replay", false, "play the one history of -seed, and print all that happens in it")
	flags.StringVar(&o.drop, "drop", "", "with -replay: strikes of faults to leave out, as a failure prints them")
	flags.IntVar(&o.shrink, "shrink", 400, "play at most so many histories to leave out faults of a failure")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("sim takes no arguments, and was given %q; see -h", flags.Args())
	}
	if o.histories < 1 || o.workers < 1 {
		return fmt.Errorf("%d histories on %d workers are none; both are at least 1", o.histories, o.workers)
	}
	debug.SetGCPercent(2000) // histories leave much behind and keep little
	base, err := sim.NewBase(func(c reconcile.Clock, rate int) reconcile.Pacer {
		return pace.New(c, func(string) int { return rate })
	})
	if err != nil {
		return err
	}
	if o.replay {
		return o.playOne(base, out)
	}
	return o.playMany(ctx, base, out)
}

// playOne prints one history.
func (o *simulated) playOne(base *sim.Base, out io.Writer) error {
	drop, err := sim.ParseDrop(o.drop)
	if err != nil {
		return err
	}
	options := sim.Draw(o.seed)
	options.Drop = drop
	got := trace(base, options, out)
	if got.Violation != nil {
		return fmt.Errorf("the history breaks %s", got.Violation)
	}
	return nil
}

func trace(base *sim.Base, o sim.Options, out io.Writer) sim.Outcome {
	fmt.Fprintln(out, o)
	return sim.Run(base, o, func(at time.Time, text string) { fmt.Fprintln(out, at.Format("02 15:04:05.000"), text) })
}

func (o *simulated) playMany(ctx context.Context, base *sim.Base, out io.Writer) error {
	start := time.Now()
	report := sim.Many(ctx, base, o.seed, o.histories, o.workers, o.until, func(f sim.Outcome) { o.tell(f, out) })
	for _, f := range report.Failures {
		o.explain(ctx, base, f, out)
	}
	missing, unseen := report.Counts.Missing()
	if !o.quiet {
		report.Counts.Write(out)
	}
	if !o.until {
		for _, m := range missing {
			fmt.Fprintf(out, "too seldom: %s\n", m)
		}
		if o.quiet {
			unseen = nil
		}
		for _, m := range unseen {
			fmt.Fprintf(out, "hardly or not seen in so few histories: %s\n", m)
		}
	}
	n := report.Counts.Histories
	fmt.Fprintf(out, "%d histories, %d violations, %d too seldom, %d processes, %.0f histories a second\n",
		n, report.Violations, len(missing), report.Counts.Processes(), float64(n)/time.Since(start).Seconds())
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case report.Violations > 0:
		return fmt.Errorf("%d of %d histories break a promise", report.Violations, n)
	case len(missing) > 0 && !o.until:
		return fmt.Errorf("%d things occurred too seldom to count as tested", len(missing))
	}
	return nil
}

// tell says what a history broke as soon as it has, without how: a million take an hour.
func (o *simulated) tell(f sim.Outcome, out io.Writer) {
	fmt.Fprintf(out, "violation: %s (seed %d, history %d)\n", f.Violation, f.Options.Seed, f.Options.Seed-o.seed+1)
}

// explain shows a failure shrunk and in full, where that is wanted.
func (o *simulated) explain(ctx context.Context, base *sim.Base, f sim.Outcome, out io.Writer) {
	if o.quiet {
		return
	}
	least := sim.Shrink(base, f, o.shrink)
	trace(base, least.Options, out)
	fmt.Fprintf(out, "replay at commit %s: go run ./cmd/prove sim -replay -seed %d -drop %q\n\n",
		commit(ctx), f.Options.Seed, sim.DropText(least.Options.Drop))
}
