package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// doubleDashes rewrites long flags with one dash, as Terraform's users type them, to
// two: -auto-approve, -out=FILE. Short flags, what follows a flag as its value, and
// everything after -- stay as they are.
func doubleDashes(root *cobra.Command, args []string) []string {
	takesValue := valueFlags(root)
	out := make([]string, 0, len(args))
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return append(out, args[i:]...)
		}
		arg = doubleDash(arg)
		out = append(out, arg)
		if takesValue[arg] && i+1 < len(args) {
			i++
			out = append(out, args[i])
		}
	}
	return out
}

// doubleDash gives a long flag its second dash. -C takes its value glued to it too, and
// no long flag begins with a capital.
func doubleDash(arg string) string {
	long := len(arg) > 2 && arg[0] == '-' && arg[1] != '-' && arg[1] != '=' && arg[2] != '='
	if !long || strings.HasPrefix(arg, "-C") || (arg[1] >= '0' && arg[1] <= '9') {
		return arg
	}
	return "-" + arg
}

// valueFlags is the set of flags, as typed, that are followed by a value.
func valueFlags(root *cobra.Command) map[string]bool {
	set := map[string]bool{}
	add := func(f *pflag.Flag) {
		if f.NoOptDefVal != "" {
			return
		}
		set["--"+f.Name] = true
		if f.Shorthand != "" {
			set["-"+f.Shorthand] = true
		}
	}
	for _, c := range append(root.Commands(), root) {
		c.LocalFlags().VisitAll(add)
		c.PersistentFlags().VisitAll(add)
	}
	return set
}

// firstWord is the first argument that is neither a flag nor the value of one; empty where
// there is none.
func firstWord(root *cobra.Command, args []string) string {
	takesValue := valueFlags(root)
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--":
			return ""
		case !strings.HasPrefix(arg, "-") || arg == "-":
			return arg
		case takesValue[arg]:
			i++
		}
	}
	return ""
}
