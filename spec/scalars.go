package spec

import (
	"strconv"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// text reads a text. A number written as one is no text: its digits may not be what was
// meant (a leading zero, an exponent), so quotes are asked for. What an expression computes
// has lost nothing, and becomes a text as in Terraform. false: absent, or reported.
func (d *decoder) text(v value) (string, bool) {
	return d.textOf(v, func(s string) string { return ": " + strconv.Quote(s) })
}

// unshown is text for what no message may repeat.
func (d *decoder) unshown(v value) (string, bool) {
	return d.textOf(v, func(string) string { return "." })
}

func (d *decoder) textOf(v value, shown func(string) string) (string, bool) {
	s := d.scalar(v)
	switch s.kind {
	case textual:
		return s.text, true
	case digits:
		d.wrong(v, "A text is expected", "This is a number. Write it in quotes"+shown(s.text))
	case evaluated:
		if text, err := convert.Convert(s.val, cty.String); err == nil {
			return text.AsString(), true
		}
	case truth, trueish:
		d.wrong(v, "A text is expected", "YAML and HCL take "+s.text+" for a truth value. Write the word in quotes: "+strconv.Quote(s.text))
	}
	return "", false
}

// phone reads a phone number. Unquoted digits are refused even where none is lost: the
// next number in the same column will begin with a zero or a plus.
func (d *decoder) phone(v value) (string, bool) {
	s := d.scalar(v)
	raw := s.text
	switch s.kind {
	case digits:
		if _, err := NormalizePhone(raw, d.settings.CountryCode); err != nil {
			d.wrong(v, "Invalid phone number", sentence(err.Error())+". It needs quotes as well.")
			return "", false
		}
		d.wrong(v, "Phone number without quotes", "Unquoted, a phone number is read as a number and loses its plus and zeros. Write "+strconv.Quote(raw)+".")
		return "", false
	case evaluated:
		raw = s.val.AsBigFloat().Text('f', 0)
		if f := s.val.AsBigFloat(); !f.IsInt() {
			raw = f.Text('g', 20)
		}
	case textual:
	default:
		if s.kind == truth || s.kind == trueish {
			d.wrong(v, "Invalid phone number", "This is a truth value. Write the number in quotes with its country: \"+91 98765 43210\".")
		}
		return "", false
	}
	phone, err := NormalizePhone(raw, d.settings.CountryCode)
	if err != nil {
		d.wrong(v, "Invalid phone number", sentence(err.Error())+".")
		return "", false
	}
	if v.node != nil && unquoted(resolveAlias(v.node)) {
		d.wrong(v, "Phone number without quotes", "Its spaces or signs alone make this one a text; the next one is read as a number and loses its plus and zeros. Write "+strconv.Quote(raw)+".")
		return "", false
	}
	return phone, true
}

// amount reads rupees. The digits as written decide wherever they can be seen.
func (d *decoder) amount(v value) (Amount, bool) {
	s := d.scalar(v)
	var a Amount
	var err error
	switch s.kind {
	case textual, digits:
		a, err = ParseAmount(s.text)
	case evaluated:
		a, err = AmountFromCty(s.val)
	case truth, trueish:
		d.wrong(v, "An amount is expected", "This is a truth value. Write rupees, such as 140.00.")
		return 0, false
	default:
		return 0, false
	}
	if err != nil {
		d.wrong(v, "Invalid amount", sentence(err.Error())+".")
		return 0, false
	}
	return a, true
}

// integer reads a whole number that is not negative.
func (d *decoder) integer(v value) (int64, bool) {
	s := d.scalar(v)
	raw := s.text
	switch s.kind {
	case broken, absent:
		return 0, false
	case evaluated:
		raw = s.val.AsBigFloat().Text('f', -1)
	}
	if n, err := strconv.ParseInt(raw, 10, 64); err == nil && n >= 0 && digitsOnly(raw) {
		return n, true
	}
	d.wrong(v, "A whole number is expected", d.quotable(raw)+" is no whole number from 0 up. Write digits alone, such as 2.")
	return 0, false
}

func (d *decoder) truth(v value) (value, ok bool) {
	s := d.scalar(v)
	switch s.kind {
	case broken, absent:
		return false, false
	case truth:
		return s.text == "true", true
	case trueish:
		d.wrong(v, "A truth value is expected", "Write "+trueWord(s.text)+" instead of "+s.text+": whether YAML takes that word for a truth value depends on its version.")
		return false, false
	case textual:
		if s.val.IsKnown() && (s.text == "true" || s.text == "false") && !s.val.IsNull() {
			return s.text == "true", true // computed, from CSV
		}
	}
	d.wrong(v, "A truth value is expected", "Write true or false, without quotes.")
	return false, false
}

func trueWord(s string) string {
	switch strings.ToLower(s) {
	case "yes", "on", "y":
		return "true"
	}
	return "false"
}

func (d *decoder) date(v value) (string, bool) {
	s, ok := d.text(v)
	if !ok {
		return "", false
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		d.wrong(v, "Invalid date", strconv.Quote(shorten(s))+" is no day of the calendar. Write year, month and day: 2026-11-30.")
		return "", false
	}
	return s, true
}

// moment reads a point in time. A date without a time ends at midnight in the settings'
// timezone, so its last second still counts.
func (d *decoder) moment(v value) (time.Time, bool) {
	s, ok := d.text(v)
	if !ok {
		return time.Time{}, false
	}
	if day, err := time.ParseInLocation(time.DateOnly, s, d.settings.Location); err == nil {
		return day.AddDate(0, 0, 1).UTC(), true
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), true
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, d.settings.Location); err == nil {
			d.wrong(v, "Timestamp without an offset", "Whose clock is meant? Write "+strconv.Quote(t.Format(time.RFC3339))+" for "+d.settings.Location.String()+".")
			return time.Time{}, false
		}
	}
	d.wrong(v, "Invalid timestamp", strconv.Quote(shorten(s))+` is no time. Write "2026-12-01T18:00:00+05:30", or a date alone, which ends at midnight.`)
	return time.Time{}, false
}

// sentence turns an error into the beginning of a sentence.
func sentence(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
