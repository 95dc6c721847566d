package spec

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// env is an environment of a test.
func env(vars map[string]string) EnvFunc {
	return func(name string) (string, bool) { v, ok := vars[name]; return v, ok }
}

// TestVariablePrecedence gives one variable a value in every way.
func TestVariablePrecedence(t *testing.T) {
	files := map[string]string{"main.hcl": testPreamble, "a.hcl": `
variable "name" {
  type    = string
  default = "default"
}
order "A-1" {
  customer { phone = "+91 98765 43210" }
  item {
    name     = var.name
    amount   = 1
    quantity = 1
  }
}
`, "prod.hcl": "name = 1", "prod.yaml": "name: [x]"}
	hclFile := VarFile{"prod.hcl", []byte(`name = "hcl"`)}
	yamlFile := VarFile{"prod.yaml", []byte(`name: yaml`)}
	jsonFile := VarFile{"/etc/prod.json", []byte(`{"name": "json"}`)}
	fromEnv := func(name string) (string, bool) { return "env", name == "name" }
	for _, tt := range []struct {
		want string
		opt  Options
	}{
		{"env", Options{EnvVar: fromEnv, VarFiles: nil}},
		{"hcl", Options{EnvVar: fromEnv, VarFiles: []VarFile{yamlFile, hclFile}}},
		{"yaml", Options{EnvVar: fromEnv, VarFiles: []VarFile{hclFile, yamlFile}}},
		{"json", Options{VarFiles: []VarFile{hclFile, yamlFile, jsonFile}}},
		{"flag", Options{EnvVar: fromEnv, VarFiles: []VarFile{hclFile, yamlFile}, Vars: map[string]string{"name": "flag"}}},
	} {
		fsys := folder(files)
		if len(tt.opt.VarFiles) == 0 {
			delete(fsys, "prod.hcl")
			delete(fsys, "prod.yaml")
		}
		tt.opt.VarFiles = append(tt.opt.VarFiles, VarFile{"prod.hcl", nil}, VarFile{"prod.yaml", nil})
		s, diags := Load(fsys, tt.opt)
		if s == nil || s.Orders[0].Items[0].Name != tt.want {
			t.Errorf("want %s, got %v\n%s", tt.want, s, shown(t, diags))
		}
	}
}

// TestBadVarFiles reads var files that are none.
func TestBadVarFiles(t *testing.T) {
	for name, data := range map[string]string{
		"a.hcl": "name =", "a.yaml": "name: [", "a.json": "[1]", "b.json": "{", "c.hcl": "\x00", "d.hcl": "other = 1", "e.hcl": "name = env(\"X\")", "f.hcl": "name {}",
	} {
		_, diags := Load(folder(map[string]string{"v.hcl": `variable "name" { default = 1 }`}), Options{VarFiles: []VarFile{{name, []byte(data)}}})
		if !diags.HasErrors() {
			t.Errorf("%s: %q is taken", name, data)
		}
	}
}

// TestSecrets reads secrets with and without an environment, and never shows one.
func TestSecrets(t *testing.T) {
	fsys := folder(map[string]string{"main.hcl": testPreamble, "v.hcl": `
variable "app" {
  type      = string
  sensitive = true
}
provider "whatsapp" "two" {
  phone_number_id = env("NUMBER")
  access_token    = "t-${env("TOKEN")}"
  app_secret      = var.app
}
`})
	s, diags := Load(fsys, Options{})
	if s == nil {
		t.Fatal(shown(t, diags))
	}
	if p := s.Providers[1]; p.AccessToken.Known() || p.AppSecret.Known() || p.PhoneNumberID != "" {
		t.Errorf("without an environment: %+v", p)
	}
	environment := env(map[string]string{"TOKEN": "s3cret", "KEY": "k3y", "NUMBER": "77"})
	s, diags = Load(fsys, Options{Env: environment, Vars: map[string]string{"app": "4pp"}})
	if s == nil {
		t.Fatal(shown(t, diags))
	}
	if p := s.Providers[1]; p.AccessToken.Reveal() != "t-s3cret" || p.AppSecret.Reveal() != "4pp" || p.PhoneNumberID != "77" {
		t.Errorf("with one: %+v", p)
	}
	if k := s.Gateways[0].Secrets["key_secret"]; k.Reveal() != "k3y" {
		t.Error("the gateway's secret is another")
	}
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%+v %#v %s", s, *s.Providers[1], raw); strings.Contains(text, "s3cret") || strings.Contains(text, "4pp") {
		t.Errorf("a secret is shown: %s", text)
	}
	if s, diags = Load(fsys, Options{Env: environment}); s != nil || !strings.Contains(shown(t, diags), "HISAB_VAR_app") {
		t.Errorf("a sensitive variable without a value: %s", shown(t, diags))
	}
	if s, diags = Load(fsys, Options{Env: env(nil)}); s != nil || !strings.Contains(shown(t, diags), "TOKEN is not set") {
		t.Errorf("an unset variable: %s", shown(t, diags))
	}
}

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "127.0.0.1": true, "127.8.9.1": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "localhost.example": false, "127.0.0.1.example": false, "0.0.0.0": false, "::": false, "192.0.2.1": false,
		"127.0.0.1:80": false, "[::1]": false,
	} {
		if got := IsLoopback(host); got != want {
			t.Errorf("%q: %t, want %t", host, got, want)
		}
	}
}

// TestDigest changes each thing that a spec is made from.
func TestDigest(t *testing.T) {
	files := func() fstest.MapFS {
		return folder(map[string]string{"main.hcl": testPreamble, "a.csv": "ref\nA-1\n", "unused.csv": "x", "a.hcl": `
variable "name" { default = "x" }
order "o" {
  for_each = { for r in csvdecode(file("a.csv")) : r.ref => r }
  customer { phone = "+91 98765 43210" }
  item {
    name     = var.name
    amount   = 1
    quantity = 1
  }
}
`})
	}
	seen := make(map[string]string)
	for name, change := range map[string]func(fstest.MapFS, *Options){
		"nothing":      func(fstest.MapFS, *Options) {},
		"a file":       func(f fstest.MapFS, _ *Options) { f["a.hcl"].Data = append(f["a.hcl"].Data, '#') },
		"a name":       func(f fstest.MapFS, _ *Options) { f["b.hcl"] = f["a.hcl"]; delete(f, "a.hcl") },
		"a data file":  func(f fstest.MapFS, _ *Options) { f["a.csv"].Data = []byte("ref\nA-1\nA-2\n") },
		"a variable":   func(_ fstest.MapFS, o *Options) { o.Vars = map[string]string{"name": "x"} },
		"another":      func(_ fstest.MapFS, o *Options) { o.Vars = map[string]string{"name": "y"} },
		"a var file":   func(_ fstest.MapFS, o *Options) { o.VarFiles = []VarFile{{"v.yaml", []byte("name: x")}} },
		"environment":  func(_ fstest.MapFS, o *Options) { o.EnvVar = func(string) (string, bool) { return "x", true } },
		"another file": func(f fstest.MapFS, _ *Options) { f["c.yaml"] = &fstest.MapFile{} },
	} {
		fsys, opt := files(), Options{}
		change(fsys, &opt)
		s, diags := Load(fsys, opt)
		if s == nil {
			t.Fatal(name, shown(t, diags))
		}
		if other, taken := seen[s.Digest]; taken {
			t.Errorf("%s and %s have one digest", name, other)
		}
		seen[s.Digest] = name
	}
	fsys := files()
	fsys["unused.csv"].Data = []byte("y")
	if s, _ := Load(fsys, Options{}); seen[s.Digest] != "nothing" {
		t.Error("a file that is not read changes the digest")
	}
}

// TestDiagnosticsJSON holds the form that scripts rely on.
func TestDiagnosticsJSON(t *testing.T) {
	_, diags := Load(folder(map[string]string{"a.yaml": "hisab: {idd: x}\n"}), Options{})
	want := `[{"severity":"error","summary":"Unknown name","detail":"This block has no name \"idd\". Did you mean id?",` +
		`"range":{"filename":"a.yaml","start":{"line":1,"column":9,"byte":8},"end":{"line":1,"column":12,"byte":11}}}]`
	if got := string(diags.JSON()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := string(Diagnostics{}.JSON()); got != "[]" {
		t.Errorf("nothing is %s", got)
	}
}

// TestDiagnosticsText shows long lines, tabs and colours.
func TestDiagnosticsText(t *testing.T) {
	long := "hisab: {id: \"" + strings.Repeat("x", 5000) + "\", idd: y}\n"
	_, diags := Load(folder(map[string]string{"a.yaml": long, "b.hcl": "locals {\n\tid = é\n}\n"}), Options{})
	text := shown(t, diags)
	for _, line := range strings.Split(text, "\n") {
		if len(line) > longestLine+10 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	if !strings.Contains(text, "   2: \tid = é\n      \t     ^\n") || !strings.Contains(text, ", idd: y}\n") {
		t.Errorf("%s", text)
	}
	var b strings.Builder
	if err := diags.WriteText(&b, 0, true); err != nil || !strings.Contains(b.String(), "\x1b[31mError\x1b[0m") || !strings.Contains(b.String(), "\x1b[1;4mé\x1b[0m") {
		t.Errorf("%q %v", b.String(), err)
	}
}

// denied is a file system in which one file cannot be read.
type denied struct{ fstest.MapFS }

func (d denied) Open(name string) (fs.File, error) {
	if name == "a.hcl" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return d.MapFS.Open(name)
}

// TestUnreadable keeps the errors of other files.
func TestUnreadable(t *testing.T) {
	_, diags := Load(denied{folder(map[string]string{"a.hcl": "", "b.yaml": "ordrs: {}"})}, Options{})
	if len(diags.Diagnostics) != 2 || diags.Diagnostics[0].Detail != "Permission denied. Let this user read it, or list it in .hisabignore." || diags.Diagnostics[1].Subject.Filename != "b.yaml" {
		t.Error(shown(t, diags))
	}
}

// TestOrderOfFiles loads the same blocks from files of any name.
func TestOrderOfFiles(t *testing.T) {
	a := load(t, map[string]string{"1.hcl": testPreamble, "2.hcl": spellings[0].hcl, "3.yaml": spellings[3].yaml})
	b := load(t, map[string]string{"9/1.hcl": testPreamble, "2.hcl": spellings[0].hcl, "1.yaml": spellings[3].yaml})
	if placeless(t, a.Orders) != placeless(t, b.Orders) {
		t.Error("the order of files has a meaning")
	}
}

// TestLaterSecrets plans with the token alone: what only webhooks and gateways need may be
// missing until they are asked.
func TestLaterSecrets(t *testing.T) {
	fsys := folder(map[string]string{"main.hcl": `
provider "whatsapp" "main" {
  phone_number_id = "1"
  access_token    = env("TOKEN")
  app_secret      = env("APP")
  verify_token    = "v-${env("VERIFY")}"
}
gateway "razorpay" "main" {
  key_id     = "k"
  key_secret = env("KEY")
}
`})
	s, diags := Load(fsys, Options{Env: env(map[string]string{"TOKEN": "t"})})
	if s == nil {
		t.Fatal(shown(t, diags))
	}
	p := s.Providers[0]
	if !p.AccessToken.Known() || p.AppSecret.Known() || p.VerifyToken.Known() || s.Gateways[0].Secrets["key_secret"].Known() {
		t.Errorf("known without being set: %+v %+v", p, s.Gateways[0])
	}
	if s, diags = Load(fsys, Options{Env: env(nil)}); s != nil || !strings.Contains(shown(t, diags), "TOKEN is not set") || strings.Contains(shown(t, diags), "APP") {
		t.Errorf("without the token: %s", shown(t, diags))
	}
}

// TestTerminalIsNotObeyed shows a file's control characters instead of sending them.
func TestTerminalIsNotObeyed(t *testing.T) {
	_, diags := Load(folder(map[string]string{"a.hcl": "nam\tx = \"\x1b[31mred \u202eder\"\n"}), Options{})
	got := shown(t, diags)
	if strings.ContainsAny(got, "\x1b\u202e") || !strings.Contains(got, "nam\tx = \"\ufffd[31mred \ufffdder\"") {
		t.Errorf("shown as %q", got)
	}
}
