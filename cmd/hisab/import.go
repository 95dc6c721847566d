package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

func newImport(g *global) *cobra.Command {
	var status string
	cmd := &cobra.Command{
		Use:   "import REF",
		Short: "Take a declared order that already exists on WhatsApp under management",
		Long: `Take an order under management that was billed on WhatsApp before, by another program or
before a state was lost. The order is looked up and must be declared in the spec; nothing
is sent. Refunds it already has belong to no label until one claims them with id, or
resolve says that they are another's.

WhatsApp has no call that reads an order's status: say with --status what it was last
told. Without it, it is taken for pending.`,
		Example: `  hisab import BM345A-12
  hisab import BM345A-12 --status shipped`,
		Args:        cobra.ExactArgs(1),
		Annotations: exits(ExitDone, ExitError, ExitInterrupted, ExitTerminated),
		RunE:        func(cmd *cobra.Command, args []string) error { return g.takeOver(cmd.Context(), args[0], status) },
	}
	cmd.Flags().StringVar(&status, "status", string(spec.Pending), "the order `STATUS` it has now")
	g.vars.flags(cmd)
	return cmd
}

func (g *global) takeOver(ctx context.Context, ref, word string) error {
	status, ok := spec.ParseStatus(word)
	if !ok {
		return fmt.Errorf("%q is no order status\n\n--status takes %s", word, statusWords())
	}
	s, err := g.open(ctx, opening{dir: g.path("."), access: wire.Beside})
	if err != nil {
		return err
	}
	defer s.close()
	order, err := reconcile.Import(ctx, s.World, s.Spec, ref, status)
	if err != nil {
		return err
	}
	fmt.Fprintf(g.Out, "%s is under management now.\n\n", ref)
	if why := order.Bill(ref).Contradiction(); why != "" {
		fmt.Fprintf(g.Err, "Warning: %s, so another bill than the declared one was sent.\nWhile it is unpaid, 'hisab apply --replace %s' sends the declared one in its place.\n\n", why, order.Address)
	}
	return view.Order(g.Out, &order, nil, g.reading(s))
}
