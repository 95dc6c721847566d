package fuzz

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// pkg is a package with targets.
type pkg struct {
	ImportPath, Dir           string
	TestGoFiles, XTestGoFiles []string
	Module                    struct{ Path string }

	targets []string // sorted
}

// declared is how a target begins.
var declared = regexp.MustCompile(`(?m)^func (Fuzz\w*)\(\w+ \*testing\.F\)`)

// find lists the packages of the module in dir that have targets which match.
func find(ctx context.Context, dir string, match *regexp.Regexp) ([]pkg, error) {
	list := exec.CommandContext(ctx, "go", "list", "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles,Module", "./...")
	list.Dir = dir
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("list the packages: %w", withOutput(err))
	}
	var found []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			return found, nil
		case err != nil:
			return nil, fmt.Errorf("list the packages: %w", err)
		}
		if err := p.scan(match); err != nil {
			return nil, err
		}
		if len(p.targets) > 0 {
			found = append(found, p)
		}
	}
}

// short is the package's name within the module.
func (p *pkg) short() string { return strings.TrimPrefix(p.ImportPath, p.Module.Path+"/") }

// scan reads the names of the targets from the source: to ask the package itself, it would
// have to be built twice.
func (p *pkg) scan(match *regexp.Regexp) error {
	for _, file := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
		src, err := os.ReadFile(filepath.Join(p.Dir, file))
		if err != nil {
			return err
		}
		for _, m := range declared.FindAllSubmatch(src, -1) {
			if name := string(m[1]); match == nil || match.MatchString(name) {
				p.targets = append(p.targets, name)
			}
		}
	}
	slices.Sort(p.targets)
	return nil
}

// build makes the package's test program.
func (p *pkg) build(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, strings.ReplaceAll(p.ImportPath, "/", "_")+".test")
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-fuzz=.", "-o", binary, p.ImportPath)
	cmd.Dir = p.Dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the tests of %s: %w\n%s", p.ImportPath, err, out)
	}
	return binary, nil
}

// cacheDir is where the corpus of a package grows.
func (p *pkg) cacheDir(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOCACHE").Output()
	if err != nil {
		return "", fmt.Errorf("find the build cache: %w", withOutput(err))
	}
	return filepath.Join(strings.TrimSpace(string(out)), "fuzz", filepath.FromSlash(p.ImportPath)), nil
}

// withOutput adds what a command said before it failed.
func withOutput(err error) error {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w\n%s", err, exit.Stderr)
	}
	return err
}
