package spec_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"gopkg.in/yaml.v3"

	"github.com/hisab/hisab/schema"
	"github.com/hisab/hisab/spec"
)

// What the schema refuses loading refuses. The fixtures in testdata/good and testdata/bad
// are judged by both; each bad one holds one mistake, which its name says. unseen lists
// those that the schema lets pass, and why it must.
var unseen = map[string]string{
	"alias_bomb":                           "aliases are gone before a schema looks",
	"alias_of_itself":                      "aliases are gone before a schema looks",
	"amount_beyond_counting":               "a bound on amounts would hide the one that is said: whole paise in 64 bits",
	"amount_of_nothing":                    "text amounts have no order, so numbers alone would be held to more than 0",
	"amount_with_an_exponent":              "1.4e2 and 140 are one number in JSON",
	"amount_with_three_decimals":           "multipleOf 0.01 is computed in binary by editors, and refuses 140.10",
	"base_url_not_encrypted":               "http is allowed on this machine, and whether a host is, is not a pattern",
	"base_url_of_a_stranger":               "depends on HISAB_ALLOW_HOSTS",
	"beneficiary_missing_of_shipped_goods": "depends on type and status, with defaults",
	"body_missing":                         "may stand in defaults",
	"configuration_missing":                "may stand in defaults",
	"day_that_is_none":                     "needs a calendar",
	"discount_above_everything":            "a sum",
	"env_outside_of_accounts":              "inside an expression",
	"expiration_without_a_time":            "may stand in defaults",
	"expiration_half_in_defaults":          "may stand in the order",
	"expression_not_closed":                "inside an expression",
	"expression_of_another_type":           "inside an expression",
	"file_outside_of_the_folder":           "inside an expression",
	"function_unknown":                     "inside an expression",
	"gateway_field_of_another":             "the gateway may stand in defaults",
	"gateway_not_declared":                 "a reference",
	"image_beside_a_catalog":               "the catalog may stand in defaults",
	"image_beside_a_retailer_id":           "two fields at odds: loading says which to leave out",
	"invoice_amount_beside_items":          "two fields at odds: loading says which to leave out",
	"invoice_of_nothing":                   "may stand in defaults",
	"items_empty":                          "an empty list in defaults is overridden",
	"items_missing":                        "may stand in defaults",
	"items_with_pictures_too_many":         "inside an expression",
	"key_twice":                            "JSON has one",
	"name_no":                              "no is a word in YAML 1.2 and a truth value in YAML 1.1",
	"notify_half_in_defaults":              "may stand in the order",
	"notify_without_a_template":            "may stand in defaults",
	"origin_missing_without_a_catalog":     "may stand in defaults",
	"payment_missing":                      "may stand in defaults",
	"phone_null":                           "null is as if the field were absent, and absence is allowed elsewhere",
	"phone_of_a_spreadsheet":               "the rules for phones depend on the settings",
	"phone_with_letters":                   "the rules for phones depend on the settings",
	"phone_without_a_country":              "the rules for phones depend on the settings",
	"phone_without_quotes_with_spaces":     "quotes are gone before a schema looks",
	"provider_missing":                     "may stand in defaults",
	"provider_not_declared":                "a reference",
	"quotes_in_quotes":                     "a document that is no YAML has no tree",
	"quantity_with_a_decimal_point":        "2.0 and 2 are one number in JSON",
	"reference_of_a_replacement":           "two orders",
	"reference_twice":                      "two orders",
	"reference_twice_but_for_case":         "two orders",
	"refund_of_nothing":                    "text amounts have no order, so numbers alone would be held to more than 0",
	"refund_recorded_twice":                "two refunds",
	"refund_renamed_from_one_that_stands":  "two refunds",
	"sale_amount_above_amount":             "two amounts",
	"secret_not_evaluated":                 "inside an expression",
	"subtotal_wrong":                       "a sum",
	"tag_unknown":                          "tags are gone before a schema looks",
	"tax_without_an_amount":                "may stand in defaults",
	"template_always_without_a_template":   "the template may stand in defaults",
	"template_not_declared":                "a reference",
	"template_value_unknown":               "inside an expression",
	"timestamp_without_an_offset":          "a date alone is allowed, and the pattern keeps to what both begin with",
	"timezone_unknown":                     "needs the timezone database",
	"total_wrong":                          "a sum",
	"type_missing":                         "may stand in defaults",
	"upi_beyond_its_cap":                   "a sum",
	"upi_link_without_observe":             "may stand in defaults",
	"variable_not_declared":                "a reference",
	"variable_without_a_value":             "depends on --var and the environment",
}

func TestGoodFixturesAgree(t *testing.T) {
	for name, src := range fixtures(t, "good", ".yaml") {
		t.Run(name, func(t *testing.T) {
			if refusal := judge(t, src); refusal != "" {
				t.Errorf("the schema refuses it: %s", refusal)
			}
			if _, diags := loadBeside(".yaml", src); diags.HasErrors() {
				t.Errorf("loading refuses it:\n%s", written(diags))
			}
		})
	}
}

func TestBadFixturesAgree(t *testing.T) {
	bad := fixtures(t, "bad", ".yaml")
	for name, src := range bad {
		t.Run(name, func(t *testing.T) {
			refusal := judge(t, src)
			reason, excused := unseen[name]
			switch {
			case refusal == "" && !excused:
				t.Error("the schema accepts it, and no reason is listed in unseen")
			case refusal != "" && excused:
				t.Errorf("the schema sees it (%s), so unseen need not excuse it: %s", refusal, reason)
			}
			s, diags := loadBeside(".yaml", src)
			if !diags.HasErrors() {
				t.Errorf("loading accepts what the schema says of: %s", refusal)
			}
			if s != nil && diags.HasErrors() {
				t.Error("loading gives a spec in spite of errors")
			}
		})
	}
	for name := range unseen {
		if bad[name] == nil {
			t.Errorf("unseen lists %s, which is no fixture", name)
		}
	}
}

// A twin in HCL is the same spec, or the same mistake.
func TestTwinsAgree(t *testing.T) {
	for _, dir := range []string{"good", "bad"} {
		originals := fixtures(t, dir, ".yaml")
		for name, src := range fixtures(t, dir, ".hcl") {
			t.Run(dir+"/"+name, func(t *testing.T) {
				inHCL, hclDiags := loadBeside(".hcl", src)
				inYAML, yamlDiags := loadBeside(".yaml", originals[name])
				if a, b := summaries(hclDiags), summaries(yamlDiags); a != b {
					t.Errorf("HCL says %s\nYAML says %s\n%s", a, b, written(hclDiags))
				}
				if a, b := meaning(t, inHCL), meaning(t, inYAML); a != b {
					t.Errorf("%s", spec.Diff([]byte(a), []byte(b), "meaning"))
				}
			})
		}
	}
}

func TestExamplesAgree(t *testing.T) {
	folders, err := filepath.Glob("../examples/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range folders {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			continue
		}
		t.Run(filepath.Base(dir), func(t *testing.T) {
			fsys := os.DirFS(dir)
			if _, diags := spec.Load(fsys, spec.Options{}); diags.HasErrors() {
				t.Errorf("loading refuses it:\n%s", written(diags))
			}
			err := fs.WalkDir(fsys, ".", func(name string, _ fs.DirEntry, err error) error {
				if ext := path.Ext(name); err != nil || ext != ".yaml" && ext != ".yml" {
					return err
				}
				src, err := fs.ReadFile(fsys, name)
				if refusal := judge(t, src); refusal != "" {
					t.Errorf("the schema refuses %s: %s", name, refusal)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// fixtures reads the files of testdata/dir by their names without the extension.
func fixtures(tb testing.TB, dir, ext string) map[string][]byte {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", dir, "*"+ext))
	if err != nil {
		tb.Fatal(err)
	}
	found := make(map[string][]byte)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		found[strings.TrimSuffix(filepath.Base(file), ext)] = src
	}
	return found
}

// loadBeside loads a document beside the accounts that fixtures use, and beside defaults
// where it has none of its own.
func loadBeside(ext string, src []byte) (*spec.Spec, spec.Diagnostics) {
	files := fstest.MapFS{
		"fixture" + ext: {Data: src},
		"accounts.yaml": {Data: baseFile("accounts.yaml")},
		"bills.csv":     {Data: baseFile("bills.csv")},
	}
	if !regexp.MustCompile(`(?m)^defaults\b`).Match(src) {
		files["defaults.yaml"] = &fstest.MapFile{Data: baseFile("defaults.yaml")}
	}
	return spec.Load(files, spec.Options{})
}

func baseFile(name string) []byte {
	src, err := os.ReadFile(filepath.Join("testdata", "base", name))
	if err != nil {
		panic("the base of the fixtures is gone: " + err.Error())
	}
	return src
}

func written(diags spec.Diagnostics) string {
	var b strings.Builder
	for _, d := range diags.Diagnostics {
		fmt.Fprintf(&b, "%s\n", d)
	}
	return b.String()
}

// summaries are the headings of the errors, each once.
func summaries(diags spec.Diagnostics) string {
	heads := map[string]bool{}
	for _, d := range diags.Diagnostics {
		if d.Severity == hcl.DiagError {
			heads[d.Summary] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(heads)), "; ")
}

// meaning is what a spec declares, without the places.
func meaning(tb testing.TB, s *spec.Spec) string {
	tb.Helper()
	if s == nil {
		return ""
	}
	s.Settings.Pos = spec.Pos{}
	rendered, err := json.Marshal(map[string]any{
		"orders": s.Orders, "policy": s.Policy, "settings": s.Settings, "providers": s.Providers, "gateways": s.Gateways,
	})
	if err != nil {
		tb.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(rendered, &tree); err != nil {
		tb.Fatal(err)
	}
	rendered, err = json.MarshalIndent(withoutPlaces(tree), "", " ")
	if err != nil {
		tb.Fatal(err)
	}
	return string(rendered)
}

func withoutPlaces(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, child := range v {
			if k == "pos" || k == "Pos" || k == "status_pos" {
				delete(v, k)
			} else {
				v[k] = withoutPlaces(child)
			}
		}
	case []any:
		for i := range v {
			v[i] = withoutPlaces(v[i])
		}
	}
	return v
}

// judge is what the schema says of a document, empty where it accepts it or where it is no
// YAML that a tree can be made of.
func judge(tb testing.TB, src []byte) string {
	tb.Helper()
	dec := yaml.NewDecoder(strings.NewReader(string(src)))
	for {
		var doc yaml.Node
		if dec.Decode(&doc) != nil || len(doc.Content) == 0 {
			return ""
		}
		tree, ok := (&treeMaker{left: 100_000}).tree(doc.Content[0])
		if !ok {
			return ""
		}
		if err := schema.Language().Validate(tree); err != nil {
			return schema.Explain(err)
		}
	}
}
