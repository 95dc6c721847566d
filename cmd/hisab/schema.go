package main

import (
	"github.com/spf13/cobra"

	"github.com/hisab/hisab/schema"
)

func newSchema(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the language",
		Long: `Print the JSON Schema (draft 2020-12) of the language. Editors complete and check YAML
with it:

  # yaml-language-server: $schema=hisab.schema.json`,
		Example:     "  hisab schema > hisab.schema.json",
		Args:        cobra.NoArgs,
		Annotations: exits(ExitDone, ExitError),
		RunE: func(*cobra.Command, []string) error {
			_, err := g.Out.Write(schema.JSON())
			return err
		},
	}
}
