package spec

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// ParseAmount reads an amount of rupees as its written digits: 140, 140.0 and 140.00 are
// one. Whole paise only; zeros after the second decimal add nothing and are let through,
// because HCL, which reads numbers by value, cannot see them. Signs, separators, exponents
// and currency signs are errors that say what to write instead.
func ParseAmount(text string) (Amount, error) {
	whole, fraction, dotted := strings.Cut(text, ".")
	if !digitsOnly(whole) || (dotted && !digitsOnly(fraction)) {
		return 0, misspelledAmount(text)
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > 2 {
		return 0, tooManyDecimals(text, whole, fraction)
	}
	paise := int64(0)
	for _, digits := range []string{whole, (fraction + "00")[:2]} {
		for i := range len(digits) {
			d := int64(digits[i] - '0')
			if paise > (math.MaxInt64-d)/10 {
				return 0, fmt.Errorf("%s is too large: the largest amount is %s", shorten(text), Amount(math.MaxInt64))
			}
			paise = paise*10 + d
		}
	}
	return Amount(paise), nil
}

// AmountFromCty reads an amount from an evaluated expression: a number, or a string that
// holds its digits. The number is taken as the decimal it stands for and never passes
// through a float64. An exponent cannot be seen here any more; whoever has the source text
// of a literal gives that to ParseAmount instead.
func AmountFromCty(v cty.Value) (Amount, error) {
	switch {
	case v.ContainsMarked():
		return 0, errors.New("a secret cannot be an amount: env may stand in hisab, provider and gateway only; use a variable")
	case !v.IsKnown():
		return 0, errors.New("the amount is not known: it must follow from the files and the variables alone")
	case v.IsNull():
		return 0, errors.New("the amount is null: write it in rupees, such as 140.00")
	case v.Type() == cty.String:
		return ParseAmount(v.AsString())
	case v.Type() == cty.Number:
		return amountFromNumber(v.AsBigFloat())
	}
	return 0, fmt.Errorf("an amount is a number, not %s: write it in rupees, such as 140.00", v.Type().FriendlyName())
}

func amountFromNumber(f *big.Float) (Amount, error) {
	if n, accuracy := f.Int64(); accuracy == big.Exact && n >= 0 && n <= math.MaxInt64/Offset {
		return Amount(n * Offset), nil
	}
	if f.IsInf() {
		return 0, errors.New("the amount is infinite: something is divided by zero")
	}
	exact, ok := decimalOf(f)
	if !ok {
		return ParseAmount(f.Text('g', 20))
	}
	return ParseAmount(decimalText(exact))
}

// significant is how many decimal digits of cty's 512-bit numbers carry meaning. 512 bits
// hold 154; what stands below the 120th is what binary arithmetic leaves behind, such as
// the difference between 0.1 + 0.2 and 0.3.
const significant = 120

// decimalOf is the decimal that a finite number stands for. It has none where its exponent
// is out of all reason: one of millions is cheap to write and takes gigabytes to spell out.
func decimalOf(f *big.Float) (*big.Rat, bool) {
	if exponent := f.MantExp(nil); f.IsInf() || exponent > 512 || exponent < -2048 {
		return nil, false
	}
	return new(big.Rat).SetString(f.Text('e', significant-1))
}

// decimalText writes a decimal without an exponent and without zeros at its end.
func decimalText(exact *big.Rat) string {
	text := strings.TrimSuffix(strings.TrimRight(exact.FloatString(significant), "0"), ".")
	if text == "-0" {
		return "0"
	}
	return text
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// tooManyDecimals names the two whole amounts beside a text that lies between them.
func tooManyDecimals(text, whole, fraction string) error {
	below, err := ParseAmount(whole + "." + fraction[:2])
	if err != nil {
		return err
	}
	above, ok := below.add(1)
	if !ok {
		above = below
	}
	return fmt.Errorf("%s has a third decimal; paise are whole: write %s or %s, or round(x, 2)", shorten(text), below, above)
}

// misspelledAmount says which rule of writing an amount the text breaks.
func misspelledAmount(text string) error {
	hint := ""
	plain := strings.NewReplacer(",", "", " ", "", "_", "", "₹", "", "+", "").Replace(text)
	if whole, fraction, dotted := strings.Cut(plain, "."); digitsOnly(whole) && (!dotted || digitsOnly(fraction)) {
		hint = ": write " + shorten(plain)
	}
	shown := shorten(text)
	switch {
	case strings.TrimSpace(text) == "":
		return errors.New("the amount is empty: write it in rupees, such as 140.00")
	case strings.HasPrefix(text, "-"), strings.HasPrefix(text, "+"):
		return fmt.Errorf("%s has a sign; amounts are written without one%s", shown, hint)
	case strings.ContainsAny(text, "eE") && digitsOnly(strings.NewReplacer("e", "", "E", "", ".", "", "+", "", "-", "").Replace(text)):
		return fmt.Errorf("%s has an exponent; write all digits of the amount, such as 140.00", shown)
	case strings.ContainsAny(text, ", _"):
		return fmt.Errorf("%s has a separator; amounts are digits and one decimal point%s", shown, hint)
	case strings.Contains(text, "₹"):
		return fmt.Errorf("%s has a currency sign; amounts are rupees without one%s", shown, hint)
	}
	return fmt.Errorf("%q is no amount: write digits and at most two decimals, such as 140.00", shown)
}

// shorten keeps an error readable whatever was written.
func shorten(text string) string {
	const most = 40
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
