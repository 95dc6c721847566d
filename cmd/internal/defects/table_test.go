package defects

import (
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// root is the module's folder, seen from here.
var root = filepath.Join("..", "..", "..")

// TestEveryDefectFits: its old text stands in the code once, and what it leaves parses.
func TestEveryDefectFits(t *testing.T) {
	for _, d := range All() {
		files, err := d.Mutate(root)
		if err != nil {
			t.Error(err)
			continue
		}
		for name, text := range files {
			if _, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution); err != nil {
				t.Errorf("%s: %v", d.Name, err)
			}
		}
	}
}

func TestEveryDefectSaysWhatItIs(t *testing.T) {
	words := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)
	names := map[string]bool{}
	for _, d := range All() {
		if !words.MatchString(d.Name) || names[d.Name] {
			t.Errorf("%q is no name, or another's", d.Name)
		}
		names[d.Name] = true
		if d.Why == "" || len(d.Edits) == 0 {
			t.Errorf("%s does not say what it takes out, or what that guards", d.Name)
		}
		if (d.Courtesy == "") == (len(d.Breaks) == 0) {
			t.Errorf("%s must break something or be a courtesy", d.Name)
		}
		for _, e := range d.Edits {
			if e.Old == e.New {
				t.Errorf("%s changes nothing in %s", d.Name, e.File)
			}
		}
		for _, name := range d.Breaks {
			if !slices.Contains(invariants(), name) || notYet[name] != "" {
				t.Errorf("%s breaks %q, which nobody checks", d.Name, name)
			}
		}
	}
}

// invariants are those of section 7 of the reliability rules, the policy and the contract.
func invariants() []string {
	names := []string{Policy, Contract}
	for i := range 22 {
		names = append(names, fmt.Sprintf("I%d", i+1))
	}
	return names
}

// notYet are the invariants of which nothing can be left out here, and why.
var notYet = map[string]string{
	"I10": "there is no webhook receiver, and so no inbox, yet",
}

func TestEveryInvariantHasADefect(t *testing.T) {
	broken := map[string]bool{}
	for _, d := range All() {
		for _, name := range d.Breaks {
			broken[name] = true
		}
	}
	for _, name := range invariants() {
		if !broken[name] && notYet[name] == "" {
			t.Errorf("no defect breaks %s", name)
		}
	}
}
