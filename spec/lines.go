package spec

import (
	"bytes"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"gopkg.in/yaml.v3"
)

// lines finds byte offsets in a file of which only lines and columns are known.
type lines struct {
	file   string
	src    []byte
	starts []int
	// last is the place found before: places are asked for mostly in their order, and a file
	// may be one long line.
	last hcl.Pos
	// shown is src without the secrets in it; nil until somebody shows a line.
	shown []byte
}

// concealed is the source as it may be shown.
func (l *lines) concealed() []byte {
	if l.shown == nil {
		l.shown = conceal(l.src)
	}
	return l.shown
}

func newLines(file string, src []byte) *lines {
	l := &lines{file: file, src: src, starts: []int{0}}
	if bytes.HasPrefix(src, utf8BOM) {
		l.starts[0] = len(utf8BOM)
	}
	for i, b := range src {
		if b == '\n' {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

// pos is the place of the column-th character of a line, both from 1 and moved into the
// file where they lie outside it.
func (l *lines) pos(line, column int) hcl.Pos {
	line = max(1, min(line, len(l.starts)))
	offset, at := l.starts[line-1], 1
	if l.last.Line == line && l.last.Column <= column {
		offset, at = l.last.Byte, l.last.Column
	}
	for ; at < column && offset < len(l.src) && l.src[offset] != '\n'; at++ {
		_, size := utf8.DecodeRune(l.src[offset:])
		offset += size
	}
	l.last = hcl.Pos{Line: line, Column: at, Byte: offset}
	return l.last
}

// end is the end of the line that holds p, without trailing white space.
func (l *lines) end(p hcl.Pos) hcl.Pos {
	rest := l.src[p.Byte:]
	if i := bytes.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	return advance(p, bytes.TrimRight(rest, " \t\r"))
}

// whole is a line without the white space around it.
func (l *lines) whole(line int) hcl.Range {
	start := l.pos(line, 1)
	rest := l.src[start.Byte:]
	blank := len(rest) - len(bytes.TrimLeft(rest, " \t"))
	start.Byte += blank
	start.Column += blank
	return hcl.Range{Filename: l.file, Start: start, End: l.end(start)}
}

// advance moves p over text, which holds no line end.
func advance(p hcl.Pos, text []byte) hcl.Pos {
	p.Byte += len(text)
	p.Column += utf8.RuneCount(text)
	return p
}

// node is the place of a node: of a scalar its characters as far as they stand on its
// first line, of a mapping or sequence its first line.
func (l *lines) node(n *yaml.Node) hcl.Range {
	start := l.pos(n.Line, n.Column)
	r := hcl.Range{Filename: l.file, Start: start, End: l.end(start)}
	rest := l.src[start.Byte:r.End.Byte]
	switch {
	case n.Kind == yaml.AliasNode:
		r.End = advance(start, rest[:min(len(rest), 1+len(n.Value))])
	case n.Kind != yaml.ScalarNode:
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		if i := closingQuote(rest); i > 0 {
			r.End = advance(start, rest[:i])
		}
	case bytes.HasPrefix(rest, []byte(n.Value)):
		r.End = advance(start, rest[:len(n.Value)])
	}
	return r
}

// closingQuote is the length of the quoted text that begins s, 0 where it does not end.
func closingQuote(s []byte) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && s[0] == '"':
			i++
		case s[i] == s[0] && s[0] == '\'' && i+1 < len(s) && s[i+1] == '\'':
			i++
		case s[i] == s[0]:
			return i + 1
		}
	}
	return 0
}
