package main

import (
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

// read reads the spec of a folder. env is what the spec's env function asks.
func (g *global) read(dir string, v variables, env spec.EnvFunc) (*spec.Spec, spec.Diagnostics, error) {
	var none spec.Diagnostics
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, none, fmt.Errorf("there is no folder %s\n\n'hisab init' makes one with a working example", dir)
	case err != nil:
		return nil, none, err
	case !info.IsDir():
		return nil, none, fmt.Errorf("%s is no folder; a spec is a folder of .hcl and .yaml files", dir)
	}
	fsys := os.DirFS(dir)
	if names, walked := spec.Files(fsys); len(names) == 0 && !walked.HasErrors() {
		return nil, none, &noSpecError{dir}
	}
	values, err := v.byName()
	if err != nil {
		return nil, none, err
	}
	files, err := v.read(g, dir)
	if err != nil {
		return nil, none, err
	}
	g.budgetFor(wire.Folder(dir))
	s, diags := spec.Load(wire.Folder(dir), spec.Options{
		Vars: values, VarFiles: files, Env: env, Now: g.Clock.Now(), AllowHosts: g.allowedHosts(),
		EnvVar: func(name string) (string, bool) { return g.lookupEnv("HISAB_VAR_" + name) },
	})
	if s == nil {
		return nil, diags, nil
	}
	return s, diags, g.override(s)
}

// noSpecError says that a folder holds no spec at all.
type noSpecError struct{ dir string }

func (e *noSpecError) Error() string {
	return fmt.Sprintf("there is no .hcl or .yaml file in %s, so there is nothing declared\n\n'hisab init' makes a spec with a working example; -C DIR works in another folder", e.dir)
}

// override puts in force what stands outside of the spec: where its state is, and a policy
// that the spec's authors cannot relax.
func (g *global) override(s *spec.Spec) error {
	if url := g.env("HISAB_STATE"); url != "" {
		s.Settings.State = url
	}
	path := g.env("HISAB_POLICY")
	if path == "" {
		return nil
	}
	policy, diags, err := wire.ReadPolicy(g.fromHere(path))
	if err != nil {
		return fmt.Errorf("HISAB_POLICY: %w", err)
	}
	if diags.HasErrors() {
		return g.refuse(diags)
	}
	s.Policy = reconcile.Stricter(s.Policy, policy)
	return nil
}

// allowedHosts are the hosts beside the platforms' own that may be sent a token.
func (g *global) allowedHosts() []string {
	return strings.FieldsFunc(g.env("HISAB_ALLOW_HOSTS"), func(r rune) bool { return r == ',' || r == ' ' })
}

// readAlone reads a spec for a command that contacts nobody: secrets need not be set. What
// is set is read, since the state's address may be among it.
func (g *global) readAlone(dir string, v variables) (*spec.Spec, spec.Diagnostics, error) {
	s, diags, err := g.read(dir, v, g.lookupEnv)
	if s != nil || err != nil {
		return s, diags, err
	}
	return g.read(dir, v, nil)
}

// load reads the session's spec and shows what is wrong with it.
func (s *session) load(o opening) error {
	read := func() (*spec.Spec, spec.Diagnostics, error) { return s.app.read(s.dir, o.variables, s.app.lookupEnv) }
	if o.alone {
		read = func() (*spec.Spec, spec.Diagnostics, error) { return s.app.readAlone(s.dir, o.variables) }
	}
	sp, diags, err := read()
	s.Spec = sp
	var none *noSpecError
	if err != nil && !(o.broken && errors.As(err, &none)) {
		return err
	}
	if sp != nil {
		if s.json {
			return nil // a document of its own: warnings are for validate
		}
		return view.Diagnostics(s.app.Err, diags, s.app.talking())
	}
	if !o.broken {
		return s.refuse(diags)
	}
	s.broken = true
	s.Spec = &spec.Spec{Settings: spec.Settings{State: spec.DefaultState}}
	if err != nil {
		return s.app.override(s.Spec)
	}
	fmt.Fprintln(s.app.Err, "Warning: the spec has errors, so its settings are not known; 'hisab validate' shows them.")
	return s.app.override(s.Spec)
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
	if err := view.Diagnostics(g.Err, diags, g.talking()); err != nil {
		return err
	}
	return exit(ExitError)
}
