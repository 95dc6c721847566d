package spec

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/mitchellh/go-wordwrap"
)

// writeDiagnostic writes in the form of hcl.NewDiagnosticTextWriter, which underlines with a
// terminal's means only and walks the whole file for each diagnostic: here carets stand
// below the offending part where there is no colour, and the line is found by its number.
func writeDiagnostic(w io.Writer, index *lines, diag *hcl.Diagnostic, width uint, color bool) error {
	name, code := "Error", "\x1b[31m"
	if diag.Severity == hcl.DiagWarning {
		name, code = "Warning", "\x1b[33m"
	}
	if color {
		name = code + name + "\x1b[0m"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", name, Visible(diag.Summary))
	if diag.Subject != nil {
		writeSnippet(&b, index, *diag.Subject, color)
	}
	detail := Visible(diag.Detail)
	if width > 0 {
		detail = wordwrap.WrapString(detail, width)
	}
	if detail != "" {
		b.WriteString(detail + "\n\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// OneLine is a name as it is shown: in quotes where a terminal would obey a part of it, so
// that it writes no lines of its own into what is read on terminals and in logs.
func OneLine(name string) string {
	if strings.ContainsFunc(name, obeyed) {
		return strconv.Quote(name)
	}
	return name
}

// longestLine bounds what is shown of a source line, in bytes. longestConcealed bounds in what
// secrets are looked for with all that stands before them: a file of one line may have a
// thousand errors.
const (
	longestLine      = 400
	longestConcealed = 1 << 14
)

// writeSnippet shows the line that r begins in. index is nil where the file is not known.
func writeSnippet(b *strings.Builder, index *lines, r hcl.Range, color bool) {
	file := OneLine(r.Filename)
	switch {
	case index == nil && r.Start.Byte == 0:
		fmt.Fprintf(b, "  on %s\n\n", file)
		return
	case index == nil:
		fmt.Fprintf(b, "  on %s line %d\n\n", file, r.Start.Line)
		return
	}
	fmt.Fprintf(b, "  on %s line %d:\n", file, r.Start.Line)
	begin := index.starts[max(1, min(r.Start.Line, len(index.starts)))-1]
	line := index.concealed()[begin:]
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	line = bytes.TrimRight(line, "\r")
	if len(line) <= longestConcealed {
		line = concealLine(line)
	}
	from := max(0, min(r.Start.Byte-begin, len(line)))
	to := max(from, min(r.End.Byte-begin, len(line)))
	if r.End.Line > r.Start.Line {
		to = len(line)
	}
	if len(line) > longestLine {
		line, from, to = window(line, from, to)
		line = concealLine(line)
	}
	before, marked, after := visible(line[:from]), visible(line[from:to]), visible(line[to:])
	if color {
		fmt.Fprintf(b, "%4d: %s\x1b[1;4m%s\x1b[0m%s\n\n", r.Start.Line, before, marked, after)
		return
	}
	fmt.Fprintf(b, "%4d: %s%s%s\n", r.Start.Line, before, marked, after)
	fmt.Fprintf(b, "      %s%s\n\n", blank(before), strings.Repeat("^", max(1, utf8.RuneCount(marked))))
}

// visible replaces in a source line what a terminal would obey rather than show.
func visible(line []byte) []byte { return bytes.Map(showable, line) }

// Visible replaces in a text what a terminal would obey rather than show, but for the ends
// of its lines: what comes from a file that is only being checked, or from a platform, must
// not recolour, move or reverse what is said about it.
func Visible(text string) string { return strings.Map(showable, text) }

func showable(r rune) rune {
	if r != '\n' && r != '\t' && obeyed(r) {
		return utf8.RuneError
	}
	return r
}

// obeyed reports whether a terminal obeys a character rather than shows it.
func obeyed(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// window cuts a very long line down to what surrounds the offending part.
func window(line []byte, from, to int) (cut []byte, newFrom, newTo int) {
	const around = longestLine / 4
	start := max(0, from-around)
	end := min(len(line), max(min(to, from+longestLine/2), from)+around)
	for start > 0 && !utf8.RuneStart(line[start]) {
		start--
	}
	for end < len(line) && !utf8.RuneStart(line[end]) {
		end++
	}
	return line[start:end], from - start, min(to, end) - start
}

// blank is as wide as s, with its tabs.
func blank(s []byte) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, string(s))
}
