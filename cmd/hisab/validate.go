package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/meter"
	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/spec"
)

func newValidate(g *global) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "validate [DIR]",
		Short: "Read and check everything; contact nobody, need no secrets",
		Long: `Read and check a spec: its syntax, every name and value, every rule of WhatsApp that can
be known beforehand. Nobody is contacted, and secrets need not be set.`,
		Example: `  hisab validate
  hisab validate shop --json`,
		Args:        cobra.MaximumNArgs(1),
		Annotations: exits(ExitDone, ExitError, ExitInterrupted, ExitTerminated),
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.validate(cmd.Context(), g.dir(args), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON document")
	g.vars.flags(cmd)
	return cmd
}

func (g *global) validate(ctx context.Context, dir string, asJSON bool) error {
	progress := meter.New(g.Err, g.meterWidth())
	progress.Phase(reading, 0)
	s, diags, err := g.read(ctx, dir, nil)
	progress.Close()
	if err != nil {
		return unread(ctx, g, err, asJSON)
	}
	if asJSON {
		if err := view.ValidationJSON(g.Out, diags); err != nil {
			return err
		}
	} else if err := view.Diagnostics(g.Err, diags, g.talking(nil)); err != nil {
		return err
	}
	if diags.HasErrors() {
		return exit(ExitError)
	}
	if !asJSON {
		fmt.Fprintln(g.Out, view.Success(g.Console.Out && g.color(), counted(s)))
	}
	return nil
}

// unread ends where there was nothing to validate: no folder, or no file of variables.
func unread(ctx context.Context, g *global, err error, asJSON bool) error {
	if !asJSON || ctx.Err() != nil {
		return err
	}
	if err := view.ErrorJSON(g.Out, err); err != nil {
		return err
	}
	return exit(ExitError)
}

// counted says how much was read.
func counted(s *spec.Spec) string {
	orders, invoices := 0, 0
	for _, o := range s.Orders {
		if o.Kind == spec.KindInvoice {
			invoices++
		} else {
			orders++
		}
	}
	return fmt.Sprintf("The spec is valid: %s, %s, %s.",
		view.Count(orders, "order", "orders"), view.Count(invoices, "invoice", "invoices"),
		view.Count(len(s.Providers), "provider", "providers"))
}
