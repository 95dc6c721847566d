package defects

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	rule := Defect{Name: "no-rule", Breaks: []string{"I1", "I3"}}
	other := Defect{Name: "no-other-rule", Breaks: []string{"I10"}}
	wait := Defect{Name: "no-wait", Courtesy: "it only takes longer"}
	found := result{find: find{Found: true, Histories: 31, Invariant: "I3", Seed: "5"}}
	for _, c := range []struct {
		name    string
		results []result
		want    string // the last line
		wrong   string // in the table; empty: nothing is wrong
	}{
		{"all as it should be", []result{found, {find: find{Found: true, Histories: 7, Invariant: "I10", Seed: "6"}}, {find: find{Histories: 20}}},
			"2 defects, 2 found, most histories needed 31 (no-rule)", ""},
		{"one not found", []result{found, {find: find{Histories: 100}}, {find: find{Histories: 20}}},
			"2 defects, 1 found, most histories needed 31 (no-rule)", "no-other-rule was not found in 100 histories"},
		{"a courtesy found", []result{found, found, found},
			"2 defects, 2 found, most histories needed 31 (no-rule)", "no-wait is listed as a courtesy"},
		{"one that is out of date", []result{found, {err: &OutdatedError{"no-other-rule", "a.go", 0}}, {find: find{Histories: 20}}},
			"2 defects, 1 found, most histories needed 31 (no-rule)", "occurs 0 times in a.go"},
	} {
		var out bytes.Buffer
		r := newReport([]Defect{rule, other, wait}, &out)
		r.head()
		for i, d := range []Defect{rule, other, wait} {
			r.row(d, c.results[i])
		}
		err := r.sum()
		if !strings.HasSuffix(out.String(), "\n"+c.want+"\n") || (err != nil) != (c.wrong != "") || !strings.Contains(out.String(), c.wrong) {
			t.Errorf("%s: error %v, and\n%s", c.name, err, &out)
		}
	}
}

func TestMutateRefusesWhatNoLongerFits(t *testing.T) {
	d := Defect{Name: "gone", Edits: []Edit{{"reconcile/doc.go", "no such text", ""}}}
	var outdated *OutdatedError
	if _, err := d.Mutate(root); !errors.As(err, &outdated) || outdated.Occurs != 0 {
		t.Errorf("error %v", err)
	}
	d.Edits = []Edit{{"reconcile/doc.go", "e", "f"}}
	if _, err := d.Mutate(root); !errors.As(err, &outdated) || outdated.Occurs < 2 {
		t.Errorf("error %v", err)
	}
}

// A short hunt leaves out no promise.
func TestOneEach(t *testing.T) {
	promises := func(list []Defect) int {
		all := map[string]bool{}
		for _, d := range list {
			for _, promise := range d.Breaks {
				all[promise] = true
			}
		}
		return len(all)
	}
	few := oneEach(All())
	if promises(few) != promises(All()) || len(few) > promises(few) {
		t.Errorf("%d defects for %d of %d promises", len(few), promises(few), promises(All()))
	}
}

func TestChoose(t *testing.T) {
	list := All()
	if got, err := choose(list, []string{list[3].Name}); err != nil || len(got) != 1 || got[0].Name != list[3].Name {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := choose(list, []string{"nobody"}); err == nil {
		t.Error("a name that is nobody's was taken")
	}
}
