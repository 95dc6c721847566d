package spec

import (
	"errors"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// metered is an expression that is evaluated many times, or a part of a text: what it makes
// is taken from the budget each time.
type metered struct {
	hclsyntax.Expression
	budget *budget
	take   func(*budget, cty.Value) error
}

// meter puts the parts of an expression that multiply below the budget: the results of for
// and its conditions, and what is joined into a text. It may see an expression many times.
func (b *budget) meter(n hclsyntax.Node) {
	if b == nil {
		return
	}
	switch x := n.(type) {
	case *hclsyntax.ForExpr:
		x.ValExpr = b.metered(x.ValExpr, takeElement)
		if x.KeyExpr != nil {
			x.KeyExpr = b.metered(x.KeyExpr, takeText)
		}
		if x.CondExpr != nil {
			x.CondExpr = b.metered(x.CondExpr, takeStep)
		}
	case *hclsyntax.TemplateExpr:
		for i, part := range x.Parts {
			if text, ok := part.(*hclsyntax.LiteralValueExpr); !ok || text.Val.Type() != cty.String {
				x.Parts[i] = b.metered(part, takeText)
			}
		}
	}
}

func (b *budget) metered(x hclsyntax.Expression, take func(*budget, cty.Value) error) hclsyntax.Expression {
	if _, already := x.(*metered); already {
		return x
	}
	// In parentheses, because whoever walks the syntax passes over what metered itself is.
	inside := &hclsyntax.ParenthesesExpr{Expression: x, SrcRange: x.Range()}
	return &metered{Expression: inside, budget: b, take: take}
}

// Value evaluates the expression while there is a budget.
func (m *metered) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if m.budget.over() {
		return cty.DynamicVal, hcl.Diagnostics{excessAt(errSpent, m.Range())}
	}
	v, diags := m.Expression.Value(ctx)
	if err := m.take(m.budget, v); err != nil {
		return cty.DynamicVal, append(diags, excessAt(err, m.Range()))
	}
	return v, diags
}

func takeElement(b *budget, v cty.Value) error {
	if err := b.hold(v); err != nil {
		return err
	}
	return b.make(elementBytes)
}

func takeStep(b *budget, _ cty.Value) error { return b.step(1) }

func takeText(b *budget, v cty.Value) error {
	n := textBytes(v)
	if b != nil && n > b.part {
		return b.exceed("this text has more than %d MiB", b.part>>20)
	}
	return b.make(partBytes + n*textCopies)
}

// tooMuch is the summary of every excess.
const tooMuch = "Too much for one spec"

// within reports an excess of a value, and whether there was none.
func (d *decoder) within(at value, err error) bool {
	if err != nil && !errors.Is(err, errSpent) {
		d.diags = append(d.diags, excessAt(err, d.rangeOf(at)))
	}
	return err == nil
}

func excessAt(err error, at hcl.Range) *hcl.Diagnostic {
	detail := err.Error()
	if !errors.Is(err, errSpent) {
		detail = sentence(detail) + "."
	}
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: tooMuch, Detail: detail, Subject: &at}
}
