package spec

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// secretNames are the fields whose values are never shown, also where somebody wrote one
// into the file and an error points at its line.
var secretNames = func() []string {
	names := tableSecrets(whatsappTable)
	for _, kind := range gatewayKinds {
		names = append(names, tableSecrets(kind.table)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}()

func tableSecrets[T any](t *table[T]) (names []string) {
	for _, f := range t.fields {
		if f.secret {
			names = append(names, f.name)
		}
	}
	return names
}

// The beginnings of values, in HCL or YAML.
var (
	// namedValue is a name and what leads to its value.
	namedValue = regexp.MustCompile(`([A-Za-z_]\w*)["']?[ \t]*(?:[:=]|\{)[ \t]*`)
	// whereFound is no secret itself but says where it is found; it is shown.
	whereFound = regexp.MustCompile(`^["']?(?:` + foundAt + `|\$\{\s*` + foundAt + `\s*\})["']?` + valueEnds)
	// plainValue is a text in quotes or a word, and all there is of a value.
	plainValue = regexp.MustCompile(`^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#,(){}\[\]<|>&!]+)` + valueEnds)
	heredoc    = regexp.MustCompile(`^<<[-~]?(\w+)[ \t\r]*$`)
	// reference is a local whose value becomes that of a secret.
	reference = regexp.MustCompile(`\blocal\.(\w+)`)
)

// foundAt is a reference to where a secret is found.
const foundAt = `(?:env\s*\(\s*\\?["'][A-Za-z0-9_]*\\?["']\s*\)|(?:var|local)\.\w+)`

// valueEnds: nothing of the value comes after it on its line.
const valueEnds = `[ \t\r]*(?:$|[,}\]#]|//)`

// conceal puts stars in the place of the secrets that are written in a source, byte by byte,
// so that places stay: whatever stands behind the name of one, on its line and on those that
// belong to it, but for a reference that says where the secret is found. A local that a secret
// refers to counts as one.
func conceal(src []byte) []byte {
	c := &concealer{src: src, out: src}
	locals := c.hideAll(secretName())
	if len(locals) > 0 {
		c.hideAll(exactly(locals))
	}
	return c.out
}

var secretName = sync.OnceValue(func() *regexp.Regexp { return exactly(secretNames) })

// concealLine is conceal for one line, where a name that is nearly that of a secret counts as
// one too: it was likely meant, and is what the error is about.
func concealLine(line []byte) []byte {
	c := &concealer{src: line, out: line}
	for _, m := range namedValue.FindAllSubmatchIndex(line, -1) {
		if nearest(string(line[m[2]:m[3]]), secretNames) != "" {
			c.hide(m[1], len(line))
		}
	}
	return c.out
}

// exactly matches what leads to the value of one of the names.
func exactly(names []string) *regexp.Regexp {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = regexp.QuoteMeta(n)
	}
	return regexp.MustCompile(`\b(?:` + strings.Join(quoted, "|") + `)["']?[ \t]*(?:[:=]|\{)[ \t]*`)
}

type concealer struct{ src, out []byte }

// hideAll hides the value behind every match of a name, and lists the locals it refers to.
func (c *concealer) hideAll(name *regexp.Regexp) (locals []string) {
	for _, m := range name.FindAllIndex(c.src, -1) {
		end := c.lineEnd(m[1])
		for _, r := range reference.FindAllSubmatch(c.src[m[1]:end], -1) {
			locals = append(locals, string(r[1]))
		}
		if !c.hide(m[1], end) {
			c.hideBelow(m[0], m[1], end)
		}
	}
	return locals
}

func (c *concealer) lineEnd(from int) int {
	if n := bytes.IndexByte(c.src[from:], '\n'); n >= 0 {
		return from + n
	}
	return len(c.src)
}

// hide hides the value that begins at from, and reports whether it is whole before end.
func (c *concealer) hide(from, end int) (whole bool) {
	value := c.src[from:end]
	if whereFound.Match(value) {
		return true
	}
	if m := plainValue.FindSubmatchIndex(value); m != nil {
		c.stars(from, from+m[3])
		return true
	}
	c.stars(from, end)
	return false
}

// hideBelow hides the lines that belong to a value which is not whole on its own: those up to
// the end of a here-document, and those that are indented more than the name or stand inside
// of a bracket that is open.
func (c *concealer) hideBelow(name, from, end int) {
	first := c.src[from:end]
	marker := []byte(nil)
	if m := heredoc.FindSubmatch(first); m != nil {
		marker = m[1]
	}
	least := indentOf(c.src[bytes.LastIndexByte(c.src[:name], '\n')+1:])
	open := depth(c.src[name:end])
	for end < len(c.src) {
		begin := end + 1
		if begin >= len(c.src) {
			return
		}
		end = c.lineEnd(begin)
		line := c.src[begin:end]
		text := bytes.TrimSpace(line)
		switch {
		case marker != nil && bytes.Equal(text, marker):
			return
		case marker != nil, len(text) == 0, open > 0, indentOf(line) > least, bytes.HasPrefix(text, []byte("- ")) && indentOf(line) == least:
			c.stars(begin, end)
			open += depth(line)
		default:
			return
		}
	}
}

// depth is how many brackets a line opens and does not close, roughly: a quoted one counts.
func depth(line []byte) (n int) {
	for _, b := range line {
		switch b {
		case '(', '[', '{':
			n++
		case ')', ']', '}':
			n--
		}
	}
	return n
}

func indentOf(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t")) }

func (c *concealer) stars(from, end int) {
	if from >= end {
		return
	}
	if &c.out[0] == &c.src[0] {
		c.out = bytes.Clone(c.src)
	}
	for i := from; i < end; i++ {
		if b := c.src[i]; b != '"' && b != '\'' && b != '\r' {
			c.out[i] = '*'
		}
	}
}
