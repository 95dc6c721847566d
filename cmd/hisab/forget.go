package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

func newForget(g *global) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "forget REF",
		Short: "Stop managing an order, and erase its customer's data",
		Long: `Stop managing an order and erase its customer's personal data from the state. Its
reference, message ids, statuses and refunds stay, so that declaring it again goes on
where it was, and sends or refunds nothing anew. Nobody is messaged; a bill that was sent
can still be paid.

REF is any reference the order ever had. While the spec declares it, the next apply takes
it up again: take it out of the spec too.`,
		Example:     "  hisab forget BREAD-1",
		Args:        cobra.ExactArgs(1),
		Annotations: exits(ExitDone, ExitError, ExitInterrupted, ExitTerminated),
		RunE:        func(cmd *cobra.Command, args []string) error { return g.forget(cmd.Context(), args[0]) },
	}
	g.vars.flags(cmd)
	return cmd
}

func (g *global) forget(ctx context.Context, ref string) error {
	s, err := g.open(ctx, opening{dir: g.path("."), access: wire.Beside, alone: true})
	if err != nil {
		return err
	}
	defer s.close()
	known, _, err := s.World.Store.Get(ctx, ref)
	if err != nil {
		return err
	}
	if err := reconcile.Forget(ctx, s.World, ref); err != nil {
		return err
	}
	fmt.Fprintf(g.Out, "%s is no longer managed, and its customer's data is erased.\n", ref)
	o := s.declared(ref)
	if o == nil {
		o = s.declared(known.Ref) // ref is one that the order was billed under later
	}
	if o != nil {
		fmt.Fprintf(g.Out, "%s:%d still declares it: without a change there, the next apply takes it up again.\n", spec.OneLine(o.Pos.File), o.Pos.Line)
	}
	return nil
}
