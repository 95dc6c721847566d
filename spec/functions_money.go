package spec

import (
	"math/big"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// roundFunction rounds the decimal a number stands for, half up and away from zero:
// round(2.675, 2) is 2.68, which binary floats get wrong.
func roundFunction() function.Function {
	return function.New(&function.Spec{
		Description: "A number rounded half up to so many decimals: round(x, 2) for paise.",
		Params: []function.Parameter{
			{Name: "number", Type: cty.Number},
			{Name: "decimals", Type: cty.Number},
		},
		Type: function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			places, accuracy := args[1].AsBigFloat().Int64()
			if accuracy != big.Exact || places < 0 || places > 30 {
				return cty.NilVal, function.NewArgErrorf(1, "the number of decimals is a whole number from 0 to 30")
			}
			exact, ok := decimalOf(args[0].AsBigFloat())
			if !ok {
				return cty.NilVal, function.NewArgErrorf(0, "the number is too large to be rounded, or something is divided by zero")
			}
			rounded, err := cty.ParseNumberVal(exact.FloatString(int(places)))
			if err == nil && rounded.RawEquals(cty.MustParseNumberVal("-0")) {
				return cty.Zero, nil
			}
			return rounded, err
		},
	})
}

// inrFunction shows an amount as ₹4,500.00.
func inrFunction() function.Function {
	return function.New(&function.Spec{
		Description: "An amount of rupees as people read it: inr(4500) is ₹4,500.00.",
		Params:      []function.Parameter{{Name: "amount", Type: cty.DynamicPseudoType}},
		Type:        function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			amount, err := AmountFromCty(args[0])
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return cty.StringVal(amount.INR()), nil
		},
	})
}
