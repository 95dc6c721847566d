package spec

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// target is what kind of block an address leads to.
type target string

const (
	toProvider target = "provider"
	toGateway  target = "gateway"
	toTemplate target = "template"
)

// example shows how an address of the kind is written.
func (k target) example() string {
	switch k {
	case toProvider:
		return "whatsapp.main"
	case toGateway:
		return "razorpay.main"
	}
	return "template.receipt"
}

// address is a field that names another block: whatsapp.main, template.receipt.
func address[T any](name string, kind target, at func(*T) *string) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		if s, ok := d.address(e.v, kind); ok {
			*at(t) = s
		}
	}}
}

// addresses is a list of them.
func addresses[T any](name string, kind target, at func(*T) *[]string) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		vs, ok := d.elements(e.v)
		if !ok {
			return
		}
		list := make([]string, 0, len(vs))
		for _, v := range vs {
			if s, ok := d.address(v, kind); ok {
				list = append(list, s)
			}
		}
		*at(t) = list
		d.null = e.v.null()
	}}
}

// address reads a reference, bare or as a text, and checks that what it names is declared.
func (d *decoder) address(v value, kind target) (string, bool) {
	s, ok := d.addressText(v)
	if !ok {
		return "", false
	}
	return d.declaredAddress(v, kind, s)
}

func (d *decoder) addressText(v value) (string, bool) {
	if s, ok := bareAddress(v.expr); ok {
		return s, true
	}
	return d.text(v)
}

func (d *decoder) declaredAddress(v value, kind target, s string) (string, bool) {
	known := d.addresses[kind]
	if same, ok := known[s]; ok {
		return same, true
	}
	if d.preambleBroken {
		return "", false
	}
	d.wrong(v, "Unknown "+string(kind), unknownAddress(s, kind, known))
	return "", false
}

func unknownAddress(s string, kind target, known map[string]string) string {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	switch {
	case !strings.Contains(s, "."):
		return "A " + string(kind) + " is named by its address, such as " + kind.example() + "." + didYouMean(kind.example()[:strings.IndexByte(kind.example(), '.')+1]+s, names)
	case len(names) == 0:
		return "No " + string(kind) + " is declared here. Declare one, and name it as " + kind.example() + "."
	}
	hint := didYouMean(s, names)
	if hint == "" {
		hint = " Declared: " + strings.Join(names[:min(len(names), 10)], ", ") + "."
	}
	return "There is no " + string(kind) + " " + shorten(s) + "." + hint
}

// bareAddress reads two names with a dot between them, unless they lead to a value.
func bareAddress(expr hclsyntax.Expression) (string, bool) {
	t, ok := expr.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(t.Traversal) != 2 {
		return "", false
	}
	root := t.Traversal.RootName()
	switch root {
	case "var", "local", "each":
		return "", false
	}
	attr, ok := t.Traversal[1].(hcl.TraverseAttr)
	if !ok {
		return "", false
	}
	return root + "." + attr.Name, true
}
