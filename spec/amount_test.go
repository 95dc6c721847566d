package spec

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

func TestParseAmount(t *testing.T) {
	for text, want := range map[string]Amount{
		"0":                    0,
		"140":                  14000,
		"140.0":                14000,
		"140.00":               14000,
		"140.000":              14000,
		"0.01":                 1,
		"4500.5":               450050,
		"007":                  700,
		"92233720368547758.07": math.MaxInt64,
	} {
		if got, err := ParseAmount(text); err != nil || got != want {
			t.Errorf("ParseAmount(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestParseAmountErrorsShowTheWayOut(t *testing.T) {
	for text, want := range map[string]string{
		"140.005":                         "140.005 has a third decimal; paise are whole: write 140.00 or 140.01, or round(x, 2)",
		"0.999":                           "write 0.99 or 1.00",
		"-5":                              "-5 has a sign",
		"+5":                              "write 5",
		"1,00,000":                        "write 100000",
		"1 000":                           "has a separator",
		"1_000":                           "has a separator",
		"₹140":                            "write 140",
		"1.4e2":                           "has an exponent",
		"1E9":                             "has an exponent",
		"":                                "is empty",
		"  ":                              "is empty",
		".5":                              `".5" is no amount`,
		"5.":                              `"5." is no amount`,
		"1.2.3":                           "is no amount",
		"abc":                             "is no amount",
		"１４０":                             "is no amount",
		"0x10":                            "is no amount",
		"92233720368547758.08":            "is too large",
		"92233720368547758.079":           "92233720368547758.079 has a third decimal",
		strings.Repeat("9", 1000):         "is too large",
		"1." + strings.Repeat("3", 10000): "has a third decimal",
	} {
		_, err := ParseAmount(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseAmount(%.60q) = %v; want an error with %q", text, err, want)
		} else if len(err.Error()) > 250 {
			t.Errorf("ParseAmount(%.60q) has an error of %d bytes", text, len(err.Error()))
		}
	}
}

func TestAmountFromCty(t *testing.T) {
	for expression, want := range map[string]Amount{
		`140`:                 14000,
		`140.10`:              14010,
		`"140.10"`:            14010,
		`0.1 + 0.2`:           30,
		`0.3 - 0.1 - 0.2`:     0,
		`1.1 * 1.1 * 100`:     12100,
		`1000 / 3 * 3`:        100000,
		`165.2 / 1.18`:        14000,
		`92233720368547758`:   9223372036854775800,
		`92233720368547758.0`: 9223372036854775800,
	} {
		if got, err := AmountFromCty(evaluate(t, expression)); err != nil || got != want {
			t.Errorf("AmountFromCty(%s) = %d, %v; want %d", expression, got, err, want)
		}
	}
}

func TestAmountFromCtyErrors(t *testing.T) {
	for want, v := range map[string]cty.Value{
		"has a third decimal; paise are whole: write 140.00 or 140.01": cty.MustParseNumberVal("140.005"),
		"write 33.33 or 33.34":    evaluate(t, "100 / 3"),
		"has a sign":              cty.NumberIntVal(-1),
		"is too large":            cty.MustParseNumberVal("92233720368547758.08"),
		"has an exponent":         cty.MustParseNumberVal("1e900000"),
		"infinite":                cty.PositiveInfinity,
		"null":                    cty.NullVal(cty.Number),
		"not known":               cty.UnknownVal(cty.Number),
		"secret":                  cty.NumberIntVal(7).Mark(Sensitive),
		"not bool":                cty.True,
		"has a separator":         cty.StringVal("1,000"),
		"an amount is a number, ": cty.EmptyTupleVal,
	} {
		if _, err := AmountFromCty(v); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("AmountFromCty(%#v) = %v; want an error with %q", v, err, want)
		}
	}
}

func TestAmountFormats(t *testing.T) {
	for a, want := range map[Amount][2]string{
		0:             {"0.00", "₹0.00"},
		5:             {"0.05", "₹0.05"},
		450000:        {"4500.00", "₹4,500.00"},
		99999:         {"999.99", "₹999.99"},
		10000000:      {"100000.00", "₹1,00,000.00"},
		123456789012:  {"1234567890.12", "₹1,23,45,67,890.12"},
		-450000:       {"-4500.00", "-₹4,500.00"},
		math.MinInt64: {"-92233720368547758.08", "-₹92,23,37,20,36,85,47,758.08"},
	} {
		if got := a.String(); got != want[0] {
			t.Errorf("String of %d is %q, want %q", int64(a), got, want[0])
		}
		if got := a.INR(); got != want[1] {
			t.Errorf("INR of %d is %q, want %q", int64(a), got, want[1])
		}
	}
}

func TestCheckedArithmetic(t *testing.T) {
	if _, ok := Amount(math.MaxInt64).add(1); ok {
		t.Error("the largest amount and one more fit")
	}
	if _, ok := Amount(math.MinInt64).sub(1); ok {
		t.Error("the smallest amount less one fits")
	}
	if got, ok := Amount(5).sub(7); !ok || got != -2 {
		t.Errorf("5 - 7 = %d, %v", got, ok)
	}
	if got, ok := Amount(math.MaxInt64).add(0); !ok || got != math.MaxInt64 {
		t.Errorf("the largest amount and nothing = %d, %v", got, ok)
	}
	if _, ok := Amount(math.MaxInt64 / 2).times(3); ok {
		t.Error("one and a half times the largest amount fits")
	}
	if _, ok := Amount(1 << 40).times(1 << 40); ok {
		t.Error("2^80 fits")
	}
	if got, ok := Amount(10000).times(3); !ok || got != 30000 {
		t.Errorf("3 × 100.00 = %d, %v", got, ok)
	}
}

func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{"140", "140.00", "140.005", "1,00,000", "1e2", "-1", "", "92233720368547758.07", "0.1", "１"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		amount, err := ParseAmount(text)
		if err != nil {
			if err.Error() == "" {
				t.Fatalf("%q has an error without words", text)
			}
			return
		}
		if again, err := ParseAmount(amount.String()); err != nil || again != amount {
			t.Fatalf("%q is %s, which reads as %s, %v", text, amount, again, err)
		}
		exact, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("%q was taken for an amount and is no number", text)
		}
		if exact.Cmp(big.NewRat(int64(amount), Offset)) != 0 {
			t.Fatalf("%q is %s, not %s", text, exact.FloatString(5), amount)
		}
		if v, err := cty.ParseNumberVal(text); err == nil {
			if same, err := AmountFromCty(v); err != nil || same != amount {
				t.Fatalf("%q as a number is %s, %v, not %s", text, same, err, amount)
			}
		}
	})
}

// evaluate evaluates an expression with all functions in scope.
func evaluate(t *testing.T, expression string) cty.Value {
	t.Helper()
	v, diags := evaluateIn(expression, &hcl.EvalContext{Functions: Functions(nil, nil)})
	if diags.HasErrors() {
		t.Fatalf("%s: %s", expression, diags)
	}
	return v
}

func evaluateIn(expression string, ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	expr, diags := hclsyntax.ParseExpression([]byte(expression), "test.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, diags
	}
	return expr.Value(ctx)
}
