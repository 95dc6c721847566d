package spec

import (
	"slices"
	"strings"
)

// list is a list of blocks, which replaces the one in defaults.
func list[U any](plural, block string, tab *table[U], at func(*draft) *[]U) field[draft] {
	return field[draft]{name: plural, block: block, repeated: true, set: func(d *decoder, t *draft, e *entry) {
		d.inList++
		defer func() { d.inList--; d.null = e.v.null() }()
		us := at(t)
		if d.base != nil && sameSlice(*us, *at(&d.base.draft)) {
			*us = nil
		}
		if e.v.block != nil {
			if *us == nil {
				*us = make([]U, 0, countNamed(d.siblings, block))
			}
			*us = append(*us, decodeMember(d, block, tab, e.v))
			return
		}
		vs, ok := d.elements(e.v)
		if !ok || e.v.null() {
			return
		}
		if blockAmong(d.siblings, block) {
			d.report(d.keyRange(e), "Written twice", plural+" stands beside "+block+" blocks. Use one of the two.")
			return
		}
		*us = make([]U, 0, len(vs))
		for _, v := range vs {
			*us = append(*us, decodeMember(d, block, tab, v))
		}
	}}
}

// blockAmong reports whether es hold such a block. The attributes of an HCL body come before
// its blocks, whatever their order in the file.
func blockAmong(es []entry, block string) bool {
	return slices.ContainsFunc(es, func(e entry) bool { return e.v.block != nil && e.name == block })
}

func decodeMember[U any](d *decoder, name string, tab *table[U], v value) U {
	var u U
	d.path = append(d.path, name)
	decode(d, tab, &u, v)
	d.path = d.path[:len(d.path)-1]
	return u
}

// sameSlice reports whether a and b are one and the same list.
func sameSlice[U any](a, b []U) bool {
	return len(a) > 0 && len(a) == len(b) && &a[0] == &b[0]
}

func countNamed(es []entry, name string) int {
	n := 0
	for i := range es {
		if es[i].name == name {
			n++
		}
	}
	return n
}

// labels is how a map of blocks is kept as a list.
type labels[U any] struct {
	at func(*draft) *[]U
	// key is what equal labels have in common, however they are spelled.
	key func(label string) string
	// begin makes the element of a key; is recognises it.
	begin func(d *decoder, e *entry, key string) U
	is    func(u *U, key string) bool
	// unlabelled is the label of a block that is written without one; empty: there is none
	// such.
	unlabelled string
}

// labelled is a map of blocks by label, merged label by label over the one in defaults.
func labelled[U any](plural, block string, tab *table[U], l labels[U]) field[draft] {
	return field[draft]{name: plural, block: block, repeated: true, labels: 1, set: func(d *decoder, t *draft, e *entry) {
		defer func() { d.null = e.v.null() }()
		switch {
		case e.v.block == nil:
			es, ok := d.entries(e.v, nil)
			for i := range es {
				if ok {
					setLabelled(d, t, block, tab, l, &es[i], es[i].name)
				}
			}
		case len(e.v.block.Labels) == 0 && l.unlabelled == "":
			d.report(d.keyRange(e), "Missing label", block+` needs a label of its own: `+block+` "label" { … }`)
		case len(e.v.block.Labels) == 0:
			setLabelled(d, t, block, tab, l, e, l.unlabelled)
		default:
			setLabelled(d, t, block, tab, l, e, e.label())
		}
	}}
}

// labelSeen is a labelled block of the order being decoded.
type labelSeen struct {
	block, key string
	e          entry
}

func setLabelled[U any](d *decoder, t *draft, block string, tab *table[U], l labels[U], e *entry, label string) {
	if label == "" && l.unlabelled != "" {
		d.report(d.keyRange(e), "Empty label", "Write "+l.unlabelled+" for what serves the rest.")
		return
	}
	key := l.key(label)
	for i := range d.labels {
		if twin := &d.labels[i]; twin.block == block && twin.key == key {
			d.duplicateKey(strings.TrimSpace(block+" "+label), d.keyRange(e), d.keyRange(&twin.e))
			return
		}
	}
	d.labels = append(d.labels, labelSeen{block: block, key: key, e: *e})
	us := l.at(t)
	if d.base != nil && sameSlice(*us, *l.at(&d.base.draft)) {
		*us = slices.Clone(*us)
	}
	i := slices.IndexFunc(*us, func(u U) bool { return l.is(&u, key) })
	if i < 0 {
		i = len(*us)
		*us = append(*us, l.begin(d, e, key))
	}
	d.path = append(d.path, block+"."+key)
	decode(d, tab, &(*us)[i], e.v)
	d.path = d.path[:len(d.path)-1]
}
