package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

func newExplain(g *global) *cobra.Command {
	refresh := true
	cmd := &cobra.Command{
		Use:   "explain REF [STATUS]",
		Short: "Say why an order is where it is, what it waits for, and which moves are legal",
		Long: `Say why an order is where it is, what it waits for, and which moves are legal and which
are not, and why not. With STATUS, say whether and why not the order can take it.

It looks at the order's payment as plan does, and writes nothing. Where it cannot, or with
--refresh=false, it answers from the state and the spec alone.`,
		Example: `  hisab explain BREAD-1
  hisab explain BREAD-1 canceled`,
		Args:        cobra.RangeArgs(1, 2),
		Annotations: exits(ExitDone, ExitError, ExitInterrupted, ExitTerminated),
		RunE:        func(cmd *cobra.Command, args []string) error { return g.explain(cmd.Context(), args, refresh) },
	}
	cmd.Flags().BoolVar(&refresh, "refresh", true, "look at the payment; false: answer from the state alone")
	g.vars.flags(cmd)
	return cmd
}

func (g *global) explain(ctx context.Context, args []string, refresh bool) error {
	var to spec.Status
	if len(args) > 1 {
		var ok bool
		if to, ok = spec.ParseStatus(args[1]); !ok {
			return fmt.Errorf("%q is no order status\n\nThere are %s", args[1], statusWords())
		}
	}
	s, err := g.open(ctx, opening{dir: g.path("."), access: wire.Preview, alone: true})
	if err != nil {
		return err
	}
	defer s.close()
	ref := args[0]
	known, found, err := s.World.Store.Get(ctx, ref)
	if err != nil {
		return err
	}
	want := s.declared(ref)
	if found && want == nil {
		want = s.declared(known.Ref)
	}
	if !found && want == nil {
		return fmt.Errorf("neither the spec nor the state knows %s\n\nhisab status lists what the state knows", ref)
	}
	if !found {
		known = reconcile.Observed{Ref: ref}
	}
	t, err := s.terms(ctx, want)
	if err != nil {
		return err
	}
	if refresh {
		if t, err = s.sharpen(ctx, want, &known, t); err != nil {
			return err
		}
	}
	e := reconcile.Explain(want, &known, to, t)
	if err := reconcile.HoldAlone(ctx, s.World, s.Spec, &e.Change); err != nil {
		return err
	}
	return view.Explanation(g.Out, &e, want, g.reading(s))
}

// sharpen looks at an order before it is explained. Where that fails the state has to do, and
// the person is told.
func (s *session) sharpen(ctx context.Context, want *spec.Order, known *reconcile.Observed, t reconcile.Terms) (reconcile.Terms, error) {
	if !s.secrets {
		fmt.Fprintln(s.app.Err, "Warning: the secrets of the spec are not set, so nobody was asked: this is what the state knows.")
		return t, nil
	}
	err := reconcile.Observe(ctx, s.World, want, known, t)
	if ctx.Err() != nil {
		return t, ctx.Err()
	}
	if err != nil {
		fmt.Fprintf(s.app.Err, "Warning: %v. This is what the state knows.\n", err)
	}
	t.Now = s.app.Clock.Now()
	return t, nil
}

// terms are what the rules are asked with, as plan asks them: the present moment, the
// templates as they are declared now, and what a person let go.
func (s *session) terms(ctx context.Context, want *spec.Order) (reconcile.Terms, error) {
	now := s.app.Clock.Now()
	t := reconcile.Terms{Now: now, Since: now, Mine: s.World.Incarnation, Forms: reconcile.Forms(s.Spec), Approved: map[string]bool{}}
	approvals, err := s.World.Store.Approvals(ctx)
	if err != nil {
		return t, fmt.Errorf("read the approvals: %w", err)
	}
	for id := range approvals {
		t.Approved[id] = true
	}
	if want != nil {
		t.Account, _ = s.World.Providers.Account(want.Provider)
	}
	if p := s.Spec.Policy; p != nil {
		t.RetryFailedRefunds = p.RetryFailedRefunds
	}
	return t, nil
}

// statusWords lists the order statuses for people.
func statusWords() string {
	return strings.Join(statusList(), ", ")
}
