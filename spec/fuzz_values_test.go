package spec

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/text/unicode/norm"
)

// FuzzAmountShown: an amount reads as what it is, in both ways of writing it, and its rupees
// are grouped as people in India group them.
func FuzzAmountShown(f *testing.F) {
	for _, a := range []int64{0, 1, 99, 100, 99999, 100000, 10000000, 450000, -5, math.MaxInt64, math.MinInt64} {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, paise int64) {
		a := Amount(paise)
		plain := a.String()
		if paise >= 0 {
			if got, err := ParseAmount(plain); err != nil || got != a {
				t.Errorf("%d is written %s, which reads as %d, %v", paise, plain, got, err)
			}
		}
		shown := a.INR()
		if got := strings.NewReplacer("₹", "", ",", "").Replace(shown); got != plain {
			t.Errorf("%s is shown as %s", plain, shown)
		}
		whole, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(shown, "-"), "₹"), ".")
		groups := strings.Split(whole, ",")
		for i, g := range groups {
			last := i == len(groups)-1
			if last && len(groups) > 1 && len(g) != 3 || !last && i > 0 && len(g) != 2 || g == "" || len(g) > 3 {
				t.Errorf("%s is grouped as %s", plain, shown)
			}
		}
	})
}

// FuzzRound: round is what math/big makes of half up, away from zero, and what it gives for
// paise is an amount.
func FuzzRound(f *testing.F) {
	for _, s := range []string{"2.675", "-2.675", "140.005", "0.004999999999999999999", "1e-400", "1e300", "33.333333", "-0.004"} {
		f.Add(s, byte(2))
	}
	round := Functions(nil, nil)["round"]
	f.Fuzz(func(t *testing.T, text string, places byte) {
		n, err := cty.ParseNumberVal(text)
		exact, ok := new(big.Rat).SetString(text)
		if err != nil || !ok || places > 30 || len(text) > 100 || n.AsBigFloat().MantExp(nil) > 390 {
			return // beyond 120 digits a number stands for nothing that was written
		}
		got, err := round.Call([]cty.Value{n, cty.NumberIntVal(int64(places))})
		if err != nil {
			if exponent := n.AsBigFloat().MantExp(nil); exponent < 500 && exponent > -2000 {
				t.Errorf("round(%s, %d): %v", text, places, err)
			}
			return
		}
		scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
		rounded, _ := new(big.Rat).SetString(got.AsBigFloat().Text('e', 140))
		off := new(big.Rat).Mul(new(big.Rat).Abs(new(big.Rat).Sub(rounded, exact)), scale)
		// Numbers have 512 bits: what is written beyond some 150 digits they cannot hold.
		if off.Cmp(big.NewRat(1, 2)) > 0 && new(big.Rat).Sub(off, big.NewRat(1, 2)).Cmp(big.NewRat(1, 1<<60)) > 0 {
			t.Errorf("round(%s, %d) is %s", text, places, rounded.FloatString(int(places)+2))
		}
		if again, err := round.Call([]cty.Value{got, cty.NumberIntVal(int64(places))}); err != nil || !again.RawEquals(got) {
			t.Errorf("rounded twice: %#v, then %#v, %v", got, again, err)
		}
		if _, err := AmountFromCty(got); places == 2 && exact.Sign() > 0 && err != nil && !strings.Contains(err.Error(), "too large") && !strings.Contains(err.Error(), "exponent") {
			t.Errorf("round(%s, 2) is no amount: %v", text, err)
		}
	})
}

// FuzzCSV: csvdecode agrees with encoding/csv, row by row and name by name.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"ref,phone,amount\nA,+919876543210,140.00\n", "a,b\n1\n", "a,a\n1,2\n", "a\n\"x\ny\"\n", "\ufeffref\nA\n", "a;b\n1;2\n", "", "a,b", "a\r\n1\r\n\r\n2", "a\n\"", "\"a\"b\n1",
	} {
		f.Add(s)
	}
	decode := Functions(nil, nil)["csvdecode"]
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // no file of a spec is
		}
		v, err := decode.Call([]cty.Value{cty.StringVal(text)})
		if err != nil {
			if len(err.Error()) > 1000 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		records, err := csv.NewReader(strings.NewReader(norm.NFC.String(text))).ReadAll()
		if err != nil || len(records) == 0 {
			t.Fatalf("%q is taken for a table: %v", text, err)
		}
		rows := v.AsValueSlice()
		if len(rows) != len(records)-1 {
			t.Fatalf("%d rows of %d", len(rows), len(records)-1)
		}
		for i, row := range rows {
			cells := row.AsValueMap()
			for j, name := range records[0] {
				name = norm.NFC.String(name)
				got, ok := cells[name]
				if !ok {
					name = strings.TrimPrefix(name, "\ufeff")
					got, ok = cells[name]
				}
				if !ok || slices.Index(records[0], records[0][j]) == j && got.AsString() != norm.NFC.String(records[i+1][j]) {
					t.Errorf("row %d has no %q as %q: %#v", i, name, records[i+1][j], row)
				}
			}
		}
	})
}

// FuzzJSON: jsondecode gives back every number and text as it stands there, so that an amount
// of a file is an amount of the spec.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`140.10`, `{"a": [1, 0.1, "x", null, true]}`, `12345678901234567890.12`, `1e2`, `"\u00e9\ud83d\ude00"`, `{"a": 1, "a": 2}`, `[[[]]]`, `{"": {}}`} {
		f.Add(s)
	}
	functions := Functions(nil, nil)
	huge := regexp.MustCompile(`[eE][+-]?[0-9]{4}`) // what a spec makes is bounded elsewhere
	f.Fuzz(func(t *testing.T, text string) {
		if huge.MatchString(text) {
			return
		}
		v, err := functions["jsondecode"].Call([]cty.Value{cty.StringVal(text)})
		if err != nil {
			return
		}
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err != nil {
			t.Fatalf("%q is read: %v", text, err)
		}
		if !alike(v, want) {
			t.Errorf("%s is read as %#v", text, v)
		}
		encoded, err := functions["jsonencode"].Call([]cty.Value{v})
		if err != nil {
			t.Fatal(err)
		}
		again, err := functions["jsondecode"].Call([]cty.Value{encoded})
		if err != nil || !again.RawEquals(v) {
			t.Errorf("%s is encoded as %#v", text, encoded)
		}
	})
}

// alike compares a value with what encoding/json made of the same text.
func alike(v cty.Value, want any) bool {
	switch want := want.(type) {
	case nil:
		return v.IsNull()
	case bool:
		return v.Type() == cty.Bool && v.True() == want
	case string:
		return v.Type() == cty.String && v.AsString() == norm.NFC.String(want)
	case json.Number:
		exact, ok := new(big.Float).SetPrec(512).SetString(string(want))
		return ok && v.Type() == cty.Number && v.AsBigFloat().Cmp(exact) == 0
	case []any:
		if v.LengthInt() != len(want) {
			return false
		}
		for i, e := range v.AsValueSlice() {
			if !alike(e, want[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		for name, e := range v.AsValueMap() {
			found := false
			for key, w := range want {
				found = found || norm.NFC.String(key) == name && alike(e, w)
			}
			if !found {
				return false
			}
		}
		return true
	}
	return false
}

// FuzzMoments: days, times, hours and shares are taken for what they say and nothing else.
func FuzzMoments(f *testing.F) {
	for _, s := range []string{"2026-11-30", "2026-02-30", "2026-12-01T18:00:00+05:30", "2026-12-01T18:00:00Z", "2026-12-01T18:00:00", "2026-12-01", "21:00", "9:00", "24:00", "30%", "101%", "12", "0%", "1e3", "９", "2027-12-01T24:00:00Z", "2027-12-31T23:59:60Z"} {
		for _, zone := range []string{"Asia/Kolkata", "America/New_York"} {
			f.Add(s, zone)
		}
	}
	f.Fuzz(func(t *testing.T, text, zone string) {
		quoted, _ := json.Marshal(text)
		zoned, _ := json.Marshal(zone)
		load := func(place string) *Spec {
			src := strings.NewReplacer("TEXT", string(quoted), "ZONE", string(zoned)).Replace(place)
			s, _ := Load(fstest.MapFS{"a.yaml": {Data: []byte(src)}}, Options{})
			return s
		}
		location, err := time.LoadLocation(zone)
		known := err == nil && zone != "" && zone != "Local"
		if s := load(unfinishedOrder + "    expiration: {timestamp: TEXT}\nhisab: {timezone: ZONE}\n"); s != nil {
			got := s.Orders[0].Expiration.Timestamp
			day, dayErr := time.ParseInLocation(time.DateOnly, text, location)
			at, atErr := time.Parse(time.RFC3339, text)
			switch {
			case !known:
				t.Errorf("%q is taken for a timezone", zone)
			case dayErr == nil && !got.Equal(day.AddDate(0, 0, 1)), dayErr != nil && (atErr != nil || !got.Equal(at)):
				t.Errorf("%q in %s is %v", text, zone, got)
			}
		}
		if s := load(unfinishedOrder + "    offline_payments: {till: {amount: 1.00, date: TEXT, method: cash}}\n    require_payment: false\n"); s != nil {
			if p := s.Orders[0].OfflinePayments[0]; p.Date != text || len(text) != len(time.DateOnly) {
				t.Errorf("%q is the day %q", text, p.Date)
			}
		}
		if s := load("policy: {quiet_hours: {from: TEXT, to: \"09:00\"}}\n"); s != nil {
			hour, err := strconv.Atoi(text[:2])
			if p := s.Policy; p.QuietFrom != text || len(text) != 5 || text[2] != ':' || err != nil || hour > 23 || text[3] > '5' {
				t.Errorf("%q is the hour %q", text, p.QuietFrom)
			}
		}
		if s := load("policy: {max_removed: TEXT}\n"); s != nil {
			p := s.Policy
			if percent, count := p.MaxRemovedPercent, p.MaxRemovedCount; (percent == nil) == (count == nil) ||
				percent != nil && (*percent < 0 || *percent > 100 || !strings.HasSuffix(text, "%")) || count != nil && *count < 0 {
				t.Errorf("%q is %v percent or %v", text, percent, count)
			}
		}
	})
}

// unfinishedOrder is an order to which a line can be added.
const unfinishedOrder = `
providers: {whatsapp: {main: {phone_number_id: "1", access_token: "${env(\"T\")}"}}}
orders:
  A-1:
    provider: whatsapp.main
    customer: {name: Asha Rao, phone: "+91 98765 43210"}
    type: digital-goods
    body: Thank you.
    catalog_id: "5"
    items: [{name: Bread, amount: 1.00, quantity: 1}]
    payment: {gateway: razorpay, configuration: shop}
`

// FuzzIgnore: whatever rules a .hisabignore has, what they do not name is read, nothing hidden
// is, and the same files are found again.
func FuzzIgnore(f *testing.F) {
	for _, s := range []string{"old/\n", "/", "!/ \n//", "*.yaml\n!keep.yaml", "/a.hcl", "**/b.*", "[", "\\", "#x\n\n!", "a/**/z", "(", "**[", "\xff*", "?.hcl"} {
		f.Add(s)
	}
	files := []string{"a.hcl", "b.yaml", "old/c.hcl", "old/deep/d.yml", ".git/e.hcl", "f.txt", "ü.hcl"}
	f.Fuzz(func(t *testing.T, rules string) {
		fsys := fstest.MapFS{ignoreFile: {Data: []byte(rules)}}
		for _, name := range files {
			fsys[name] = &fstest.MapFile{Data: []byte{}}
		}
		found, diags := walk(fsys, nil)
		again, _ := walk(fsys, nil)
		if !slices.Equal(found, again) {
			t.Fatal("found otherwise the second time")
		}
		for _, file := range found {
			if !slices.Contains(files, file.name) || strings.HasPrefix(file.name, ".") || path.Ext(file.name) == ".txt" {
				t.Errorf("found %q", file.name)
			}
		}
		if plain := strings.Trim(rules, "abcdefghijklmnopqrstuvwxyz/\n"); plain == "" && !diags.HasErrors() && !strings.Contains(rules, "hcl") {
			for _, name := range []string{"a.hcl"} { // no rule of letters alone names a file with a dot
				if !slices.ContainsFunc(found, func(s specFile) bool { return s.name == name }) {
					t.Errorf("%q hides %s", rules, name)
				}
			}
		}
	})
}

// FuzzMask: what is masked shows the country and four digits, a first letter, and no more.
func FuzzMask(f *testing.F) {
	f.Add("919876543210")
	f.Add("Asha Rao <asha@example.in>")
	f.Add("\xff@@é")
	f.Fuzz(func(t *testing.T, text string) {
		for _, masked := range []string{MaskName(text), MaskText(text)} {
			if (masked == "") != (text == "") || utf8.RuneCountInString(masked) > 1+utf8.RuneCountInString(veil) {
				t.Errorf("%q is shown as %q", text, masked)
			}
		}
		phone, err := NormalizePhone(text, "91")
		if err != nil {
			return
		}
		shown := MaskPhone(phone)
		digits := bytes.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, []byte(shown))
		if len(digits) > 8 || strings.Contains(shown, phone) || len(phone)-len(digits) < 2 {
			t.Errorf("%s is shown as %s", phone, shown)
		}
	})
}

// FuzzVariables: a value is the same whichever way it comes in, and the one that is closest
// wins: --var, then --var-file, then the environment, then the default.
func FuzzVariables(f *testing.F) {
	for _, s := range []string{"2026-11", "", "true", "007", "${x}", "%{ if", "a\"b\\", "é\u0301", "[1]", "null", "=", "\u2028", "1e3", "\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || checkText("v.json", []byte(text)) != nil {
			return
		}
		if strings.Contains(text, "\r$") || strings.Contains(text, "\r%") {
			return // hclsyntax v2 leaves "\r$$${" as it is, for it scans all of it as one token
		}
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		src := strings.ReplaceAll(unfinishedOrder, "body: Thank you.", `body: "x${var.v}x"`) + "variables: {v: {type: string, default: other}}\n"
		body := func(o Options) string {
			s, diags := Load(fstest.MapFS{"a.yaml": {Data: []byte(src)}}, o)
			if s == nil {
				return "refused: " + fmt.Sprint(len(diags.Diagnostics))
			}
			return s.Orders[0].Body
		}
		env := func(v string) func(string) (string, bool) {
			return func(name string) (string, bool) { return v, name == "v" }
		}
		file := func(name string, doc string) []VarFile { return []VarFile{{Name: name, Data: []byte(doc)}} }
		want := body(Options{Vars: map[string]string{"v": text}, VarFiles: file("v.json", `{"v": "file"}`), EnvVar: env("env")})
		for way, o := range map[string]Options{
			"--var-file of JSON": {VarFiles: file("v.json", `{"v": `+string(quoted)+`}`), EnvVar: env("env")},
			"--var-file of YAML": {VarFiles: file("v.yaml", "v: "+quotedText(text)+"\n"), EnvVar: env("env")},
			"--var-file of HCL":  {VarFiles: file("v.hcl", "v = "+quotedText(text)+"\n")},
			"HISAB_VAR_v":        {EnvVar: env(text)},
		} {
			if got := body(o); got != want {
				t.Errorf("%q by %s is %q, and %q by --var", text, way, got, want)
			}
		}
		read := strings.ReplaceAll("x"+text+"x", "\r\n", "\n") // a body's lines end as WhatsApp ends them
		if !strings.HasPrefix(want, "refused") && norm.NFC.String(read) != norm.NFC.String(want) {
			t.Errorf("%q became %q", text, want)
		}
	})
}

// quotedText writes a text as HCL and YAML both read it: nothing in it is a template, and what
// does not print is spelled out.
func quotedText(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString("\\" + string(r))
		case unicode.IsPrint(r) && r != utf8.RuneError && r != '\ufeff':
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "\\U%08X", r)
		}
	}
	return `"` + strings.NewReplacer("${", "$${", "%{", "%%{").Replace(b.String()) + `"`
}
