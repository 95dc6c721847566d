package spec

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a timezone means the same on every machine

	"github.com/hashicorp/hcl/v2"
)

// indianTime is DefaultTimezone.
var indianTime = mustLoad(DefaultTimezone)

func mustLoad(name string) *time.Location {
	location, err := time.LoadLocation(name)
	if err != nil {
		panic("the timezones are part of the program: " + err.Error())
	}
	return location
}

// finishSpec sorts the orders and holds them against one another.
func (l *loader) finishSpec(spec *Spec, files []specFile) {
	slices.SortStableFunc(spec.Orders, func(a, b *Order) int { return strings.Compare(a.Address, b.Address) })
	places := placeFinder{l: l, files: files, open: make(map[string]*decoder), blocks: make(map[string][]declared)}
	unique := spec.Orders[:0:len(spec.Orders)]
	for i, o := range spec.Orders {
		if i == 0 || spec.Orders[i-1].Address != o.Address {
			unique = append(unique, o)
			continue
		}
		other := unique[len(unique)-1]
		places.report(o, "", hcl.DiagError, "Written twice", fmt.Sprintf("%s stands here and at %s. Keep one of the two.", o.Address, posText(other.Pos)))
	}
	spec.Orders = unique
	for _, v := range CheckSpec(spec) {
		severity := hcl.DiagError
		if v.Warning {
			severity = hcl.DiagWarning
		}
		detail := v.Detail
		if v.Other != nil && v.Other != v.Order {
			detail += fmt.Sprintf(" %s is at %s.", v.Other.Address, posText(v.Other.Pos))
		}
		places.report(v.Order, v.Path, severity, v.Summary, detail)
	}
	places.close()
}

func posText(p Pos) string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// shownDir is the folder of a file, empty for the spec's own.
func shownDir(file string) string {
	if dir := path.Dir(file); dir != "." {
		return dir
	}
	return ""
}

// placeFinder finds places in files whose syntax is gone. It reads them again, which only
// errors make necessary.
type placeFinder struct {
	l      *loader
	files  []specFile
	open   map[string]*decoder
	blocks map[string][]declared
	n      int
}

// report adds a diagnostic about a field of an order.
func (p *placeFinder) report(o *Order, path string, severity hcl.DiagnosticSeverity, summary, detail string) {
	start := hcl.Pos{Line: int(o.Pos.Line), Column: int(o.Pos.Column)}
	at := hcl.Range{Filename: o.Pos.File, Start: start, End: start}
	// Beyond what is shown nobody needs the exact place.
	if p.n++; p.n <= mostDiagnostics {
		if b := p.block(o.Pos); b != nil {
			at, _ = b.d.ruleRange(b, path)
		}
	}
	p.l.diags = append(p.l.diags, &hcl.Diagnostic{Severity: severity, Summary: summary, Detail: detail, Subject: &at})
}

// block finds the block that begins at a place; nil where the file has changed since.
func (p *placeFinder) block(at Pos) *declared {
	if _, opened := p.open[at.File]; !opened {
		p.open[at.File] = p.read(at.File)
	}
	for i := range p.blocks[at.File] {
		if b := &p.blocks[at.File][i]; b.pos() == at {
			return b
		}
	}
	return nil
}

func (p *placeFinder) read(file string) *decoder {
	i := slices.IndexFunc(p.files, func(f specFile) bool { return f.name == file })
	if i < 0 {
		return nil
	}
	src, problem := readSource(p.l.fsys, p.files[i])
	if problem != nil {
		return nil
	}
	d := p.l.decoder(file, src, newPools())
	roots, _ := d.parse()
	for _, root := range roots {
		d.blocks(root, func(b declared) { p.blocks[file] = append(p.blocks[file], b) })
	}
	return d
}

// close hands over the sources of the files that were pointed into.
func (p *placeFinder) close() {
	for file, d := range p.open {
		if d != nil {
			p.l.sources[file] = d.src
		}
	}
}
