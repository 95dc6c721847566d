package whatsapp

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/hisab/hisab/spec"
)

// digits is a whole number that the platform writes as a number in one guide and as a
// string in another: amounts, offsets, epoch seconds. Signs, fractions, exponents and
// values beyond int64 are refused.
type digits int64

// UnmarshalJSONFrom reads 21000, "21000", and null as zero.
func (d *digits) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	v, err := dec.ReadValue()
	if err != nil {
		return err
	}
	switch v.Kind() {
	case 'n':
		return nil
	case '"':
		v = v[1 : len(v)-1]
	}
	n, err := wholeNumber(v)
	*d = digits(n)
	return err
}

// mostDigits are those of the largest int64.
const mostDigits = 19

// wholeNumber reads decimal digits and nothing else.
func wholeNumber(b []byte) (int64, error) {
	if len(b) > mostDigits {
		return 0, errors.New("not a number that fits")
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, errors.New("not a whole number without a sign")
		}
		digit := int64(c - '0')
		if n > (math.MaxInt64-digit)/10 {
			return 0, errors.New("not a number that fits")
		}
		n = n*10 + digit
	}
	if len(b) == 0 {
		return 0, errors.New("no number")
	}
	return n, nil
}

// word is a text that the platform may also write as a whole number, such as an id of a
// gateway.
type word string

// UnmarshalJSONFrom reads "pay_1", 403993715 and null.
func (w *word) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	kind := dec.PeekKind()
	t, err := dec.ReadToken()
	switch {
	case err != nil:
		return err
	case kind == 'n':
		return nil
	case kind == '"', kind == '0' && strings.Trim(t.String(), "0123456789") == "":
		*w = word(t.String())
		return nil
	}
	return errors.New("neither a text nor a whole number")
}

// maxID bounds an id that is kept; gateways' are some twenty characters.
const maxID = 255

var errLongID = errors.New("an id of over 255 characters")

// remark shortens a text that is kept for people alone, on one line.
func remark(w word) string {
	const most = 200
	s := string(w)
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		s = printed(s)
	}
	if len(s) <= most {
		return s
	}
	r := []rune(s)
	if len(r) > most {
		r = append(r[:most-1], '…')
	}
	return string(r)
}

// maxValue bounds an amount that is believed: ten lakh crore rupees. No sum of a few such
// amounts overflows.
const maxValue = 1_000_000_000_000_000

// seenAmount is an amount as answers carry it.
type seenAmount struct {
	given         bool
	value, offset figure
	currency      phrase // in a refund's answer alone
}

// UnmarshalJSONFrom reads one; null is none.
func (a *seenAmount) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	a.given = dec.PeekKind() != 'n'
	return members(dec, a)
}

func (a *seenAmount) member(name []byte) json.UnmarshalerFrom {
	switch string(name) {
	case "value":
		return &a.value
	case "offset":
		return &a.offset
	case "currency":
		return &a.currency
	}
	return nil
}

// minor returns the amount in minor units.
func (a *seenAmount) minor() (spec.Amount, error) {
	switch {
	case !a.value.given || !a.offset.given:
		return 0, errors.New("an amount without value or offset")
	case a.offset.digits != spec.Offset:
		return 0, errors.New("an amount with an offset other than 100")
	case a.value.digits > maxValue:
		return 0, errors.New("an amount no payment has")
	}
	return spec.Amount(a.value.digits), nil
}

// figure is a whole number, or none.
type figure struct {
	given bool
	digits
}

// UnmarshalJSONFrom reads what digits are read from; null is no number.
func (f *figure) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	f.given = dec.PeekKind() != 'n'
	return f.digits.UnmarshalJSONFrom(dec)
}

// lastSecond is the end of the year 9999, beyond which a time cannot be written.
const lastSecond = 253402300799

// moment turns epoch seconds into a time; absent or zero: the zero time.
func moment(d digits) (time.Time, error) {
	if d == 0 {
		return time.Time{}, nil
	}
	if d > lastSecond {
		return time.Time{}, errors.New("a timestamp that is not in seconds")
	}
	return time.Unix(int64(d), 0).UTC(), nil
}

// read decodes strict JSON: duplicate keys, invalid UTF-8, trailing bytes and nesting
// beyond the decoder's 10,000 levels are errors; keys nobody documented are skipped. The
// error names the place and quotes nothing.
func read(body []byte, into any) error {
	err := json.Unmarshal(body, into)
	if err == nil {
		return nil
	}
	var meaning *json.SemanticError
	if errors.As(err, &meaning) {
		return errors.New("unexpected value at " + place(meaning.JSONPointer))
	}
	var form *jsontext.SyntacticError
	if errors.As(err, &form) {
		return errors.New("not valid JSON after " + strconv.FormatInt(form.ByteOffset, 10) + " bytes")
	}
	return errors.New("not valid JSON")
}

// place shortens a pointer for people. It names keys of our own types, and what the other
// side wrote only below those.
func place(p jsontext.Pointer) string {
	if p == "" {
		return "the top"
	}
	return scrub(string(p), nil)
}
