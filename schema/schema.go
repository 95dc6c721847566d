// Package schema holds the published contract: the JSON Schema (draft 2020-12) of the
// tree that specs spell in HCL or YAML, and the schemas of what platforms send us.
//
// hisab.schema.json is the document itself; JSON prints it and Compile makes a validator
// of it. Webhook, Payments, Send and Refund guard what comes in from WhatsApp; whoever is
// handed a Guard needs no more of it than Validate. Explain turns a refusal into one line.
package schema

import (
	"bytes"
	_ "embed" // the schema documents
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// ID is the $id of the language's schema. A change that refuses what was accepted before
// takes a new number.
const ID = "https://hisab.dev/schema/v1.json"

//go:embed hisab.schema.json
var language []byte

// JSON returns the schema of the language as published. The caller may change the copy.
func JSON() []byte { return bytes.Clone(language) }

// Compile makes a validator of the language's schema. It judges the tree as JSON decodes
// it; give numbers as json.Number, so that an amount is judged by its digits.
func Compile() (*jsonschema.Schema, error) {
	c := newCompiler()
	if err := c.AddResource(ID, bytes.NewReader(language)); err != nil {
		return nil, fmt.Errorf("language schema: %w", err)
	}
	s, err := c.Compile(ID)
	if err != nil {
		return nil, fmt.Errorf("language schema: %w", err)
	}
	return s, nil
}

// Language guards specs that are already JSON. Loading a spec has its own, faster rules;
// a test holds the two together.
func Language() *Guard { return languageGuard() }

var languageGuard = sync.OnceValue(func() *Guard {
	s, err := Compile()
	if err != nil {
		panic(fmt.Sprintf("the embedded schema does not compile: %v", err))
	}
	return &Guard{s}
})

// newCompiler reads no file and no network: a reference that is not among the resources
// added is an error.
func newCompiler() *jsonschema.Compiler {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.LoadURL = refuseLoad
	return c
}
