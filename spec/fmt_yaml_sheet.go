package spec

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// yamlSheet is a YAML text as rows that each learn where they will stand.
type yamlSheet struct {
	src    []byte
	where  *lines
	rows   []*yamlRow
	broken bool // something stands where the layout cannot follow
}

// yamlRow is one line. Columns count characters, as yaml.v3's do, from 0.
type yamlRow struct {
	runes    []rune
	indent   int // characters of white space in front
	column   int // where it will begin, once placed
	placed   bool
	verbatim bool // part of a scalar: no comment, whatever it looks like
	ragged   bool // the space at its end is kept
	edits    []rowEdit
	levels   []frame // of the collections with an entry on this line
	tail     tail
}

type rowEdit struct {
	start, end int
	text       string
}

// tail is what the last value begun on a row does to further rows.
type tail struct {
	kind   tailKind
	column int      // of plain text; of brackets, the least
	row    *yamlRow // with which brackets move
}

type tailKind uint8

const (
	tailNone tailKind = iota
	tailPlain
	tailFlow
)

func newYAMLSheet(src []byte) *yamlSheet {
	text := strings.TrimSuffix(string(src), "\n")
	l := &yamlSheet{src: src, where: newLines("", src)}
	if !utf8.ValidString(text) {
		l.broken = true
	}
	for line := range strings.SplitSeq(text, "\n") {
		row := &yamlRow{runes: []rune(line)}
		for row.indent < len(row.runes) && (row.runes[row.indent] == ' ' || row.runes[row.indent] == '\t') {
			row.indent++
		}
		l.rows = append(l.rows, row)
	}
	return l
}

// line is a row by its number from 1.
func (l *yamlSheet) line(n int) *yamlRow {
	if n < 1 || n > len(l.rows) {
		l.broken = true
		return &yamlRow{}
	}
	return l.rows[n-1]
}

func (r *yamlRow) blank() bool   { return r.indent == len(r.runes) }
func (r *yamlRow) comment() bool { return !r.verbatim && !r.blank() && r.runes[r.indent] == '#' }

// marker reports whether the row begins or ends a document, or tells the parser something.
func (r *yamlRow) marker() bool {
	text := string(r.runes)
	return strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...") || strings.HasPrefix(text, "%")
}

func (r *yamlRow) place(column int) { r.column, r.placed = column, true }

func (r *yamlRow) replace(start, end int, text string) {
	if string(r.runes[start:end]) != text {
		r.edits = append(r.edits, rowEdit{start, end, text})
	}
}

// space writes one space where nothing but white space stands.
func (r *yamlRow) space(start, end int) {
	if end <= len(r.runes) && start < end && strings.Trim(string(r.runes[start:end]), " \t") == "" {
		r.replace(start, end, " ")
	}
}

// scalarEnd is the column behind a scalar on this row, -1 where that cannot be told.
func (r *yamlRow) scalarEnd(n *yaml.Node) int {
	start := n.Column - 1
	if n.Kind != yaml.ScalarNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 || start >= len(r.runes) {
		return -1
	}
	if r.runes[start] == '"' || r.runes[start] == '\'' {
		rest := []byte(string(r.runes[start:]))
		length := closingQuote(rest)
		if length == 0 {
			return -1
		}
		return start + utf8.RuneCount(rest[:length])
	}
	end := start + utf8.RuneCountInString(n.Value)
	if end > len(r.runes) || string(r.runes[start:end]) != n.Value {
		return -1
	}
	return end
}

// settle places the rows that begin no entry: the further lines of plain text and of
// brackets, and comments.
func (l *yamlSheet) settle() {
	var open tail
	var levels []frame
	below := l.contentBelow()
	for i, row := range l.rows {
		switch {
		case row.comment():
			l.settleComment(row, below[i], levels, open)
			continue
		case row.blank() || row.verbatim:
			continue
		case row.marker() && !row.placed:
			row.place(0)
		case !row.placed:
			l.follow(row, open)
		}
		if row.tail.kind != tailNone || len(row.levels) > 0 {
			open = row.tail
		}
		levels = enclosing(levels, row)
	}
}

// follow places a row that goes on with what an earlier one began.
func (l *yamlSheet) follow(row *yamlRow, open tail) {
	switch open.kind {
	case tailPlain:
		row.place(open.column)
	case tailFlow:
		row.place(max(open.column, row.indent+open.row.column-open.row.indent))
	default:
		l.broken = true
	}
}

// enclosing are the levels open behind a row, from the outermost.
func enclosing(levels []frame, row *yamlRow) []frame {
	for _, in := range row.levels {
		for len(levels) > 0 && levels[len(levels)-1].old >= in.old {
			levels = levels[:len(levels)-1]
		}
		levels = append(levels, in)
	}
	return levels
}

// settleComment moves a comment with the line below it if they stand in one column, else
// with the level it stands at, else to the line below it. Within brackets it moves with
// them.
func (l *yamlSheet) settleComment(row, below *yamlRow, levels []frame, open tail) {
	if below != nil && !below.placed {
		l.follow(row, open)
		return
	}
	stands := func(in frame) bool { return in.old == row.indent }
	if below != nil && (below.indent == row.indent || !slices.ContainsFunc(levels, stands)) {
		row.place(below.column)
		return
	}
	row.place(0)
	for _, in := range levels {
		if in.old <= row.indent {
			row.place(in.new)
		}
	}
}

// contentBelow is for each row the next one that is more than a comment, nil at the end of
// a document.
func (l *yamlSheet) contentBelow() []*yamlRow {
	below := make([]*yamlRow, len(l.rows))
	var next *yamlRow
	for i, row := range slices.Backward(l.rows) {
		switch {
		case row.marker():
			next = nil
		case !row.blank() && !row.comment():
			next = row
		}
		below[i] = next
	}
	return below
}

func (l *yamlSheet) print() []byte {
	var b strings.Builder
	for _, row := range l.rows {
		row.print(&b)
	}
	return []byte(b.String())
}

func (r *yamlRow) print(b *strings.Builder) {
	text := r.text()
	if !r.ragged {
		text = strings.TrimRight(text, " \t")
	}
	if r.placed && (text != "" || r.verbatim) {
		b.WriteString(strings.Repeat(" ", r.column))
	}
	b.WriteString(text)
	b.WriteByte('\n')
}

// text is what stands behind the indentation, edited.
func (r *yamlRow) text() string {
	slices.SortFunc(r.edits, func(a, b rowEdit) int { return a.start - b.start })
	var b strings.Builder
	from := r.indent
	for _, e := range r.edits {
		b.WriteString(string(r.runes[from:e.start]))
		b.WriteString(e.text)
		from = e.end
	}
	b.WriteString(string(r.runes[from:]))
	return b.String()
}
