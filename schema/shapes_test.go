package schema_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/hisab/hisab/schema"
)

// answers are the guards that Shapes may stand before, by their documents.
var answers = map[string]func() *schema.Guard{
	"whatsapp-payments": schema.Payments, "whatsapp-send": schema.Send, "whatsapp-refund": schema.Refund,
}

// TestShapesSeeWhatSchemasAskFor holds the answers' schemas to what a shape tells: names,
// kinds, how many, empty or not, digits or not.
func TestShapesSeeWhatSchemasAskFor(t *testing.T) {
	told := map[string]string{
		"$schema": "", "$id": "", "title": "", "description": "", "$ref": "", "$defs": "",
		"type": "", "anyOf": "", "required": "", "properties": "", "items": "", "minItems": "",
		"minLength": "1", "pattern": `"^-?[0-9]{1,19}$"`,
	}
	var check func(at string, schema any)
	check = func(at string, schema any) {
		s, ok := schema.(map[string]any)
		if !ok {
			t.Errorf("%s is no schema", at)
			return
		}
		for word, v := range s {
			only, known := told[word]
			if text, _ := json.Marshal(v); !known || only != "" && only != string(text) {
				t.Errorf("%s asks for %s %s, which no shape tells", at, word, text)
			}
			switch v := v.(type) {
			case map[string]any:
				if word == "items" {
					check(at+"/items", v)
					continue
				}
				for name, child := range v {
					check(at+"/"+word+"/"+name, child)
				}
			case []any:
				for _, child := range v {
					if word == "anyOf" {
						check(at+"/anyOf", child)
					}
				}
			}
		}
	}
	for _, name := range []string{"whatsapp-common", "whatsapp-payments", "whatsapp-send", "whatsapp-refund"} {
		data, err := os.ReadFile(name + ".schema.json")
		if err != nil {
			t.Fatal(err)
		}
		var document any
		if err := json.Unmarshal(data, &document); err != nil {
			t.Fatal(err)
		}
		check(name, document)
	}
}

// alike are bodies of one shape, and bodies that a careless shape would take for them.
var alike = []string{
	`{"payments": [{"reference_id": "a", "amount": {"value": 1, "offset": 100}}]}`,
	`{"payments":[{"reference_id":"bb","amount":{"value":-22,"offset":100}}]}`,
	`{"payments": [{"reference_id": "a", "amount": {"value": 1.5, "offset": 100}}]}`,
	`{"payments": [{"reference_id": "a", "amount": {"value": 1e2, "offset": 100}}]}`,
	`{"payments": [{"reference_id": "a", "amount": {"value": 1e9999999, "offset": 100}}]}`,
	`{"payments": [{"reference_id": "a", "amount": {"value": "12", "offset": 100}}]}`,
	`{"payments": [{"reference_id": "a", "amount": {"value": "1a", "offset": 100}}]}`,
	`{"payments": [{"reference_id": "a", "amount": {"value": "", "offset": 100}}]}`,
	`{"payments": [{"reference_id": "a", "amount": {"value": "12345678901234567890", "offset": 100}}]}`,
	`{"payments": [{"reference_id": "a", "amount": {"value": "\u0031", "offset": 100}}]}`,
	`{"payments": [{"reference_id": "a", "amount": {"value": null, "offset": 100}}]}`,
	`{"payments": [{"reference_id": "a", "amount": {"value": true, "offset": 100}}]}`,
	`{"payments": [{"reference_id": true, "amount": {"value": 1, "offset": 100}}]}`,
	`{"payments": [{"reference_id": "a", "amount": {"value": 1` + strings.Repeat("0", 500) + `}}]}`,
	`{"payments": [{"reference_id": "a", "amount": {"offset": 100, "offset": "x"}}]}`,
	`{"payments": {"reference_id": "a"}}`, `{"payments": []}`, `{"payments": [7]}`, `{"p\u0061yments": 7}`,
	`{"messages": [{"id": "wamid.1"}]}`, `{"messages": [{"id": ""}]}`, `{"messages": []}`, `{"id": "1"}`, `{"id": ""}`,
	`{"error": {"code": 100}}`, `{"error": {"code": "x"}}`, `{"error": {"code": null}}`,
	`[]`, `7`, `"x"`, ``, `{`, `{"id": "1"} x`, `{"id": "` + "\xff" + `"}`,
}

// sameVerdict judges a body by the guard alone and by shapes that have seen others, twice.
func sameVerdict(t *testing.T, name string, shapes *schema.Shapes, guard *schema.Guard, body string) {
	t.Helper()
	var v any
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	want := d.Decode(&v)
	if want == nil {
		want = guard.Validate(v)
	}
	for range 2 {
		if got := shapes.Validate([]byte(body)); schema.Explain(got) != schema.Explain(want) {
			t.Errorf("%s: %s: %v, the guard says %v", name, body, got, want)
		}
	}
}

func TestShapesJudgeAsTheirGuards(t *testing.T) {
	for name, guard := range answers {
		shapes := schema.NewShapes(guard)
		for _, body := range alike {
			sameVerdict(t, name, shapes, guard(), body)
		}
	}
}

func FuzzShapes(f *testing.F) {
	for _, body := range alike {
		f.Add(body)
	}
	shapes := map[string]*schema.Shapes{}
	for name, guard := range answers {
		shapes[name] = schema.NewShapes(guard)
		for _, body := range alike {
			_ = shapes[name].Validate([]byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, body string) {
		for name, guard := range answers {
			sameVerdict(t, name, shapes[name], guard(), body)
		}
	})
}

func BenchmarkShapes(b *testing.B) {
	shapes := schema.NewShapes(schema.Payments)
	body := []byte(`{"payments": [{"reference_id": "BM345A-12", "status": "pending", "currency": "INR",
		"total_amount": {"value": 21000, "offset": 100}, "receipt": "rcpt-12", "notes": {"channel": "web"}}]}`)
	b.ReportAllocs()
	for b.Loop() {
		if err := shapes.Validate(body); err != nil {
			b.Fatal(err)
		}
	}
}
