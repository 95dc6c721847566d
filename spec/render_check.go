package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// CheckTemplate finds what is wrong with a template before any event happens: rules of its
// name and language, names that are not in scope, and values that cannot become text.
func CheckTemplate(t *Template) hcl.Diagnostics {
	diags := checkTemplateRules(t)
	scope := unknownScope()
	ctx := t.context(scope)
	for _, value := range t.values() {
		wrong := wrongNames(value.expr, scope)
		if !wrong.HasErrors() {
			wrong = append(wrong, untextual(value, ctx)...)
		}
		diags = append(diags, wrong...)
	}
	return diags
}

// unknownScope is the scope of an event that nobody knows yet.
func unknownScope() map[string]cty.Value {
	scope := scopeValues(Scope{Order: &Order{}})
	for name, v := range scope {
		scope[name] = cty.UnknownVal(v.Type())
	}
	return scope
}

// wrongNames reports members that the scope does not have. HCL finds them too, but only
// where evaluation comes by, and it does not say which name is meant.
func wrongNames(expr hcl.Expression, scope map[string]cty.Value) (diags hcl.Diagnostics) {
	for _, traversal := range expr.Variables() {
		root, ok := scope[traversal.RootName()]
		if !ok {
			continue
		}
		at, path := root.Type(), traversal.RootName()
		for _, step := range traversal[1:] {
			name, isName := memberName(step)
			switch {
			case at.IsObjectType() && isName && !at.HasAttribute(name):
				diags = append(diags, wrongName(path, name, at, step.SourceRange(), expr))
			case at.IsObjectType() && isName:
				at, path = at.AttributeType(name), path+"."+name
				continue
			case at.IsListType():
				at = at.ElementType()
				continue
			}
			break
		}
	}
	return diags
}

// memberName is the name that a step asks for, as .name or ["name"].
func memberName(step hcl.Traverser) (string, bool) {
	switch step := step.(type) {
	case hcl.TraverseAttr:
		return step.Name, true
	case hcl.TraverseIndex:
		if step.Key.Type() == cty.String && step.Key.IsKnown() && !step.Key.IsNull() {
			return step.Key.AsString(), true
		}
	}
	return "", false
}

func wrongName(path, name string, of cty.Type, at hcl.Range, expr hcl.Expression) *hcl.Diagnostic {
	names := slices.Sorted(maps.Keys(of.AttributeTypes()))
	return &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  "There is no such name in a template",
		Detail:   fmt.Sprintf("%s has no %q.%s It has %s.", path, name, didYouMean(name, names), enumerate(names)),
		Subject:  &at,
		Context:  expr.Range().Ptr(),
	}
}

// untextual evaluates a value without an event, and judges what is known of it already.
func untextual(value templateValue, ctx *hcl.EvalContext) hcl.Diagnostics {
	v, diags := value.expr.Value(ctx)
	if diags.HasErrors() {
		return diags
	}
	err := couldBeText(v)
	if err == nil && v.IsKnown() {
		text, _ := textOf(v)
		err = value.refused(text)
	}
	if err == nil {
		return nil
	}
	return hcl.Diagnostics{{
		Severity: hcl.DiagError,
		Summary:  "WhatsApp would refuse this value",
		Detail:   fmt.Sprintf("%s: %s.", value.name, err),
		Subject:  value.expr.Range().Ptr(),
	}}
}

// couldBeText judges by the type what is not known yet.
func couldBeText(v cty.Value) error {
	if v.IsKnown() {
		_, err := textOf(v)
		return err
	}
	if v.HasMark(Sensitive) {
		return errSecretText
	}
	switch t := v.Type(); {
	case t == cty.String, t == cty.DynamicPseudoType, convert.GetConversionUnsafe(t, cty.String) != nil:
		return nil
	default:
		return notText(t)
	}
}

// enumerate writes names as a sentence does: a, b and c.
func enumerate(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
