package schema

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Guard judges documents that others wrote.
type Guard struct{ schema *jsonschema.Schema }

// Validate judges a tree as encoding/json decodes it into an any, numbers as json.Number
// or float64. Its error is for Explain.
func (g *Guard) Validate(v any) error {
	if at, ok := checkNumbers(v); !ok {
		return &jsonschema.ValidationError{InstanceLocation: at, Message: "the number is too long or its exponent too large"}
	}
	return g.schema.Validate(v)
}

// longest is how many characters a number may have, and exponents may lie within it. The
// validator turns numbers into fractions: for 1e9999999 it panics, and a megabyte of
// digits would keep it busy. No amount or time comes near.
const longest = 400

// checkNumbers looks for a number beyond that, and says where the first one is.
func checkNumbers(v any) (at string, ok bool) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if at, ok := checkNumbers(v[k]); !ok {
				return "/" + token(k) + at, false
			}
		}
	case []any:
		for i, child := range v {
			if at, ok := checkNumbers(child); !ok {
				return "/" + strconv.Itoa(i) + at, false
			}
		}
	case json.Number:
		return "", sane(string(v))
	}
	return "", true
}

func sane(number string) bool {
	if len(number) > longest {
		return false
	}
	i := strings.IndexAny(number, "eE")
	if i < 0 {
		return true
	}
	exponent, err := strconv.Atoi(strings.TrimPrefix(number[i+1:], "+"))
	return err == nil && -longest <= exponent && exponent <= longest
}

// token writes a key into a location as the validator does.
func token(key string) string {
	return url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(key))
}
