package spec

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// decoder makes a decoder for one file.
func (l *loader) decoder(file string, src []byte, shared *pools) *decoder {
	d := &decoder{loader: l, file: file, src: src}
	d.drawOn(shared)
	return d
}

// drawOn lets the decoder work for the goroutine that the pools are of.
func (d *decoder) drawOn(shared *pools) {
	d.pools, d.ctx, d.budget = shared, d.loader.scope, d.loader.budget
	if shared != nil && shared.budget != nil {
		d.ctx, d.budget = shared.scope, shared.budget
	}
}

// provide gives the pools of a goroutine a budget of their own.
func (l *loader) provide(shared *pools) {
	if shared.budget == nil {
		shared.budget = l.budget.another()
		shared.scope = l.scope.NewChild()
		shared.scope.Functions = functionsWithin(shared.budget, l.opt.Env, l.data)
	}
}

// parse returns the outermost level of the file: one value, or one for each document of
// YAML. A file with a syntax error is reported and not read any further, because what is
// left of it may mean something else.
func (d *decoder) parse() (roots []value, ok bool) {
	if isYAML(d.file) {
		nodes, diag := parseYAML(d.file, d.src)
		if diag != nil {
			d.diags = append(d.diags, diag)
			return nil, false
		}
		for _, n := range nodes {
			roots = append(roots, value{node: n})
		}
		return roots, true
	}
	if problem := configNesting(d.src); problem != "" {
		d.diags = append(d.diags, fileProblem(d.file, "Too deeply nested", "This file "+problem+". Split it with locals."))
		return nil, false
	}
	body, diags := parseHCL(d.file, d.src)
	d.add(withoutEchoes(diags))
	if diags.HasErrors() {
		return nil, false
	}
	return []value{{block: &hclsyntax.Block{Body: body}}}, true
}

// withoutEchoes drops what follows a string that does not end: the parser takes the rest of
// the file inside out and finds an error on every other line.
func withoutEchoes(diags hcl.Diagnostics) hcl.Diagnostics {
	for i, diag := range diags {
		if diag.Summary == "Invalid multi-line string" {
			return diags[:i+1]
		}
	}
	return diags
}

// parseHCL parses a file from behind its byte order mark, if it has one.
func parseHCL(file string, src []byte) (*hclsyntax.Body, hcl.Diagnostics) {
	start := hcl.InitialPos
	if rest, marked := bytes.CutPrefix(src, utf8BOM); marked {
		start.Byte = len(utf8BOM)
		src = rest
	}
	parsed, diags := hclsyntax.ParseConfig(src, file, start)
	if diags.HasErrors() {
		return nil, diags
	}
	body, ok := parsed.Body.(*hclsyntax.Body)
	if !ok {
		panic("hclsyntax.ParseConfig promises an hclsyntax.Body")
	}
	return body, diags
}

// pieceSize is how much HCL is parsed at a time. A piece fits a processor's cache with its
// tokens and its tree, so that reading a file by pieces is faster than reading it whole, and
// a large file takes no more memory than a small one.
const pieceSize = 4 << 10

// pieces parses HCL piece by piece, each a number of whole blocks, and visits their bodies.
// It stops at the first piece that is none by itself and returns false; then what was
// visited is to be forgotten and the file parsed whole, which alone tells whether its syntax
// is wrong or a line that looks like the end of a block stands inside of one.
//
// No wrong cut goes unnoticed: where a prefix of a file is a file, HCL, which reads from
// left to right, is between two blocks at its end.
func (d *decoder) pieces(visit func(value)) bool {
	start := hcl.InitialPos
	rest := d.src
	if unmarked, marked := bytes.CutPrefix(rest, utf8BOM); marked {
		start.Byte, rest = len(utf8BOM), unmarked
	}
	for len(rest) > 0 {
		n := pieceEnd(rest)
		parsed, diags := hclsyntax.ParseConfig(rest[:n], d.file, start)
		if len(diags) > 0 {
			return false
		}
		visit(value{block: &hclsyntax.Block{Body: parsed.Body.(*hclsyntax.Body)}})
		start.Line += bytes.Count(rest[:n], []byte("\n"))
		start.Byte += n
		rest = rest[n:]
	}
	return true
}

// pieceEnd is the end of the first line behind pieceSize that is a closing brace alone.
func pieceEnd(src []byte) int {
	for from := pieceSize; from < len(src); {
		i := bytes.Index(src[from:], []byte("\n}"))
		if i < 0 {
			break
		}
		from += i + 2
		if line := src[from:]; bytes.HasPrefix(line, []byte("\n")) || bytes.HasPrefix(line, []byte("\r\n")) {
			return from + bytes.IndexByte(line, '\n') + 1
		}
	}
	return len(src)
}
