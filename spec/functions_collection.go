package spec

import (
	"errors"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// lengthFunction counts elements, or the characters of a string as people count them.
func lengthFunction() function.Function {
	return function.New(&function.Spec{
		Description: "How many elements a collection has, or how many characters a string.",
		Params:      []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true}},
		Type:        function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			ty := args[0].Type()
			switch {
			case ty == cty.DynamicPseudoType:
				return cty.UnknownVal(cty.Number), nil
			case ty == cty.String:
				return stdlib.Strlen(args[0])
			case ty.IsObjectType():
				return cty.NumberIntVal(int64(len(ty.AttributeTypes()))), nil
			case ty.IsCollectionType() || ty.IsTupleType():
				return stdlib.Length(args[0])
			}
			return cty.NilVal, function.NewArgErrorf(0, "only a string or a collection has a length, not %s", ty.FriendlyName())
		},
	})
}

// coalesceFunction passes over empty strings, as Terraform does: a cell left empty in a
// CSV is one.
func coalesceFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The first argument that is neither null nor an empty string.",
		VarParam:    &function.Parameter{Name: "values", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true},
		Type: func(args []cty.Value) (cty.Type, error) {
			types := make([]cty.Type, len(args))
			for i, arg := range args {
				types[i] = arg.Type()
			}
			unified, _ := convert.UnifyUnsafe(types)
			if len(args) == 0 {
				return cty.NilType, errors.New("there is no argument to choose from")
			}
			if unified == cty.NilType {
				return cty.NilType, errors.New("all arguments must have the same type")
			}
			return unified, nil
		},
		Impl: func(args []cty.Value, want cty.Type) (cty.Value, error) {
			for _, arg := range args {
				v, err := convert.Convert(arg, want)
				if err != nil {
					return cty.NilVal, err
				}
				if !v.IsKnown() {
					return cty.UnknownVal(want), nil
				}
				if v.IsNull() || (want == cty.String && v.AsString() == "") {
					continue
				}
				return v, nil
			}
			return cty.NilVal, errors.New("every argument is null or an empty string: give one that is not, last")
		},
	})
}

// indexFunction finds a value in a list. Go-cty's own of that name reads an element.
func indexFunction() function.Function {
	return function.New(&function.Spec{
		Description: "Where in a list a value stands first, counted from 0.",
		Params: []function.Parameter{
			{Name: "list", Type: cty.DynamicPseudoType},
			{Name: "value", Type: cty.DynamicPseudoType},
		},
		Type: function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if ty := args[0].Type(); !ty.IsListType() && !ty.IsTupleType() {
				return cty.NilVal, function.NewArgErrorf(0, "only a list has positions, not %s", ty.FriendlyName())
			}
			for it := args[0].ElementIterator(); it.Next(); {
				position, element := it.Element()
				equal, err := stdlib.Equal(element, args[1])
				if err != nil {
					return cty.NilVal, err
				}
				if !equal.IsKnown() {
					return cty.UnknownVal(cty.Number), nil
				}
				if equal.True() {
					return position, nil
				}
			}
			return cty.NilVal, function.NewArgErrorf(1, "the list does not hold this value: ask with contains first")
		},
	})
}

// oneFunction unwraps a collection of at most one element; nothing becomes null.
func oneFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The element of a collection that has one, null for an empty one.",
		Params:      []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
		Type:        function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			ty := args[0].Type()
			if !ty.IsListType() && !ty.IsSetType() && !ty.IsTupleType() {
				return cty.NilVal, function.NewArgErrorf(0, "one takes a list or a set, not %s", ty.FriendlyName())
			}
			switch n := args[0].LengthInt(); n {
			case 0:
				return cty.NullVal(cty.DynamicPseudoType), nil
			case 1:
				it := args[0].ElementIterator()
				it.Next()
				_, element := it.Element()
				return element, nil
			default:
				return cty.NilVal, function.NewArgErrorf(0, "one takes a collection of one element or none, this one has %d", n)
			}
		},
	})
}

// matchKeysFunction keeps the values whose keys, at the same position, are wanted.
func matchKeysFunction() function.Function {
	list := cty.List(cty.DynamicPseudoType)
	return function.New(&function.Spec{
		Description: "The elements of one list at the positions where a second list holds one of the wanted keys.",
		Params: []function.Parameter{
			{Name: "values", Type: list}, {Name: "keys", Type: list}, {Name: "wanted", Type: list},
		},
		Type: func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
		Impl: func(args []cty.Value, want cty.Type) (cty.Value, error) {
			values, keys := args[0].AsValueSlice(), args[1].AsValueSlice()
			if len(values) != len(keys) {
				return cty.NilVal, function.NewArgErrorf(1, "there are %d keys for %d values: every value needs one", len(keys), len(values))
			}
			var kept []cty.Value
			for i, key := range keys {
				wanted, err := stdlib.Contains(args[2], key)
				if err != nil {
					return cty.NilVal, err
				}
				if !wanted.IsKnown() {
					return cty.UnknownVal(want), nil
				}
				if wanted.True() {
					kept = append(kept, values[i])
				}
			}
			if len(kept) == 0 {
				return cty.ListValEmpty(want.ElementType()), nil
			}
			return cty.ListVal(kept), nil
		},
	})
}

// transposeFunction turns a map from keys to lists into the map from list elements to keys.
func transposeFunction() function.Function {
	mapOfLists := cty.Map(cty.List(cty.String))
	return function.New(&function.Spec{
		Description: "A map of lists of strings with keys and elements exchanged.",
		Params:      []function.Parameter{{Name: "map", Type: mapOfLists}},
		Type:        function.StaticReturnType(mapOfLists),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			turned := map[string][]cty.Value{}
			lists := args[0].AsValueMap()
			for _, key := range slices.Sorted(maps.Keys(lists)) {
				for _, element := range lists[key].AsValueSlice() {
					if element.IsNull() {
						return cty.NilVal, function.NewArgErrorf(0, "the list under %q holds null", key)
					}
					turned[element.AsString()] = append(turned[element.AsString()], cty.StringVal(key))
				}
			}
			if len(turned) == 0 {
				return cty.MapValEmpty(cty.List(cty.String)), nil
			}
			result := map[string]cty.Value{}
			for element, keys := range turned {
				result[element] = cty.ListVal(keys)
			}
			return cty.MapVal(result), nil
		},
	})
}
