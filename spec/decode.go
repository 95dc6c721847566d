package spec

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"gopkg.in/yaml.v3"
)

// table is the language of one block: its fields, once for HCL and YAML.
type table[T any] struct {
	fields   []field[T]
	byName   map[string]int // in YAML, and as an attribute in HCL
	byBlock  map[string]int // as a block in HCL
	required uint64
}

// field is one name in a block and what its value does to the T decoded into.
type field[T any] struct {
	name  string
	block string // the HCL block that spells it; empty: an attribute only
	// repeated: the block may stand more than once.
	repeated bool
	// labels is how many labels the block takes at most.
	labels   int
	required bool
	secret   bool // its values are never shown
	// refused says why the field cannot stand in defaults; empty: it can.
	refused string
	// set leaves decoder.null set where the value was null, which is none.
	set func(d *decoder, t *T, e *entry)
}

func (f field[T]) must() field[T] { f.required = true; return f }

func (f field[T]) notInDefaults(why string) field[T] { f.refused = why; return f }

func newTable[T any](fields ...field[T]) *table[T] {
	t := &table[T]{fields: fields, byName: make(map[string]int), byBlock: make(map[string]int)}
	for i, f := range fields {
		t.byName[f.name] = i
		if f.block != "" {
			t.byBlock[f.block] = i
		}
		if f.required {
			t.required |= 1 << i
		}
	}
	return t
}

// decoder reads the values of one file. It is not shared between goroutines.
type decoder struct {
	*loader
	file  string
	src   []byte
	diags hcl.Diagnostics
	ctx   *hcl.EvalContext
	// budget is that of the functions in ctx.
	budget *budget
	// secrets: env may stand here, and values may be secret.
	secrets bool
	// veiled: the scalar that was read last is secret.
	veiled bool
	// base is what lies under the order being decoded; nil elsewhere.
	base *baseOrder
	// recording is where the fields of defaults are noted; nil elsewhere and within lists.
	recording map[string]bool
	inList    int
	path      []string
	siblings  []entry     // the entries from the one being set on
	labels    []labelSeen // of the order being decoded
	null      bool        // the value just read was null
	// unknown: a value was not known, so what depends on it is not judged.
	unknown   bool
	lineIndex *lines
	templates map[*yaml.Node]hclsyntax.Expression
	*pools
	stack []entry // the entries of the objects being decoded, the innermost last
	work  draft   // the order being decoded
	// Of the block being decoded: its key in YAML, and how many diagnostics were there before.
	blockKey   *yaml.Node
	blockStart int
	// meant holds the names that misspelled ones were likely to be: they are not missed.
	meant []string
}

// decode reads the members of v into t by the table. What is wrong is reported; the rest
// is decoded all the same. false: v has no members.
func decode[T any](d *decoder, tab *table[T], t *T, v value) bool {
	start := len(d.stack)
	es, ok := d.entries(v, d.stack)
	if !ok {
		return false
	}
	d.stack = es
	defer func() { d.stack = d.stack[:start] }()
	es = es[start:]
	var seen uint64
	for i := range es {
		e := &es[i]
		n, ok := findField(d, tab, e)
		if !ok {
			continue
		}
		f := &tab.fields[n]
		if f.refused != "" && d.recording != nil {
			d.report(d.keyRange(e), "Not in defaults", f.name+" cannot stand in defaults: "+f.refused)
			continue
		}
		if seen&(1<<n) != 0 && !f.repeated {
			d.twiceInBlock(es[:i], e, f.name, f.block)
			continue
		}
		d.siblings, d.null = es[i:], false
		f.set(d, t, e)
		if d.null {
			continue
		}
		seen |= 1 << n
		if d.recording != nil && d.inList == 0 {
			d.recording[d.pathTo(f.name)] = true
		}
	}
	if missing := tab.required &^ seen; missing != 0 {
		reportMissing(d, tab, missing, v)
	}
	return true
}

// findField looks an entry up. A name that is spelled as the other syntax spells it, or
// nearly right, is reported with the right spelling.
func findField[T any](d *decoder, tab *table[T], e *entry) (int, bool) {
	if e.v.block != nil {
		if n, ok := tab.byBlock[e.name]; ok {
			return n, d.checkLabels(e.v.block, tab.fields[n].labels)
		}
		if n, ok := tab.byName[e.name]; ok {
			d.meant = append(d.meant, e.name)
			d.report(d.keyRange(e), "Not a block", blockHint(e.name, tab.fields[n].block))
			return 0, false
		}
		d.unknownName(e, "block", namesOf(tab, true))
		return 0, false
	}
	if n, ok := tab.byName[e.name]; ok {
		return n, true
	}
	if n, ok := tab.byBlock[e.name]; ok {
		f := &tab.fields[n]
		d.meant = append(d.meant, f.name)
		d.report(d.keyRange(e), "Unknown name", "The name is "+f.name+": "+pluralHint(f.name, e.attr != nil))
		return 0, false
	}
	d.unknownName(e, "name", namesOf(tab, e.attr != nil))
	return 0, false
}

func blockHint(name, block string) string {
	if block == "" || block == name {
		return name + " is written with an equals sign: " + name + " = …"
	}
	return "Repeat the block " + block + " { … }, or write " + name + " = … with an equals sign."
}

func pluralHint(plural string, inHCL bool) string {
	if inHCL {
		return "write " + plural + " = … for a list or map made from data, or blocks without the equals sign."
	}
	return "write " + plural + ", and the list or map below it."
}

// namesOf lists what may stand in the block, for suggestions.
func namesOf[T any](tab *table[T], blocksToo bool) []string {
	var names []string
	for _, f := range tab.fields {
		names = append(names, f.name)
		if blocksToo && f.block != "" && f.block != f.name {
			names = append(names, f.block)
		}
	}
	return names
}

// reportMissing names required fields that neither the block nor the defaults hold.
func reportMissing[T any](d *decoder, tab *table[T], missing uint64, v value) {
	if d.unknown || d.preambleBroken || d.defaultsBroken || (d.recording != nil && d.inList == 0) {
		return
	}
	for i := range tab.fields {
		if missing&(1<<i) == 0 {
			continue
		}
		name := tab.fields[i].name
		if d.base != nil && d.inList == 0 && d.base.has[d.pathTo(name)] || slices.Contains(d.meant, name) {
			continue
		}
		if block := tab.fields[i].block; block != "" && v.block != nil {
			name = block
		}
		d.report(d.headRange(v), "Missing "+name, d.place()+" needs "+name+".")
	}
}

// pathTo is the path of a field from the order down, for defaults to be compared by.
func (d *decoder) pathTo(name string) string {
	if len(d.path) == 0 {
		return name
	}
	return strings.Join(d.path, ".") + "." + name
}

// place names the block being decoded for people.
func (d *decoder) place() string {
	if len(d.path) == 0 {
		return "This block"
	}
	block, label, labelled := strings.Cut(d.path[len(d.path)-1], ".")
	switch {
	case labelled && label != "":
		return "The block " + block + " " + strconv.Quote(label)
	case labelled:
		return "The block " + block + " without a label"
	}
	return "The " + block + " block"
}

func (d *decoder) checkLabels(b *hclsyntax.Block, most int) bool {
	if len(b.Labels) > most {
		d.meant = append(d.meant, b.Type)
		at := b.LabelRanges[most]
		if most == 0 {
			d.report(at, "Unexpected label", b.Type+" takes no label: "+b.Type+" { … }")
		} else {
			d.report(at, "Too many labels", b.Type+" takes one label: "+b.Type+` "label" { … }`)
		}
		return false
	}
	return true
}

// pools are what one goroutine has for all the files that it decodes: equal values, shared
// among orders, and a budget with the functions that draw on it, while orders are decoded.
type pools struct {
	words     map[string]string
	importers map[ImporterAddress]*ImporterAddress
	scope     *hcl.EvalContext
	budget    *budget
}

func newPools() *pools {
	return &pools{words: make(map[string]string), importers: make(map[ImporterAddress]*ImporterAddress)}
}

// intern makes equal short strings one: statuses, cities, product names and file names
// repeat in every order.
func (p *pools) intern(s string) string {
	const longest, most = 64, 1 << 14
	if s == "" || len(s) > longest {
		return s
	}
	if same, ok := p.words[s]; ok {
		return same
	}
	if len(p.words) >= most {
		clear(p.words)
	}
	p.words[s] = s
	return s
}

// shareAddresses does the same for importer addresses: a shop has few.
func (p *pools) shareAddresses(items []Item) {
	const most = 1 << 12
	for i := range items {
		own := items[i].ImporterAddress
		if own == nil {
			continue
		}
		same, known := p.importers[*own]
		if !known {
			if len(p.importers) >= most {
				clear(p.importers)
			}
			p.importers[*own], same = own, own
		}
		items[i].ImporterAddress = same
	}
}
