package spec

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// Diagnostics is everything that is wrong with a spec, or worth a warning, sorted by file
// and place, with what is needed to show it.
type Diagnostics struct { //nolint:errname // it is an error only by what it embeds
	hcl.Diagnostics
	// Sources holds the files that diagnostics point into, by name.
	Sources map[string][]byte
	// left counts, by severity, what was found and is not among them.
	left [hcl.DiagWarning + 1]int
}

// Count is how many errors and how many warnings were found, those included that are not
// shown one by one.
func (d Diagnostics) Count() (errors, warnings int) {
	for _, diag := range d.Diagnostics {
		if diag.Severity == hcl.DiagWarning {
			warnings++
		} else {
			errors++
		}
	}
	errors, warnings = errors+d.left[hcl.DiagError], warnings+d.left[hcl.DiagWarning]
	switch severity, more := d.overflow(); { // itself no find
	case more && severity == hcl.DiagError:
		errors--
	case more:
		warnings--
	}
	return errors, warnings
}

// overflow is the severity of the diagnostic that stands for what is left out, and whether
// there is one. Warnings alone do not become an error by their number.
func (d Diagnostics) overflow() (severity hcl.DiagnosticSeverity, more bool) {
	if d.left[hcl.DiagError] > 0 {
		return hcl.DiagError, true
	}
	return hcl.DiagWarning, d.left[hcl.DiagWarning] > 0
}

// mostDiagnostics is how many are kept of one load. Nobody reads more, and a wrong setting
// can cause one in each of 100,000 orders.
const mostDiagnostics = 1000

// Problem is one error that stands in no file: head says what is wrong, rest what to do.
func Problem(head, rest string) Diagnostics {
	return Diagnostics{Diagnostics: hcl.Diagnostics{{Severity: hcl.DiagError, Summary: head, Detail: rest}}}
}

// WriteText writes each diagnostic with its source line and the offending part underlined.
// The width wraps texts; 0 leaves them as they are.
func (d Diagnostics) WriteText(w io.Writer, width uint, color bool) error {
	indexes := make(map[string]*lines)
	for _, diag := range d.Diagnostics {
		var index *lines
		if r := diag.Subject; r != nil {
			if src, known := d.Sources[r.Filename]; known && indexes[r.Filename] == nil {
				indexes[r.Filename] = newLines(r.Filename, src)
			}
			index = indexes[r.Filename]
		}
		if err := writeDiagnostic(w, index, diag, width, color); err != nil {
			return fmt.Errorf("write diagnostics: %w", err)
		}
	}
	return nil
}

// jsonDiagnostic is the contract's form (section 3).
type jsonDiagnostic struct {
	Severity string     `json:"severity"`
	Summary  string     `json:"summary"`
	Detail   string     `json:"detail"`
	Range    *jsonRange `json:"range,omitempty"`
}

type jsonRange struct {
	Filename string  `json:"filename"`
	Start    jsonPos `json:"start"`
	End      jsonPos `json:"end"`
}

type jsonPos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

// JSON is the list that --json shows under "diagnostics"; [] where nothing is wrong.
func (d Diagnostics) JSON() json.RawMessage {
	list := make([]jsonDiagnostic, 0, len(d.Diagnostics))
	for _, diag := range d.Diagnostics {
		j := jsonDiagnostic{Severity: "error", Summary: diag.Summary, Detail: diag.Detail}
		if diag.Severity == hcl.DiagWarning {
			j.Severity = "warning"
		}
		if r := diag.Subject; r != nil {
			j.Range = &jsonRange{Filename: r.Filename, Start: jsonPos(r.Start), End: jsonPos(r.End)}
		}
		list = append(list, j)
	}
	raw, err := json.Marshal(list)
	if err != nil {
		panic("diagnostics are plain texts and numbers: " + err.Error())
	}
	return raw
}

// arranged sorts, drops repetitions and bounds the number. Errors come before warnings where
// they do not fit.
func arranged(diags hcl.Diagnostics, sources map[string][]byte) Diagnostics {
	slices.SortStableFunc(diags, compareDiagnostics)
	diags = slices.CompactFunc(diags, func(a, b *hcl.Diagnostic) bool {
		return compareDiagnostics(a, b) == 0 && a.Detail == b.Detail
	})
	d := Diagnostics{Diagnostics: diags, Sources: sources}
	if len(diags) <= mostDiagnostics {
		return d
	}
	slices.SortStableFunc(diags, func(a, b *hcl.Diagnostic) int { return cmp.Compare(a.Severity, b.Severity) })
	for _, diag := range diags[mostDiagnostics:] {
		d.left[diag.Severity]++
	}
	more := len(diags) - mostDiagnostics
	diags = diags[:mostDiagnostics]
	slices.SortStableFunc(diags, compareDiagnostics)
	severity, _ := d.overflow()
	d.Diagnostics = diags
	d.Diagnostics = append(d.Diagnostics, &hcl.Diagnostic{
		Severity: severity,
		Summary:  fmt.Sprintf("%d more problems", more),
		Detail:   "They are not shown. Many are likely to have one cause among those above.",
	})
	return d
}

func compareDiagnostics(a, b *hcl.Diagnostic) int {
	if a.Subject == nil || b.Subject == nil {
		switch {
		case a.Subject != nil:
			return 1
		case b.Subject != nil:
			return -1
		}
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Summary, b.Summary), cmp.Compare(a.Detail, b.Detail))
	}
	return cmp.Or(
		cmp.Compare(a.Subject.Filename, b.Subject.Filename),
		cmp.Compare(a.Subject.Start.Byte, b.Subject.Start.Byte),
		cmp.Compare(a.Severity, b.Severity),
		cmp.Compare(a.Summary, b.Summary),
		cmp.Compare(a.Detail, b.Detail),
	)
}
