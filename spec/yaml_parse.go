package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"gopkg.in/yaml.v3"
)

// parseYAML reads the documents of a file. It refuses what would not end or would not fit
// in memory when read: aliases that contain themselves or that multiply, and nesting
// beyond maxYAMLDepth.
func parseYAML(file string, src []byte) (roots []*yaml.Node, diag *hcl.Diagnostic) {
	// yaml.v3 reports some broken input by panicking (go-yaml, "internal error").
	defer func() {
		if r := recover(); r != nil {
			diag = yamlProblem(file, src, fmt.Sprint(r))
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(src))
	for {
		doc := new(yaml.Node)
		switch err := dec.Decode(doc); {
		case errors.Is(err, io.EOF):
			return roots, checkAliases(file, src, roots)
		case err != nil:
			return nil, yamlProblem(file, src, err.Error())
		case len(doc.Content) > 0:
			roots = append(roots, doc.Content[0])
		}
	}
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?`)

// quotesInQuotes is "${env("TOKEN")}": for YAML the text ends before TOKEN, and it complains
// of that line or of one above.
var quotesInQuotes = regexp.MustCompile(`(?:^|[-:\[{,])[ \t]*"[^"\\]*\$\{[^"}\\]*"[^\s,\]}:#]`)

// quotedTwice is the first such line from a line on, 0 where there is none.
func quotedTwice(src []byte, from int) int {
	number := 0
	for line := range bytes.Lines(src) {
		if number++; number >= from && !bytes.HasPrefix(bytes.TrimSpace(line), []byte("#")) && quotesInQuotes.Match(line) {
			return number
		}
	}
	return 0
}

// yamlProblem places an error of the parser, which knows lines only.
func yamlProblem(file string, src []byte, text string) *hcl.Diagnostic {
	line := 1
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
		text = text[len(m[0]):]
	}
	index := newLines(file, src)
	if at := quotedTwice(src, line-1); at > 0 {
		return &hcl.Diagnostic{
			Severity: hcl.DiagError,
			Summary:  "Invalid YAML",
			Detail:   `This text in double quotes ends at the quote inside of ${…}. Write single quotes around it, as in '${env("TOKEN")}'.`,
			Subject:  index.whole(at).Ptr(),
		}
	}
	detail := "This is no YAML, on this line or below it: " + text + "."
	if strings.Contains(text, "cannot start any token") {
		detail += " A tab cannot indent, and a text that begins with one of @ ` % & * ! | > needs quotes."
	}
	return &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  "Invalid YAML",
		Detail:   detail,
		Subject:  index.whole(line).Ptr(),
	}
}

const outOfBounds = "Aliases or nesting out of bounds"

const (
	maxYAMLDepth = 200
	// An alias is a shorthand: what a file becomes with all of them written out is not of
	// another order of size than the file.
	maxAliasGrowth = 10
	freeAliasNodes = 10_000
)

// checkAliases refuses alias bombs, cycles of aliases and deep nesting.
func checkAliases(file string, src []byte, roots []*yaml.Node) *hcl.Diagnostic {
	if bytes.IndexByte(src, '*') < 0 && !mayNestDeep(src, roots) {
		return nil
	}
	c := aliasCheck{sizes: make(map[*yaml.Node]int)}
	size := 0
	for _, root := range roots {
		size += c.size(root, 0)
	}
	problem := c.problem
	if problem == "" && size > c.written*maxAliasGrowth+freeAliasNodes {
		problem, c.at = fmt.Sprintf("The aliases of this file repeat so much of it that %d values become more than %d.", c.written, c.written*maxAliasGrowth+freeAliasNodes), c.alias
	}
	if problem == "" {
		return nil
	}
	at := newLines(file, src).whole(1)
	if c.at != nil {
		at = newLines(file, src).whole(c.at.Line)
	}
	return &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  outOfBounds,
		Detail:   problem + " Write the values out, or use locals.",
		Subject:  &at,
	}
}

// mayNestDeep reports whether src may nest beyond maxYAMLDepth at all, as far as its lines
// tell: by what they are indented, and by the brackets from the line on which one entry of the
// second level begins, such as an order, to the one of the next. What nests in an entry is
// closed where the next one begins; that, the parser has found. A column and a bracket may each
// stand for two levels: a list in a mapping that is no further indented, a mapping in a list
// that has no brackets of its own.
func mayNestDeep(src []byte, roots []*yaml.Node) bool {
	if hasOddBreaks(src) {
		return true // lines are counted otherwise than by the parser
	}
	begins := entryLines(roots)
	indented, opened, number := 0, 0, 0
	for line := range bytes.Lines(bytes.TrimPrefix(src, utf8BOM)) {
		number++
		brackets := bytes.Count(line, []byte("{")) + bytes.Count(line, []byte("["))
		indented = max(indented, len(line)-len(bytes.TrimLeft(line, " -?:")))
		opened += brackets
		if aboveEntries+2*(indented+opened) > maxYAMLDepth {
			return true
		}
		for len(begins) > 0 && begins[0] <= number {
			opened, begins = brackets, begins[1:] // the one before may be closed on this line
		}
	}
	return false
}

// aboveEntries is how deep entries of the second level are nested themselves.
const aboveEntries = 3

// entryLines are the lines on which entries of the second level begin, as the parser counts
// them, in their order.
func entryLines(roots []*yaml.Node) (lines []int) {
	for _, root := range roots {
		for _, block := range root.Content {
			for _, entry := range block.Content {
				lines = append(lines, entry.Line)
			}
		}
	}
	return lines
}

type aliasCheck struct {
	sizes   map[*yaml.Node]int // of what anchors mark; -1 while being counted
	written int
	problem string
	at      *yaml.Node
	alias   *yaml.Node // the last one that brought much
}

// size counts the nodes below n with aliases written out, each anchor once.
func (c *aliasCheck) size(n *yaml.Node, depth int) int {
	if depth > maxYAMLDepth {
		c.report(n, fmt.Sprintf("This is nested more than %d levels deep.", maxYAMLDepth))
	}
	if c.problem != "" {
		return 0
	}
	if n.Kind == yaml.AliasNode {
		size, known := c.sizes[n.Alias]
		switch {
		case known && size < 0:
			c.report(n, "The alias *"+n.Value+" contains itself.")
			return 0
		case !known:
			size = c.size(n.Alias, depth+1)
		}
		if size > freeAliasNodes/10 {
			c.alias = n
		}
		return size
	}
	if n.Anchor != "" {
		if size, known := c.sizes[n]; known {
			return max(size, 0)
		}
		c.sizes[n] = -1
	}
	c.written++
	size := 1
	for _, child := range n.Content {
		if child.Kind == yaml.ScalarNode && child.Anchor == "" && depth < maxYAMLDepth { // as nearly all are
			c.written++
			size++
			continue
		}
		// Stays far from overflow: a sum beyond this is refused anyhow.
		size = min(size+c.size(child, depth+1), 1<<40)
	}
	if n.Anchor != "" {
		c.sizes[n] = size
	}
	return size
}

func (c *aliasCheck) report(n *yaml.Node, problem string) {
	if c.problem == "" {
		c.problem, c.at = problem, n
	}
}
