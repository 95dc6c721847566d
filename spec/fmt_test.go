package spec_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"gopkg.in/yaml.v3"

	"github.com/hisab/hisab/spec"
)

func format(t *testing.T, name, src string) string {
	t.Helper()
	out, diags := spec.Format(name, []byte(src))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	again, diags := spec.Format(name, out)
	if diags.HasErrors() || !bytes.Equal(again, out) {
		t.Errorf("a second time changes\n%s%v", spec.Diff(out, again, name), diags)
	}
	return string(out)
}

func TestFormatHCL(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"empty", "", ""},
		{"blank", " \n\n", ""},
		{"aligns and indents", "order \"A\" {\nstatus=\"shipped\"\n  type =   \"digital-goods\" # why\n}\n\n\n",
			"order \"A\" {\n  status = \"shipped\"\n  type   = \"digital-goods\" # why\n}\n"},
		{"line ends and byte order mark", "\ufefflocals {\r\n  a = 1 // one\r\n}",
			"locals {\n  a = 1 // one\n}\n"},
		{"statuses", `order "A" {
  status = "cancelled"
  status_message "partially-shipped" {}
  status_messages = { "cancelled" = {}, partially-shipped = {} }
  notify "cancelled" { template = template.t }
  body = "cancelled"
}
`, `order "A" {
  status = "canceled"
  status_message "partially_shipped" {}
  status_messages = { "canceled" = {}, partially_shipped = {} }
  notify "canceled" { template = template.t }
  body = "cancelled"
}
`},
		{"never makes two labels one", `invoice "A" {
  status_message "cancelled" {}
  status_message "canceled" {}
}
`, `invoice "A" {
  status_message "cancelled" {}
  status_message "canceled" {}
}
`},
		{"words elsewhere stay", "locals {\n  status = \"cancelled\"\n}\n", "locals {\n  status = \"cancelled\"\n}\n"},
		{"heredoc", "order \"A\" {\n  body = <<EOT\n  two  \n\n    four\nEOT\n    footer = \"x\"\n}\n",
			"order \"A\" {\n  body   = <<EOT\n  two  \n\n    four\nEOT\n  footer = \"x\"\n}\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := format(t, "a.hcl", tt.src); got != tt.want {
				t.Error(spec.Diff([]byte(tt.want), []byte(got), "a.hcl"))
			}
		})
	}
}

func TestFormatYAML(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"empty", "", ""},
		{"comment alone", "  # nothing yet\r\n", "# nothing yet\n"},
		{"indents", "orders:\n    A:\n          status:   shipped   # on its way\n          type  : digital-goods\n",
			"orders:\n  A:\n    status: shipped   # on its way\n    type: digital-goods\n"},
		{"lists", "orders:\n  A:\n    items:\n    -   name: Bread\n        amount: 1\n    -\n      name: Milk\n    - - 1\n      -   2\n",
			"orders:\n  A:\n    items:\n      - name: Bread\n        amount: 1\n      -\n        name: Milk\n      - - 1\n        - 2\n"},
		{"comments keep their level", `# file

orders:

    # about A
    A:
        # about status
        status: shipped
        # the end of A
    # the end of orders
# about invoices
invoices:   # all
    B: {}
    # last
`, `# file

orders:

  # about A
  A:
    # about status
    status: shipped
    # the end of A
  # the end of orders
# about invoices
invoices:   # all
  B: {}
  # last
`},
		{"brackets on a line", "orders:\n  A: {customer: { name : Asha Rao,phone:  \"+91 98\"},tags: [ a,'b' ,c ] }   # x\n",
			"orders:\n  A: {customer: {name: Asha Rao, phone: \"+91 98\"}, tags: [a, 'b', c]}   # x\n"},
		{"brackets over lines", "a:\n    b: {\n        c: 1,   # one\n        # two\n        d: [1,2]\n    }\n    e: 2\n",
			"a:\n  b: {\n      c: 1,   # one\n      # two\n      d: [1,2]\n  }\n  e: 2\n"},
		{"quotes stay", "a:  'x'\nb:   \"y\"\nc:  z\n", "a: 'x'\nb: \"y\"\nc: z\n"},
		{"text over lines", "a:\n    b: one\n            two\n    c:  \"three   \n  # four\n\n five\"\n    d:\n        six\n",
			"a:\n  b: one\n    two\n  c: \"three   \n    # four\n\n    five\"\n  d:\n    six\n"},
		{"literal", "a:\n    b: |\n          # text\n            more\n\n          end\n    # comment\n    c: >-\n     x\n",
			"a:\n  b: |\n    # text\n      more\n\n    end\n  # comment\n  c: >-\n    x\n"},
		{"literal with its own indentation", "a:\n    b: |2\n        two\n    c: 1\n", "a:\n  b: |2\n      two\n  c: 1\n"},
		{"a literal at the end keeps its lines", "a: |+\n  x\n\n\n", "a: |+\n  x\n\n\n"},
		{"a literal without a last line end gets none", "a: |\n  x", "a: |\n  x"},
		{"anchors and merges", "base:  &b\n    x: 1\na:\n    <<:  *b\n    y: &n 2\nc: [*n]\n",
			"base: &b\n  x: 1\na:\n  <<: *b\n  y: &n 2\nc: [*n]\n"},
		{"statuses", "orders:\n  A:\n    status: \"cancelled\"\n    status_messages: {cancelled: {}, partially-shipped: {}}\n    notify:\n      cancelled: {template: template.t}\n    body: cancelled\ninvoices:\n  B:\n    status: cancelled\n",
			"orders:\n  A:\n    status: \"canceled\"\n    status_messages: {canceled: {}, partially_shipped: {}}\n    notify:\n      canceled: {template: template.t}\n    body: cancelled\ninvoices:\n  B:\n    status: canceled\n"},
		{"never makes two keys one", "orders:\n  A:\n    status_messages: {cancelled: {}, canceled: {}}\n",
			"orders:\n  A:\n    status_messages: {cancelled: {}, canceled: {}}\n"},
		{"templates", "orders:\n  bill:\n      for_each: \"${{ for r in csvdecode(file(\\\"b.csv\\\")) : r.ref => r }}\"\n",
			"orders:\n  bill:\n    for_each: \"${{ for r in csvdecode(file(\\\"b.csv\\\")) : r.ref => r }}\"\n"},
		{"wide characters", "orders:\n    'पावती':   {name: आशा,phone:  \"१\"}\n", "orders:\n  'पावती': {name: आशा, phone: \"१\"}\n"},
		{"what it does not know stays", "? a\n:  b\n? - c\n:    d\n", "? a\n:  b\n? - c\n:    d\n"},
		{"a document's begin", "---   \na:   1\n", "---\na: 1\n"},
		{"empty values", "a:\nb:   \nc: [ ]\nd:   {}\n", "a:\nb:\nc: []\nd: {}\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := format(t, "a.yaml", tt.src)
			if got != tt.want {
				t.Error(spec.Diff([]byte(tt.want), []byte(got), "a.yaml"))
			}
		})
	}
}

func TestFormatRefusesBrokenInput(t *testing.T) {
	for name, src := range map[string]string{
		"open.hcl":   "order \"A\" {",
		"deep.hcl":   "locals {\n  a = " + strings.Repeat("[", 20_000),
		"bytes.hcl":  "\x00\xff\xfe",
		"open.yaml":  "orders: {A: ",
		"tab.yaml":   "orders:\n\tA: 1\n",
		"deep.yaml":  strings.Repeat("[", 5000),
		"bytes.yaml": "\x00\xff\xfe",
		"a.json":     "{}",
	} {
		out, diags := spec.Format(name, []byte(src))
		if !diags.HasErrors() || out != nil {
			t.Errorf("%s gives %q and %v, want diagnostics alone", name, out, diags)
		}
	}
}

func TestDiff(t *testing.T) {
	a, b := []byte("a: 1\nb:  2\nc: 3\n"), []byte("a: 1\nb: 2\nc: 3\n")
	want := "diff a/x/y.yaml b/x/y.yaml\n--- a/x/y.yaml\n+++ b/x/y.yaml\n@@ -1,3 +1,3 @@\n a: 1\n-b:  2\n+b: 2\n c: 3\n"
	if got := spec.Diff(a, b, "x/y.yaml"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := spec.Diff(a, a, "x/y.yaml"); got != "" {
		t.Errorf("equal files differ: %s", got)
	}
}

// holds checks what formatting promises of any input that parses: twice changes nothing,
// and nothing but white space and the spelling of statuses changed.
func holds(t *testing.T, name string, src []byte) {
	out, diags := spec.Format(name, src)
	if diags.HasErrors() {
		if out != nil {
			t.Errorf("broken input gives %q", out)
		}
		return
	}
	again, diags := spec.Format(name, out)
	if diags.HasErrors() || !bytes.Equal(out, again) {
		t.Fatalf("twice changes %q to %q and then %q %v", src, out, again, diags)
	}
	if black(src) != black(out) {
		t.Fatalf("%q became %q", src, out)
	}
}

// black is a text without white space, with the spellings of statuses made one.
func black(src []byte) string {
	text := strings.Join(strings.Fields(strings.TrimLeft(string(src), "\ufeff")), "")
	return strings.NewReplacer("cancelled", "canceled", "partially-shipped", "partially_shipped").Replace(text)
}

func FuzzFormatHCL(f *testing.F) {
	for _, src := range []string{
		"order \"A\" {\nstatus=\"cancelled\" # c\n}\n", "a = <<-EOT\n  x\n  EOT\n", "a = [for x in [1]: x if x>-1]",
		"a = \"${ {a=1}.a }%{if true}x%{endif}\"\n", "/* c */ a = 1 // d\r\n", "\ufeffa=!b&&-c", "\ufeff\ufeff", "a{b{c=1}}", "a = {\n # c\n  b = 1, c: 2 }",
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		holds(t, "a.hcl", src)
		before, diags := hclsyntax.ParseConfig(src, "", hcl.InitialPos)
		if diags.HasErrors() || bytes.Contains(src, []byte("ancelled")) || bytes.Contains(src, []byte("artially-shipped")) || bytes.Contains(src, []byte("\r")) {
			return
		}
		out, diags := spec.Format("a.hcl", src)
		if diags.HasErrors() {
			return
		}
		after, diags := hclsyntax.ParseConfig(out, "", hcl.InitialPos)
		if diags.HasErrors() || outline(before.Body.(*hclsyntax.Body)) != outline(after.Body.(*hclsyntax.Body)) {
			t.Fatalf("%q became %q", src, out)
		}
	})
}

// outline is what an HCL body means, in a form that can be compared: its blocks, and its
// attributes by their values.
func outline(body *hclsyntax.Body) string {
	var b strings.Builder
	attrs := make([]string, 0, len(body.Attributes))
	for name, attr := range body.Attributes {
		val, diags := attr.Expr.Value(nil)
		attrs = append(attrs, name+"="+val.GoString()+strings.Repeat("!", len(diags)))
	}
	slices.Sort(attrs)
	b.WriteString(strings.Join(attrs, "\n"))
	for _, block := range body.Blocks {
		b.WriteString("\n" + block.Type + strings.Join(block.Labels, "\x00") + "{" + outline(block.Body) + "}")
	}
	return b.String()
}

func FuzzFormatYAML(f *testing.F) {
	for _, src := range []string{
		"orders:\n   A:\n      status: cancelled # c\n", "a: |2-\n   x\n  y\n\n", "- - a\n  -  b\n-\n  c: 1\n", "a: {b: [1,2],\n c: 'd'}\n",
		"a: \"x\\\n  y \\\n\n z\"\n# e\n", "a: &x !!str b\nc: *x\n<<: {}\n", "---\na:  1\n...\n--- \nb: 2\n", "? a\n: b\n", "a: >+\n\n  x\n\n\n",
		"a:\n- b\n-  c: 1\n   d: 2\n#x\n", "a:   # c\n   b\n   c\nd:  \n", "{a: 1,\n # c\n b: 2\n}\n", "\"a\" :\t'b'\n", "%YAML 1.1\n---\na: 1\r\nb: 2\r\n",
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		holds(t, "a.yaml", src)
		out, diags := spec.Format("a.yaml", src)
		if diags.HasErrors() || bytes.Contains(src, []byte("ancelled")) || bytes.Contains(src, []byte("artially-shipped")) {
			return
		}
		var before, after any
		errBefore, errAfter := yaml.Unmarshal(src, &before), yaml.Unmarshal(out, &after)
		if (errBefore == nil) != (errAfter == nil) {
			t.Fatalf("%q reads with %v, its form %q with %v", src, errBefore, out, errAfter)
		}
		if errBefore == nil && fmt.Sprint(before) != fmt.Sprint(after) {
			t.Fatalf("%q became %q", src, out)
		}
	})
}

// TestFormatHasABound refuses at once what would take gigabytes to lay out.
func TestFormatHasABound(t *testing.T) {
	for _, name := range []string{"a.hcl", "a.yaml"} {
		out, diags := spec.Format(name, bytes.Repeat([]byte("#\n"), spec.MaxFormat/2+1))
		if out != nil || !diags.HasErrors() || diags[0].Summary != "File too large" {
			t.Errorf("%s: %v", name, diags)
		}
	}
}
