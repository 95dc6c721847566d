package spec

import (
	"math/big"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// sumFunction adds the numbers of a collection as the decimals they stand for, so that the
// sum of prices is a price. Strings that hold numbers count, as everywhere in HCL: a column
// of a CSV is one of strings.
func sumFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The sum of a list or set of numbers.",
		Params:      []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
		Type:        function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			sum, exact, known := new(big.Rat), true, true
			err := eachElement(args[0], cty.Number, func(number cty.Value) bool {
				if known = number.IsKnown(); !known {
					return false
				}
				var decimal *big.Rat
				if decimal, exact = decimalOf(number.AsBigFloat()); exact {
					sum.Add(sum, decimal)
				}
				return exact
			})
			switch {
			case err != nil:
				return cty.NilVal, err
			case !known:
				return cty.UnknownVal(cty.Number), nil
			case !exact:
				return cty.NilVal, function.NewArgErrorf(0, "an element is too large to be added")
			}
			return cty.ParseNumberVal(decimalText(sum))
		},
	})
}

func allTrueFunction() function.Function {
	return foldBools("Whether every element is true; an empty collection says yes.", false)
}

func anyTrueFunction() function.Function {
	return foldBools("Whether any element is true; an empty collection says no.", true)
}

// foldBools looks for the element that decides; null decides nothing and counts as false.
func foldBools(description string, decisive bool) function.Function {
	return function.New(&function.Spec{
		Description: description,
		Params:      []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
		Type:        function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			decided, unknown := false, false
			err := eachElement(args[0], cty.Bool, func(element cty.Value) bool {
				switch {
				case !element.IsKnown():
					unknown = true
				case (!element.IsNull() && element.True()) == decisive:
					decided = true
				}
				return !decided
			})
			if err != nil {
				return cty.NilVal, err
			}
			if unknown && !decided {
				return cty.UnknownVal(cty.Bool), nil
			}
			return cty.BoolVal(decided == decisive), nil
		},
	})
}

// eachElement calls do with every element converted to the wanted type until it says stop.
func eachElement(list cty.Value, want cty.Type, do func(cty.Value) bool) error {
	if ty := list.Type(); !ty.IsListType() && !ty.IsSetType() && !ty.IsTupleType() {
		return function.NewArgErrorf(0, "this takes a list or a set, not %s", ty.FriendlyName())
	}
	for it := list.ElementIterator(); it.Next(); {
		_, element := it.Element()
		converted, err := convert.Convert(element, want)
		if err != nil {
			return function.NewArgErrorf(0, "every element must be a %s", want.FriendlyName())
		}
		if want == cty.Number && converted.IsKnown() && converted.IsNull() {
			return function.NewArgErrorf(0, "an element is null and cannot be added")
		}
		if !do(converted) {
			return nil
		}
	}
	return nil
}
