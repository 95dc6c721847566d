package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/cmd/internal/wire"
)

func newStatus(g *global) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status [REF]",
		Short: "Show what is known of all orders, or one order's whole timeline",
		Long: `Show what is known, from the state alone: nobody is asked. Without REF a table of all
orders; with one, all that was sent and seen of it, and its timeline. REF is any reference
the order ever had.`,
		Example: `  hisab status
  hisab status BREAD-1
  hisab status --json`,
		Args:        cobra.MaximumNArgs(1),
		Annotations: exits(ExitDone, ExitError, ExitInterrupted, ExitTerminated),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return g.statusOf(cmd.Context(), args[0], asJSON)
			}
			return g.status(cmd.Context(), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON document")
	g.vars.flags(cmd)
	return cmd
}

func (g *global) status(ctx context.Context, asJSON bool) error {
	s, err := g.open(ctx, opening{dir: g.path("."), access: wire.Look, alone: true, broken: true})
	if err != nil {
		return err
	}
	defer s.close()
	if asJSON {
		return view.StatusTableJSON(g.Out, s.World.Store.All(ctx))
	}
	return view.StatusTable(g.Out, s.World.Store.All(ctx), g.reading(s))
}

func (g *global) statusOf(ctx context.Context, ref string, asJSON bool) error {
	s, err := g.open(ctx, opening{dir: g.path("."), access: wire.Look, alone: true, broken: true})
	if err != nil {
		return err
	}
	defer s.close()
	order, found, err := s.World.Store.Get(ctx, ref)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("the state knows no order with the reference %s\n\nhisab status lists those it knows; what is only declared shows in hisab plan", ref)
	}
	timeline, err := s.World.Store.Timeline(ctx, order.Ref)
	if err != nil {
		return err
	}
	if asJSON {
		return view.OrderJSON(g.Out, &order, timeline, g.reading(s))
	}
	return view.Order(g.Out, &order, timeline, g.reading(s))
}
