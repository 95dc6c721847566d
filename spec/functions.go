package spec

import (
	"io/fs"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	yaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// Functions returns every function of the language by its name: Terraform's pure ones,
// and env, file, fileset, round and inr. env reads through the given function; nil makes
// every variable an unknown secret, which is how a spec is validated without secrets. file
// and fileset read through files, which is the spec folder; nil refuses them. An error
// about a secret argument never quotes it.
func Functions(env EnvFunc, files fs.FS) map[string]function.Function {
	return functionsWithin(nil, env, files)
}

// functionsWithin are the functions on a budget.
func functionsWithin(b *budget, env EnvFunc, files fs.FS) map[string]function.Function {
	table := pureFunctions()
	table["env"] = envFunction(env)
	table["file"] = fileFunction(files)
	table["fileset"] = filesetFunction(files)
	for name, f := range table {
		table[name] = discreet(name, f, b)
	}
	// try and can take expressions, not values, and hand on the errors of others.
	table["try"] = tryfunc.TryFunc
	table["can"] = tryfunc.CanFunc
	maps.Copy(table, refusedFunctions())
	return table
}

// FunctionNames lists the functions a spec can use, sorted.
func FunctionNames() []string {
	table := Functions(nil, nil)
	for name := range refusedFunctions() {
		delete(table, name)
	}
	return slices.Sorted(maps.Keys(table))
}

// pureFunctions names as Terraform does what go-cty has, and adds what it has not.
func pureFunctions() map[string]function.Function {
	table := map[string]function.Function{
		"inr":   inrFunction(),
		"round": roundFunction(),
	}
	for _, group := range []map[string]function.Function{
		numberFunctions(), stringFunctions(), collectionFunctions(), dateFunctions(),
		encodingFunctions(), conversionFunctions(),
	} {
		maps.Copy(table, group)
	}
	return table
}

func numberFunctions() map[string]function.Function {
	return map[string]function.Function{
		"abs":      stdlib.AbsoluteFunc,
		"ceil":     stdlib.CeilFunc,
		"floor":    stdlib.FloorFunc,
		"log":      stdlib.LogFunc,
		"max":      stdlib.MaxFunc,
		"min":      stdlib.MinFunc,
		"parseint": stdlib.ParseIntFunc,
		"pow":      stdlib.PowFunc,
		"signum":   stdlib.SignumFunc,
		"sum":      sumFunction(),
	}
}

func stringFunctions() map[string]function.Function {
	return map[string]function.Function{
		"chomp":       stdlib.ChompFunc,
		"endswith":    endsWithFunction(),
		"format":      stdlib.FormatFunc,
		"formatlist":  stdlib.FormatListFunc,
		"indent":      stdlib.IndentFunc,
		"join":        stdlib.JoinFunc,
		"lower":       stdlib.LowerFunc,
		"regex":       stdlib.RegexFunc,
		"regexall":    stdlib.RegexAllFunc,
		"replace":     replaceFunction(),
		"split":       stdlib.SplitFunc,
		"startswith":  startsWithFunction(),
		"strcontains": strContainsFunction(),
		"strrev":      stdlib.ReverseFunc,
		"substr":      stdlib.SubstrFunc,
		"title":       stdlib.TitleFunc,
		"trim":        stdlib.TrimFunc,
		"trimprefix":  stdlib.TrimPrefixFunc,
		"trimspace":   stdlib.TrimSpaceFunc,
		"trimsuffix":  stdlib.TrimSuffixFunc,
		"upper":       stdlib.UpperFunc,
	}
}

func collectionFunctions() map[string]function.Function {
	return map[string]function.Function{
		"alltrue":         allTrueFunction(),
		"anytrue":         anyTrueFunction(),
		"chunklist":       stdlib.ChunklistFunc,
		"coalesce":        coalesceFunction(),
		"coalescelist":    stdlib.CoalesceListFunc,
		"compact":         stdlib.CompactFunc,
		"concat":          stdlib.ConcatFunc,
		"contains":        stdlib.ContainsFunc,
		"distinct":        distinctFunction(),
		"element":         stdlib.ElementFunc,
		"flatten":         stdlib.FlattenFunc,
		"index":           indexFunction(),
		"keys":            stdlib.KeysFunc,
		"length":          lengthFunction(),
		"lookup":          stdlib.LookupFunc,
		"matchkeys":       matchKeysFunction(),
		"merge":           stdlib.MergeFunc,
		"one":             oneFunction(),
		"range":           stdlib.RangeFunc,
		"reverse":         stdlib.ReverseListFunc,
		"setintersection": stdlib.SetIntersectionFunc,
		"setproduct":      stdlib.SetProductFunc,
		"setsubtract":     stdlib.SetSubtractFunc,
		"setunion":        stdlib.SetUnionFunc,
		"slice":           stdlib.SliceFunc,
		"sort":            stdlib.SortFunc,
		"transpose":       transposeFunction(),
		"values":          stdlib.ValuesFunc,
		"zipmap":          stdlib.ZipmapFunc,
	}
}

func dateFunctions() map[string]function.Function {
	return map[string]function.Function{
		"formatdate": stdlib.FormatDateFunc,
		"timeadd":    stdlib.TimeAddFunc,
		"timecmp":    timeCmpFunction(),
	}
}

func encodingFunctions() map[string]function.Function {
	table := map[string]function.Function{
		"base64decode":     base64DecodeFunction(),
		"base64encode":     base64EncodeFunction(),
		"base64gzip":       base64GzipFunction(),
		"csvdecode":        stdlib.CSVDecodeFunc,
		"jsondecode":       stdlib.JSONDecodeFunc,
		"jsonencode":       stdlib.JSONEncodeFunc,
		"textdecodebase64": textDecodeBase64Function(),
		"textencodebase64": textEncodeBase64Function(),
		"urlencode":        urlEncodeFunction(),
		"yamldecode":       yamlDecodeFunction(),
		"yamlencode":       yaml.YAMLEncodeFunc,
	}
	maps.Copy(table, hashFunctions())
	return table
}

func conversionFunctions() map[string]function.Function {
	return map[string]function.Function{
		"tobool":   stdlib.MakeToFunc(cty.Bool),
		"tolist":   stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)),
		"tomap":    stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)),
		"tonumber": stdlib.MakeToFunc(cty.Number),
		"toset":    stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
		"tostring": stdlib.MakeToFunc(cty.String),
	}
}
