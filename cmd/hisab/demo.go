package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/reconcile/sandbox"
)

func newDemo(g *global) *cobra.Command {
	var keep bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Tell the whole story in under a minute, on an in-process sandbox",
		Long: `Tell the whole story in under a minute: an order, an invoice and a refund go from declared
to done, a payment arrives in between, a cancel is refused and explained, and the last
plan is empty.

It runs the very commands it shows, in a temporary folder, against a sandbox in this
process. Nothing leaves this machine and no money moves.`,
		Example:     "  hisab demo\n  hisab demo --keep         leave the folder to look around in",
		Args:        cobra.NoArgs,
		Annotations: exits(ExitDone, ExitError, ExitInterrupted, ExitTerminated),
		RunE:        func(cmd *cobra.Command, _ []string) error { return g.demo(cmd.Context(), keep) },
	}
	cmd.Flags().BoolVar(&keep, "keep", false, "leave the folder behind")
	return cmd
}

func (g *global) demo(ctx context.Context, keep bool) (err error) {
	stage, err := g.setStage(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.strike(keep)) }()
	for _, act := range story() {
		if err := act(stage, ctx); err != nil {
			return err
		}
	}
	return nil
}

// stage is where the demo plays: a temporary folder, a sandbox, and the program itself.
type stage struct {
	*global
	dir     string // the temporary folder
	at      string // where the commands run
	sandbox *sandbox.Server
	url     string
	stop    func() error
}

// setStage makes the folder and starts the sandbox.
func (g *global) setStage(ctx context.Context) (*stage, error) {
	timing := sandbox.DefaultTiming()
	timing.Refund = 0 // the story has no time to wait for the bank
	srv, err := sandbox.New(sandbox.Options{Now: g.Clock.Now, Rand: g.Random, Timing: &timing})
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the sandbox: %w", err)
	}
	dir, err := os.MkdirTemp("", "hisab-demo-")
	if err != nil {
		listener.Close()
		return nil, err
	}
	playing, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- serve(playing, listener, srv) }()
	return &stage{
		global: g, dir: dir, at: dir, sandbox: srv, url: "http://" + listener.Addr().String(),
		stop: func() error { cancel(); return <-ended },
	}, nil
}

// strike ends the sandbox and clears the folder away.
func (s *stage) strike(keep bool) error {
	err := s.stop()
	if keep {
		fmt.Fprintf(s.Out, "\nThe folder is %s\n", filepath.Join(s.dir, "shop"))
		return err
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// hisab runs a command as the user would, and shows the line that was typed.
func (s *stage) hisab(ctx context.Context, args ...string) error {
	fmt.Fprintf(s.Out, "\n%s\n\n", s.bright("$ hisab "+strings.Join(args, " ")))
	if err := s.pause(ctx, time.Second/2); err != nil {
		return err
	}
	app := *s.App
	app.Dir, app.Signals = s.at, nil
	app.Environ = nil
	for _, v := range s.Environ {
		if !strings.HasPrefix(v, "HISAB_") { // the story is the same for everybody
			app.Environ = append(app.Environ, v)
		}
	}
	return app.run(ctx, args)
}

// tell says what happens between the commands, and gives time to read. Its lines are broken
// where a terminal of 80 columns would break a word.
func (s *stage) tell(ctx context.Context, text string) error {
	fmt.Fprintf(s.Out, "\n%s\n", s.paint("36", "▌ "+strings.ReplaceAll(text, "\n", "\n▌ ")))
	return s.pause(ctx, 2*time.Second)
}

// pause waits where somebody watches.
func (s *stage) pause(ctx context.Context, d time.Duration) error {
	if !s.Console.Out {
		return context.Cause(ctx)
	}
	if err := s.Clock.Sleep(ctx, d); err != nil {
		return context.Cause(ctx)
	}
	return nil
}

// edit changes one passage of a file, and shows the lines that go and come.
func (s *stage) edit(file, old, new string) error {
	if err := s.swap(file, old, new); err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "\n%s\n", s.bright(file))
	fmt.Fprintln(s.Out, s.paint("31", prefixed("  - ", old)))
	fmt.Fprintln(s.Out, s.paint("32", prefixed("  + ", new)))
	return nil
}

// swap changes one passage of a file.
func (s *stage) swap(file, old, new string) error {
	path := filepath.Join(s.dir, "shop", file)
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !strings.Contains(string(text), old) {
		return fmt.Errorf("%s holds no %q", file, old)
	}
	return os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o644)
}

// show prints a file without its comments, each line with its number: plans refer to it.
func (s *stage) show(file string) error {
	text, err := os.ReadFile(filepath.Join(s.dir, "shop", file))
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "\n%s\n", s.bright(file))
	for i, line := range strings.Split(string(text), "\n") {
		code, _, _ := strings.Cut(line, "#")
		if code = strings.TrimRight(code, " "); code != "" {
			fmt.Fprintf(s.Out, "%s  %s\n", s.paint("2", fmt.Sprintf("%4d", i+1)), code)
		}
	}
	return nil
}

// prefixed sets a mark before each line, and takes the lines' common margin away.
func prefixed(mark, text string) string {
	return mark + strings.ReplaceAll(text, "\n  ", "\n"+mark)
}

func (s *stage) bright(text string) string { return s.paint("1", text) }

func (s *stage) paint(code, text string) string {
	return view.Paint(code, text, s.Console.Out && s.color())
}
