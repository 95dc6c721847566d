package spec

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// decoder makes a decoder for one file.
func (l *loader) decoder(file string, src []byte, shared *pools) *decoder {
	return &decoder{loader: l, file: file, src: src, ctx: l.scope, pools: shared}
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
	d.add(diags)
	if diags.HasErrors() {
		return nil, false
	}
	return []value{{block: &hclsyntax.Block{Body: body}}}, true
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
