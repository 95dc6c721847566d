package spec

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

var templateTable = newTable(
	address("provider", toProvider, func(t *Template) *string { return &t.Provider }).must(),
	placed("name", func(t *Template) (*string, *hcl.Range) { return &t.Name, &t.nameAt }),
	placed("language", func(t *Template) (*string, *hcl.Range) { return &t.Language, &t.languageAt }),
	text("namespace", func(t *Template) *string { return &t.Namespace }),
	field[Template]{name: "body", set: setTemplateBody},
	lazy("header_image", func(t *Template) *hcl.Expression { return &t.headerImage }),
	lazy("button", func(t *Template) *hcl.Expression { return &t.button }),
	notOnWhatsApp("subject"), notOnWhatsApp("text"), notOnWhatsApp("html"), notOnWhatsApp("dlt_template_id"),
)

// placed is a text whose place the rules of templates point at.
func placed(name string, at func(*Template) (*string, *hcl.Range)) field[Template] {
	return field[Template]{name: name, set: func(d *decoder, t *Template, e *entry) {
		if s, ok := d.text(e.v); ok {
			to, place := at(t)
			*to, *place = s, d.rangeOf(e.v)
		}
	}}
}

// lazy is a value that is evaluated when an event happens.
func lazy(name string, at func(*Template) *hcl.Expression) field[Template] {
	return field[Template]{name: name, set: func(d *decoder, t *Template, e *entry) {
		if expr, ok := d.lazy(e.v); ok {
			*at(t) = expr
		}
	}}
}

func setTemplateBody(d *decoder, t *Template, e *entry) {
	vs, ok := d.lazyElements(e.v)
	if !ok {
		return
	}
	t.body = make([]hcl.Expression, 0, len(vs))
	for _, v := range vs {
		if expr, ok := d.lazy(v); ok {
			t.body = append(t.body, expr)
		}
	}
}

// lazyElements lists the values of a template without evaluating any.
func (d *decoder) lazyElements(v value) ([]value, bool) {
	if v.expr != nil {
		tuple, ok := inner(v.expr).(*hclsyntax.TupleConsExpr)
		if !ok {
			d.wrong(v, "A list is expected", `Write the values one by one, {{1}} first: ["${customer.name}", "${payment.amount}"].`)
			return nil, false
		}
		return d.exprElements(tuple)
	}
	return d.elements(v)
}

// lazy takes an expression as it is. What it may read is checked by CheckTemplate, except
// for secrets, which would come from outside of the event.
func (d *decoder) lazy(v value) (hcl.Expression, bool) {
	expr := v.expr
	if v.node != nil {
		n := resolveAlias(v.node)
		if isTemplate(n) {
			parsed, ok := d.nodeTemplate(n)
			if !ok {
				return nil, false
			}
			expr = parsed
		} else {
			s, ok := d.text(v)
			if !ok {
				return nil, false
			}
			expr = &hclsyntax.LiteralValueExpr{Val: cty.StringVal(s), SrcRange: d.nodeRange(n)}
		}
	}
	if expr == nil {
		d.wrong(v, "A value is expected", "Write it with an equals sign.")
		return nil, false
	}
	sound := d.examine(expr)
	for _, t := range expr.Variables() {
		if diag := d.undeclared(t); diag != nil {
			d.diags = append(d.diags, diag)
			sound = false
		}
	}
	return expr, sound
}

func notOnWhatsApp(name string) field[Template] {
	return field[Template]{name: name, set: func(d *decoder, _ *Template, e *entry) {
		d.report(d.keyRange(e), "Not a field of a WhatsApp template", name+" is for e-mail and SMS, which this version does not send. A WhatsApp template has body, header_image and button.")
	}}
}

func (l *loader) templateBlocks(blocks []declared) []*Template {
	taken := make(map[string]*declared)
	var templates []*Template
	for i := range blocks {
		b := &blocks[i]
		t := &Template{Label: b.labels[0], Pos: b.pos(), vars: l.scope, budget: l.budget, nameAt: b.at(), languageAt: b.at()}
		if !b.d.identifier(t.Label, &b.e, "template") || !first(b, t.Address(), taken) {
			continue
		}
		before := len(b.d.diags)
		decode(b.d, templateTable, t, b.e.v)
		found := b.d.diags[before:]
		for _, diag := range CheckTemplate(t) {
			// A field that could not be read would be said to be missing once more.
			if !found.HasErrors() || diag.Subject != nil && t.Pos != b.d.startPos(*diag.Subject) {
				b.d.add(hcl.Diagnostics{diag})
			}
		}
		templates = append(templates, t)
	}
	slices.SortFunc(templates, func(a, b *Template) int { return strings.Compare(a.Label, b.Label) })
	return templates
}
