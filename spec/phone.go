package spec

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// NormalizePhone turns a phone number as people write it into E.164 digits without the
// plus. Spaces, dashes, dots and parentheses are dropped; a plus in front marks the country.
// Without it, eleven to fifteen digits are taken to begin with their country. A leading 0 is
// an error, as ten digits are, unless the settings name a countryCode (digits, empty for
// none): then 00 marks the country too, and ten digits, or a 0 and ten digits, are of that
// one (contract section 2, Phones). Anything else is an error that shows what to write;
// guessing would bill a stranger.
func NormalizePhone(text, countryCode string) (string, error) {
	digits, mark, err := phoneDigits(text)
	if err != nil {
		return "", err
	}
	if mark == "" {
		digits, err = withCountry(digits, countryCode)
		if err != nil {
			return "", err
		}
	}
	if err := checkE164(digits); err != nil {
		return "", err
	}
	if mark == "00" && countryCode == "" {
		return "", fmt.Errorf("00%s begins with 0, which is how it is dialed: write %s", digits, withPlus(digits))
	}
	return digits, nil
}

// withPlus writes a number as people do.
func withPlus(digits string) string {
	if national, indian := strings.CutPrefix(digits, "91"); indian {
		return "+91 " + national[:5] + " " + national[5:]
	}
	return "+" + digits
}

// spreadsheetNumber is how a spreadsheet saves a phone number that it took for a quantity.
var spreadsheetNumber = regexp.MustCompile(`^\s*\+?[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+\s*$`)

// phoneDigits strips what people put between digits, and the mark of a country in front: +, 00
// or none.
func phoneDigits(text string) (digits, mark string, err error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return "", "", errors.New("the phone number is empty: write it with its country, such as +91 98765 43210")
	}
	if spreadsheetNumber.MatchString(trimmed) {
		return "", "", fmt.Errorf("%s is a phone number that a spreadsheet has rounded, its last digits are lost: format the column as text and export it again", shorten(trimmed))
	}
	rest, plus := strings.CutPrefix(trimmed, "+")
	buf := make([]byte, 0, len(rest))
	for _, r := range rest {
		switch {
		case r >= '0' && r <= '9':
			buf = append(buf, byte(r))
		case strings.ContainsRune(" -.()", r):
		default:
			return "", "", strangeInPhone(trimmed, r)
		}
	}
	digits = string(buf)
	if plus {
		return digits, "+", nil
	}
	if dialed, found := strings.CutPrefix(digits, "00"); found {
		return dialed, "00", nil
	}
	return digits, "", nil
}

func strangeInPhone(text string, r rune) error {
	if r == '+' {
		return fmt.Errorf("%s has a plus that is not in front: write the country once, such as +91 98765 43210", shorten(text))
	}
	return fmt.Errorf("the phone number has %q (%U) in it: write it again by hand with the digits 0 to 9, such as +91 98765 43210", r, r)
}

// withCountry completes a number written without a plus or 00.
func withCountry(digits, countryCode string) (string, error) {
	national, trunk := strings.CutPrefix(digits, "0")
	switch {
	case len(national) == 10 && countryCode != "":
		return countryCode + national, nil
	case len(national) == 10 && indianMobile(national):
		return "", fmt.Errorf("%s has no country: write +91 %s %s, or set country_code to \"91\" in the hisab settings", digits, national[:5], national[5:])
	case len(national) == 10:
		return "", fmt.Errorf("%s has no country: write + and its country in front, for India +91 %s %s, though mobile numbers there begin with 6, 7, 8 or 9", digits, national[:5], national[5:])
	case trunk:
		return "", fmt.Errorf("%s begins with 0, which is no country: write + and the country in front, for India +91 and ten digits", shorten(digits))
	case len(national) < 10:
		return "", fmt.Errorf("%s has %d digits, too few for a number with its country: write it in full, such as +91 98765 43210", digits, len(digits))
	}
	return digits, nil
}

// checkE164 checks digits that begin with a country: 8 to 15 of them (E.164 allows 15; no
// country has numbers that make fewer than 8 with it), and for India ten after the 91.
func checkE164(digits string) error {
	if national, indian := strings.CutPrefix(digits, "91"); indian {
		return checkIndian(national)
	}
	switch {
	case strings.HasPrefix(digits, "0"):
		return fmt.Errorf("+%s begins with 0, which is no country: write +91 and ten digits for India", shorten(digits))
	case len(digits) < 8 || len(digits) > 15:
		return fmt.Errorf("+%s has %d digits; a phone number with its country has 8 to 15", shorten(digits), len(digits))
	}
	return nil
}

func checkIndian(national string) error {
	switch {
	case len(national) == 11 && national[0] == '0':
		return fmt.Errorf("+91 %s has a 0 after the country: write +91 %s %s", national, national[1:6], national[6:])
	case len(national) != 10:
		return fmt.Errorf("+91 %s has %d digits after the country; an Indian number has ten", shorten(national), len(national))
	case national[0] == '0':
		return fmt.Errorf("+91 %s has a 0 after the country, and a digit less than an Indian number: write +91 and its ten digits", national)
	}
	return nil
}

// indianMobile reports whether ten digits are in India's mobile range, first digit 6 to 9
// (Department of Telecommunications, National Numbering Plan).
func indianMobile(national string) bool { return national[0] >= '6' }
