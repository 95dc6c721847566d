package spec

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// flowWriter writes a collection in brackets that stands on one line with one space behind
// commas and colons. It fails, and the collection stays as it is, on anything else than
// plain and quoted scalars between the brackets.
type flowWriter struct {
	row    []rune
	line   int
	at     int // in row
	out    strings.Builder
	failed bool
}

func (f *flowWriter) collection(n *yaml.Node) {
	opening, closing := '{', '}'
	if n.Kind == yaml.SequenceNode {
		opening, closing = '[', ']'
	}
	f.mark(opening)
	for i, child := range n.Content {
		switch {
		case n.Kind == yaml.MappingNode && i%2 == 1:
			f.mark(':')
			f.out.WriteByte(' ')
		case i > 0:
			f.mark(',')
			f.out.WriteByte(' ')
		}
		f.skip()
		f.node(child)
		if f.failed {
			return
		}
	}
	f.mark(closing)
}

func (f *flowWriter) node(n *yaml.Node) {
	if n.Line != f.line || n.Column-1 != f.at || emptyNode(n) {
		f.failed = true
		return
	}
	if n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode {
		f.collection(n)
		return
	}
	row := yamlRow{runes: f.row}
	end := row.scalarEnd(n)
	if end < 0 {
		f.failed = true
		return
	}
	f.out.WriteString(string(f.row[f.at:end]))
	f.at = end
}

func (f *flowWriter) skip() {
	for f.at < len(f.row) && f.row[f.at] == ' ' {
		f.at++
	}
}

// mark writes a character that must come next but for spaces.
func (f *flowWriter) mark(r rune) {
	f.skip()
	if f.failed || f.at == len(f.row) || f.row[f.at] != r {
		f.failed = true
		return
	}
	f.at++
	f.out.WriteRune(r)
}
