package spec

import (
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// FuzzTemplate: what stands in a template's body either is refused when the spec is read, or
// is filled in for every event with a text that WhatsApp takes, or fails with words that say
// nothing of the customer.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{
		`"${customer.name}, ${payment.amount}"`, `inr(order.total)`, `join(", ", order.items[*].name)`, `status == "shipped" ? "ja" : customer.phone`,
		`parseint(customer.phone, 10) + 1`, `customer["email"]`, `order.items[5].name`, `formatdate("DD", payment.date)`, `try(order.nothing, customer.name)`,
		`"%{ if refund.amount == "" }-%{ else }${refund.label}%{ endif }"`, `[for i in order.items : i.name][0]`, `jsonencode(customer)`, `regex("^A", customer.name)`,
		`"a\nb"`, `tonumber(customer.name)`, `element(split(" ", customer.name), 9)`, `cidrhost(customer.email, 1)`, `base64decode(customer.name)`, `customer`, `templates.x`,
		`lookup({a = 1}, customer.name)`, `{(customer.name) = 1}[customer.phone]`, `replace(order.body, "/\\s+/", " ")`, `coalesce(order.due, "-")`, `nonsense(customer.name)`,
	} {
		f.Add(s)
	}
	private := []string{"Asha Rao", "919876543210", "asha@example.in"}
	f.Fuzz(func(t *testing.T, expr string) {
		for _, p := range private {
			for word := range strings.FieldsSeq(p) {
				if strings.Contains(strings.ToLower(expr), strings.ToLower(word)) {
					return // the spec's own words may be shown
				}
			}
		}
		src := "provider \"whatsapp\" \"main\" {\n  phone_number_id = \"1\"\n  access_token = env(\"T\")\n}\n" +
			"template \"t\" {\n  provider = whatsapp.main\n  name = \"t\"\n  language = \"en\"\n  body = [" + expr + "]\n}\n"
		s, diags := Load(fstest.MapFS{"a.hcl": {Data: []byte(src)}}, Options{})
		for _, d := range diags.Diagnostics {
			if d.Severity == hcl.DiagError && s != nil {
				t.Errorf("an error, and a spec: %v", d)
			}
		}
		if s == nil || len(s.Templates) != 1 {
			return
		}
		filled := eventScope()
		for _, scope := range []Scope{filled, {Order: &Order{Customer: filled.Order.Customer}}} {
			got, err := s.Templates[0].Render(scope)
			if err != nil {
				for _, p := range private {
					if strings.Contains(err.Error(), p) {
						t.Errorf("%s fails with what is personal: %v", expr, err)
					}
				}
				if len(err.Error()) > 3000 {
					t.Errorf("an error of %d bytes", len(err.Error()))
				}
				continue
			}
			for _, text := range got.Body {
				if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "\n\r\t") || strings.Contains(text, "     ") || utf8.RuneCountInString(text) > 1024 {
					t.Errorf("%s becomes %q", expr, text)
				}
			}
		}
	})
}
