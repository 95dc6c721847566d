package spec

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// functionExamples has a call of every function and what it comes to.
var functionExamples = map[string]map[string]string{
	"abs":              {`abs(-2)`: `2`},
	"alltrue":          {`alltrue([true, true])`: `true`, `alltrue([])`: `true`, `alltrue([true, null])`: `false`, `alltrue(["true"])`: `true`},
	"anytrue":          {`anytrue([false, true])`: `true`, `anytrue([])`: `false`, `anytrue([null])`: `false`},
	"base64decode":     {`base64decode("aGlzYWI=")`: `"hisab"`},
	"base64encode":     {`base64encode("hisab")`: `"aGlzYWI="`},
	"base64gzip":       {`base64gzip("test")`: `"H4sIAAAAAAAA/ypJLS4BAAAA//8BAAD//wx+f9gEAAAA"`},
	"base64sha256":     {`base64sha256("")`: `"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="`},
	"base64sha512":     {`substr(base64sha512(""), 0, 8)`: `"z4PhNX7v"`},
	"can":              {`can(tonumber("x"))`: `false`},
	"ceil":             {`ceil(1.1)`: `2`},
	"chomp":            {`chomp("a\n")`: `"a"`},
	"chunklist":        {`chunklist([1, 2, 3], 2)`: `[[1, 2], [3]]`},
	"coalesce":         {`coalesce(null, "", "a")`: `"a"`, `coalesce(0, 1)`: `0`},
	"coalescelist":     {`coalescelist([], [1])`: `[1]`},
	"compact":          {`compact(["a", ""])`: `["a"]`},
	"concat":           {`concat([1], [2])`: `[1, 2]`},
	"contains":         {`contains(["a"], "a")`: `true`},
	"csvdecode":        {`csvdecode("ref,amount\nA,1.50\n")[0].amount`: `"1.50"`},
	"distinct":         {`distinct([1, 1])`: `[1]`},
	"element":          {`element([1, 2], 3)`: `2`},
	"endswith":         {`endswith("abc", "bc")`: `true`, `endswith("abc", "ab")`: `false`},
	"flatten":          {`flatten([[1], [2]])`: `[1, 2]`},
	"floor":            {`floor(1.9)`: `1`},
	"format":           {`format("%05d", 7)`: `"00007"`},
	"formatdate":       {`formatdate("DD.MM.YYYY", "2026-11-20T10:00:00Z")`: `"20.11.2026"`},
	"formatlist":       {`formatlist("<%s>", ["a"])`: `["<a>"]`},
	"indent":           {`indent(1, "a\nb")`: `"a\n b"`},
	"index":            {`index(["a", "b"], "b")`: `1`},
	"inr":              {`inr(100000)`: `"₹1,00,000.00"`, `inr("4500.00")`: `"₹4,500.00"`},
	"join":             {`join("-", ["a", "b"])`: `"a-b"`},
	"jsondecode":       {`jsondecode("{\"a\":1}").a`: `1`},
	"jsonencode":       {`jsonencode({a = 1})`: `"{\"a\":1}"`},
	"keys":             {`keys({b = 1, a = 2})`: `["a", "b"]`},
	"length":           {`length([1, 2])`: `2`, `length("आशा")`: `2`, `length({a = 1})`: `1`, `length(toset(["a", "a"]))`: `1`},
	"log":              {`log(8, 2)`: `3`},
	"lookup":           {`lookup({a = 1}, "b", 2)`: `2`},
	"lower":            {`lower("A")`: `"a"`},
	"matchkeys":        {`matchkeys(["x", "y"], ["a", "b"], ["b"])`: `["y"]`, `matchkeys(["x"], ["a"], ["b"])`: `[]`},
	"max":              {`max(1, 2)`: `2`},
	"md5":              {`md5("")`: `"d41d8cd98f00b204e9800998ecf8427e"`},
	"merge":            {`merge({a = 1}, {a = 2})`: `{a = 2}`},
	"min":              {`min(1, 2)`: `1`},
	"one":              {`one([1])`: `1`, `one([])`: `null`, `one(toset(["a"]))`: `"a"`},
	"parseint":         {`parseint("ff", 16)`: `255`},
	"pow":              {`pow(2, 10)`: `1024`},
	"range":            {`range(3)`: `[0, 1, 2]`},
	"regex":            {`regex("[0-9]+", "a12")`: `"12"`},
	"regexall":         {`regexall("[0-9]", "a12")`: `["1", "2"]`},
	"replace":          {`replace("a+b", "+", "-")`: `"a-b"`, `replace("a12", "/[0-9]+/", "-")`: `"a-"`, `replace("a/b", "/", "-")`: `"a-b"`},
	"reverse":          {`reverse([1, 2])`: `[2, 1]`},
	"round":            {`round(1.005, 2)`: `1.01`},
	"setintersection":  {`setintersection(["a", "b"], ["b"])`: `["b"]`},
	"setproduct":       {`setproduct(["a"], ["b"])`: `[["a", "b"]]`},
	"setsubtract":      {`setsubtract(["a", "b"], ["b"])`: `["a"]`},
	"setunion":         {`setunion(["a"], ["b"])`: `["a", "b"]`},
	"sha1":             {`sha1("")`: `"da39a3ee5e6b4b0d3255bfef95601890afd80709"`},
	"sha256":           {`sha256("")`: `"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"`},
	"sha512":           {`substr(sha512(""), 0, 8)`: `"cf83e135"`},
	"signum":           {`signum(-3)`: `-1`},
	"slice":            {`slice([1, 2, 3], 1, 2)`: `[2]`},
	"sort":             {`sort(["b", "a"])`: `["a", "b"]`},
	"split":            {`split(",", "a,b")`: `["a", "b"]`},
	"startswith":       {`startswith("abc", "ab")`: `true`, `startswith("abc", "bc")`: `false`},
	"strcontains":      {`strcontains("abc", "b")`: `true`, `strcontains("abc", "x")`: `false`},
	"strrev":           {`strrev("ab")`: `"ba"`},
	"substr":           {`substr("abc", 1, 1)`: `"b"`},
	"sum":              {`sum([1.1, 2.2])`: `3.3`, `sum(["1", 2])`: `3`, `sum([])`: `0`},
	"textdecodebase64": {`textdecodebase64("IKw=", "UTF-16LE")`: `"갠"`, `textdecodebase64("gA==", "windows-1252")`: `"€"`},
	"textencodebase64": {`textencodebase64("€", "windows-1252")`: `"gA=="`},
	"timeadd":          {`timeadd("2026-11-20T10:00:00Z", "1h")`: `"2026-11-20T11:00:00Z"`},
	"timecmp":          {`timecmp("2026-11-20T10:00:00Z", "2026-11-20T15:30:00+05:30")`: `0`, `timecmp("2026-11-20T10:00:00Z", "2026-11-20T10:00:01Z")`: `-1`},
	"title":            {`title("asha rao")`: `"Asha Rao"`},
	"tobool":           {`tobool("true")`: `true`},
	"tolist":           {`tolist(["a"])`: `["a"]`},
	"tomap":            {`tomap({a = 1})`: `{a = 1}`},
	"tonumber":         {`tonumber("1.5")`: `1.5`},
	"toset":            {`toset(["a", "a"])`: `["a"]`},
	"tostring":         {`tostring(1.5)`: `"1.5"`},
	"transpose":        {`transpose({a = ["x", "y"], b = ["x"]})`: `{x = ["a", "b"], y = ["a"]}`, `transpose({})`: `{}`},
	"trim":             {`trim("?a?", "?")`: `"a"`},
	"trimprefix":       {`trimprefix("abc", "ab")`: `"c"`},
	"trimspace":        {`trimspace(" a ")`: `"a"`},
	"trimsuffix":       {`trimsuffix("abc", "bc")`: `"a"`},
	"try":              {`try(tonumber("x"), 7)`: `7`},
	"upper":            {`upper("a")`: `"A"`},
	"urlencode":        {`urlencode("a b&c")`: `"a+b%26c"`},
	"values":           {`values({b = 1, a = 2})`: `[2, 1]`},
	"yamldecode":       {`yamldecode("a: 1").a`: `1`},
	"yamlencode":       {`yamlencode({a = 1})`: `"\"a\": 1\n"`},
	"zipmap":           {`zipmap(["a"], [1])`: `{a = 1}`},

	"env":     {`env("SHOP")`: `"Sharma"`},
	"file":    {`file("bills.csv")`: `"ref,amount\nA,1.50\n"`, `file("./data/../data/a.csv")`: `"a"`},
	"fileset": {`fileset(".", "**/*.csv")`: `["bills.csv", "data/a.csv", "data/deep/b.csv"]`, `fileset("data", "*.csv")`: `["a.csv"]`, `fileset("data", "*.txt")`: `[]`},
}

var functionFiles = fstest.MapFS{
	"bills.csv":       {Data: []byte("\ufeffref,amount\nA,1.50\n")},
	"data/a.csv":      {Data: []byte("a")},
	"data/deep/b.csv": {Data: []byte("b")},
	"latin1.txt":      {Data: []byte("caf\xe9")},
}

func functionScope() *hcl.EvalContext {
	env := func(name string) (string, bool) {
		values := map[string]string{"SHOP": "Sharma", "EMPTY": "", "TOKEN": "s3cr3t"}
		value, set := values[name]
		return value, set
	}
	return &hcl.EvalContext{Functions: Functions(env, functionFiles)}
}

func TestEveryFunction(t *testing.T) {
	ctx := functionScope()
	for _, name := range FunctionNames() {
		if len(functionExamples[name]) == 0 {
			t.Errorf("%s has no example", name)
		}
		for call, result := range functionExamples[name] {
			got, want := asJSON(t, call, ctx), asJSON(t, result, ctx)
			if got != want {
				t.Errorf("%s is %s, want %s", call, got, want)
			}
		}
	}
	for name := range functionExamples {
		if _, ok := ctx.Functions[name]; !ok {
			t.Errorf("%s is no function", name)
		}
	}
}

func asJSON(t *testing.T, expression string, ctx *hcl.EvalContext) string {
	t.Helper()
	v, diags := evaluateIn(expression, ctx)
	if diags.HasErrors() {
		t.Errorf("%s: %s", expression, diags)
		return ""
	}
	v, _ = v.UnmarkDeep()
	text, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		t.Errorf("%s: %s", expression, err)
	}
	return string(text)
}

func TestRoundIsExact(t *testing.T) {
	for call, want := range map[string]string{
		`round(2.675, 2)`:                    "2.68",
		`round(1.005, 2)`:                    "1.01",
		`round(0.285, 2)`:                    "0.29",
		`round(140.004, 2)`:                  "140",
		`round(140.005, 2)`:                  "140.01",
		`round(140.00499999, 2)`:             "140",
		`round(-2.675, 2)`:                   "-2.68",
		`round(-0.001, 2)`:                   "0",
		`round(0.5, 0)`:                      "1",
		`round(999.995, 2)`:                  "1000",
		`round(100 / 3, 2)`:                  "33.33",
		`round(200 / 3, 2)`:                  "66.67",
		`round(4500 * 18 / 118, 2)`:          "686.44",
		`round(1.115 * 3 / 3, 2)`:            "1.12",
		`round("140.005", 2)`:                "140.01",
		`round(0.1 + 0.2, 30)`:               "0.3",
		`round(12345678901234567890.125, 2)`: "12345678901234567890.13",
	} {
		got := evaluate(t, call)
		if !got.RawEquals(cty.MustParseNumberVal(want)) {
			t.Errorf("%s = %#v, want %s", call, got, want)
		}
		if amount, err := AmountFromCty(got); strings.HasSuffix(call, ", 2)") && !strings.Contains(call, "-") && len(want) < 10 {
			if exact, _ := ParseAmount(want); err != nil || amount != exact {
				t.Errorf("%s as an amount is %s, %v", call, amount, err)
			}
		}
	}
}

func TestFunctionErrorsShowTheWayOut(t *testing.T) {
	ctx := functionScope()
	for call, want := range map[string]string{
		`env("NOPE")`:                         "NOPE is not set",
		`env("EMPTY")`:                        "EMPTY is set to nothing",
		`file("../secret")`:                   "outside the spec folder",
		`file("/etc/passwd")`:                 "outside the spec folder",
		`file("data/../../x")`:                "outside the spec folder",
		`file("~/x")`:                         "outside the spec folder",
		`file("nope.csv")`:                    "nope.csv cannot be read: file does not exist",
		`file("latin1.txt")`:                  "save it as UTF-8",
		`fileset("/", "*")`:                   "outside the spec folder",
		`fileset("data", "../*")`:             "outside the spec folder",
		`fileset("nope", "*")`:                "nope cannot be read",
		`fileset("bills.csv", "*")`:           "is a file",
		`fileset("data", "[")`:                "is no pattern",
		`round(1, -1)`:                        "0 to 30",
		`round(1, 1.5)`:                       "0 to 30",
		`round(1 / 0, 2)`:                     "zero",
		`round(1e999, 2)`:                     "too large",
		`inr("")`:                             "is empty",
		`inr(1.005)`:                          "has a third decimal",
		`inr([])`:                             "an amount is a number",
		`timestamp()`:                         "gives another answer each time",
		`uuid()`:                              "gives another answer each time",
		`bcrypt("x")`:                         "gives another answer each time",
		`plantimestamp()`:                     "gives another answer each time",
		`one([1, 2])`:                         "this one has 2",
		`one("a")`:                            "a list or a set",
		`index(["a"], "b")`:                   "contains",
		`index("a", "b")`:                     "only a list",
		`sum(["x"])`:                          "number",
		`sum("x")`:                            "a list or a set",
		`sum([null])`:                         "null",
		`sum([1e999])`:                        "too large",
		`length(1)`:                           "has a length",
		`coalesce("", null)`:                  "every argument",
		`coalesce()`:                          "no argument to choose",
		`coalesce("", [])`:                    "same type",
		`matchkeys(["a"], [], [])`:            "0 keys for 1 values",
		`transpose({a = [null]})`:             "null",
		`timecmp("now", "then")`:              "is no timestamp",
		`base64decode("?")`:                   "not Base64",
		`base64decode("/w==")`:                "textdecodebase64",
		`textdecodebase64("?", "UTF-8")`:      "not Base64",
		`textdecodebase64("AA==", "klingon")`: "IANA name",
		`textencodebase64("आ", "US-ASCII")`:   "no sign",
	} {
		_, diags := evaluateIn(call, ctx)
		if !diags.HasErrors() || !strings.Contains(diags.Error(), want) {
			t.Errorf("%s: %v; want an error with %q", call, diags, want)
		}
	}
}

func TestFilesNeedAFolder(t *testing.T) {
	for _, call := range []string{`file("a")`, `fileset(".", "*")`} {
		if _, diags := evaluateIn(call, &hcl.EvalContext{Functions: Functions(nil, nil)}); !diags.HasErrors() {
			t.Errorf("%s reads without a folder", call)
		}
	}
}

func TestEnvIsSensitiveAllTheWay(t *testing.T) {
	ctx := functionScope()
	for _, call := range []string{
		`env("TOKEN")`, `upper(env("TOKEN"))`, `"Bearer ${env("TOKEN")}"`, `[env("TOKEN")]`, `{a = env("TOKEN")}.a`,
		`base64encode(env("TOKEN"))`, `split("", env("TOKEN"))`, `length(env("TOKEN"))`, `coalesce(env("TOKEN"), "x")`,
		`try(env("TOKEN"), "x")`, `join(",", [env("TOKEN")])`, `jsonencode({a = env("TOKEN")})`, `lookup({a = env("TOKEN")}, "a", "")`,
	} {
		if v, diags := evaluateIn(call, ctx); diags.HasErrors() || !v.ContainsMarked() {
			t.Errorf("%s is not marked: %v", call, diags)
		}
	}
	unknown := evaluate(t, `upper(env("TOKEN"))`)
	if unknown.IsKnown() || !unknown.HasMark(Sensitive) || unknown.Type() != cty.String {
		t.Errorf("without an environment a variable is %#v", unknown)
	}
}

// Whatever a function makes of secrets, its error does not show them and its result is
// marked.
func TestNoFunctionTellsASecret(t *testing.T) {
	const secret = "s3cr3t"
	for name, f := range functionScope().Functions {
		if name == "try" || name == "can" {
			continue // they take expressions; errors inside come from the others
		}
		n := len(f.Params())
		if f.VarParam() != nil {
			n += 2
		}
		for _, arg := range []cty.Value{
			cty.StringVal(secret), cty.ListVal([]cty.Value{cty.StringVal(secret)}), cty.MapVal(map[string]cty.Value{secret: cty.StringVal(secret)}),
		} {
			args := make([]cty.Value, n)
			for i := range args {
				args[i] = arg.Mark(Sensitive)
			}
			v, err := f.Call(args)
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("%s tells in its error: %s", name, err)
			}
			if err == nil && !v.ContainsMarked() {
				t.Errorf("%s takes the mark off: %#v", name, v)
			}
		}
	}
}

// Validation runs without secrets and before events: unknown arguments must not panic.
func TestFunctionsTakeTheUnknown(t *testing.T) {
	for name, f := range functionScope().Functions {
		if name == "try" || name == "can" {
			continue
		}
		n := len(f.Params())
		if f.VarParam() != nil {
			n++
		}
		for _, arg := range []cty.Value{
			cty.DynamicVal, cty.UnknownVal(cty.String), cty.ListVal([]cty.Value{cty.UnknownVal(cty.String)}),
			cty.UnknownVal(cty.List(cty.String)), cty.NullVal(cty.DynamicPseudoType), cty.NullVal(cty.String),
		} {
			args := make([]cty.Value, n)
			for i := range args {
				args[i] = arg
			}
			if v, err := f.Call(args); err == nil && v == cty.NilVal {
				t.Errorf("%s of %#v is nothing", name, arg)
			}
		}
	}
}
