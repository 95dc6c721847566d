// Package defects holds deliberate mistakes: each takes one rule out of the production code,
// and the simulator has to notice. What it notices is a rule; what it does not is either a
// courtesy, and then the table says so, or a blind spot of the simulator.
//
// A defect is a change of source text that is applied while compiling, so the code itself
// knows nothing of it. Start with All, and with Run to hunt them.
package defects

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Defect is one rule left out.
type Defect struct {
	// Name is unique, in words with dashes.
	Name string
	// Breaks are the invariants it should break (reliability 7), the likeliest first, or
	// Policy. A courtesy breaks none.
	Breaks []string
	// Edits take the rule out wherever it stands.
	Edits []Edit
	// Why says in one sentence what the rule guards.
	Why string
	// Courtesy, where it is set, says why nothing unsafe comes of leaving the rule out: the
	// simulator must not find it.
	Courtesy string
}

// Edit replaces a piece of one file.
type Edit struct {
	File string // below the module, with slashes
	Old  string // occurs exactly once in it
	New  string
}

// Policy stands beside the numbered invariants for the limits that a policy sets (contract
// section 4, Policy).
const Policy = "policy"

// Contract stands beside them for the rules of behaviour that concern neither doubt nor crash:
// what is billed, shipped and told of, and when (contract section 4).
const Contract = "contract"

// All returns every defect. Their order is that of the table.
func All() []Defect {
	return slices.Concat(
		refundProtocol(), candidates(), closedPayments(), sums(), claims(), statuses(), bills(),
		notices(), evidence(), webhooks(), decisions(), policies(), behaviour(), specs(), liveness(), pacing(), secrets(), courtesies(),
	)
}

// OutdatedError says that the source has moved on and a defect no longer fits.
type OutdatedError struct {
	Defect, File string
	Occurs       int
}

func (e *OutdatedError) Error() string {
	return fmt.Sprintf("%s: its old text occurs %d times in %s, not once: the code has changed. Give it the text that holds the rule now, or, where the rule is gone on purpose, remove the defect", e.Defect, e.Occurs, e.File)
}

// Mutate returns the files of the module in root as the defect leaves them, by path with
// slashes below root.
func (d *Defect) Mutate(root string) (map[string]string, error) {
	files := map[string]string{}
	for _, e := range d.Edits {
		text, ok := files[e.File]
		if !ok {
			data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(e.File)))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", d.Name, err)
			}
			text = string(data)
		}
		if n := strings.Count(text, e.Old); n != 1 {
			return nil, &OutdatedError{d.Name, e.File, n}
		}
		files[e.File] = strings.Replace(text, e.Old, e.New, 1)
	}
	return files, nil
}
