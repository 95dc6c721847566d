package view

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/hisab/hisab/spec"
)

// Diagnostics writes what is wrong with a spec, as Terraform does, and how much it is.
func Diagnostics(w io.Writer, d spec.Diagnostics, o Options) error {
	if err := d.WriteText(w, uint(min(o.Width, maxWidth)), o.Color); err != nil {
		return err
	}
	errors, warnings := d.Count()
	if errors+warnings < 2 {
		return nil // it is there to be seen
	}
	var parts []string
	if errors > 0 {
		parts = append(parts, count(errors, "error", "errors"))
	}
	if warnings > 0 {
		parts = append(parts, count(warnings, "warning", "warnings"))
	}
	_, err := fmt.Fprintln(w, strings.Join(parts, ", ")+".")
	return err
}

// ValidationJSON writes what loading a spec said as one JSON document.
func ValidationJSON(w io.Writer, d spec.Diagnostics) error {
	v := struct {
		FormatVersion string          `json:"format_version"`
		Valid         bool            `json:"valid"`
		ErrorCount    int             `json:"error_count"`
		WarningCount  int             `json:"warning_count"`
		Diagnostics   json.RawMessage `json:"diagnostics"`
	}{FormatVersion: "1.0", Diagnostics: d.JSON()}
	v.ErrorCount, v.WarningCount = d.Count()
	v.Valid = v.ErrorCount == 0
	return indented(w, v)
}

// Error writes an error in the same manner: what is wrong in one line, then the way out.
func Error(w io.Writer, err error, o Options) {
	s := style(o.Color)
	head, rest := headAndRest(err)
	fmt.Fprintf(w, "%s %s\n", s.bold(s.red("Error:")), s.bold(o.wrap(head)))
	if rest != "" {
		fmt.Fprintf(w, "\n%s\n", o.indent(2, rest))
	}
}

// headAndRest parts what is wrong from the way out.
func headAndRest(err error) (head, rest string) {
	head, rest, _ = strings.Cut(strings.TrimSpace(spec.Visible(err.Error())), "\n")
	return head, strings.Trim(rest, "\n")
}

// ErrorJSON is ValidationJSON where an error came before all reading: whoever parses the
// output finds the same document.
func ErrorJSON(w io.Writer, err error) error {
	return ValidationJSON(w, spec.Problem(headAndRest(err)))
}
