package spec

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/rogpeppe/go-internal/diff"
)

// MaxFormat is the longest file that is laid out, in bytes. Layout needs the tokens of the
// whole file several times over, some four hundred times its size in HCL; files that people
// write are a thousandth of this.
const MaxFormat = 4 << 20

// Format returns a spec file in its canonical form; name tells HCL from YAML by its
// ending, and diagnostics by their place. Formatting changes no meaning and loses no
// comment, and a second time it changes nothing. What cannot be parsed gives diagnostics
// and no output.
//
// Both syntaxes end lines with LF and the file with one, carry no byte order mark, and
// spell statuses as WhatsApp's payloads do: canceled, partially_shipped (order status guide,
// which writes the second both ways).
// HCL is laid out by hclwrite. YAML is indented by two and keeps its quotes, blank lines
// and line breaks.
func Format(name string, src []byte) ([]byte, hcl.Diagnostics) {
	if len(src) > MaxFormat {
		return nil, hcl.Diagnostics{fileProblem(name, "File too large", fmt.Sprintf("Files of more than %d MiB are not laid out. Split it into several: all files of the folder are read together.", MaxFormat>>20))}
	}
	if diag := checkText(name, src); diag != nil {
		return nil, hcl.Diagnostics{diag}
	}
	switch {
	case isHCL(name):
		return formatHCL(name, src)
	case isYAML(name):
		return formatYAML(name, src)
	}
	return nil, hcl.Diagnostics{{
		Severity: hcl.DiagError,
		Summary:  "No spec file",
		Detail:   name + " ends in none of .hcl, .yaml and .yml, so its syntax is not known. Rename it or leave it out.",
	}}
}

// Diff shows what turns a into b as a unified diff that `git apply` takes, empty where
// they are equal. name is the file's path below the working directory. Secrets that are written
// in the file are stars in it, and where one is near a change, git finds no place for that.
func Diff(a, b []byte, name string) string {
	return string(diff.Diff("a/"+name, conceal(a), "b/"+name, conceal(b)))
}

// unixText drops a byte order mark and ends lines with LF.
func unixText(src []byte) []byte {
	text := bytes.TrimPrefix(src, utf8BOM)
	if !bytes.Contains(text, []byte("\r\n")) {
		return text
	}
	rows := bytes.Split(text, []byte("\n"))
	for i, row := range rows[:len(rows)-1] {
		rows[i] = bytes.TrimRight(row, "\r")
	}
	return bytes.Join(rows, []byte("\n"))
}

// oneFinalNewline ends a text with exactly one, except an empty one.
func oneFinalNewline(src []byte) []byte {
	text := bytes.TrimRight(src, " \t\r\n")
	if len(text) == 0 {
		return nil
	}
	return append(text[:len(text):len(text)], '\n')
}

// edit replaces the bytes from start to end.
type edit struct {
	start, end int
	text       string
}

// sortEdits orders edits as applyEdits needs them.
func sortEdits(edits []edit) []edit {
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	return edits
}

// applyEdits makes edits that are sorted and do not overlap.
func applyEdits(src []byte, edits []edit) []byte {
	if len(edits) == 0 {
		return src
	}
	out := make([]byte, 0, len(src))
	from := 0
	for _, e := range edits {
		out = append(append(out, src[from:e.start]...), e.text...)
		from = e.end
	}
	return append(out, src[from:]...)
}

// canonicalStatus is how formatting spells a status; ok is false where it is canonical
// already, or no status.
func canonicalStatus(word string) (canonical string, ok bool) {
	s, known := ParseStatus(word)
	return string(s), known && string(s) != word
}
