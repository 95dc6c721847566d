package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
)

type resolveFlags struct {
	succeeded, force, reason        string
	failed, retry, abandon, foreign bool
}

func newResolve(g *global) *cobra.Command {
	var f resolveFlags
	cmd := &cobra.Command{
		Use:   "resolve ACTION (--succeeded ID | --failed | --retry | --abandon | --foreign) --reason TEXT",
		Short: "Settle by hand what looking could not",
		Long: `Settle by hand what looking could not. ACTION is the id that plan and status show with it.

  --succeeded ID   it happened, as this refund or message; the id is looked up first
  --failed         it did not happen; a refund is refused this until its sender is gone and
                   looks over 24 hours agree, unless --force names the payment
  --retry          try once more; only after a definite failure or --failed
  --abandon        stop asking; a refund's amount stays counted as spent
  --foreign        the refund with this id was made by somebody else

Who decided, when, and the reason are recorded. resolve sends nothing itself.`,
		Example: `  hisab resolve 9f2c41d0-1 --succeeded rfnd_FP8QHiV938haTz --reason "seen in the dashboard"
  hisab resolve 9f2c41d0-1 --failed --reason "the gateway has no trace of it"
  hisab resolve rfnd_FP8QHiV938haTz --foreign --reason "made in the shop"`,
		DisableFlagsInUseLine: true,
		Args:                  cobra.ExactArgs(1),
		Annotations:           exits(ExitDone, ExitError, ExitInterrupted, ExitTerminated),
		RunE:                  func(cmd *cobra.Command, args []string) error { return g.resolve(cmd.Context(), args[0], f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.succeeded, "succeeded", "", "it happened, as this refund or message `ID`")
	flags.BoolVar(&f.failed, "failed", false, "it did not happen")
	flags.StringVar(&f.force, "force", "", "with --failed: do not wait; the `PAYMENT_ID` confirms which payment is meant")
	flags.BoolVar(&f.retry, "retry", false, "try once more")
	flags.BoolVar(&f.abandon, "abandon", false, "stop asking")
	flags.BoolVar(&f.foreign, "foreign", false, "the refund is another's")
	flags.StringVar(&f.reason, "reason", "", "record this `TEXT` as the reason")
	g.vars.flags(cmd)
	return cmd
}

func (g *global) resolve(ctx context.Context, id string, f resolveFlags) error {
	d, err := f.decision()
	if err != nil {
		return err
	}
	d.Who = g.Who
	s, err := g.open(ctx, opening{dir: g.path("."), access: wire.Beside})
	if err != nil {
		return err
	}
	defer s.close()
	if d.Verdict == reconcile.Foreign {
		if err := reconcile.Discover(ctx, s.World, s.Spec, id); err != nil {
			return err
		}
	}
	if err := reconcile.Resolve(ctx, s.World, id, d); err != nil {
		return err
	}
	fmt.Fprintf(g.Out, "Recorded for %s by %s: %s. %s plan shows what follows from it.\n", id, d.Who, d.Verdict, g.again())
	return nil
}

// decision is what the flags say.
func (f resolveFlags) decision() (reconcile.Decision, error) {
	d := reconcile.Decision{ID: f.succeeded, Force: f.force, Reason: f.reason}
	given := 0
	for _, v := range []struct {
		set     bool
		verdict reconcile.Verdict
	}{
		{f.succeeded != "", reconcile.Succeeded}, {f.failed, reconcile.DidNot}, {f.retry, reconcile.Retry},
		{f.abandon, reconcile.GiveUp}, {f.foreign, reconcile.Foreign},
	} {
		if v.set {
			given++
			d.Verdict = v.verdict
		}
	}
	switch {
	case given != 1:
		return d, errors.New("say what is so with one of --succeeded ID, --failed, --retry, --abandon and --foreign")
	case f.force != "" && !f.failed:
		return d, errors.New("--force goes with --failed alone")
	case f.reason == "":
		return d, errors.New("a decision is recorded with its reason\n\nAdd --reason TEXT")
	}
	return d, nil
}
