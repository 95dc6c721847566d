package spec

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// EnvFunc reads an environment variable; false means that it is not set.
type EnvFunc func(name string) (value string, set bool)

// sensitivity is a type of its own so that no other mark can be mistaken for Sensitive.
type sensitivity string

// Sensitive marks every value that came from env, and whatever was computed from one. A
// marked value may go into a Secret and nowhere else.
const Sensitive = sensitivity("sensitive")

// envFunction reads a secret. A variable that is set to nothing is refused like one that is
// not set: no provider accepts an empty secret, and the mistake is made in the environment.
func envFunction(env EnvFunc) function.Function {
	return function.New(&function.Spec{
		Description: "The value of an environment variable, kept secret.",
		Params:      []function.Parameter{{Name: "name", Type: cty.String}},
		Type:        function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if env == nil {
				return cty.UnknownVal(cty.String).Mark(Sensitive), nil
			}
			name := args[0].AsString()
			value, set := env(name)
			switch {
			case !set:
				return cty.NilVal, function.NewArgErrorf(0, "the environment variable %s is not set: export it and run again", name)
			case value == "":
				return cty.NilVal, function.NewArgErrorf(0, "the environment variable %s is set to nothing: export its value and run again", name)
			}
			return cty.StringVal(value).Mark(Sensitive), nil
		},
	})
}
