package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/durable"
	"github.com/hisab/hisab/cmd/internal/meter"
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
		Annotations: exits(ExitDone, ExitError, ExitCheckFailed, ExitInterrupted, ExitTerminated),
		RunE:        func(cmd *cobra.Command, args []string) error { return g.fmt(cmd.Context(), g.dir(args), f) },
	}
	cmd.Flags().BoolVar(&f.check, "check", false, "change nothing; end with 3 where something would change")
	cmd.Flags().BoolVar(&f.diff, "diff", false, "show what changes")
	return cmd
}

func (g *global) fmt(ctx context.Context, path string, f fmtFlags) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no file and no folder %s\n\nhisab fmt takes a folder with a spec or one of its files", path)
	}
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
	changed, unread := 0, error(nil)
	progress := meter.New(g.Err, g.meterWidth())
	defer progress.Close()
	for i, name := range names {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		progress.At(formatting, i, len(names))
		r, err := fmtFile(dir, name, f)
		unread = errors.Join(unread, err)
		problems = joined(problems, r.problems)
		if r.changed {
			changed++
			progress.Phase("", 0) // what is said goes to the same screen
			// A file takes the diff as it is, for git apply.
			if g.Console.Out {
				r.diff = spec.Visible(r.diff)
			}
			fmt.Fprint(g.Out, spec.OneLine(name)+"\n"+r.diff)
		}
	}
	progress.Close()
	switch {
	case problems.HasErrors():
		return cmp.Or(unread, g.refuse(problems))
	case unread != nil:
		return unread
	case f.check && changed > 0:
		return exit(ExitCheckFailed)
	}
	return nil
}

// formatted is what became of one file.
type formatted struct {
	changed  bool
	diff     string
	problems spec.Diagnostics
}

// fmtFile formats one file.
func fmtFile(dir, name string, f fmtFlags) (r formatted, err error) {
	path := filepath.Join(dir, filepath.FromSlash(name))
	before, err := readSome(path, spec.MaxFormat+1)
	if err != nil {
		return r, err
	}
	after, problems := spec.Format(name, before)
	if problems.HasErrors() {
		r.problems = spec.Diagnostics{Diagnostics: problems, Sources: map[string][]byte{name: before}}
		return r, nil
	}
	if bytes.Equal(before, after) {
		return r, nil
	}
	r.changed = true
	if f.diff {
		r.diff = spec.Diff(before, after, name)
	}
	if f.check {
		return r, nil
	}
	return r, durable.Rewrite(path, after)
}

// readSome reads a file, of a longer one than most bytes the beginning alone.
func readSome(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
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
