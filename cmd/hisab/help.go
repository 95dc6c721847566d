package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// Where a command keeps its exit statuses, and the root the list of commands. The template
// below names them too.
const (
	exitAnnotation     = "exit-codes"
	overviewAnnotation = "overview"
)

// newHelp is help as a command, for those who type it first.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:         "help [COMMAND]",
		Short:       "Tell more of one command",
		Long:        "Tell what a command does, with an example, its flags and its exit statuses.",
		Example:     "  hisab help plan",
		Args:        cobra.MaximumNArgs(1),
		Annotations: exits(ExitDone, ExitError),
		RunE: func(cmd *cobra.Command, args []string) error {
			about := cmd.Root()
			if len(args) > 0 {
				if err := knownCommand(about, args); err != nil {
					return err
				}
				about, _, _ = about.Find(args)
			}
			return about.Help()
		},
	}
}

// exits notes on a command which statuses it ends with, for its help.
func exits(codes ...ExitCode) map[string]string {
	var b strings.Builder
	for _, m := range meanings {
		for _, code := range codes {
			if m.Code == code {
				fmt.Fprintf(&b, "  %-4d %s\n", m.Code, m.Meaning)
			}
		}
	}
	return map[string]string{exitAnnotation: b.String()}
}

// setHelp gives every command the same help: what it does, its synopsis, an example, its
// flags and its exit statuses.
func setHelp(root *cobra.Command) {
	root.SetUsageTemplate(usageTemplate)
	root.SetHelpTemplate(helpTemplate)
}

const helpTemplate = `{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}

{{end}}{{if or .Runnable .HasSubCommands}}{{.UsageString}}{{end}}`

const usageTemplate = `Usage:
  {{if .HasParent}}{{.UseLine}}{{else}}hisab COMMAND [flags]{{end}}
{{- with index .Annotations "overview"}}
{{. | trimTrailingWhitespaces}}{{end}}
{{- if .HasExample}}

Examples:
{{.Example}}{{end}}
{{- if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
{{- if .HasAvailableInheritedFlags}}

Flags of every command:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
{{- with index .Annotations "exit-codes"}}

Exit status:
{{. | trimTrailingWhitespaces}}{{end}}
{{- if not .HasParent}}

'hisab COMMAND --help' tells more of one command.{{end}}
`
