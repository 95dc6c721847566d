package spec

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

const oneOrderHCL = `order "A-1" {
  provider = whatsapp.main
  type     = "digital-goods"
  customer { phone = "+91 98765 43210" }
  body = <<EOT
two
lines
EOT
  catalog_id = "5"
  item {
    name     = "Bread"
    amount   = 140.00
    quantity = 1
  }
  payment {
    gateway       = "razorpay"
    configuration = "shop"
  }
}
`

const oneOrderYAML = `orders:
  A-1:
    provider: whatsapp.main
    type: digital-goods
    customer: {phone: "+91 98765 43210"}
    body: |
      two
      lines
    catalog_id: "5"
    items:
      - {name: Bread, amount: 140.00, quantity: 1}
    payment: {gateway: razorpay, configuration: shop}
`

const oneProvider = `provider "whatsapp" "main" {
  phone_number_id = "1"
  access_token    = env("T")
}
`

// TestEncodings reads files as editors on other systems save them.
func TestEncodings(t *testing.T) {
	want := placeless(t, load(t, map[string]string{"p.hcl": oneProvider, "a.hcl": oneOrderHCL}).Orders)
	for _, src := range []struct{ name, text string }{{"a.hcl", oneOrderHCL}, {"a.yaml", oneOrderYAML}} {
		for how, text := range map[string]string{
			"LF":      src.text,
			"BOM":     "\ufeff" + src.text,
			"CRLF":    strings.ReplaceAll(src.text, "\n", "\r\n"),
			"both":    "\ufeff" + strings.ReplaceAll(src.text, "\n", "\r\n"),
			"no end":  strings.TrimSuffix(src.text, "\n"),
			"comment": "# a comment\n\n" + src.text,
		} {
			s := load(t, map[string]string{"p.hcl": oneProvider, src.name: text})
			if got := placeless(t, s.Orders); got != want {
				t.Errorf("%s with %s:\n%s\nwant\n%s", src.name, how, got, want)
			}
		}
	}
}

// TestBadFiles reads what nobody meant to be a spec. Each is one clear error.
func TestBadFiles(t *testing.T) {
	deep := func(open, closer string) string {
		return strings.Repeat(open, 100_000) + strings.Repeat(closer, 100_000)
	}
	for name, tt := range map[string]struct{ file, text, want string }{
		"binary":                {"a.hcl", "\x7fELF\x00\x01", "zero byte"},
		"UTF-16":                {"a.yaml", "\xff\xfeo\x00r\x00", "UTF-8"},
		"invalid UTF-8":         {"a.hcl", "# caf\xe9\n", "no UTF-8 text"},
		"invalid UTF-8 in YAML": {"a.yaml", "orders:\n  \xff: {}\n", "line 2"},
		"half a file":           {"a.hcl", oneOrderHCL[:200], "Argument or block definition required"},
		"half a YAML file":      {"a.yaml", oneOrderYAML[:100], "Invalid YAML"},
		"HTML":                  {"a.yaml", "<!doctype html>\n<html><body>404</body></html>", "A map is expected"},
		"JSON in HCL":           {"a.hcl", `{"orders": {}}`, "block definition is required"},
		"deep parentheses":      {"a.hcl", "locals { a = " + deep("(", ")") + " }", "nests more than 100"},
		"deep lists":            {"a.hcl", "locals { a = " + deep("[", "]") + " }", "nests more than 100"},
		"deep blocks":           {"a.hcl", deep("a {\n", "}\n"), "nests more than 100"},
		"deep templates":        {"a.hcl", "locals { a = " + deep(`"${`, `}"`) + " }", "nests more than 100"},
		"deep heredocs":         {"a.hcl", "locals { a = " + strings.Repeat("<<A\n${", 1000), "nests more than 100"},
		"many signs":            {"a.hcl", "locals { a = " + strings.Repeat("!", 1_000_000) + "true }", "chains more than 1000"},
		"many sums":             {"a.hcl", "locals { a = (1" + strings.Repeat("\n+ 1", 100_000) + ") }", "chains more than 1000"},
		"many conditions":       {"a.hcl", "locals { a = " + strings.Repeat("true ? 1 : ", 100_000) + "1 }", "chains more than 1000"},
		"many indices":          {"a.hcl", "locals { a = b" + strings.Repeat("[c]", 100_000) + " }", "chains more than 1000"},
		"many ifs in a text":    {"a.hcl", `locals { a = "` + strings.Repeat("%{ if true }", 100_000) + `" }`, "chains more than 1000"},
		"deep flow in YAML":     {"a.yaml", "locals: " + deep("[", "]"), "Invalid YAML"},
		"deep lists in YAML":    {"a.yaml", "locals:\n  a: " + deep0(1000), "nested more than 200"},
		"deep dashes in YAML":   {"a.yaml", "locals:\n  a:\n    " + strings.Repeat("- ", 1000) + "x", "nested more than 200"},
		"deep text in YAML":     {"a.yaml", `locals: {a: "${` + strings.Repeat("(", 1000) + `"}`, "nests more than 100"},
		"aliases in a chain":    {"a.yaml", aliasChain(1000), "become more than"},
		"an unknown anchor":     {"a.yaml", "orders: *nothing", "unknown anchor"},
		"a tag":                 {"a.yaml", "hisab: {id: !!python/object x}", "Unknown tag"},
	} {
		t.Run(name, func(t *testing.T) {
			s, diags := Load(folder(map[string]string{tt.file: tt.text}), Options{})
			text := shown(t, diags)
			if s != nil || !strings.Contains(text, tt.want) || len(text) > 4000 {
				t.Errorf("%.3000q, want %q in it", text, tt.want)
			}
		})
	}
}

func deep0(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }

func aliasChain(n int) string {
	var b strings.Builder
	b.WriteString("locals:\n  a0: &a0 [x]\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "  a%d: &a%d [*a%d]\n", i, i, i-1)
	}
	return b.String()
}

// TestLargeFiles bounds what is read, and reads by pieces what is within the bounds.
func TestLargeFiles(t *testing.T) {
	for _, name := range []string{"a.yaml", "a.hcl"} {
		big := fstest.MapFS{name: {Data: make([]byte, maxHCLFile+1)}}
		if _, diags := Load(big, Options{}); len(diags.Diagnostics) != 1 || diags.Diagnostics[0].Summary != "File too large" {
			t.Errorf("%s: %v", name, diags)
		}
	}
	var orders strings.Builder
	for i := range 500 {
		benchOrder(&orders, i, false)
	}
	want := placeless(t, load(t, map[string]string{"main.hcl": benchPreamble, "a.hcl": orders.String()}).Orders)
	// A line that looks like the end of a block, where none ends, makes the file be read whole.
	for _, tricky := range []string{"/*\n}\n*/\n", "#\n"} {
		text := strings.ReplaceAll(orders.String(), "order ", tricky+"order ")
		s := load(t, map[string]string{"main.hcl": benchPreamble, "a.hcl": text})
		if placeless(t, s.Orders) != want {
			t.Errorf("with %q the orders are others", tricky)
		}
		if o := s.Orders[499]; !strings.HasPrefix(strings.Split(text, "\n")[o.Pos.Line-1], `order "BM000499"`) {
			t.Errorf("%s is said to be at line %d", o.Address, o.Pos.Line)
		}
	}
}

// TestManyProblems keeps the output bounded and says how much is left out.
func TestManyProblems(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "order \"A-%d\" {}\n", i)
	}
	_, diags := Load(folder(map[string]string{"a.hcl": b.String()}), Options{})
	last := diags.Diagnostics[len(diags.Diagnostics)-1]
	if len(diags.Diagnostics) != mostDiagnostics+1 || !strings.HasSuffix(last.Summary, " more problems") {
		t.Errorf("%d diagnostics, the last: %s", len(diags.Diagnostics), last.Summary)
	}
}
