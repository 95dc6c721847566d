package spec

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// The library compares the types of every two elements to make a list of a tuple, or a map
// of an object, which takes minutes for 100,000 rows. Where all are of one type, that is
// known after going over them once.

// collecting names the functions that take any value and make a collection of it.
var collecting = map[string]bool{"tolist": true, "toset": true, "tomap": true}

// uniform turns a tuple or object whose elements are of one type into a list or map. What is
// something else stays as it is.
func uniform(v cty.Value) cty.Value {
	bare, marks := v.Unmark()
	t := bare.Type()
	if !bare.IsKnown() || bare.IsNull() || (!t.IsTupleType() && !t.IsObjectType()) || bare.LengthInt() == 0 {
		return v
	}
	var one cty.Type
	for it := bare.ElementIterator(); it.Next(); {
		_, element := it.Element()
		switch et := element.Type(); {
		case et == cty.DynamicPseudoType:
			return v
		case one == cty.NilType:
			one = et
		case !et.Equals(one):
			return v
		}
	}
	if t.IsTupleType() {
		return cty.ListVal(bare.AsValueSlice()).WithMarks(marks)
	}
	return cty.MapVal(bare.AsValueMap()).WithMarks(marks)
}

// takesCollection reports whether a parameter is a list, set or map.
func takesCollection(p *function.Parameter) bool { return p.Type.IsCollectionType() }

// collected converts the arguments for parameters that are collections, as HCL would. The
// error names the argument.
func collected(f function.Function, args []cty.Value) ([]cty.Value, error) {
	params, rest := f.Params(), f.VarParam()
	converted := make([]cty.Value, len(args))
	for i, arg := range args {
		converted[i] = arg
		p := rest
		if i < len(params) {
			p = &params[i]
		}
		if p == nil || !takesCollection(p) {
			continue
		}
		var err error
		if converted[i], err = convert.Convert(uniform(arg), p.Type); err != nil {
			return nil, function.NewArgError(i, err)
		}
	}
	return converted, nil
}

// distinctFunction keeps the first of each value. The library's own compares every two.
func distinctFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The elements of a list, each once.",
		Params:      []function.Parameter{{Name: "list", Type: cty.List(cty.DynamicPseudoType)}},
		Type:        func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
		Impl: func(args []cty.Value, want cty.Type) (cty.Value, error) {
			if !args[0].IsWhollyKnown() {
				return cty.UnknownVal(want), nil
			}
			seen := cty.NewValueSet(want.ElementType())
			var kept []cty.Value
			for it := args[0].ElementIterator(); it.Next(); {
				if _, element := it.Element(); !seen.Has(element) {
					seen.Add(element)
					kept = append(kept, element)
				}
			}
			if len(kept) == 0 {
				return cty.ListValEmpty(want.ElementType()), nil
			}
			return cty.ListVal(kept), nil
		},
	})
}
