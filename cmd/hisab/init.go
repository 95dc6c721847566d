package main

import (
	"context"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/spec"
)

//go:embed template
var starter embed.FS

// starters are the files of a new spec, and what they are for.
var starters = []struct{ name, from, about string }{
	{"hisab.hcl", "template/hisab.hcl", "the settings, and the provider: the sandbox on this machine"},
	{"orders.hcl", "template/orders.hcl", "an order and an invoice"},
	{".gitignore", "template/gitignore", "keeps state, plans and secrets out of Git"},
}

func newInit(g *global) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Make a new spec folder with a working example, its id and its state",
		Long: `Make a new spec folder: a working example that runs against 'hisab sandbox' as it is,
with an id of its own and an empty state.

No existing file is touched. In a folder that has a spec, init makes the state alone; that
is also the way to begin anew after a state was lost. What the lost one knew is looked up
before anything is sent, so nobody is billed or refunded twice.`,
		Example: `  hisab init shop
  hisab init                in a folder with a spec: its state`,
		Args:        cobra.MaximumNArgs(1),
		Annotations: exits(ExitDone, ExitError, ExitInterrupted, ExitTerminated),
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.initialize(cmd.Context(), g.dir(args))
		},
	}
	g.vars.flags(cmd)
	return cmd
}

func (g *global) initialize(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	files, diags := spec.Files(wire.Folder(dir))
	if diags.HasErrors() {
		return g.refuse(diags)
	}
	if len(files) == 0 {
		if err := g.writeStarters(dir); err != nil {
			return err
		}
	}
	s, diags, _, err := g.readAlone(ctx, dir)
	if err != nil {
		return err
	}
	if s == nil || diags.HasErrors() {
		return g.refuse(diags)
	}
	if err := g.createState(ctx, dir, s); err != nil {
		return err
	}
	g.next(dir, len(files) == 0, s)
	return nil
}

// writeStarters writes the example. A file that is there stays as it is.
func (g *global) writeStarters(dir string) error {
	id, err := g.newID(filepath.Base(dir))
	if err != nil {
		return err
	}
	fmt.Fprintf(g.Out, "Made in %s:\n", dir)
	for _, f := range starters {
		text, err := starter.ReadFile(f.from)
		if err != nil {
			return err
		}
		text = []byte(strings.ReplaceAll(string(text), "{{ID}}", id))
		switch err := writeNew(filepath.Join(dir, f.name), text); {
		case errors.Is(err, fs.ErrExist):
			fmt.Fprintf(g.Out, "  %-16s is there already and stays as it is\n", f.name)
		case err != nil:
			return err
		default:
			fmt.Fprintf(g.Out, "  %-16s %s\n", f.name, f.about)
		}
	}
	return nil
}

// writeNew writes a file that must not be there yet.
func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// newID makes an id that a person recognises and no two specs share: shop-4f2a9c.
func (g *global) newID(name string) (string, error) {
	tail := make([]byte, 3)
	if _, err := io.ReadFull(g.Random, tail); err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r == ' ' || r == '_' || r == '.':
			return '-'
		default:
			return -1
		}
	}, name)
	if plain = strings.Trim(plain, "-"); plain == "" {
		plain = "shop"
	}
	if len(plain) > 32 {
		plain = strings.TrimRight(plain[:32], "-")
	}
	return plain + "-" + hex.EncodeToString(tail), nil
}

// next says how to go on.
func (g *global) next(dir string, example bool, s *spec.Spec) {
	folder := ""
	if rel, err := filepath.Rel(g.Dir, dir); err != nil {
		folder = " " + typed(dir)
	} else if rel != "." {
		folder = " " + typed(rel)
	}
	fmt.Fprintln(g.Out, "\nGo on with:")
	if example {
		fmt.Fprintln(g.Out, "  hisab sandbox      in another terminal: plays WhatsApp, and you the customer")
	}
	fmt.Fprintf(g.Out, "  hisab plan%s\n  hisab apply%s\n", folder, folder)
	if s.Settings.ID == "" {
		fmt.Fprintln(g.Out, "\nThe spec has no id. With one in its hisab block, nobody can apply it to another state by mistake.")
	}
}
