package schema

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Explain says in one line where a document is wrong and why: the JSON pointer of the
// offending value, "/" for the whole, and the reason. Of several it names the deepest,
// which is the one the author meant. It repeats no text of the document, only names,
// lengths and numbers, so it may be logged. An error that no schema gave is returned as
// it reads; nil is empty.
func Explain(err error) string {
	if err == nil {
		return ""
	}
	var refusal *jsonschema.ValidationError
	if !errors.As(err, &refusal) {
		return err.Error()
	}
	leaf := best(leaves(refusal))
	return pointer(leaf.InstanceLocation) + ": " + leaf.Message
}

// leaves are the refusals that no other one causes. Every scalar may hold an expression
// instead, so of a choice that branch is named only where it is the sole one.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var found, expressions []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		if strings.Contains(cause.AbsoluteKeywordLocation, "/$defs/expression/") {
			expressions = append(expressions, cause)
			continue
		}
		found = append(found, leaves(cause)...)
	}
	if len(found) == 0 {
		return expressions
	}
	return found
}

// best prefers the deepest place; there, a value of the right type with a fault to one of
// another type; then what the schema names first.
func best(all []*jsonschema.ValidationError) *jsonschema.ValidationError {
	return slices.MaxFunc(all, func(a, b *jsonschema.ValidationError) int {
		return cmp.Or(
			cmp.Compare(strings.Count(a.InstanceLocation, "/"), strings.Count(b.InstanceLocation, "/")),
			cmp.Compare(rightType(a), rightType(b)),
		)
	})
}

func rightType(e *jsonschema.ValidationError) int {
	if strings.HasSuffix(e.KeywordLocation, "/type") {
		return 0
	}
	return 1
}

// pointer undoes the URL escaping that the validator applies on top of JSON pointer's,
// except where a key holds what would break the line.
func pointer(location string) string {
	if location == "" {
		return "/"
	}
	plain, err := url.PathUnescape(location)
	if err != nil || strings.ContainsFunc(plain, unicode.IsControl) {
		return location
	}
	return plain
}
