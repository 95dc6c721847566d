package spec_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/hisab/hisab/spec"
)

// Formatting changes nothing that loading can see, be the file good or bad.
func TestFormatKeepsMeaning(t *testing.T) {
	for _, dir := range []string{"good", "bad"} {
		for _, ext := range []string{".yaml", ".hcl"} {
			for name, src := range fixtures(t, dir, ext) {
				t.Run(dir+"/"+name+ext, func(t *testing.T) {
					sameAfterFormat(t, ext, src)
					if ext == ".yaml" {
						sameAfterFormat(t, ext, spread(t, src))
					}
				})
			}
		}
	}
}

func sameAfterFormat(t *testing.T, ext string, src []byte) {
	t.Helper()
	before, diags := loadBeside(ext, src)
	out, broken := spec.Format("fixture"+ext, src)
	if broken.HasErrors() {
		if !diags.HasErrors() {
			t.Errorf("loads and is not formatted: %v", broken)
		}
		return
	}
	after, diagsAfter := loadBeside(ext, out)
	if a, b := summaries(diags), summaries(diagsAfter); a != b {
		t.Errorf("before: %s\nafter: %s\n%s", a, b, written(diagsAfter))
	}
	if a, b := meaning(t, before), meaning(t, after); a != b {
		t.Error(spec.Diff([]byte(a), []byte(b), "meaning"))
	}
	holds(t, "fixture"+ext, src)
}

// spread writes a document with another indentation and Windows' line ends.
func spread(t *testing.T, src []byte) []byte {
	t.Helper()
	var doc yaml.Node
	if yaml.Unmarshal(src, &doc) != nil || len(doc.Content) == 0 {
		return src
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(7)
	if enc.Encode(&doc) != nil {
		return src
	}
	return bytes.ReplaceAll(out.Bytes(), []byte("\n"), []byte("\r\n"))
}

// testdata/format holds pairs: what people write, and its form. Every comment of the one is
// in the other.
func TestFormatGolden(t *testing.T) {
	for _, name := range []string{"shop.yaml", "shop.hcl"} {
		src, err := os.ReadFile("testdata/format/" + name + ".in")
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile("testdata/format/" + name + ".out")
		if err != nil {
			t.Fatal(err)
		}
		got := format(t, name, string(src))
		if got != string(want) {
			t.Errorf("%s", spec.Diff(want, []byte(got), name))
		}
		if a, b := strings.Count(string(src), "comment"), strings.Count(got, "comment"); a != b || a < 12 {
			t.Errorf("%s: %d comments became %d", name, a, b)
		}
	}
}
