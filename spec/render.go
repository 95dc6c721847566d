package spec

import (
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Render fills the template in for one event. It fails where a value cannot be evaluated,
// and where WhatsApp would refuse the result; the error names the value and the way out and
// quotes nothing of the customer. Several goroutines may render one template at a time.
func (t *Template) Render(sc Scope) (Rendered, error) {
	t.budget.renew()
	ctx := t.context(scopeValues(sc))
	rendered := Rendered{Name: t.Name, Namespace: t.Namespace, Language: t.Language}
	for _, value := range t.values() {
		text, err := evaluateText(value.expr, ctx)
		if err == nil {
			err = value.refused(text)
		}
		if err != nil {
			return Rendered{}, fmt.Errorf("%s: %s: %w", t.Address(), value.name, err)
		}
		value.store(&rendered, text)
	}
	return rendered, nil
}

// templateValue is one value of a template: what it is called, what WhatsApp asks of it,
// and where it goes.
type templateValue struct {
	name    string
	expr    hcl.Expression
	refused func(text string) error
	store   func(r *Rendered, text string)
}

// values lists what there is to evaluate, the body first.
func (t *Template) values() []templateValue {
	var values []templateValue
	for i, expr := range t.body {
		values = append(values, templateValue{
			name: fmt.Sprintf("body {{%d}}", i+1), expr: expr, refused: refusedParameter,
			store: func(r *Rendered, text string) { r.Body = append(r.Body, text) },
		})
	}
	if t.headerImage != nil {
		values = append(values, templateValue{
			name: "header_image", expr: t.headerImage, refused: refusedImage,
			store: func(r *Rendered, text string) { r.HeaderImage = text },
		})
	}
	if t.button != nil {
		values = append(values, templateValue{
			name: "button", expr: t.button, refused: refusedButton,
			store: func(r *Rendered, text string) { r.Button = text },
		})
	}
	return values
}

// context puts the scope in front of what the spec itself defines.
func (t *Template) context(scope map[string]cty.Value) *hcl.EvalContext {
	ctx := t.vars.NewChild()
	ctx.Variables = scope
	if t.vars != nil {
		// HCL suggests functions from the innermost context alone.
		ctx.Functions = t.vars.Functions
	}
	return ctx
}

func evaluateText(expr hcl.Expression, ctx *hcl.EvalContext) (string, error) {
	v, diags := expr.Value(ctx)
	if diags.HasErrors() {
		first := diags.Errs()[0]
		if diag, ok := errors.AsType[*hcl.Diagnostic](first); ok {
			return "", fmt.Errorf("%s: %s", diag.Summary, diag.Detail)
		}
		return "", first
	}
	return textOf(v)
}

// textOf is the text that a message shows of a value.
func textOf(v cty.Value) (string, error) {
	v, marks := v.UnmarkDeep()
	_, secret := marks[Sensitive]
	switch {
	case secret:
		return "", errSecretText
	case v.IsNull():
		return "", errors.New("the value is null: give it a text with coalesce(…, \"-\")")
	}
	text, err := convert.Convert(v, cty.String)
	if err != nil {
		return "", notText(v.Type())
	}
	if !text.IsKnown() {
		return "", errors.New("the value is not known when the event happens")
	}
	return text.AsString(), nil
}

var errSecretText = errors.New("the value is secret, and a message is not: use a variable instead of env")

func notText(t cty.Type) error {
	return fmt.Errorf("a message shows text, not %s: pick one of its members, or join them", t.FriendlyName())
}
