package spec

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// blockKind is a block of the outermost level: its name in HCL, its key in YAML, and how
// many labels lead to it.
type blockKind struct {
	block, key string
	labels     int
}

var blockKinds = []blockKind{
	{"hisab", "hisab", 0},
	{"variable", "variables", 1},
	{"locals", "locals", 0},
	{"provider", "providers", 2},
	{"gateway", "gateways", 2},
	{"defaults", "defaults", 1},
	{"template", "templates", 1},
	{"order", "orders", 1},
	{"invoice", "invoices", 1},
	{"policy", "policy", 0},
}

// declared is a block of the outermost level, with the decoder of its file.
type declared struct {
	d      *decoder
	kind   string // the name in HCL
	labels []string
	// keys are where the labels stand in YAML; an HCL block knows its own.
	keys []entry
	e    entry
}

// labelRange is where a label stands.
func (b *declared) labelRange(i int) hcl.Range {
	if b.e.v.block != nil {
		return b.e.v.block.LabelRanges[i]
	}
	return b.d.keyRange(&b.keys[i])
}

// at is where the block is declared.
func (b *declared) at() hcl.Range { return b.d.keyRange(&b.e) }

// pos is at, for keeping.
func (b *declared) pos() Pos { return b.d.keyPos(&b.e) }

// blocks visits the blocks of a file's outermost level, in the order written.
func (d *decoder) blocks(root value, visit func(declared)) {
	if root.block == nil {
		d.yamlBlocks(root, visit)
		return
	}
	for _, attr := range root.block.Body.Attributes {
		d.report(attr.NameRange, "Unknown name", fmt.Sprintf("%s cannot stand outside of a block.%s", shorten(attr.Name), didYouMean(attr.Name, blockNames())))
	}
	for _, b := range root.block.Body.Blocks {
		if kind := d.kindOf(b); kind != nil {
			visit(declared{d: d, kind: kind.block, labels: b.Labels, e: entry{name: b.Type, v: value{block: b}}})
		}
	}
}

func (d *decoder) kindOf(b *hclsyntax.Block) *blockKind {
	for i := range blockKinds {
		kind := &blockKinds[i]
		if kind.block != b.Type {
			continue
		}
		if len(b.Labels) != kind.labels {
			d.report(b.DefRange(), "Wrong labels", "Write "+headers[kind.block]+".")
			return nil
		}
		return kind
	}
	hint := didYouMean(b.Type, blockNames())
	for _, kind := range blockKinds {
		if kind.key == b.Type {
			hint = " In HCL each is a block of its own: " + headers[kind.block] + "."
		}
	}
	d.report(b.TypeRange, "Unknown block", "There is no block "+shorten(b.Type)+"."+hint)
	return nil
}

// headers shows how each block begins.
var headers = map[string]string{
	"hisab":    "hisab { … }",
	"variable": `variable "name" { … }`,
	"locals":   "locals { … }",
	"provider": `provider "whatsapp" "main" { … }`,
	"gateway":  `gateway "razorpay" "main" { … }`,
	"defaults": `defaults "order" { … } or defaults "invoice" { … }`,
	"template": `template "name" { … }`,
	"order":    `order "REFERENCE" { … }`,
	"invoice":  `invoice "REFERENCE" { … }`,
	"policy":   "policy { … }",
}

func blockNames() []string {
	names := make([]string, len(blockKinds))
	for i, kind := range blockKinds {
		names[i] = kind.block
	}
	return names
}

func (d *decoder) yamlBlocks(root value, visit func(declared)) {
	es, ok := d.entries(root, nil)
	if !ok {
		return
	}
	var keys []string
	for i := range blockKinds {
		keys = append(keys, blockKinds[i].key)
	}
next:
	for i := range es {
		for k := range blockKinds {
			if kind := &blockKinds[k]; kind.key == es[i].name {
				d.labelled(kind, kind.labels, nil, es[i], visit)
				continue next
			}
		}
		hint := didYouMean(es[i].name, keys)
		for k := range blockKinds {
			if blockKinds[k].block == es[i].name {
				hint = " Did you mean " + blockKinds[k].key + "?"
			}
		}
		d.report(d.keyRange(&es[i]), "Unknown name", fmt.Sprintf("There is no %q at the outermost level.%s", shorten(es[i].name), hint))
	}
}

// labelled goes down the maps by label that lead to a block in YAML.
func (d *decoder) labelled(kind *blockKind, more int, above []entry, e entry, visit func(declared)) {
	if more == 0 {
		labels := make([]string, len(above))
		for i := range above {
			labels[i] = above[i].name
		}
		visit(declared{d: d, kind: kind.block, labels: labels, keys: above, e: e})
		return
	}
	es, ok := d.entries(e.v, nil)
	if !ok {
		return
	}
	if len(es) == 0 && len(above) > 0 {
		knownAccount(&declared{d: d, kind: kind.block, labels: []string{above[0].name}, keys: above, e: e})
	}
	for i := range es {
		d.labelled(kind, more-1, append(above[:len(above):len(above)], es[i]), es[i], visit)
	}
}
