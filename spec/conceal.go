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

// leadsTo stands between a name and its value, in HCL or YAML.
const leadsTo = `["']?[ \t]*(?:[:=]|\{)[ \t]*`

// foundAt is a reference to where a secret is found.
const foundAt = `(?:env[ \t]*\([ \t]*\\?["'][A-Za-z0-9_]*\\?["'][ \t]*\)|(?:var|local)\.\w+)`

// valueEnds: nothing of the value comes after it on its line.
const valueEnds = `[ \t\r]*(?:$|[,}\]#]|//)`

var (
	namedValue = pattern(`([A-Za-z_]\w*)` + leadsTo)
	// whereFound is no secret itself but says where it is found; it is shown.
	whereFound = pattern(`(?m)\A["']?(?:` + foundAt + `|\$\{[ \t]*` + foundAt + `[ \t]*\})["']?` + valueEnds)
	// plainValue is a text in quotes or a word, and all there is of a value.
	plainValue = pattern(`(?m)\A("(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'|[^\s"'#,(){}\[\]<|>&!]+)` + valueEnds)
	heredoc    = pattern(`\A<<[-~]?(\w+)[ \t\r]*\z`)
	// reference is a local whose value becomes that of a secret.
	reference = pattern(`\blocal\.(\w+)`)
	// secretName leads to the value of a secret.
	secretName = sync.OnceValue(func() *regexp.Regexp { return exactly(secretNames) })
)

// pattern is a regular expression that is made when it is first needed: to conceal is for
// what is wrong with a spec, and every run would wait for it.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// longestReference is how far behind a secret's name a reference to a local is looked for.
const longestReference = 256

// conceal puts stars in the place of the secrets that are written in a source, byte by byte,
// so that places stay: whatever stands behind the name of one, on its line and on those that
// belong to it, but for a reference that says where the secret is found. A local that a secret
// refers to counts as one.
func conceal(src []byte) []byte {
	c := &concealer{src: src, out: src}
	if locals := c.hideAll(secretName()); len(locals) > 0 {
		c.hideAll(exactly(locals))
	}
	return c.out
}

// concealLine is conceal for one line, where a name that is nearly that of a secret counts as
// one too: it was likely meant, and is what the error is about.
func concealLine(line []byte) []byte {
	c := &concealer{src: line, out: line}
	hidden := 0
	for _, m := range namedValue().FindAllSubmatchIndex(line, -1) {
		if m[0] >= hidden && nearest(string(line[m[2]:m[3]]), secretNames) != "" {
			hidden = c.hide(m[0], m[1])
		}
	}
	return c.out
}

// exactly matches what leads to the value of one of the names.
func exactly(names []string) *regexp.Regexp {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	for i, n := range names {
		names[i] = regexp.QuoteMeta(n)
	}
	return regexp.MustCompile(`\b(?:` + strings.Join(names, "|") + `)` + leadsTo)
}

type concealer struct{ src, out []byte }

// hideAll hides the value behind every match of a name, and lists the locals they refer to.
// What is hidden already is not looked at again, so that the time stays in proportion to the
// source.
func (c *concealer) hideAll(name *regexp.Regexp) (locals []string) {
	hidden := 0
	for _, m := range name.FindAllIndex(c.src, -1) {
		if m[0] < hidden {
			continue
		}
		near, _, _ := bytes.Cut(c.src[m[1]:min(len(c.src), m[1]+longestReference)], []byte("\n"))
		for _, r := range reference().FindAllSubmatch(near, -1) {
			locals = append(locals, string(r[1]))
		}
		hidden = c.hide(m[0], m[1])
	}
	return locals
}

// hide hides the value that begins at from, of the name at name, and returns where it ends.
func (c *concealer) hide(name, from int) (end int) {
	value := c.src[from:]
	if m := whereFound().FindIndex(value); m != nil {
		return from
	}
	if m := plainValue().FindSubmatchIndex(value); m != nil {
		c.stars(from, from+m[3])
		return from + m[3]
	}
	end = c.lineEnd(from)
	c.stars(from, end)
	return c.hideBelow(name, from, end)
}

func (c *concealer) lineEnd(from int) int {
	if n := bytes.IndexByte(c.src[from:], '\n'); n >= 0 {
		return from + n
	}
	return len(c.src)
}

// hideBelow hides the lines that belong to a value which is not whole on its own, from … end:
// those up to the end of a here-document, and those that are indented more than the name or
// stand inside of a bracket that is open. It returns where they end.
func (c *concealer) hideBelow(name, from, end int) int {
	var marker []byte
	if m := heredoc().FindSubmatch(c.src[from:end]); m != nil {
		marker = m[1]
	}
	least := indentOf(c.src[bytes.LastIndexByte(c.src[:name], '\n')+1:])
	open := depth(c.src[name:end])
	for end+1 < len(c.src) {
		next := c.lineEnd(end + 1)
		line := c.src[end+1 : next]
		text := bytes.TrimSpace(line)
		item := bytes.HasPrefix(text, []byte("- ")) && indentOf(line) == least
		switch {
		case marker != nil && bytes.Equal(text, marker):
			return end
		case marker == nil && len(text) > 0 && open <= 0 && indentOf(line) <= least && !item:
			return end
		}
		c.stars(end+1, next)
		open += depth(line)
		end = next
	}
	return end
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
