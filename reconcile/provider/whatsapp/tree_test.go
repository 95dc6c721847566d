package whatsapp

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// absent stands for a value that one side of a difference does not have.
const absent = "(absent)"

// difference is one place where two JSON values are not the same, each side as compact
// JSON.
type difference struct{ path, sample, ours string }

// compare lists where ours differs from the sample. Objects must have their common keys in
// the same order.
func compare(t *testing.T, sample, ours []byte) []difference {
	t.Helper()
	var out []difference
	walk(t, "", parseTree(t, sample), parseTree(t, ours), &out)
	return out
}

// tree is a JSON value that remembers the order of its keys.
type tree struct {
	leaf   string // compact JSON of anything but an object or array
	keys   []string
	fields map[string]*tree
	items  []*tree
	kind   jsontext.Kind
}

func parseTree(t *testing.T, b []byte) *tree {
	t.Helper()
	d := jsontext.NewDecoder(bytes.NewReader(b))
	v := readTree(t, d)
	if _, err := d.ReadToken(); err != io.EOF {
		t.Fatalf("more than one value in %s", b)
	}
	return v
}

func readTree(t *testing.T, d *jsontext.Decoder) *tree {
	t.Helper()
	v := &tree{kind: d.PeekKind(), fields: map[string]*tree{}}
	switch v.kind {
	case '{', '[':
		token(t, d)
		for d.PeekKind() != '}' && d.PeekKind() != ']' {
			if v.kind == '[' {
				v.items = append(v.items, readTree(t, d))
				continue
			}
			k := token(t, d).String()
			v.keys = append(v.keys, k)
			v.fields[k] = readTree(t, d)
		}
		token(t, d)
	default:
		raw, err := d.ReadValue()
		if err != nil {
			t.Fatal(err)
		}
		v.leaf = string(raw)
	}
	return v
}

func token(t *testing.T, d *jsontext.Decoder) jsontext.Token {
	t.Helper()
	k, err := d.ReadToken()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (v *tree) String() string {
	if v == nil {
		return absent
	}
	switch v.kind {
	case '{':
		return fmt.Sprintf("{%d keys}", len(v.keys))
	case '[':
		return fmt.Sprintf("[%d items]", len(v.items))
	}
	return v.leaf
}

func walk(t *testing.T, path string, sample, ours *tree, out *[]difference) {
	t.Helper()
	differs := func() { *out = append(*out, difference{path, sample.String(), ours.String()}) }
	switch {
	case sample == nil || ours == nil || sample.kind != ours.kind:
		differs()
	case sample.kind == '{':
		common := func(a, b *tree) []string {
			return slices.DeleteFunc(slices.Clone(a.keys), func(k string) bool { return b.fields[k] == nil })
		}
		if a, b := common(sample, ours), common(ours, sample); !slices.Equal(a, b) {
			t.Errorf("%s: keys in the order %v, the sample has %v", path, b, a)
		}
		for _, k := range sample.keys {
			walk(t, path+"/"+k, sample.fields[k], ours.fields[k], out)
		}
		for _, k := range ours.keys {
			if sample.fields[k] == nil {
				walk(t, path+"/"+k, nil, ours.fields[k], out)
			}
		}
	case sample.kind == '[':
		if len(sample.items) != len(ours.items) {
			differs()
			return
		}
		for i := range sample.items {
			walk(t, fmt.Sprintf("%s/%d", path, i), sample.items[i], ours.items[i], out)
		}
	case sample.leaf != ours.leaf:
		differs()
	}
}

// at returns the value at a path of keys and indexes as JSON.
func at(t *testing.T, b []byte, path ...string) []byte {
	t.Helper()
	v := jsontext.Value(b)
	for _, k := range path {
		if i, err := strconv.Atoi(k); err == nil {
			var items []jsontext.Value
			mustRead(t, v, &items)
			v = items[i]
			continue
		}
		var fields map[string]jsontext.Value
		mustRead(t, v, &fields)
		if v = fields[k]; v == nil {
			t.Fatalf("no %q in %s", k, b)
		}
	}
	return v
}

func sampleFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/samples/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return b
}
