package spec

import (
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// stringTest is a function that asks one yes-or-no question about two strings.
func stringTest(description, second string, test func(text, second string) bool) function.Function {
	return function.New(&function.Spec{
		Description: description,
		Params: []function.Parameter{
			{Name: "text", Type: cty.String},
			{Name: second, Type: cty.String},
		},
		Type: function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(test(args[0].AsString(), args[1].AsString())), nil
		},
	})
}

func startsWithFunction() function.Function {
	return stringTest("Whether a string begins with a prefix.", "prefix", strings.HasPrefix)
}

func endsWithFunction() function.Function {
	return stringTest("Whether a string ends with a suffix.", "suffix", strings.HasSuffix)
}

func strContainsFunction() function.Function {
	return stringTest("Whether a string contains another.", "part", strings.Contains)
}

// replaceFunction takes a search between slashes as a regular expression, as Terraform does.
func replaceFunction() function.Function {
	return function.New(&function.Spec{
		Description: "A string with every occurrence of one text, or of one /regular expression/, replaced.",
		Params: []function.Parameter{
			{Name: "text", Type: cty.String},
			{Name: "search", Type: cty.String},
			{Name: "replacement", Type: cty.String},
		},
		Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			search := args[1].AsString()
			if len(search) > 1 && strings.HasPrefix(search, "/") && strings.HasSuffix(search, "/") {
				return stdlib.RegexReplace(args[0], cty.StringVal(search[1:len(search)-1]), args[2])
			}
			return stdlib.Replace(args[0], args[1], args[2])
		},
	})
}

// timeCmpFunction compares moments, whatever offsets they are written with.
func timeCmpFunction() function.Function {
	return function.New(&function.Spec{
		Description: "Compares two timestamps: -1, 0 or 1 as the first is earlier, the same or later.",
		Params: []function.Parameter{
			{Name: "first", Type: cty.String},
			{Name: "second", Type: cty.String},
		},
		Type: function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			var moments [2]time.Time
			for i, arg := range args {
				moment, err := time.Parse(time.RFC3339, arg.AsString())
				if err != nil {
					return cty.NilVal, function.NewArgErrorf(i, "%q is no timestamp: write it as 2026-12-01T18:00:00+05:30", arg.AsString())
				}
				moments[i] = moment
			}
			return cty.NumberIntVal(int64(moments[0].Compare(moments[1]))), nil
		},
	})
}
