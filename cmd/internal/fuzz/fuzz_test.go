package fuzz

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	for _, c := range []struct {
		output             string
		execs, interesting int
	}{
		{"", 0, 0},
		{"fuzz: elapsed: 0s, gathering baseline coverage: 0/12 completed\n", 0, 0},
		{"fuzz: elapsed: 3s, gathering baseline coverage: 7/12 completed\n", 7, 0},
		{"fuzz: elapsed: 3s, execs: 10 (3/sec), new interesting: 2 (total: 14)\nfuzz: elapsed: 6s, execs: 37066 (7877/sec), new interesting: 5 (total: 17)\nPASS\n", 37066, 5},
		{"fuzz: elapsed: 3s, execs: 10 (3/sec), new interesting: 2 (total: 14)\nfuzz: minimizing 39-byte failing input file\n--- FAIL: FuzzX (5.94s)\n", 10, 2},
	} {
		if execs, interesting := progress(c.output); execs != c.execs || interesting != c.interesting {
			t.Errorf("%q: %d and %d, want %d and %d", c.output, execs, interesting, c.execs, c.interesting)
		}
	}
}

// Every target of the module is found: in tests inside and outside of a package, in files of
// this system alone.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	for name, src := range map[string]string{
		"go.mod":           "module example.com/m\n\ngo 1.26\n",
		"a/a_test.go":      "package a\n\nimport \"testing\"\n\nfunc FuzzOne(f *testing.F) {}\n\n// func FuzzComment(f *testing.F) {}\nfunc TestFuzz(t *testing.T) {}\n",
		"a/b_test.go":      "package a_test\n\nimport \"testing\"\n\nfunc FuzzOther(fuzz *testing.F) {\n}\n",
		"a/c_test.go":      "//go:build never\n\npackage a\n\nimport \"testing\"\n\nfunc FuzzNever(f *testing.F) {}\n",
		"b/b.go":           "package b\n",
		"c/deep/d.go":      "package deep\n\nimport \"testing\"\n\nfunc FuzzNoTest(f *testing.F) {}\n",
		"c/deep/d_test.go": "package deep\n\nimport \"testing\"\n\nfunc FuzzDeep(f *testing.F) {}\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for match, want := range map[string][]string{
		".":    {"a FuzzOne", "a FuzzOther", "c/deep FuzzDeep"},
		"Deep": {"c/deep FuzzDeep"},
		"None": nil,
	} {
		packages, err := find(t.Context(), dir, regexp.MustCompile(match))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range packages {
			for _, name := range packages[i].targets {
				got = append(got, packages[i].short()+" "+name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", match, got, want)
		}
	}
}

// program writes a program that does what a shell says, in the place of a package's tests.
func program(t *testing.T, script string) *target {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "x.test")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	p := &pkg{ImportPath: "example.com/m/a", Dir: dir, targets: []string{"FuzzX"}}
	p.Module.Path = "example.com/m"
	return &target{p, "FuzzX", path, "cache"}
}

const tried = `echo "fuzz: elapsed: 1s, execs: 7 (7/sec), new interesting: 2 (total: 3)"` + "\n"

// What a target comes to is told in its line; one that failed says why, and so does the whole.
func TestResults(t *testing.T) {
	for _, c := range []struct {
		name, script string
		want         []string
		found        error
	}{
		{"well", `echo "$@" >args; ` + tried, []string{"a        FuzzX           7      2  ok", "1 targets, 7 inputs tried, 2 of them new, 0 failed"}, nil},
		{"found", tried + "echo '--- FAIL: FuzzX'; exit 1", []string{"FAILED", "FuzzX of a: exit status 1", "--- FAIL: FuzzX", "1 failed"}, ErrFound},
		{"out of time", tried + "echo '--- FAIL: FuzzX (10.12s)'; echo '    context deadline exceeded'; echo FAIL; exit 1", []string{"ok", "0 failed"}, nil},
		{"slow", tried + "echo '--- FAIL: FuzzX (10.12s)'; echo '    x_test.go:1: context deadline exceeded'; echo FAIL; exit 1", []string{"FAILED", "1 failed"}, ErrFound},
		{"out of time, and idle", "echo '--- FAIL: FuzzX (10.12s)'; echo '    context deadline exceeded'; exit 1", []string{"FAILED", "it tried no input"}, ErrFound},
		{"idle", "echo PASS", []string{"FAILED", "it tried no input"}, ErrFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			target := program(t, c.script)
			var out bytes.Buffer
			table := newTable(&out, []pkg{*target.pkg})
			table.add(target.run(t.Context(), &Options{Time: 5 * time.Second}))
			if err := table.end(time.Second, nil); !errors.Is(err, c.found) {
				t.Errorf("ended with %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in\n%s", want, &out)
				}
			}
			if strings.Contains(out.String(), "elapsed") {
				t.Errorf("progress in\n%s", &out)
			}
			if args, err := os.ReadFile(filepath.Join(target.pkg.Dir, "args")); err == nil {
				want := "-test.run=^$ -test.fuzz=^FuzzX$ -test.fuzztime=5s -test.fuzzminimizetime=10x -test.parallel=1 -test.fuzzcachedir=cache\n"
				if string(args) != want {
					t.Errorf("called with %s", args)
				}
			}
		})
	}
}

// A stop asks the fuzzer to end, and is no finding.
func TestAStopIsNoFinding(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	target := program(t, tried+"touch began; trap 'exit 1' INT; while :; do sleep 0.01; done")
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(filepath.Join(target.pkg.Dir, "began")); err == nil {
				stop()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	var out bytes.Buffer
	table := newTable(&out, []pkg{*target.pkg})
	table.add(target.run(ctx, &Options{Time: time.Hour}))
	if err := table.end(time.Second, ctx.Err()); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}
