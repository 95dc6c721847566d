package spec

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// yamlLayout indents a text by two a level and puts one space behind dashes and colons.
// ok is false where it meets something it does not know how to lay out (complex keys,
// scalars at the top, line ends that only YAML knows).
func yamlLayout(src []byte, roots []*yaml.Node) (text []byte, ok bool) {
	// To YAML these end lines too, so that its line numbers are not ours.
	if bytes.ContainsAny(src, "\r\u0085\u2028\u2029\ufeff") {
		return nil, false
	}
	l := newYAMLSheet(src)
	for _, root := range roots {
		if isBlock(root) {
			l.block(root, 0)
		} else {
			l.value(root, frame{old: -1, new: -yamlIndent})
		}
	}
	l.settle()
	if l.broken {
		return nil, false
	}
	return l.print(), true
}

const yamlIndent = 2

// frame is where a collection stood and where it will stand: the column, from 0, of its
// keys or dashes.
type frame struct{ old, new int }

func isBlock(n *yaml.Node) bool {
	return (n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode) && n.Style&yaml.FlowStyle == 0 && len(n.Content) > 0
}

// block lays out a mapping or sequence in which each entry has a line of its own.
func (l *yamlSheet) block(n *yaml.Node, column int) {
	if n.Kind == yaml.MappingNode {
		l.mapping(n, column)
	} else {
		l.sequence(n, column)
	}
}

func (l *yamlSheet) mapping(n *yaml.Node, column int) {
	in := frame{old: n.Content[0].Column - 1, new: column}
	for i := 0; i+1 < len(n.Content) && !l.broken; i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		line := l.line(key.Line)
		switch {
		case key.Kind != yaml.ScalarNode && key.Kind != yaml.AliasNode, key.Column-1 != in.old:
			l.broken = true
			return
		case line.indent == in.old:
			line.place(in.new)
		case i > 0 || strings.Trim(string(line.runes[:in.old]), " -") != "":
			l.broken = true
			return
		}
		line.levels = append(line.levels, in)
		l.spaceAfterKey(line, key, val)
		l.entry(val, in)
	}
}

// spaceAfterKey writes one space between a key and a value on its line.
func (l *yamlSheet) spaceAfterKey(line *yamlRow, key, val *yaml.Node) {
	end := line.scalarEnd(key)
	if end < 0 {
		return
	}
	colon := end
	for colon < len(line.runes) && line.runes[colon] == ' ' {
		colon++
	}
	if colon == len(line.runes) || line.runes[colon] != ':' {
		return
	}
	line.replace(end, colon, "")
	if val.Line == key.Line && !emptyNode(val) && val.Column-1 > colon {
		line.space(colon+1, val.Column-1)
	}
}

func (l *yamlSheet) sequence(n *yaml.Node, column int) {
	if n.Anchor != "" {
		l.broken = true // its place is the anchor's, and where its dashes stand is not known
		return
	}
	in := frame{old: n.Column - 1, new: column}
	at := n.Line
	for i, item := range n.Content {
		if i > 0 {
			at = l.nextDash(at+1, in.old)
		}
		line := l.line(at)
		if l.broken || in.old >= len(line.runes) || line.runes[in.old] != '-' {
			l.broken = true
			return
		}
		if line.indent == in.old {
			line.place(in.new)
		}
		line.levels = append(line.levels, in)
		switch {
		case item.Line != at || emptyNode(item):
			l.entry(item, in)
		case isBlock(item):
			line.space(in.old+1, item.Column-1)
			l.block(item, in.new+yamlIndent)
		default:
			line.space(in.old+1, item.Column-1)
			l.value(item, in)
		}
	}
}

// nextDash is the next line that begins with a dash at a column.
func (l *yamlSheet) nextDash(from, column int) int {
	for at := from; at <= len(l.rows); at++ {
		row := l.rows[at-1]
		if row.indent == column && len(row.runes) > column && row.runes[column] == '-' &&
			(len(row.runes) == column+1 || row.runes[column+1] == ' ' || row.runes[column+1] == '\t') {
			return at
		}
	}
	l.broken = true
	return from
}

// entry lays out what stands behind a key or, on a line of its own, a dash.
func (l *yamlSheet) entry(n *yaml.Node, in frame) {
	if isBlock(n) {
		l.block(n, in.new+yamlIndent)
		return
	}
	l.value(n, in)
}

// value lays out a scalar, an alias or a collection in brackets that belongs to in.
func (l *yamlSheet) value(n *yaml.Node, in frame) {
	if emptyNode(n) || l.broken {
		return
	}
	line := l.line(n.Line)
	if line.indent == n.Column-1 && !line.placed {
		line.place(in.new + yamlIndent)
	}
	switch {
	case n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode:
		l.brackets(line, n, in)
	case n.Kind == yaml.AliasNode:
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		l.blockScalar(n, in)
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		l.quoted(n, in)
	default:
		line.tail = tail{kind: tailPlain, column: in.new + yamlIndent}
	}
}

// emptyNode reports whether n is written as nothing; it has no place then.
func emptyNode(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}
