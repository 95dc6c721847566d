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
