package main

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/hisab/hisab/cmd/internal/run"
	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/pace"
	"github.com/hisab/hisab/reconcile/store/sqlite"
	"github.com/hisab/hisab/spec"
)

// defaultParallelism is how many orders a run works on at a time.
const defaultParallelism = 10

// openState opens the state of the session's spec and puts the world together.
func (s *session) openState(ctx context.Context, how opening) error {
	accounts, err := wire.NewAccounts(s.Spec, version(), s.app.Clock.Now)
	if err != nil {
		return err
	}
	s.accounts = accounts
	o, path, err := s.app.stateOf(s.Spec, s.dir, how.access, how.operation)
	if err != nil {
		return err
	}
	if how.out != "" && ofState(s.app.path(how.out), path) {
		return fmt.Errorf("--out %s: this is the state's own file\n\nName another one for the plan", how.out)
	}
	o.AnySpec = s.broken
	s.state, err = wire.OpenState(ctx, path, o)
	if err != nil {
		return stateError(err)
	}
	s.announceState()
	s.World = &reconcile.World{
		Store: s.state, Providers: accounts, Clock: s.app.Clock, Pacer: pace.New(s.app.Clock, accounts.Rate),
		Pool: run.Pool(cmp.Or(how.parallelism, defaultParallelism)), Incarnation: o.Incarnation, Watch: s.watch,
	}
	return nil
}

// stateOf says where the state of a spec is, and how it is to be opened.
func (g *global) stateOf(sp *spec.Spec, dir string, access wire.Access, operation string) (wire.StateOptions, string, error) {
	incarnation := make([]byte, 8)
	if _, err := io.ReadFull(g.Random, incarnation); err != nil {
		return wire.StateOptions{}, "", fmt.Errorf("make an identity for this run: %w", err)
	}
	url := sp.Settings.State
	if url == "" {
		url = spec.DefaultState
	}
	path, err := wire.StatePath(url, dir)
	return wire.StateOptions{
		Access: access, SpecID: sp.Settings.ID, Operation: operation,
		Incarnation: hex.EncodeToString(incarnation), Now: g.Clock.Now,
	}, path, err
}

// announceState says what a person should know of the state before anything else.
func (s *session) announceState() {
	switch shown := s.shownPath(s.state.Path); {
	case s.state.Created && s.json:
		fmt.Fprintf(s.app.Err, "There was no state, so %s was made.\n", shown)
	case s.state.Created:
		fmt.Fprintf(s.app.Out, "There was no state, so %s was made.\n", shown)
	case s.state.Missing && s.Spec.Settings.ID != "":
		fmt.Fprintf(s.app.Err, "Warning: there is no state at %s, so all this knows is the spec, as if nothing was ever sent.\nApply refuses to act without it: 'hisab init' makes one, or HISAB_STATE names the one there is.\n\n", shown)
	}
}

// shownPath is a path as seen from the working directory.
func (s *session) shownPath(path string) string {
	if rel, err := filepath.Rel(s.app.Dir, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}

// createState makes the state of a spec; that it is there already is as good.
func (g *global) createState(ctx context.Context, dir string, sp *spec.Spec) error {
	o, path, err := g.stateOf(sp, dir, wire.Look, "init")
	if err != nil {
		return err
	}
	err = wire.CreateState(ctx, path, o)
	if err == nil {
		fmt.Fprintf(g.Out, "Made the state %s%s.\n", path, forID(sp))
		return nil
	}
	if !errors.Is(err, sqlite.ErrExists) {
		return stateError(err)
	}
	// It is opened to learn whose it is: another spec's is an error.
	state, err := wire.OpenState(ctx, path, o)
	if err != nil {
		return stateError(err)
	}
	fmt.Fprintf(g.Out, "The state %s%s is there already and stays as it is.\n", path, forID(sp))
	return state.Close()
}

func forID(sp *spec.Spec) string {
	if sp.Settings.ID == "" {
		return ""
	}
	return " of " + sp.Settings.ID
}

// stateError gives an error about a state its exit status, and its way out a paragraph of
// its own.
func stateError(err error) error {
	if err == nil {
		return nil
	}
	var locked *sqlite.LockedError
	if errors.As(err, &locked) {
		return &exitError{Code: ExitLocked, Err: withWayOut(err)}
	}
	return withWayOut(err)
}

// withWayOut sets what is wrong apart from what to do about it.
func withWayOut(err error) error {
	what, todo, ok := strings.Cut(err.Error(), "; ")
	if !ok {
		return err
	}
	return fmt.Errorf("%s\n\n%s", what, todo)
}
