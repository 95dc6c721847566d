package spec

import (
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// discreet wraps a function so that its errors do not quote secrets or customers: parseint
// and others name the value they refuse. Types and marks stay the wrapped function's own business,
// which is why every argument is let through to it. What it makes is taken from the budget.
func discreet(name string, f function.Function, b *budget) function.Function {
	params := f.Params()
	for i := range params {
		params[i] = openParam(params[i])
	}
	varParam := f.VarParam()
	if varParam != nil {
		opened := openParam(*varParam)
		varParam = &opened
	}
	return function.New(&function.Spec{
		Description: f.Description(),
		Params:      params,
		VarParam:    varParam,
		Type:        function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, err := b.call(name, args, func(args []cty.Value) (cty.Value, error) {
				if collecting[name] {
					args = []cty.Value{uniform(args[0])}
				}
				args, err := collected(f, args)
				if err != nil {
					return cty.NilVal, err
				}
				return f.Call(args)
			})
			if err != nil && anyMarked(args) {
				return cty.NilVal, withoutDetail(err)
			}
			return v, err
		},
	})
}

func openParam(p function.Parameter) function.Parameter {
	if takesCollection(&p) {
		p.Type = cty.DynamicPseudoType
	}
	p.AllowNull, p.AllowUnknown, p.AllowDynamicType, p.AllowMarked = true, true, true, true
	return p
}

func anyMarked(args []cty.Value) bool {
	for _, arg := range args {
		if arg.ContainsMarked() {
			return true
		}
	}
	return false
}

func withoutDetail(err error) error {
	hidden := errors.New("it does not accept this value, which is not shown because it is secret or personal")
	if at, ok := errors.AsType[function.ArgError](err); ok {
		return function.NewArgError(at.Index, hidden)
	}
	return hidden
}

// refusedFunctions are those of Terraform's that give another answer each time. They exist
// so that the error says why they cannot be used.
func refusedFunctions() map[string]function.Function {
	table := map[string]function.Function{}
	for name, instead := range map[string]string{
		"timestamp":     "write the time, or pass it in as a variable",
		"plantimestamp": "write the time, or pass it in as a variable",
		"uuid":          "write an id of your own, or sha256 of what identifies the order",
		"bcrypt":        "use sha256",
	} {
		table[name] = function.New(&function.Spec{
			VarParam: &function.Parameter{Name: "args", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true},
			Type: func([]cty.Value) (cty.Type, error) {
				return cty.NilType, fmt.Errorf("%s gives another answer each time, so no plan would ever be empty: %s", name, instead)
			},
		})
	}
	return table
}
