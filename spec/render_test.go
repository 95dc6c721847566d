package spec

import (
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// tmpl makes a template from expressions as they stand in a file.
func tmpl(t *testing.T, body ...string) *Template {
	t.Helper()
	result := &Template{
		Label: "receipt", Provider: "whatsapp.main", Name: "order_receipt", Language: "en",
		Pos:  Pos{File: "shop.hcl", Line: 7, Column: 1},
		vars: &hcl.EvalContext{Functions: Functions(nil, nil), Variables: map[string]cty.Value{"local": cty.ObjectVal(map[string]cty.Value{"shop": cty.StringVal("Sharma Stores")})}},
	}
	for _, text := range body {
		result.body = append(result.body, expression(t, text))
	}
	return result
}

func expression(t *testing.T, text string) hcl.Expression {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(text), "shop.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return expr
}

func eventScope() Scope {
	return Scope{
		Order:   goodOrder(),
		Status:  Shipped,
		Payment: PaymentScope{Amount: 450000, Date: "2026-11-20", Method: "upi", ID: "pay_1"},
		Refund:  RefundScope{Label: "damaged-loaf", Amount: 10000, ID: "rfnd_1", Reason: "One loaf was damaged", Speed: "normal"},
	}
}

func TestRender(t *testing.T) {
	for expr, want := range map[string]string{
		`customer.name`:                   "Asha Rao",
		`"Dear ${customer.name},"`:        "Dear Asha Rao,",
		`customer.phone`:                  "919876543210",
		`customer.email`:                  "asha@example.in",
		`order.reference_id`:              "BM345A-12",
		`order.total`:                     "309.00",
		`order.total_amount`:              "309.00",
		`order.amount`:                    "309.00",
		`order.subtotal`:                  "299.00",
		`order.tax`:                       "10.00",
		`order.shipping`:                  "10.00",
		`order.discount`:                  "10.00",
		`order.description`:               "Sourdough bread",
		`order.status`:                    "shipped",
		`order.expiration`:                "2026-11-20T10:05:00Z",
		`order.items[0].price`:            "100.00",
		`order.items[0].quantity`:         "2",
		`join(", ", order.items[*].name)`: "Sourdough bread, Jam",
		`[for i in order.items : i.name if i.quantity > 1][0]`: "Sourdough bread",
		`inr(order.total)`:             "₹309.00",
		`inr(payment.amount)`:          "₹4,500.00",
		`payment.amount`:               "4500.00",
		`payment.date`:                 "2026-11-20",
		`payment.method`:               "upi",
		`payment.id`:                   "pay_1",
		`refund.label`:                 "damaged-loaf",
		`refund.amount`:                "100.00",
		`refund.id`:                    "rfnd_1",
		`refund.reason`:                "One loaf was damaged",
		`refund.speed`:                 "normal",
		`status`:                       "shipped",
		`local.shop`:                   "Sharma Stores",
		`round(order.total * 0.18, 2)`: "55.62",
		`formatdate("DD.MM.YYYY", "${payment.date}T00:00:00Z")`: "20.11.2026",
		`order.due == "" ? "now" : order.due`:                   "now",
		`"a    b"`:                                              "a    b",
	} {
		got, err := tmpl(t, expr).Render(eventScope())
		if err != nil || len(got.Body) != 1 || got.Body[0] != want {
			t.Errorf("%s renders as %q, %v; want %q", expr, got.Body, err, want)
		}
		if diags := CheckTemplate(tmpl(t, expr)); diags.HasErrors() {
			t.Errorf("%s does not pass the check: %s", expr, diags)
		}
	}
}

func TestRenderWhole(t *testing.T) {
	full := tmpl(t, `customer.name`, `order.total`)
	full.Namespace = "c0a5f8e2"
	full.headerImage = expression(t, `order.items[0].name == "" ? "" : "https://shop.example/bread.jpg"`)
	full.button = expression(t, `"pay/${urlencode(order.reference_id)}"`)
	got, err := full.Render(eventScope())
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "order_receipt" || got.Namespace != "c0a5f8e2" || got.Language != "en" ||
		strings.Join(got.Body, "|") != "Asha Rao|309.00" || got.HeaderImage != "https://shop.example/bread.jpg" || got.Button != "pay/BM345A-12" {
		t.Errorf("%+v", got)
	}
	if diags := CheckTemplate(full); diags.HasErrors() {
		t.Error(diags)
	}
}

func TestRenderRefusesWhatWhatsAppWould(t *testing.T) {
	noEvent := Scope{Order: &Order{Body: "one\ntwo"}}
	for expr, want := range map[string]string{
		`payment.amount`:        "template.receipt: body {{1}}: the text is empty",
		`customer.name`:         "is empty",
		`inr(refund.amount)`:    "the amount is empty",
		`order.body`:            "line break or a tab",
		`"a\tb${order.due}"`:    "line break or a tab",
		`"a     b${order.due}"`: "more than four spaces",
		`format("%1025s", "x")`: "more than four spaces",
		`order.nope`:            `does not have an attribute named "nope"`,
		`nope.x`:                "Unknown variable",
		`order.items`:           "a message shows text, not list of object",
		`null`:                  "null",
		`env("TOKEN")`:          "secret",
		`format("%01025d", 1)`:  "it has 1025 characters",
	} {
		if _, err := tmpl(t, expr).Render(noEvent); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want an error with %q", expr, err, want)
		}
	}
	for text, want := range map[string]string{`"bread.jpg"`: "no link", `order.due`: "no link"} {
		picture := tmpl(t)
		picture.headerImage = expression(t, text)
		if _, err := picture.Render(noEvent); err == nil || !strings.Contains(err.Error(), "header_image: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("header_image %s: %v", text, err)
		}
	}
	for text, want := range map[string]string{`"a b"`: "urlencode", `order.due`: "is empty"} {
		link := tmpl(t)
		link.button = expression(t, text)
		if _, err := link.Render(noEvent); err == nil || !strings.Contains(err.Error(), "button: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("button %s: %v", text, err)
		}
	}
}

func TestRenderErrorsDoNotQuoteTheCustomer(t *testing.T) {
	for _, expr := range []string{`tonumber(customer.name)`, `parseint(customer.name, 10)`, `formatdate("YYYY", customer.name)`, `inr(customer.name)`, `customer.name.x`} {
		_, err := tmpl(t, expr).Render(eventScope())
		if err == nil || strings.Contains(err.Error(), "Asha") {
			t.Errorf("%s: %v", expr, err)
		}
	}
}

func TestRenderAtTheSameTime(t *testing.T) {
	receipt := tmpl(t, `customer.name`, `join(", ", order.items[*].name)`)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got, err := receipt.Render(eventScope()); err != nil || got.Body[0] != "Asha Rao" {
					t.Errorf("%v, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestCheckTemplateFindsWrongNames(t *testing.T) {
	for expr, want := range map[string]string{
		`customer.nmae`:                  `customer has no "nmae". Did you mean name? It has email, name and phone.`,
		`"Dear ${upper(customer.nmae)}"`: "Did you mean name?",
		`customer["nmae"]`:               "Did you mean name?",
		`order.items[0].nmae`:            "Did you mean name?",
		`try(customer.nmae, "x")`:        "Did you mean name?",
		`order.totl`:                     "Did you mean total?",
		`custmer.name`:                   `Did you mean "customer"?`,
		`local.shp`:                      `"shp"`,
		`customer.name.first`:            "Can't access attributes on a primitive-typed value",
		`uper(customer.name)`:            `Did you mean "upper"?`,
		`order.items`:                    "a message shows text, not list of object",
		`customer`:                       "a message shows text, not object",
		`env("TOKEN")`:                   "secret",
		`"Token ${env("TOKEN")}"`:        "secret",
		`""`:                             "is empty",
		`"a\nb"`:                         "line break or a tab",
		`null`:                           "null",
		`timestamp()`:                    "gives another answer each time",
	} {
		diags := CheckTemplate(tmpl(t, `customer.name`, expr))
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, want) {
			t.Errorf("%s: %v; want one with %q", expr, diags, want)
			continue
		}
		if subject := diags[0].Subject; subject == nil || subject.Filename != "shop.hcl" || subject.Empty() {
			t.Errorf("%s points nowhere", expr)
		}
	}
}

func TestCheckTemplatePointsAtTheName(t *testing.T) {
	diags := CheckTemplate(tmpl(t, `"Dear ${customer.nmae}"`))
	if len(diags) != 1 || diags[0].Subject.Start.Column != 17 || diags[0].Subject.End.Column != 22 {
		t.Errorf("%v %+v", diags, diags[0].Subject)
	}
}

func TestTemplateRules(t *testing.T) {
	for _, test := range []struct{ rule, name, language, want string }{
		{"template_name", "", "en", "It is missing"},
		{"template_name", "Order-Receipt", "en", `Write "order_receipt"`},
		{"template_name", "रसीद", "en", "as the platform shows it"},
		{"template_name", strings.Repeat("x", 513), "en", "at most 512"},
		{"template_language", "receipt", "", "It is missing"},
		{"template_language", "receipt", "en-us", `Write "en_US"`},
		{"template_language", "receipt", "english", `"hi"`},
	} {
		bad := tmpl(t)
		bad.Name, bad.Language = test.name, test.language
		diags := CheckTemplate(bad)
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, test.want) {
			t.Errorf("%+v: %v", test, diags)
			continue
		}
		rule := templateRules[0]
		if test.rule != rule.ID {
			rule = templateRules[1]
		}
		if diags[0].Summary != rule.Summary || diags[0].Subject.Start.Line != 7 || diags[0].Subject.Filename != "shop.hcl" {
			t.Errorf("%+v: %+v", test, diags[0])
		}
	}
	for _, language := range []string{"en", "en_US", "fil", "hi", "es_SPA", "zh_CN"} {
		good := tmpl(t)
		good.Language = language
		if diags := CheckTemplate(good); diags.HasErrors() {
			t.Error(diags)
		}
	}
	placed := tmpl(t)
	placed.Name = "A"
	placed.nameAt = hcl.Range{Filename: "shop.hcl", Start: hcl.Pos{Line: 9, Column: 3}, End: hcl.Pos{Line: 9, Column: 6}}
	if diags := CheckTemplate(placed); len(diags) != 1 || diags[0].Subject.Start.Line != 9 {
		t.Errorf("%v", diags)
	}
}
