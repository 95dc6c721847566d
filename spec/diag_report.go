package spec

import (
	"fmt"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/hcl/v2"
	"gopkg.in/yaml.v3"
)

// report adds an error at a place.
func (d *decoder) report(at hcl.Range, summary, detail string) {
	d.diags = append(d.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: inSpellingOf(d.file, detail), Subject: &at})
}

// wrong adds an error about a value.
func (d *decoder) wrong(v value, summary, detail string) { d.report(d.rangeOf(v), summary, detail) }

// add takes over diagnostics of the HCL library, without what would let a writer show the
// values of variables: they may be secrets or customers' data.
func (d *decoder) add(diags hcl.Diagnostics) {
	for _, diag := range diags {
		if strings.Contains(diag.Detail, errSpent.Error()) {
			continue // what exceeded the budget is told
		}
		diag.Expression, diag.EvalContext = nil, nil
		d.diags = append(d.diags, diag)
	}
}

func (d *decoder) duplicateKey(name string, at, first hcl.Range) {
	d.report(at, "Written twice", fmt.Sprintf("%s stands here and at %s. Keep one of the two.", name, placeOf(first)))
}

// twiceInBlock reports a block or attribute that may stand once.
func (d *decoder) twiceInBlock(before []entry, e *entry, name, block string) {
	for i := range before {
		if twin := &before[i]; twin.name == name || twin.name == block {
			d.duplicateKey(e.name, d.keyRange(e), d.keyRange(twin))
			return
		}
	}
}

func (d *decoder) unknownName(e *entry, kind string, names []string) {
	hint := ""
	if name := nearest(e.name, names); name != "" {
		hint = " Did you mean " + name + "?"
		d.meant = append(d.meant, name)
	}
	d.report(d.keyRange(e), "Unknown "+kind, fmt.Sprintf("%s has no %s %q.%s", d.place(), kind, shorten(e.name), hint))
}

// placeOf writes a place as people and editors do.
func placeOf(r hcl.Range) string {
	return fmt.Sprintf("%s:%d:%d", r.Filename, r.Start.Line, r.Start.Column)
}

// didYouMean suggests the name that is nearest to a misspelled one, empty where none is
// near.
func didYouMean(given string, names []string) string {
	if name := nearest(given, names); name != "" {
		return " Did you mean " + name + "?"
	}
	return ""
}

// nearest is the name that a misspelled one is likely to be: at most three letters away,
// and a third of its own, since short words have many neighbours.
func nearest(given string, names []string) string {
	best, bestDistance := "", 4
	if len(given) > 100 {
		return ""
	}
	for _, name := range names {
		if dist := levenshtein.Distance(given, name, nil); dist < bestDistance && dist <= (len(name)+2)/3 {
			best, bestDistance = name, dist
		}
	}
	return best
}

// rangeOf is the place of a value.
func (d *decoder) rangeOf(v value) hcl.Range {
	switch {
	case v.expr != nil:
		return v.expr.Range()
	case v.block != nil:
		return v.block.DefRange()
	case v.node != nil:
		return d.nodeRange(v.node)
	case v.computed != nil:
		return d.rangeOf(*v.computed.from)
	}
	return hcl.Range{Filename: d.file, Start: hcl.InitialPos, End: hcl.InitialPos}
}

// headRange is the place to name where something is missing inside v.
func (d *decoder) headRange(v value) hcl.Range {
	if d.blockKey != nil && v.node != nil && len(d.path) == 0 {
		return d.nodeRange(d.blockKey)
	}
	return d.rangeOf(v)
}

// keyRange is the place of an entry's name.
func (d *decoder) keyRange(e *entry) hcl.Range {
	switch {
	case e.attr != nil:
		return e.attr.NameRange
	case e.keyNode != nil:
		return d.nodeRange(e.keyNode)
	case e.keyExpr != nil:
		return e.keyExpr.Range()
	case e.v.block != nil:
		return e.v.block.DefRange()
	}
	return d.rangeOf(e.v)
}

// labelRange is the place of a label.
func (d *decoder) labelRange(e *entry) hcl.Range {
	if e.v.block != nil && len(e.v.block.LabelRanges) > 0 {
		return e.v.block.LabelRanges[0]
	}
	return d.keyRange(e)
}

func (d *decoder) nodeRange(n *yaml.Node) hcl.Range {
	if d.lineIndex == nil {
		d.lineIndex = newLines(d.file, d.src)
	}
	return d.lineIndex.node(n)
}

// keyPos is where an entry's name stands, without looking for its bytes.
func (d *decoder) keyPos(e *entry) Pos {
	switch {
	case e.keyNode != nil:
		return Pos{File: d.file, Line: int32(e.keyNode.Line), Column: int32(e.keyNode.Column)}
	case e.v.block != nil:
		return d.startPos(e.v.block.TypeRange)
	}
	return d.startPos(d.keyRange(e))
}

// valuePos is the same for a value.
func (d *decoder) valuePos(v value) Pos {
	if v.computed != nil {
		v = *v.computed.from
	}
	if v.node != nil {
		return Pos{File: d.file, Line: int32(v.node.Line), Column: int32(v.node.Column)}
	}
	return d.startPos(d.rangeOf(v))
}

func (d *decoder) startPos(r hcl.Range) Pos {
	return Pos{File: d.file, Line: int32(r.Start.Line), Column: int32(r.Start.Column)}
}
