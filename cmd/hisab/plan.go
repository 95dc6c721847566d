package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// planFlags are the flags of plan, which apply takes too.
type planFlags struct {
	targets, excludes, replace []string
	refresh                    bool

	out            string
	json, markdown bool
	detailed       bool
}

func (f *planFlags) flags(cmd *cobra.Command, asJSON, markdown, out, detailed string) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.targets, "target", nil, "plan this `ADDRESS` alone; repeatable")
	flags.StringArrayVar(&f.excludes, "exclude", nil, "leave this `ADDRESS` out; repeatable")
	flags.StringArrayVar(&f.replace, "replace", nil, "bill this `ADDRESS` anew without a change; repeatable")
	flags.BoolVar(&f.refresh, "refresh", true, "look at payments first")
	flags.StringVar(&f.out, "out", "", out)
	flags.BoolVar(&f.json, "json", false, asJSON)
	flags.BoolVar(&f.markdown, "markdown", false, markdown)
	flags.BoolVar(&f.detailed, "detailed-exitcode", false, detailed)
	cmd.MarkFlagsMutuallyExclusive("json", "markdown")
}

func (f *planFlags) options() reconcile.PlanOptions {
	return reconcile.PlanOptions{NoRefresh: !f.refresh, Targets: f.targets, Excludes: f.excludes, Replace: f.replace}
}

func newPlan(g *global) *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use:   "plan [DIR]",
		Short: "Show what would have to happen",
		Long: `Show what would have to happen so that everything is as declared: look at the payments,
compare, and list the actions with the reason and the line that asks for each; then what
waits, what is blocked, and what nobody knows. plan takes no lock and writes nothing.

ADDRESS is order.REF, invoice.REF or order.LABEL["KEY"]; without the key it names every
instance of a for_each.`,
		Example: `  hisab plan
  hisab plan shop --out november.plan
  hisab plan --json | jq .summary
  hisab plan --target order.BREAD-1`,
		Args:        cobra.MaximumNArgs(1),
		Annotations: exits(ExitDone, ExitError, ExitActions, ExitInterrupted, ExitTerminated),
		RunE:        func(cmd *cobra.Command, args []string) error { return g.plan(cmd.Context(), g.dir(args), f) },
	}
	f.flags(cmd, "print a JSON document", "print Markdown for a comment on a pull request",
		"write the plan to this `FILE`, for apply", "end with 2 where there are actions")
	g.vars.flags(cmd)
	return cmd
}

func (g *global) plan(ctx context.Context, dir string, f planFlags) error {
	if err := g.checkOut(f.out); err != nil {
		return err
	}
	s, err := g.open(ctx, opening{dir: dir, access: wire.Preview, json: f.json, out: f.out})
	if err != nil {
		return err
	}
	defer s.close()
	p, err := s.plan(ctx, f.options())
	if err != nil {
		return err
	}
	if err := g.keepPlan(p, f.out, dir); err != nil {
		return err
	}
	if err := g.showPlan(p, f, s); err != nil {
		return err
	}
	if f.out != "" && !f.json && !f.markdown {
		fmt.Fprintf(g.Out, "\nThe plan is saved in %s. It runs once, exactly as shown:\n  %s apply %s%s\n", f.out, g.again(), typed(f.out), g.vars.again(g, g.Dir))
	}
	if s.sight == ExitError { // nothing could be seen, so what is shown says nothing
		return exit(ExitError)
	}
	if f.detailed && len(p.Actions) > 0 {
		return exit(ExitActions)
	}
	return nil
}

func (g *global) showPlan(p *reconcile.Plan, f planFlags, s *session) error {
	switch {
	case f.json:
		return view.PlanJSON(g.Out, p)
	case f.markdown:
		return view.PlanMarkdown(g.Out, p, g.reading(s))
	}
	return view.Plan(g.Out, p, g.reading(s))
}

// plan makes the plan and shows that looking goes on.
func (s *session) plan(ctx context.Context, o reconcile.PlanOptions) (*reconcile.Plan, error) {
	p, err := reconcile.MakePlan(ctx, s.World, s.Spec, o)
	s.progress.Phase("", 0)
	var empty *reconcile.EmptySpecError
	if errors.As(err, &empty) {
		return nil, fmt.Errorf("%s declares no order and no invoice: %w", s.dir, err)
	}
	if err != nil {
		return nil, err
	}
	if !o.NoRefresh && len(p.Orders) > 0 {
		p.Warnings = append(p.Warnings, s.accounts.Configurations(ctx, s.Spec, p.Orders)...)
	}
	s.sight = sightOf(p.LookErrors, int(s.looks.Load()))
	if slices.ContainsFunc(p.LookErrors, unreached) {
		s.hintAtSandbox()
	}
	return p, nil
}

// sightOf is the status for what could not be looked at. A refused account ends a single run
// with 1, and so does seeing nothing; where a part was seen, a part can be done. Throttled
// looks only wait.
func sightOf(failed []reconcile.LookError, looks int) ExitCode {
	code := ExitDone
	for i := range failed {
		switch class := classOf(failed[i]); {
		case class == reconcile.Throttled:
		case class == reconcile.Paused, len(failed) >= looks:
			return ExitError
		default:
			code = ExitPartial
		}
	}
	return code
}

// classOf is what a failed look means for its account; empty where it means nothing.
func classOf(e reconcile.LookError) reconcile.Class {
	var call *reconcile.CallError
	if errors.As(e.Err, &call) {
		return call.Class
	}
	return ""
}

// unreached reports whether nobody answered a look.
func unreached(e reconcile.LookError) bool { return classOf(e) == reconcile.NotSent }

// hintAtSandbox asks the question that a beginner needs, where a provider on this machine
// does not answer.
func (s *session) hintAtSandbox() {
	for _, p := range s.Spec.Providers {
		if u, err := url.Parse(p.BaseURL); err == nil && spec.IsLoopback(u.Hostname()) {
			fmt.Fprintf(s.app.Err, "Warning: %s at %s does not answer. Is 'hisab sandbox' running?\n\n", p.Address(), p.BaseURL)
		}
	}
}
