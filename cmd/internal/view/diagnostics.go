package view

import (
	"fmt"
	"io"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// Diagnostics writes diagnostics as Terraform does: the file and line, the source line,
// the offending part underlined, what is wrong and what to do.
func Diagnostics(w io.Writer, diags hcl.Diagnostics, files map[string]*hcl.File, o Options) error {
	width := o.Width
	if width == 0 || width > maxWidth {
		width = maxWidth
	}
	return hcl.NewDiagnosticTextWriter(w, files, uint(width), o.Color).WriteDiagnostics(diags)
}

type positionJSON struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

type rangeJSON struct {
	Filename string       `json:"filename"`
	Start    positionJSON `json:"start"`
	End      positionJSON `json:"end"`
}

// DiagnosticJSON is one diagnostic as scripts read it.
type DiagnosticJSON struct {
	Severity string     `json:"severity"`
	Summary  string     `json:"summary"`
	Detail   string     `json:"detail"`
	Range    *rangeJSON `json:"range,omitempty"`
}

// ToDiagnosticsJSON turns diagnostics into their JSON form; of none it is empty, not null.
func ToDiagnosticsJSON(diags hcl.Diagnostics) []DiagnosticJSON {
	out := make([]DiagnosticJSON, 0, len(diags))
	for _, d := range diags {
		j := DiagnosticJSON{Severity: severity(d.Severity), Summary: d.Summary, Detail: d.Detail}
		if r := d.Subject; r != nil {
			j.Range = &rangeJSON{
				Filename: r.Filename,
				Start:    positionJSON{r.Start.Line, r.Start.Column, r.Start.Byte},
				End:      positionJSON{r.End.Line, r.End.Column, r.End.Byte},
			}
		}
		out = append(out, j)
	}
	return out
}

func severity(s hcl.DiagnosticSeverity) string {
	if s == hcl.DiagWarning {
		return "warning"
	}
	return "error"
}

// Validation is the document of validate --json.
type Validation struct {
	FormatVersion string           `json:"format_version"`
	Valid         bool             `json:"valid"`
	ErrorCount    int              `json:"error_count"`
	WarningCount  int              `json:"warning_count"`
	Diagnostics   []DiagnosticJSON `json:"diagnostics"`
}

// ValidationJSON writes what loading a spec said as one JSON document.
func ValidationJSON(w io.Writer, diags hcl.Diagnostics) error {
	v := Validation{FormatVersion: "1.0", Diagnostics: ToDiagnosticsJSON(diags)}
	for _, d := range diags {
		if d.Severity == hcl.DiagWarning {
			v.WarningCount++
		} else {
			v.ErrorCount++
		}
	}
	v.Valid = v.ErrorCount == 0
	return indented(w, v)
}

// Error writes an error in the same manner: what is wrong in one line, then the way out.
func Error(w io.Writer, err error, o Options) {
	s := style(o.Color)
	head, rest, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	fmt.Fprintf(w, "%s %s\n", s.bold(s.red("Error:")), s.bold(strings.TrimLeft(o.indent(0, head), " ")))
	if rest = strings.Trim(rest, "\n"); rest != "" {
		fmt.Fprintf(w, "\n%s\n", o.indent(2, rest))
	}
}
