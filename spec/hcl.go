package spec

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// bodyEntries lists the attributes and blocks of a body. Attributes come in no order,
// blocks as written.
func bodyEntries(body *hclsyntax.Body, buf []entry) []entry {
	for name, attr := range body.Attributes {
		buf = append(buf, entry{name: name, v: value{expr: attr.Expr}, attr: attr})
	}
	for _, block := range body.Blocks {
		buf = append(buf, entry{name: block.Type, v: value{block: block}})
	}
	return buf
}

// exprEntries lists the members of an object constructor as they are written, so that each
// keeps its place and its digits, and evaluates anything else.
func (d *decoder) exprEntries(expr hclsyntax.Expression, buf []entry) ([]entry, bool) {
	object, ok := inner(expr).(*hclsyntax.ObjectConsExpr)
	if !ok {
		val, ok := d.eval(expr)
		if !ok {
			return buf, false
		}
		return d.computedEntries(computedFrom(value{expr: expr}, val), buf)
	}
	start := len(buf)
	for _, item := range object.Items {
		name, ok := d.objectKey(item.KeyExpr)
		if !ok {
			return buf, false
		}
		if twin := findEntry(buf[start:], name); twin != nil {
			d.duplicateKey(name, item.KeyExpr.Range(), d.keyRange(twin))
			continue
		}
		buf = append(buf, entry{name: name, v: value{expr: item.ValueExpr}, keyExpr: item.KeyExpr})
	}
	return buf, true
}

func (d *decoder) objectKey(expr hclsyntax.Expression) (string, bool) {
	if key, ok := expr.(*hclsyntax.ObjectConsKeyExpr); ok && !key.ForceNonLiteral {
		if word := hcl.ExprAsKeyword(key.Wrapped); word != "" {
			return word, true
		}
		if text, ok := literalText(key.Wrapped); ok {
			return text, true
		}
	}
	return d.text(value{expr: expr})
}

// findEntry finds a name among the entries of one object. Objects are small.
func findEntry(es []entry, name string) *entry {
	for i := range es {
		if es[i].name == name {
			return &es[i]
		}
	}
	return nil
}

func (d *decoder) exprElements(expr hclsyntax.Expression) ([]value, bool) {
	tuple, ok := inner(expr).(*hclsyntax.TupleConsExpr)
	if !ok {
		val, ok := d.eval(expr)
		if !ok {
			return nil, false
		}
		return d.computedElements(computedFrom(value{expr: expr}, val))
	}
	vs := make([]value, len(tuple.Exprs))
	for i, e := range tuple.Exprs {
		vs[i].expr = e
	}
	return vs, true
}

// exprScalar reads literals without evaluating, numbers as the digits in the source.
func (d *decoder) exprScalar(expr hclsyntax.Expression) scalar {
	if text, ok := literalText(expr); ok {
		return scalar{kind: textual, text: text}
	}
	switch e := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return d.literalScalar(e)
	case *hclsyntax.UnaryOpExpr:
		if _, number := e.Val.(*hclsyntax.LiteralValueExpr); number && e.Op == hclsyntax.OpNegate {
			return scalar{kind: digits, text: string(e.Range().SliceBytes(d.src))}
		}
	case *hclsyntax.TupleConsExpr, *hclsyntax.ObjectConsExpr, *hclsyntax.ForExpr:
		d.wrong(value{expr: expr}, "A single value is expected", "This is a list or a map. Write one text, number or truth value.")
		return scalar{}
	}
	val, ok := d.eval(expr)
	if !ok {
		return scalar{}
	}
	return d.ctyScalar(value{expr: expr}, val)
}

func (d *decoder) literalScalar(e *hclsyntax.LiteralValueExpr) scalar {
	switch {
	case e.Val.IsNull():
		return scalar{kind: absent}
	case e.Val.Type() == cty.Number:
		return scalar{kind: digits, text: string(e.SrcRange.SliceBytes(d.src))}
	case e.Val.Type() == cty.Bool:
		return scalar{kind: truth, text: boolText(e.Val.True())}
	}
	return d.ctyScalar(value{expr: e}, e.Val)
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// literalText reads a quoted string or heredoc without ${…}.
func literalText(expr hclsyntax.Expression) (string, bool) {
	t, ok := expr.(*hclsyntax.TemplateExpr)
	if !ok {
		return "", false
	}
	switch len(t.Parts) {
	case 0:
		return "", true
	case 1:
		if lit, ok := t.Parts[0].(*hclsyntax.LiteralValueExpr); ok && lit.Val.Type() == cty.String {
			return unixLines(lit.Val.AsString()), true
		}
	}
	return "", false
}

// inner strips parentheses.
func inner(expr hclsyntax.Expression) hclsyntax.Expression {
	for {
		p, ok := expr.(*hclsyntax.ParenthesesExpr)
		if !ok {
			return expr
		}
		expr = p.Expression
	}
}
