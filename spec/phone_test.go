package spec

import (
	"strings"
	"testing"
)

func TestNormalizePhone(t *testing.T) {
	for _, test := range []struct{ text, country, want string }{
		{"+91 98765 43210", "", "919876543210"},
		{"919812345678", "", "919812345678"},
		{"+91-98765-43210", "", "919876543210"},
		{"+(91) 98765.43210", "", "919876543210"},
		{" +919876543210\n", "", "919876543210"},
		{"0091 98765 43210", "91", "919876543210"},
		{"001 415 555 0123", "91", "14155550123"},
		{"9876543210", "91", "919876543210"},
		{"098765 43210", "91", "919876543210"},
		{"919876543210", "91", "919876543210"},
		{"+1 (415) 555-0123", "91", "14155550123"},
		{"+65 9123 4567", "", "6591234567"},
		{"+2901 2345", "", "29012345"},
		{"9123456789", "65", "659123456789"},
		{"+91 22 6123 4567", "", "912261234567"}, // a fixed line
	} {
		got, err := NormalizePhone(test.text, test.country)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("NormalizePhone(%q, %q) = %q, %v; want %q", test.text, test.country, got, err, test.want)
		}
	}
}

func TestNormalizePhoneErrorsShowTheWayOut(t *testing.T) {
	for text, want := range map[string]string{
		"9876543210":          "9876543210 has no country: write +91 98765 43210, or set country_code",
		"09876543210":         "write +91 98765 43210",
		"0 98765 43210":       "write +91 98765 43210",
		"4155550123":          "for India +91 41555 50123",
		"02261234567":         "for India +91 22612 34567",
		"0091 98765 43210":    "write +91 98765 43210",
		"0014155550123":       "write +14155550123",
		"080 2345":            "begins with 0, which is no country",
		"9.19877E+11":         "spreadsheet",
		"9,19877E+11":         "spreadsheet",
		"9.19877e11":          "spreadsheet",
		"98765":               "5 digits, too few",
		"987654321":           "9 digits, too few",
		"+91 98765":           "5 digits after the country",
		"91987654321":         "9 digits after the country",
		"+91 01234 56789":     "a 0 after the country",
		"+91 098765 43210":    "write +91 98765 43210",
		"+0 98765 43210":      "begins with 0",
		"+1234567":            "7 digits",
		"+1234567890123456":   "16 digits",
		"":                    "is empty",
		" ":                   "is empty",
		"+":                   "0 digits",
		"98765-4321O":         `'O' (U+004F)`,
		"+91 ９８765 43210":     "U+FF19",
		"\u202a+919876543210": "U+202A",
		"+91\u00a09876543210": "U+00A0",
		"91+9876543210":       "a plus that is not in front",
		"tel:+919876543210":   `'t'`,
		"+91 98765 43210 / 2": `'/'`,
	} {
		got, err := NormalizePhone(text, "")
		if err == nil || got != "" || !strings.Contains(err.Error(), want) {
			t.Errorf("NormalizePhone(%q) = %q, %v; want an error with %q", text, got, err, want)
		}
	}
}

func FuzzNormalizePhone(f *testing.F) {
	for _, seed := range []string{"+91 98765 43210", "9876543210", "09876543210", "0091", "9.19877E+11", "+1 (415) 555-0123", "", "+"} {
		f.Add(seed, "")
		f.Add(seed, "91")
	}
	f.Fuzz(func(t *testing.T, text, country string) {
		if country != "" && country != "91" {
			country = "91"
		}
		got, err := NormalizePhone(text, country)
		if err != nil {
			if got != "" {
				t.Fatalf("%q gives %q beside the error %v", text, got, err)
			}
			return
		}
		if !digitsOnly(got) || len(got) < 8 || len(got) > 15 || got[0] == '0' {
			t.Fatalf("%q gives %q, which is not E.164", text, got)
		}
		for _, again := range []string{got, "+" + got, "00" + got} {
			if again == got && len(got) <= 10 || again[0] == '0' && country == "" {
				continue // without a plus so few digits, or a 0, could be a number without its country
			}
			if same, err := NormalizePhone(again, country); err != nil || same != got {
				t.Fatalf("%q gives %q, and that gives %q, %v", text, got, same, err)
			}
		}
	})
}

func TestMasks(t *testing.T) {
	for got, want := range map[string]string{
		MaskPhone("919876543210"):    "+91 98••••3210",
		MaskPhone("14155550123"):     "+14••••0123",
		MaskPhone("12345"):           "••••",
		MaskPhone("") + "|":          "|",
		MaskName("Asha Rao"):         "A••••",
		MaskName("आशा"):              "आ••••",
		MaskName("") + "-":           "-",
		MaskText("12 MG Road") + "/": "••••/",
		MaskText("") + "/":           "/",
	} {
		if got != want {
			t.Errorf("masked as %q, want %q", got, want)
		}
	}
}
