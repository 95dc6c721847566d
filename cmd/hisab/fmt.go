package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/durable"
	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/spec"
)

type fmtFlags struct {
	check, diff bool
}

func newFmt(g *global) *cobra.Command {
	var f fmtFlags
	cmd := &cobra.Command{
		Use:   "fmt [DIR|FILE]",
		Short: "Rewrite spec files in their canonical form",
		Long: `Rewrite spec files, HCL and YAML, in their canonical form. Comments stay, no meaning
changes, and a second time nothing changes. The files that changed are listed.`,
		Example: `  hisab fmt
  hisab fmt --check         in CI: change nothing, end with 3 where something would change
  hisab fmt --diff`,
		Args:        cobra.MaximumNArgs(1),
		Annotations: exits(ExitDone, ExitError, ExitCheckFailed),
		RunE:        func(_ *cobra.Command, args []string) error { return g.fmt(g.dir(args), f) },
	}
	cmd.Flags().BoolVar(&f.check, "check", false, "change nothing; end with 3 where something would change")
	cmd.Flags().BoolVar(&f.diff, "diff", false, "show what changes")
	return cmd
}

func (g *global) fmt(path string, f fmtFlags) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	dir := path
	var names []string
	var problems spec.Diagnostics
	if info.IsDir() {
		names, problems = spec.Files(wire.Folder(path))
	} else {
		dir, names = filepath.Dir(path), []string{filepath.Base(path)}
	}
	changed := 0
	for _, name := range names {
		did, diags, err := g.fmtFile(dir, name, f)
		if err != nil {
			return err
		}
		if did {
			changed++
		}
		problems = joined(problems, diags)
	}
	if problems.HasErrors() {
		return g.refuse(problems)
	}
	if f.check && changed > 0 {
		return exit(ExitCheckFailed)
	}
	return nil
}

// fmtFile formats one file, and reports whether that changes it.
func (g *global) fmtFile(dir, name string, f fmtFlags) (changed bool, diags spec.Diagnostics, err error) {
	path := filepath.Join(dir, filepath.FromSlash(name))
	before, err := os.ReadFile(path)
	if err != nil {
		return false, diags, err
	}
	after, problems := spec.Format(name, before)
	if problems.HasErrors() {
		return false, spec.Diagnostics{Diagnostics: problems, Sources: map[string][]byte{name: before}}, nil
	}
	if bytes.Equal(before, after) {
		return false, diags, nil
	}
	fmt.Fprintln(g.Out, name)
	if f.diff {
		fmt.Fprint(g.Out, spec.Diff(before, after, name))
	}
	if f.check {
		return true, diags, nil
	}
	return true, diags, durable.Rewrite(path, after)
}

// joined is both.
func joined(a, b spec.Diagnostics) spec.Diagnostics {
	if len(b.Diagnostics) == 0 {
		return a
	}
	if a.Sources == nil {
		a.Sources = map[string][]byte{}
	}
	for name, text := range b.Sources {
		a.Sources[name] = text
	}
	a.Diagnostics = append(a.Diagnostics, b.Diagnostics...)
	return a
}
