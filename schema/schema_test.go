package schema_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/hisab/hisab/schema"
)

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := schema.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func tree(t *testing.T, doc string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(doc))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	return v
}

func TestCompile(t *testing.T) {
	if s := compile(t); !strings.HasPrefix(s.Location, schema.ID) {
		t.Errorf("compiled %s, want %s", s.Location, schema.ID)
	}
	var doc struct {
		Schema string `json:"$schema"`
		ID     string `json:"$id"`
	}
	if err := json.Unmarshal(schema.JSON(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.ID != schema.ID {
		t.Errorf("$id = %s, want %s", doc.ID, schema.ID)
	}
	if !strings.Contains(doc.Schema, "2020-12") {
		t.Errorf("$schema = %s, want draft 2020-12", doc.Schema)
	}
}

func TestJSONIsACopy(t *testing.T) {
	clear(schema.JSON())
	if first := schema.JSON()[0]; first != '{' {
		t.Errorf("a caller's change reached the published schema: %q", first)
	}
}

const order = `{"customer": {"name": "Asha Rao", "phone": "+91 98765 43210"}, "type": "digital-goods",
	"items": [{"name": "Bread", "amount": 140.00, "sale_amount": "100.00", "quantity": 2}]`

func TestLanguage(t *testing.T) {
	judge(t, schema.Language(), []judged{
		{"empty", `{}`, ""},
		{"order", `{"orders": {"BM345A-12": ` + order + `}}}`, ""},
		{"templates everywhere", `{"orders": {"A": {"customer": {"phone": "${var.p}"}, "type": "${var.t}", "items": "${local.items}",
			"tax": {"amount": "${1+1}"}, "status": "%{ if true }shipped%{ endif }", "require_payment": "${false}",
			"refunds": "${{}}", "header": {"image": "${var.i}"}}}}`, ""},
		{"label that is no reference", `{"orders": {"a/b": ` + order + `}}}`, "/orders/a~1b: missing properties: 'reference_id'"},
		{"label with reference_id", `{"orders": {"a/b": ` + order + `, "reference_id": "ab"}}}`, ""},
		{"label with for_each", `{"orders": {"all bills": ` + order + `, "for_each": {"x": 1}}}}`, ""},
		{"unknown key", `{"order": {}}`, "/: additionalProperties 'order' not allowed"},
		{"unknown field", `{"orders": {"A": ` + order + `, "totalamount": 3}}}`, "/orders/A: additionalProperties 'totalamount' not allowed"},
		{"quantity", `{"orders": {"A": {"customer": {"phone": "1"}, "items": [{"name": "b", "amount": 1, "quantity": 0}]}}}`,
			"/orders/A/items/0/quantity: must be >= 1 but found 0"},
		{"long reference", `{"orders": {"A": ` + order + `, "reference_id": "` + strings.Repeat("x", 36) + `"}}}`,
			"/orders/A/reference_id: does not match pattern"},
		{"status of an invoice", `{"invoices": {"A": {"customer": {"phone": "1"}, "status": "shipped"}}}`,
			"/invoices/A/status: value must be one of \"pending\", \"completed\", \"canceled\""},
		{"defaults hold no refund", `{"defaults": {"order": {"refunds": {}}}}`, "/defaults/order: additionalProperties 'refunds' not allowed"},
		{"defaults never cancel", `{"defaults": {"order": {"lifecycle": {"on_remove": "cancel"}}}}`, "/defaults/order/lifecycle/on_remove: "},
		{"other provider type", `{"providers": {"telegram": {}}}`, "/providers: additionalProperties 'telegram' not allowed"},
		{"phone as a number", `{"orders": {"A": {"customer": {"phone": 919876543210}}}}`,
			"/orders/A/customer/phone: expected string, but got number"},
		{"percent in a pointer", `{"orders": {"A b": {"for_each": {}, "customer": {}}}}`, "/orders/A b/customer: missing properties: 'phone'"},
	})
}

// What a field's examples and default say is what an editor offers: it must be accepted.
func TestExamplesAreValid(t *testing.T) {
	c := jsonschema.NewCompiler()
	if err := c.AddResource(schema.ID, bytes.NewReader(schema.JSON())); err != nil {
		t.Fatal(err)
	}
	seen := 0
	walk(tree(t, string(schema.JSON())), "", func(at string, node map[string]any) {
		offers, _ := node["examples"].([]any)
		if d, ok := node["default"]; ok {
			offers = append(offers, d)
		}
		if len(offers) == 0 {
			return
		}
		s, err := c.Compile(schema.ID + "#" + at)
		if err != nil {
			t.Fatal(err)
		}
		for _, offer := range offers {
			seen++
			if err := s.Validate(offer); err != nil {
				t.Errorf("%s offers %v: %s", at, offer, schema.Explain(err))
			}
		}
	})
	if seen < 50 {
		t.Errorf("saw %d examples and defaults, want most fields to have one", seen)
	}
}

// Every field tells an editor what it is, and every object that names fields is closed.
func TestFieldsAreDescribed(t *testing.T) {
	root := tree(t, string(schema.JSON())).(map[string]any)
	defs := root["$defs"].(map[string]any)
	walk(root, "", func(at string, node map[string]any) {
		fields, ok := node["properties"].(map[string]any)
		if !ok {
			return
		}
		if node["additionalProperties"] != false {
			t.Errorf("%s takes fields it does not name", at)
		}
		for name, f := range fields {
			for _, key := range []string{"title", "description"} {
				if lookup(f.(map[string]any), defs, key) == nil {
					t.Errorf("%s/properties/%s has no %s", at, name, key)
				}
			}
		}
	})
}

func TestSecretsAreMarked(t *testing.T) {
	root := tree(t, string(schema.JSON())).(map[string]any)
	defs := root["$defs"].(map[string]any)
	secrets := map[string]bool{}
	walk(root, "", func(_ string, node map[string]any) {
		fields, _ := node["properties"].(map[string]any)
		for name, f := range fields {
			if lookup(f.(map[string]any), defs, "x-secret") == true && lookup(f.(map[string]any), defs, "writeOnly") == true {
				secrets[name] = true
			}
		}
	})
	for _, name := range []string{"access_token", "app_secret", "verify_token", "key_secret", "webhook_secret", "salt",
		"signing_key", "encryption_key", "secret_key"} {
		if !secrets[name] {
			t.Errorf("%s is not marked secret", name)
		}
		delete(secrets, name)
	}
	for name := range secrets {
		t.Errorf("%s is marked secret and is not in this test", name)
	}
}

// lookup reads a keyword of a schema, through $ref.
func lookup(node, defs map[string]any, key string) any {
	for node != nil {
		if v, ok := node[key]; ok {
			return v
		}
		ref, _ := node["$ref"].(string)
		node, _ = defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	return nil
}

// walk visits every schema of a document with its JSON pointer. Examples and defaults are
// data, and the maps of named schemas are not schemas themselves.
func walk(v any, at string, visit func(at string, node map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(at, v)
		for k, child := range v {
			switch k {
			case "properties", "patternProperties", "$defs":
				for name, named := range child.(map[string]any) {
					walk(named, at+"/"+k+"/"+escape(name), visit)
				}
			case "examples", "default":
			default:
				walk(child, at+"/"+k, visit)
			}
		}
	case []any:
		for i, child := range v {
			walk(child, at+"/"+strconv.Itoa(i), visit)
		}
	}
}

// escape writes a name as a token of a JSON pointer in a URL's fragment.
func escape(name string) string {
	return url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
}

// Editors and other people's checks compile the patterns with the regular expressions of
// their own language. Python knows no \p{…}, and lookaround is unknown to Go.
func TestPatternsArePortable(t *testing.T) {
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if pattern, ok := v["pattern"].(string); ok {
				for _, special := range []string{`\p`, `\P`, `(?`, `\A`, `\z`} {
					if strings.Contains(pattern, special) {
						t.Errorf("%s uses %s, which not every language has", pattern, special)
					}
				}
			}
			for _, member := range v {
				walk(member)
			}
		case []any:
			for _, member := range v {
				walk(member)
			}
		}
	}
	walk(tree(t, string(schema.JSON())))
}
