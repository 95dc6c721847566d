package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// read reads the spec of a folder. env is what the spec's env function asks. Where ctx ends
// nothing is waited for: reading changes nothing, and a spec may be written to take for ever.
func (g *global) read(ctx context.Context, dir string, env spec.EnvFunc) (*spec.Spec, spec.Diagnostics, error) {
	type result struct {
		spec  *spec.Spec
		diags spec.Diagnostics
		err   error
	}
	done := make(chan result, 1)
	go func() {
		s, diags, err := g.readWhole(dir, env)
		done <- result{s, diags, err}
	}()
	select {
	case <-ctx.Done():
		return nil, spec.Diagnostics{}, context.Cause(ctx)
	case r := <-done:
		return r.spec, r.diags, r.err
	}
}

func (g *global) readWhole(dir string, env spec.EnvFunc) (*spec.Spec, spec.Diagnostics, error) {
	var none spec.Diagnostics
	if err := checkFolder(dir); err != nil {
		return nil, none, err
	}
	fsys := wire.Folder(dir)
	names, walked := spec.Files(fsys)
	if len(names) == 0 && !walked.HasErrors() {
		return nil, none, &noSpecError{dir}
	}
	values, err := g.vars.byName()
	if err != nil {
		return nil, none, err
	}
	files, err := g.vars.read(g, dir)
	if err != nil {
		return nil, none, err
	}
	g.budgetToRead(fsys, names)
	s, diags := spec.Load(fsys, spec.Options{
		Vars: values, VarFiles: files, Env: env, Now: g.Clock.Now(), AllowHosts: g.allowedHosts(),
		EnvVar: func(name string) (string, bool) { return g.lookupEnv("HISAB_VAR_" + name) },
	})
	if s == nil {
		return nil, diags, nil
	}
	policy, err := g.override(s)
	if err != nil || policy.HasErrors() {
		return nil, policy, err
	}
	return s, diags, nil
}

func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no folder %s\n\n'hisab init' makes one with a working example", dir)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is no folder; a spec is a folder of .hcl and .yaml files", dir)
	}
	return nil
}

// noSpecError says that a folder holds no spec at all.
type noSpecError struct{ dir string }

func (e *noSpecError) Error() string {
	return fmt.Sprintf("there is no .hcl or .yaml file in %s, so there is nothing declared\n\n'hisab init' makes a spec with a working example; -C DIR works in another folder", e.dir)
}

// override puts in force what stands outside of the spec: where its state is, and a policy
// that the spec's authors cannot relax. It returns what is wrong with that.
func (g *global) override(s *spec.Spec) (diags spec.Diagnostics, err error) {
	if url := g.env("HISAB_STATE"); url != "" {
		s.Settings.State = url
	}
	path := g.env("HISAB_POLICY")
	if path == "" {
		return diags, nil
	}
	policy, diags, err := wire.ReadPolicy(g.fromHere(path))
	if err != nil {
		return diags, fmt.Errorf("HISAB_POLICY: %w", err)
	}
	if !diags.HasErrors() {
		s.Policy = reconcile.Stricter(s.Policy, policy)
	}
	return diags, nil
}

// allowedHosts are the hosts beside the platforms' own that may be sent a token.
func (g *global) allowedHosts() []string {
	return strings.FieldsFunc(g.env("HISAB_ALLOW_HOSTS"), func(r rune) bool { return r == ',' || r == ' ' })
}

// readAlone reads a spec for a command that need not contact anybody: secrets need not be
// set, and it says whether they are. What is set is read, since the state's address may be
// among it.
func (g *global) readAlone(ctx context.Context, dir string) (s *spec.Spec, diags spec.Diagnostics, secrets bool, err error) {
	s, diags, err = g.read(ctx, dir, g.lookupEnv)
	if s != nil || err != nil {
		return s, diags, s != nil, err
	}
	s, diags, err = g.read(ctx, dir, nil)
	return s, diags, false, err
}

// load reads the session's spec and shows what is wrong with it.
func (s *session) load(ctx context.Context, o opening) error {
	var sp *spec.Spec
	var diags spec.Diagnostics
	var err error
	if o.alone {
		sp, diags, s.secrets, err = s.app.readAlone(ctx, s.dir)
	} else {
		sp, diags, err = s.app.read(ctx, s.dir, s.app.lookupEnv)
	}
	var none *noSpecError
	switch {
	case o.broken && errors.As(err, &none):
		return s.loadNothing()
	case err != nil:
		return err
	case sp != nil:
		s.Spec = sp
		if s.json {
			return nil // one document: warnings are for validate
		}
		return view.Diagnostics(s.app.Err, diags, s.app.talking(s))
	case o.broken:
		fmt.Fprintln(s.app.Err, "Warning: the spec has errors, so its settings are not known; 'hisab validate' shows them.")
		return s.loadNothing()
	}
	return s.refuse(diags)
}

// loadNothing goes on with the default settings, for a command that only reads the state.
func (s *session) loadNothing() error {
	s.broken = true
	s.Spec = &spec.Spec{Settings: spec.Settings{State: spec.DefaultState}}
	policy, err := s.app.override(s.Spec)
	if err == nil && policy.HasErrors() {
		return s.app.refuse(policy)
	}
	return err
}

// refuse shows why a spec cannot be used, in the form that was asked for.
func (s *session) refuse(diags spec.Diagnostics) error {
	if !s.json {
		return s.app.refuse(diags)
	}
	if s.access == wire.Act {
		s.lines.Diagnostics(diags)
		return exit(ExitError)
	}
	if err := view.ValidationJSON(s.app.Out, diags); err != nil {
		return err
	}
	return exit(ExitError)
}

// refuse shows diagnostics and ends with an error.
func (g *global) refuse(diags spec.Diagnostics) error {
	if err := view.Diagnostics(g.Err, diags, g.talking(nil)); err != nil {
		return err
	}
	return exit(ExitError)
}
