package spec

import (
	"fmt"
	"testing"

	"github.com/hashicorp/hcl/v2"
)

// TestCount counts what was found, not what is shown, and lets no number of warnings become
// an error.
func TestCount(t *testing.T) {
	tests := map[string]struct{ errors, warnings, shown int }{
		"nothing":             {0, 0, 0},
		"few":                 {2, 3, 5},
		"many errors":         {3000, 10, mostDiagnostics + 1},
		"many warnings":       {2, 3000, mostDiagnostics + 1},
		"many warnings alone": {0, 3000, mostDiagnostics + 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var found hcl.Diagnostics
			for i := range test.errors + test.warnings {
				d := &hcl.Diagnostic{Severity: hcl.DiagError, Summary: fmt.Sprint(i)}
				if i >= test.errors {
					d.Severity = hcl.DiagWarning
				}
				found = append(found, d)
			}
			d := arranged(found, nil)
			if errors, warnings := d.Count(); errors != test.errors || warnings != test.warnings {
				t.Errorf("counted %d errors and %d warnings", errors, warnings)
			}
			if len(d.Diagnostics) != test.shown || d.HasErrors() != (test.errors > 0) {
				t.Errorf("%d are shown, errors: %v", len(d.Diagnostics), d.HasErrors())
			}
		})
	}
}
