package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// newRoot is the program's command tree.
func newRoot(a *App) *cobra.Command {
	g := &global{App: a}
	root := &cobra.Command{
		Use:   "hisab",
		Short: "Keep WhatsApp payment orders as declared",
		Long: `Hisab keeps WhatsApp payment orders the way Terraform keeps infrastructure: orders,
invoices and their desired statuses are declared in HCL or YAML files, plan shows what
would have to happen, apply makes it happen.`,
		Example: `  hisab demo                the whole story in under a minute
  hisab init shop           a folder with a working example
  hisab -C shop plan        what would happen
  hisab -C shop apply       let it happen`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Version:           version(),
		Args:              suggestCommand,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	root.SetVersionTemplate("hisab {{.Version}}\n")
	root.SetFlagErrorFunc(usageError)
	root.PersistentFlags().StringVarP(&g.chdir, "chdir", "C", ".", "work in this `DIR`")
	root.PersistentFlags().BoolVar(&g.showPII, "show-pii", false, "show phone numbers, names and addresses unmasked")
	var overview strings.Builder
	for _, group := range groups(g) {
		fmt.Fprintf(&overview, "\n%s\n", group.title)
		for _, c := range group.commands {
			fmt.Fprintf(&overview, "  %-11s %s\n", c.Name(), c.Short)
			c.Args = explainArgs(c.Args)
			root.AddCommand(c)
		}
	}
	root.Annotations = map[string]string{overviewAnnotation: overview.String()}
	setHelp(root)
	help := newHelp()
	root.SetHelpCommand(help)
	root.AddCommand(help)
	completeArguments(root, g)
	return root
}

// group is a heading of the overview and the commands below it.
type group struct {
	title    string
	commands []*cobra.Command
}

// groups are the commands in the order in which a newcomer meets them.
func groups(g *global) []group {
	return []group{
		{"The main line:", []*cobra.Command{newInit(g), newValidate(g), newFmt(g), newPlan(g), newApply(g)}},
		{"Looking at orders, and deciding by hand:", []*cobra.Command{
			newStatus(g), newExplain(g), newImport(g), newForget(g), newResolve(g), newApprove(g)}},
		{"Trying it out:", []*cobra.Command{newDemo(g), newSandbox(g)}},
		{"Everything else:", []*cobra.Command{newSchema(g), newVersion(g), newCompletion(g)}},
	}
}

// global is what every command shares: the App and the flags of the root.
type global struct {
	*App
	chdir   string
	showPII bool
	vars    variables
}

// path makes a path that the user typed absolute: it is relative to -C.
func (g *global) path(p string) string {
	if filepath.IsAbs(p) {
		return filepath.Clean(p)
	}
	chdir := g.chdir
	if !filepath.IsAbs(chdir) {
		chdir = filepath.Join(g.Dir, chdir)
	}
	return filepath.Join(chdir, p)
}

// fromHere makes a path of the environment absolute: it is relative to where the program
// was called, whatever -C says.
func (g *global) fromHere(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(g.Dir, p)
}

// dir is the folder a command works on: its argument, or else -C.
func (g *global) dir(args []string) string {
	if len(args) > 0 {
		return g.path(args[0])
	}
	return g.path(".")
}

// knownCommand refuses a line that begins with no command, whatever flags stand beside it:
// without it --help would hide that, and any other flag would be blamed.
func knownCommand(root *cobra.Command, args []string) error {
	word := firstWord(root, args)
	if word == "" || word == "help" || strings.HasPrefix(word, cobra.ShellCompRequestCmd) {
		return nil
	}
	if cmd, _, err := root.Find([]string{word}); err == nil && cmd != root {
		return nil
	}
	return suggestCommand(root, []string{word})
}

// suggestCommand refuses what is no command, and names the one that was meant.
func suggestCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "; did you mean " + near[0] + "?"
	}
	return fmt.Errorf("unknown command %q%s\n\nSee '%s --help'", args[0], hint, cmd.CommandPath())
}

// usageError says what is wrong with a flag and where help is.
func usageError(cmd *cobra.Command, err error) error {
	return fmt.Errorf("%w\n\nSee '%s --help'", err, cmd.CommandPath())
}

// explainArgs adds to a complaint about arguments how the command is used.
func explainArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		var e *exitError
		if err == nil || errors.As(err, &e) {
			return err
		}
		return fmt.Errorf("%w\n\nUsage: %s\nSee '%s --help'", err, cmd.UseLine(), cmd.CommandPath())
	}
}
