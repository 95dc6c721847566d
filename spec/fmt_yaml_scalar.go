package spec

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// quoted indents the further lines of a text in quotes. Their leading space means nothing;
// at their ends a backslash may guard it, so ends stay.
func (l *yamlSheet) quoted(n *yaml.Node, in frame) {
	rest := l.src[l.where.pos(n.Line, n.Column).Byte:]
	open := bytes.IndexAny(rest, `"'`) // behind an anchor and a tag
	length := 0
	if open >= 0 {
		length = closingQuote(rest[open:])
	}
	if length == 0 {
		l.broken = true
		return
	}
	for i := range bytes.Count(rest[:open+length], []byte{'\n'}) {
		l.line(n.Line + i).ragged = true
		next := l.line(n.Line + i + 1)
		next.verbatim = true
		if !next.blank() {
			next.place(in.new + yamlIndent)
		}
	}
}

// blockScalar indents the lines of a text after | or >. Its indentation is what the header
// says, counted from the collection it belongs to, or that of its first line.
func (l *yamlSheet) blockScalar(n *yaml.Node, in frame) {
	row := l.line(n.Line)
	header := string(row.runes[min(n.Column-1, len(row.runes)):])
	mark := strings.IndexAny(header, "|>")
	if mark < 0 {
		l.broken = true
		return
	}
	was, will := -1, in.new+yamlIndent
	if i := strings.IndexAny(strings.Fields(header[mark:])[0], "123456789"); i >= 0 {
		n := int(header[mark+i] - '0')
		was, will = max(in.old, 0)+n, max(in.new, 0)+n
	}
	for at := n.Line + 1; at <= len(l.rows); at++ {
		line := l.line(at)
		if line.blank() {
			l.blankInScalar(line, was, will)
			continue
		}
		if was < 0 {
			was = line.indent
		}
		if line.indent <= in.old || line.indent < was {
			return
		}
		line.verbatim, line.ragged = true, true
		line.place(will + line.indent - was)
	}
}

// blankInScalar keeps the spaces of a blank line that are text.
func (l *yamlSheet) blankInScalar(line *yamlRow, was, will int) {
	if was >= 0 && len(line.runes) > was {
		line.verbatim, line.ragged = true, true
		line.place(will + line.indent - was)
	}
}

// brackets lays out a collection in brackets: on one line its spaces too; over several
// lines it moves as it is.
func (l *yamlSheet) brackets(row *yamlRow, n *yaml.Node, in frame) {
	f := flowWriter{row: row.runes, line: n.Line, at: n.Column - 1}
	if f.collection(n); !f.failed {
		row.replace(n.Column-1, f.at, f.out.String())
		return
	}
	row.tail = tail{kind: tailFlow, column: max(in.new, 0), row: row}
}
