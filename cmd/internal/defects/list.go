package defects

import (
	"fmt"
	"io"
)

// List writes what each defect takes out and what that guards.
func List(out io.Writer) error {
	for _, d := range All() {
		if _, err := fmt.Fprintf(out, "%s (breaks %s)\n  %s\n", d.Name, d.breaks(), d.Why); err != nil {
			return err
		}
		if d.Courtesy == "" {
			continue
		}
		if _, err := fmt.Fprintf(out, "  left out, nothing unsafe comes of it: %s\n", d.Courtesy); err != nil {
			return err
		}
	}
	return nil
}
