package main

import (
	"slices"
	"strings"
	"testing"
)

func TestDoubleDashes(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"plan -json", "plan --json"},
		{"plan --json", "plan --json"},
		{"plan -out=x.plan -refresh=false", "plan --out=x.plan --refresh=false"},
		{"plan -out -odd-name", "plan --out -odd-name"},
		{"plan --out -odd-name -json", "plan --out -odd-name --json"},
		{"apply -auto-approve -parallelism 4", "apply --auto-approve --parallelism 4"},
		{"-C shop plan", "-C shop plan"},
		{"-C -shop plan -json", "-C -shop plan --json"},
		{"-Cshop plan", "-Cshop plan"},
		{"plan -h", "plan -h"},
		{"plan -help", "plan --help"},
		{"resolve a-1 -failed -reason -5%", "resolve a-1 --failed --reason -5%"},
		{"plan -var a=-json -json", "plan --var a=-json --json"},
		{"plan -- -json", "plan -- -json"},
		{"plan - -1 -x=1", "plan - -1 -x=1"},
		{"-version", "--version"},
	} {
		got := doubleDashes(newRoot(&App{}), strings.Fields(c.typed))
		if want := strings.Fields(c.want); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.typed, got, want)
		}
	}
}

func FuzzDoubleDashes(f *testing.F) {
	f.Add("plan -json -- -x")
	root := newRoot(&App{})
	f.Fuzz(func(t *testing.T, line string) {
		args := strings.Fields(line)
		once := doubleDashes(root, args)
		if twice := doubleDashes(root, once); !slices.Equal(once, twice) {
			t.Errorf("%q, then %q", once, twice)
		}
		if len(once) != len(args) {
			t.Errorf("%d arguments became %d", len(args), len(once))
		}
	})
}
