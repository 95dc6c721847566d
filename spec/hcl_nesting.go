package spec

import (
	"bytes"
	"fmt"
)

// The HCL parser and evaluator recurse once per level of brackets and templates, and once
// per operator of a chain. Go ends a program whose stack overflows, so both are bounded
// before parsing.
const (
	maxHCLDepth     = 100
	maxHCLOperators = 1000 // in one expression
)

// nestingLevel is one open bracket, quote or heredoc.
type nestingLevel struct {
	opened    byte   // ( [ { of code, $ for ${ and %{; " < T for text: quoted, heredoc, a whole template
	word      []byte // that ends a heredoc
	operators int    // seen in the current expression
}

func (l *nestingLevel) text() bool { return l.opened == '"' || l.opened == '<' || l.opened == 'T' }

// configNesting says what nests too deep in HCL source, empty where nothing does.
func configNesting(src []byte) string { return nesting(src, '{') }

// templateNesting does the same for a template that is a source of its own.
func templateNesting(src []byte) string { return nesting(src, 'T') }

func nesting(src []byte, outer byte) string {
	if len(src) <= maxHCLDepth {
		return ""
	}
	s := nestingScan{src: src, levels: make([]nestingLevel, 1, 16)}
	s.levels[0].opened = outer
	for s.i < len(src) && s.problem == "" {
		if top := s.top(); top.text() {
			s.textStep(top)
		} else {
			s.codeStep(top)
		}
	}
	return s.problem
}

// nestingScan walks HCL source far enough to tell brackets and operators from text.
type nestingScan struct {
	src     []byte
	i       int
	levels  []nestingLevel
	problem string
}

func (s *nestingScan) top() *nestingLevel { return &s.levels[len(s.levels)-1] }

func (s *nestingScan) push(opened byte, word []byte) {
	s.levels = append(s.levels, nestingLevel{opened: opened, word: word})
	if len(s.levels) > maxHCLDepth {
		s.problem = fmt.Sprintf("nests more than %d levels of brackets", maxHCLDepth)
	}
}

// pop closes the top level; the outermost stays.
func (s *nestingScan) pop() {
	if len(s.levels) > 1 {
		s.levels = s.levels[:len(s.levels)-1]
	}
}

func (s *nestingScan) operator(l *nestingLevel) {
	if l.operators++; l.operators > maxHCLOperators {
		s.problem = fmt.Sprintf("chains more than %d operators in one expression", maxHCLOperators)
	}
}

// codeStep walks one character of a body or an expression.
func (s *nestingScan) codeStep(top *nestingLevel) {
	c := s.src[s.i]
	s.i++
	switch c {
	case '"', '(', '{':
		s.push(c, nil)
	case '[':
		s.operator(top)
		s.push(c, nil)
	case ')', ']', '}':
		if closes(top.opened, c) {
			s.pop()
		}
	case '#':
		s.skipLine()
	case '/':
		s.slash(top)
	case '<':
		if !s.heredoc() {
			s.operator(top)
		}
	case ',':
		top.operators = 0
	case '\n':
		s.newline(top)
	case '!', '-', '+', '*', '%', '?', ':', '&', '|', '>', '=', '.':
		s.operator(top)
	}
}

func closes(opened, c byte) bool {
	switch opened {
	case '(':
		return c == ')'
	case '[':
		return c == ']'
	}
	return c == '}'
}

// newline ends an expression in a body. A line that begins or ends with an operator may be
// one that brackets let go on, so it ends nothing.
func (s *nestingScan) newline(top *nestingLevel) {
	if top.opened != '{' || top.operators == 0 {
		return
	}
	const open = "!-+*/%?:&|<>=.["
	before := bytes.TrimRight(s.src[:s.i], " \t\r\n")
	after := bytes.TrimLeft(s.src[s.i:], " \t\r\n")
	s.i = len(s.src) - len(after) // or each of many empty lines would look for the next word
	if len(before) > 0 && bytes.IndexByte([]byte(open), before[len(before)-1]) >= 0 ||
		len(after) > 0 && bytes.IndexByte([]byte(open), after[0]) >= 0 {
		return
	}
	top.operators = 0
}

func (s *nestingScan) skipLine() {
	if n := bytes.IndexByte(s.src[s.i:], '\n'); n >= 0 {
		s.i += n
		return
	}
	s.i = len(s.src)
}

// slash is a division or begins a comment.
func (s *nestingScan) slash(top *nestingLevel) {
	rest := s.src[s.i:]
	switch {
	case bytes.HasPrefix(rest, []byte("/")):
		s.skipLine()
	case bytes.HasPrefix(rest, []byte("*")):
		n := bytes.Index(rest[1:], []byte("*/"))
		if n < 0 {
			s.i = len(s.src)
			return
		}
		s.i += n + 3
	default:
		s.operator(top)
	}
}

// heredoc enters <<WORD or <<-WORD, if that is what follows a first <.
func (s *nestingScan) heredoc() bool {
	rest, ok := bytes.CutPrefix(s.src[s.i:], []byte("<"))
	if !ok {
		return false
	}
	rest = bytes.TrimPrefix(rest, []byte("-"))
	end := bytes.IndexByte(rest, '\n')
	if end < 0 {
		return false
	}
	word := bytes.TrimRight(rest[:end], "\r")
	if len(word) == 0 || bytes.ContainsAny(word, " \t\"'({[") {
		return false
	}
	s.i = len(s.src) - len(rest) + end + 1
	s.push('<', word)
	return true
}

// textStep walks one character of text up to what ends it or leads into code.
func (s *nestingScan) textStep(top *nestingLevel) {
	if top.opened == '<' && s.i > 0 && s.src[s.i-1] == '\n' && s.heredocEnds(top.word) {
		s.pop()
		return
	}
	c := s.src[s.i]
	s.i++
	rest := s.src[s.i:]
	switch {
	case top.opened == '"' && c == '\\':
		s.i++
	case top.opened == '"' && (c == '"' || c == '\n'):
		s.pop()
	case c != '$' && c != '%' || len(rest) == 0:
	case rest[0] == '{':
		s.i++
		if c == '%' {
			s.operator(top) // %{ if } recurses without a bracket of its own
		}
		s.push('$', nil)
	case rest[0] == c && len(rest) > 1 && rest[1] == '{':
		s.i += 2
	}
}

// heredocEnds reports whether the line that begins here is the closing word, and stops
// behind it.
func (s *nestingScan) heredocEnds(word []byte) bool {
	line := s.src[s.i:]
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	if !bytes.Equal(bytes.Trim(line, " \t\r"), word) {
		return false
	}
	s.i += len(line)
	return true
}
