package spec

import (
	"fmt"
	"strings"
	"testing"
)

// tight limits make the tests quick: what exceeds them here exceeds the real ones with a
// few more lines.
var tight = limits{made: 4 << 20, kept: 8 << 20, steps: 100_000, orders: 1000, part: 64 << 10}

// doubled is a spec of locals, each made of the one before it.
func doubled(first, next string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "locals {\n  a0 = %s\n", first)
	for i := 1; i <= 40; i++ {
		fmt.Fprintf(&b, "  a%d = %s\n", i, strings.ReplaceAll(next, "@", fmt.Sprintf("local.a%d", i-1)))
	}
	return b.String() + "}\n"
}

func local(expression string) string { return "locals {\n  x = " + expression + "\n}\n" }

// TestTooMuch refuses what would take all memory or time, with its place and a way out, and
// says it once.
func TestTooMuch(t *testing.T) {
	tests := map[string]struct{ spec, says string }{
		"a text doubled":          {doubled(`"0123456789abcdef"`, `"${@}${@}"`), "than"},
		"a list doubled":          {doubled(`["x"]`, `concat(@, @)`), "4 MiB of values"},
		"a list in itself twice":  {doubled(`["x"]`, `[@, @]`), "elements"},
		"the same in a for":       {doubled(`["x"]`, `[for x in @ : [x, x]]`), "elements"},
		"a number squared":        {doubled(`1e10`, `@ * @`), "more than 1000 digits"},
		"a number with exponent":  {local(`1e99999999`), "more than a thousand digits"},
		"an index with one":       {local(`{ a = 1 }[1e99999999]`), "more than a thousand digits"},
		"a product of sets":       {local(`setproduct(range(1000), range(1000), range(1000))`), "setproduct"},
		"for in for":              {local(`[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]`), "4 MiB of values"},
		"conditions in for":       {"locals {\n  r = range(1000)\n  x = [for a in local.r : 1 if length([for b in local.r : b if b < 0]) > 0]\n}\n", "go over more than"},
		"a wide format":           {local(`format("%99999999s", "a")`), "format"},
		"many wide formats":       {local(`formatlist("%9999s", range(1000))`), "formatlist"},
		"an indent":               {local(`indent(99999999, "a\nb")`), "indent"},
		"a replacement":           {local(`replace(join("", [for a in range(1000) : "a"]), "a", join("", [for a in range(1000) : "b"]))`), "replace"},
		"a replaced expression":   {local(`replace(join("", [for a in range(1000) : "a"]), "/a/", join("", [for a in range(1000) : "b"]))`), "replace"},
		"a long separator":        {local(`join(join("", [for a in range(1000) : "a"]), [for a in range(1000) : "b"])`), "join"},
		"a table":                 {local(`csvdecode(replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a", join("", [for a in range(1000) : "1\n"])))`), "csvdecode"},
		"for_each":                {"order \"x\" {\n  for_each = toset([for n in range(0, 1001) : \"k${n}\"])\n}\n", "1001 elements"},
		"for_each after for_each": {strings.Repeat("order \"x@\" {\n  for_each = toset([for n in range(600) : \"k${n}\"])\n}\n", 2), "600 elements"},
		"within try":              {local(`try(setproduct(range(1000), range(1000), range(1000)), 1)`), "inside of try"},
		"in a template":           {"template \"t\" {\n  provider = whatsapp.main\n  name = \"t\"\n  language = \"en\"\n  body = [format(\"%99999999s\", \"a\")]\n}\nprovider \"whatsapp\" \"main\" {\n  phone_number_id = \"1\"\n  access_token = \"x\"\n}\n", "format"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			text := test.spec
			for i := 0; strings.Contains(text, "@"); i++ {
				text = strings.Replace(text, "@", fmt.Sprint(i), 1)
			}
			s, diags := Load(folder(map[string]string{"a.hcl": text}), Options{limits: tight})
			if s != nil || !diags.HasErrors() {
				t.Fatal("the spec is taken for a good one")
			}
			found := 0
			for _, d := range diags.Diagnostics {
				if strings.Contains(d.Detail, test.says) {
					found++
					if d.Subject == nil && name != "within try" {
						t.Errorf("%s: %s has no place", d.Summary, d.Detail)
					}
				}
			}
			if found != 1 {
				t.Errorf("said %d times, want once:\n%s", found, shown(t, diags))
			}
		})
	}
}

// TestDeepLocals bounds how far local values lead from one to the next.
func TestDeepLocals(t *testing.T) {
	var b strings.Builder
	b.WriteString("locals {\n")
	for i := range mostLocalsDeep + 10 {
		fmt.Fprintf(&b, "  a%d = local.a%d\n", i, i+1)
	}
	fmt.Fprintf(&b, "  a%d = 1\n}\n", mostLocalsDeep+10)
	_, diags := Load(folder(map[string]string{"a.hcl": b.String()}), Options{})
	if !diags.HasErrors() || !strings.Contains(shown(t, diags), "Local values too deep") {
		t.Errorf("got: %s", shown(t, diags))
	}
}

// TestGenerousLimits takes what a large shop declares from a spreadsheet, gone over several
// times: a tenth of 100,000 rows within a tenth of the limits, since what rows take grows as
// their number does.
func TestGenerousLimits(t *testing.T) {
	var csv strings.Builder
	csv.WriteString("ref,name,phone,amount,street,city,state,pin\n")
	for i := range 10_000 {
		fmt.Fprintf(&csv, "R-%06d,Asha Rao,+919876543210,140.00,12 MG Road,Bengaluru,Karnataka,560001\n", i)
	}
	text := `locals {
  rows   = csvdecode(file("bills.csv"))
  by_ref = { for r in local.rows : r.ref => merge(r, { title = "Bill ${r.ref} of ${r.name}" }) }
  open   = { for ref, r in local.by_ref : ref => r if r.amount != "0.00" }
  refs   = sort(keys(local.open))
}
`
	most := generous()
	most.made, most.kept, most.steps = most.made/10, most.kept/10, most.steps/10
	s, diags := Load(folder(map[string]string{"a.hcl": text, "bills.csv": csv.String()}), Options{limits: most})
	if s == nil || len(diags.Diagnostics) > 0 {
		t.Errorf("refused:\n%s", shown(t, diags))
	}
}
