package whatsapp

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/hisab/hisab/schema"
)

// The published schema of the payment lookup is not asked at run time, so these tests hold
// the reader to it: what the schema refuses the reader refuses, or reads as if it had not
// been said. The other way round the reader may be stricter, and is.

// spoken are answers that say everything that is read.
func spoken(t testing.TB) []string {
	sample := strings.NewReplacer("CREATED_TIMESTAMP", "1732080000", "UPDATED_TIMESATMP", "1732084000",
		"reference-id-value", "BM345A-12", "status-of-payment", "captured").Replace(string(sampleFile(t, "lookup")))
	return []string{
		sample, captured, waiting,
		`{"payments": [{"reference_id": "BM345A-12", "status": "captured", "currency": "INR", "amount": {"value": "21000", "offset": "100"},
			"refunds": [{"id": "rfnd_1", "status": "pending", "amount": {"value": 100, "offset": 100, "currency": "INR"}}]}], "errors": []}`,
		`{"payments": [], "error": {"code": 100, "message": "m", "error_data": {"details": "d"}}}`,
		`{"errors": [{"code": "190", "title": "t", "details": "d"}, {"code": 100}]}`,
	}
}

// aliens are values that belong in few places.
var aliens = []string{
	`null`, `true`, `0`, `7`, `-5`, `1.5`, `1.0`, `1e3`, `1e9999999`, `12345678901234567890`, `""`, `"x"`, `"12"`, `"-12"`, `"1.5"`,
	`"0000000000000000000001"`, `"12345678901234567890"`, `[]`, `[7]`, `[null]`, `[{}]`, `{}`, `{"value": 1}`, `{"value": null, "offset": 100}`,
}

func TestTheReaderIsAsStrictAsTheSchema(t *testing.T) {
	refused := 0
	for _, body := range spoken(t) {
		eachPlace(parsed(t, body), func(doc any, put func(any)) {
			for _, alien := range aliens {
				put(parsed(t, alien))
				if agree(t, written(t, doc)) {
					refused++
				}
			}
		})
	}
	if refused < 500 {
		t.Errorf("the schema refused %d answers, so this says little", refused)
	}
}

func FuzzReaderAgainstSchema(f *testing.F) {
	for _, body := range spoken(f) {
		f.Add(body)
		for _, alien := range aliens {
			f.Add(strings.Replace(body, "100", alien, 1))
		}
	}
	f.Fuzz(func(t *testing.T, body string) {
		d := json.NewDecoder(strings.NewReader(body))
		d.UseNumber()
		var v any
		if d.Decode(&v) == nil {
			agree(t, body)
		}
	})
}

// agree holds what is read of a body that the schema refuses against what is read of the
// same body without what it refuses. It reports whether the schema refused.
func agree(t *testing.T, body string) (refused bool) {
	t.Helper()
	doc := parsed(t, body)
	for err := schema.Payments().Validate(doc); err != nil; err = schema.Payments().Validate(doc) {
		refused = true
		place, _, _ := strings.Cut(schema.Explain(err), ": ")
		if place == "/" {
			if p, err := lookup(200, body, "BM345A-12"); err == nil {
				t.Errorf("%s\nthe schema refuses all of it, and it was read as %+v", body, p)
			}
			return true
		}
		silenced, ok := silence(doc, strings.Split(place, "/")[1:])
		if !ok {
			return true // a name that no place can be told from
		}
		doc = silenced
	}
	if !refused {
		return false
	}
	got, err := lookup(200, body, "BM345A-12")
	if err != nil {
		return true
	}
	want, err := lookup(200, written(t, doc), "BM345A-12")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s\nwas read as %+v\nwithout what the schema refuses: %+v, %v", body, got, want, err)
	}
	return true
}

// silence takes a place out of a document: a member is left out, an element of a list says
// nothing.
func silence(doc any, path []string) (any, bool) {
	switch at := doc.(type) {
	case map[string]any:
		for name, v := range at {
			if escaped(name) != path[0] {
				continue
			}
			if len(path) == 1 {
				delete(at, name)
				return at, true
			}
			if inner, ok := silence(v, path[1:]); ok {
				at[name] = inner
				return at, true
			}
		}
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i >= len(at) {
			return nil, false
		}
		if len(path) == 1 {
			at[i] = map[string]any{}
			return at, true
		}
		if inner, ok := silence(at[i], path[1:]); ok {
			at[i] = inner
			return at, true
		}
	}
	return nil, false
}

// escaped is a name as a JSON pointer has it.
func escaped(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

// eachPlace calls f for each value below the top, which put replaces; what stood there comes
// back afterwards.
func eachPlace(doc any, f func(doc any, put func(any))) {
	var walk func(v any)
	at := func(v any, put func(any)) {
		f(doc, put)
		put(v)
		walk(v)
	}
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, child := range v {
				at(child, func(x any) { v[name] = x })
			}
		case []any:
			for i, child := range v {
				at(child, func(x any) { v[i] = x })
			}
		}
	}
	walk(doc)
}

func parsed(t testing.TB, body string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func written(t testing.TB, doc any) string {
	t.Helper()
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
