package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

type applyFlags struct {
	planFlags
	auto, failOnBlocked bool
	parallelism         int
}

func newApply(g *global) *cobra.Command {
	var f applyFlags
	cmd := &cobra.Command{
		Use:   "apply [DIR|PLANFILE]",
		Short: "Plan, ask, and make it so",
		Long: `Make everything as declared: plan, show the plan, ask, and act. With a file written by
'plan --out' there is no question: it is applied as it was shown, once, and an action
whose world has changed since is left out and reported as stale.

Each action is written to the journal before its request leaves, and its outcome after the
answer came. One order's failure stops no other. An interrupt finishes what is in flight;
the summary comes in every case.

The answer at the prompt also lets go what the policy holds in the plan that was shown;
--auto-approve does not.`,
		Example: `  hisab apply
  hisab apply --auto-approve --json
  hisab plan --out november.plan && hisab apply november.plan`,
		Args: cobra.MaximumNArgs(1),
		Annotations: exits(ExitDone, ExitError, ExitActions, ExitCheckFailed, ExitHeld, ExitPartial, ExitUnknown, ExitLocked, ExitStale,
			ExitInterrupted, ExitTerminated),
		RunE: func(cmd *cobra.Command, args []string) error { return g.apply(cmd.Context(), args, f) },
	}
	f.flags(cmd, "print JSON lines, one event a line", "show the plan as Markdown; what follows it stays text",
		"keep the plan that is shown in this `FILE`", "end with 2 where there were actions, and all were done")
	g.vars.flags(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.auto, "auto-approve", false, "act without asking; what the policy holds stays held")
	flags.IntVar(&f.parallelism, "parallelism", defaultParallelism, "work on up to `N` orders at a time")
	flags.BoolVar(&f.failOnBlocked, "fail-on-blocked", false, "end with 3 where something is blocked")
	return cmd
}

func (g *global) apply(ctx context.Context, args []string, f applyFlags) error {
	file, dir, err := g.applied(args)
	if err == nil {
		err = f.check(file, g.Console.In)
	}
	if err == nil {
		err = g.checkOut(f.out)
	}
	if err != nil {
		return g.unbegun(err, f)
	}
	o := opening{dir: dir, access: wire.Act, operation: "apply", json: f.json, parallelism: f.parallelism, out: f.out}
	if file != "" {
		if o.saved, err = readPlan(file); err != nil {
			return g.unbegun(err, f)
		}
		o.dir = g.folderOf(o.saved)
	}
	s, err := g.open(ctx, o)
	if err != nil {
		return g.unbegun(err, f)
	}
	defer s.close()
	if o.saved != nil {
		return s.carryOut(ctx, o.saved, f, reconcile.ApplyOptions{Saved: true})
	}
	return s.planAndApply(ctx, f)
}

// unbegun ends an apply that did nothing. Whoever reads its lines hears why, as there is no
// summary; what is wrong with the spec was said in a line of its own.
func (g *global) unbegun(err error, f applyFlags) error {
	var e *exitError
	if said := errors.As(err, &e) && e.Err == nil; !f.json || said {
		return err
	}
	lines := view.Lines{W: g.Out, Now: g.Clock.Now}
	lines.Error(err)
	return errors.Join(err, lines.Err())
}

// check refuses what could only fail later.
func (f applyFlags) check(file string, terminal bool) error {
	switch {
	case f.parallelism < 1:
		return fmt.Errorf("--parallelism %d: at least one order has to be worked on at a time", f.parallelism)
	case file != "" && (len(f.targets)+len(f.excludes)+len(f.replace) > 0 || !f.refresh || f.out != "" || f.markdown):
		return errors.New("a saved plan is applied as it was shown\n\n--target, --exclude, --replace, --refresh, --markdown and --out go with 'hisab plan --out'")
	case file != "" || f.auto:
		return nil
	case f.json:
		return errors.New("--json asks no questions\n\nAdd --auto-approve, or apply a plan saved with 'hisab plan --out FILE'")
	case !terminal:
		return errors.New("standard input is no terminal, so nobody can be asked\n\nAdd --auto-approve, or apply a plan saved with 'hisab plan --out FILE'")
	}
	return nil
}

// applied tells a saved plan from a folder. A plan's spec is the folder that -C names.
func (g *global) applied(args []string) (file, dir string, err error) {
	if len(args) == 0 {
		return "", g.path("."), nil
	}
	path := g.path(args[0])
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", "", fmt.Errorf("%s: there is no such folder or plan file", args[0])
	case err != nil:
		return "", "", err
	case info.IsDir():
		return "", path, nil
	}
	return path, g.path("."), nil
}

// folderOf is the folder of a saved plan's spec: the one that -C names, or else the one that
// the plan was made in, unless this one is a spec that does not hold that one.
func (g *global) folderOf(p *reconcile.Plan) string {
	here := g.path(".")
	if g.chdir != "." || p.Folder == "" {
		return here
	}
	if info, err := os.Stat(p.Folder); err != nil || !info.IsDir() {
		return here
	}
	if below, err := filepath.Rel(here, p.Folder); (err != nil || !filepath.IsLocal(below)) && holdsSpec(here) {
		return here
	}
	return p.Folder
}

// holdsSpec reports whether spec files lie in a folder itself. What is below is not walked:
// here may be a home folder.
func holdsSpec(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return !strings.HasPrefix(e.Name(), ".") && spec.IsSpecFile(e.Name())
	})
}

// belongs refuses a saved plan of another spec, before anything is opened for it.
func (s *session) belongs(p *reconcile.Plan) error {
	if p == nil || p.SpecID == s.Spec.Settings.ID {
		return nil
	}
	return fmt.Errorf("the plan was made for the spec %q, and that of %s is %q\n\nName the plan's folder with -C", p.SpecID, s.dir, s.Spec.Settings.ID)
}

func readPlan(path string) (*reconcile.Plan, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := reconcile.ReadPlan(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// planAndApply shows the plan, asks where that was not answered by a flag, and acts.
func (s *session) planAndApply(ctx context.Context, f applyFlags) error {
	p, err := s.plan(ctx, f.options())
	if err != nil {
		return s.app.unbegun(err, f)
	}
	if err := s.app.keepPlan(p, f.out, s.dir); err != nil {
		return s.app.unbegun(err, f)
	}
	if !f.json {
		if err := s.app.showPlan(p, f.planFlags, s); err != nil {
			return err
		}
		if f.out != "" {
			fmt.Fprintf(s.app.Out, "\nThe plan is saved in %s.\n", f.out)
		}
	}
	o := reconcile.ApplyOptions{Spend: f.out != "", Who: s.app.Who}
	if len(p.Actions) > 0 && !f.auto {
		if err := s.app.ask(ctx, p); err != nil {
			return err
		}
		o.ApproveShown = true
	}
	return s.carryOut(ctx, p, f, o)
}

// ask returns nil for yes, and for nothing else.
func (g *global) ask(ctx context.Context, p *reconcile.Plan) error {
	bold := func(text string) string { return view.Bold(text, g.Console.Out && g.color()) }
	fmt.Fprintf(g.Out, "\n%s\n  Hisab will perform the actions described above.\n", bold("Do you want to perform these actions?"))
	if p.Summary.Held > 0 {
		fmt.Fprintf(g.Out, "  Your answer also lets go what the policy holds.\n")
	}
	fmt.Fprintf(g.Out, "  Only 'yes' will be accepted to approve.\n\n  %s ", bold("Enter a value:"))
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(g.In).ReadString('\n')
		answer <- line
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(g.Out)
		return context.Cause(ctx)
	case line := <-answer:
		fmt.Fprintln(g.Out)
		if strings.TrimSpace(line) != "yes" {
			return errors.New("apply cancelled: nothing was done")
		}
		return nil
	}
}

// carryOut applies a plan and ends with its summary, whatever happened.
func (s *session) carryOut(ctx context.Context, p *reconcile.Plan, f applyFlags, o reconcile.ApplyOptions) error {
	if f.json {
		s.lines.Plan(p)
	}
	if !f.json && len(p.Actions) > 0 {
		fmt.Fprintln(s.app.Err)
	}
	s.progress.Phase(acting, len(p.Actions))
	result, err := reconcile.Apply(ctx, s.World, s.Spec, p, o)
	s.progress.Phase("", 0)
	var outcome ExitCode
	var showErr error
	if result != nil {
		outcome = worst(outcomeOf(result, f.failOnBlocked), s.sight)
		if f.detailed && len(p.Actions) > 0 {
			outcome = worst(outcome, ExitActions)
		}
		showErr = s.summary(result, f.json)
	}
	return ended(outcome, err, showErr)
}

// ended is what an apply ends with: its outcome, what broke the journal, and what kept its
// summary from being shown.
func ended(outcome ExitCode, journal, shown error) error {
	switch {
	case journal != nil && outcome != ExitUnknown:
		outcome = ExitError // any other promises that the journal is sound
	case shown != nil:
		outcome = worst(outcome, ExitError)
	}
	if err := errors.Join(journal, shown); err != nil {
		return &exitError{Code: outcome, Err: err}
	}
	return exit(outcome)
}

func (s *session) summary(r *reconcile.Result, asJSON bool) error {
	if asJSON {
		s.lines.Result(r)
		return s.lines.Err()
	}
	fmt.Fprintln(s.app.Out)
	return view.Result(s.app.Out, r, s.app.reading(s))
}
