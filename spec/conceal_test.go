package spec

import (
	"strings"
	"testing"
)

func TestConceal(t *testing.T) {
	for line, want := range map[string]string{
		`access_token = "EAAG42"`:                                  `access_token = "******"`,
		`  access_tokn    = "EAAG42" # mine`:                       `  access_tokn    = "******" # mine`,
		`m: {phone_number_id: "1", access_token: EAAG42, rate: 8}`: `m: {phone_number_id: "1", access_token: ******, rate: 8}`,
		`salt: 'se cret'`:                                          `salt: '*******'`,
		`"webhook_secret": 918273645`:                              `"webhook_secret": *********`,
		`app_secret = "se\"cret"`:                                  `app_secret = "***"****"`,
		`app_secret = "not closed`:                                 `app_secret = "**********`,
		// What says where a secret is found is shown.
		`access_token = env("WHATSAPP_TOKEN")`:        `access_token = env("WHATSAPP_TOKEN")`,
		`access_token: '${env("WHATSAPP_TOKEN")}'`:    `access_token: '${env("WHATSAPP_TOKEN")}'`,
		`access_token: ${var.token}`:                  `access_token: ${var.token}`,
		`access_token = var.token`:                    `access_token = var.token`,
		`name = "Asha", amount: 140.00, key_id = "x"`: `name = "Asha", amount: 140.00, key_id = "x"`,
		``: ``,
	} {
		if got := string(concealLine([]byte(line))); got != want {
			t.Errorf("%s\nis shown as %s\nwant        %s", line, got, want)
		}
	}
}

func TestConcealWhateverStandsBehindTheName(t *testing.T) {
	for name, src := range map[string]string{
		"a list":                 `access_token = ["SEKRIT"]`,
		"a list on more lines":   "access_token = [\n\"SEKRIT\"\n]",
		"an object":              `app_secret = { a = "SEKRIT" }`,
		"a block":                "access_token {\n  x = \"SEKRIT\"\n}",
		"a block on one line":    `access_token { x = "SEKRIT" }`,
		"a call":                 `access_token = upper("SEKRIT", 1)`,
		"a choice":               `access_token = true ? "SEKRIT" : 5 5`,
		"a choice by a variable": `access_token = var.live ? "SEKRIT" : "x"`,
		"behind a variable":      `access_token = "${var.a}SEKRIT"`,
		"a here-document":        "access_token = <<-EOT\nSEKRIT ${nope}\n  SEKRIT\nEOT",
		"one that does not end":  "access_token = <<EOT\nSEKRIT",
		"a list of YAML":         "access_token: [SEKRIT]",
		"items of YAML":          "p:\n  access_token:\n  - SEKRIT\n  - SEKRIT",
		"a block of YAML":        "access_token: |\n  SEKRIT\n\n  SEKRIT",
		"words of YAML":          "access_token: not one SEKRIT",
		"an anchor of YAML":      "access_token: &a SEKRIT",
		"a value below":          "access_token:\n  SEKRIT",
		"a local":                "locals {\n  t = \"SEKRIT\" + 1\n}\nprovider \"whatsapp\" \"w\" {\n  access_token = local.t\n}",
	} {
		after := "\nrate = 80 # shown\n"
		got := string(conceal([]byte(src + after)))
		if strings.Contains(got, "SEKRIT") || len(got) != len(src+after) {
			t.Errorf("%s: shown as\n%s", name, got)
		}
		if name != "one that does not end" && !strings.HasSuffix(got, after) {
			t.Errorf("%s: too much is hidden:\n%s", name, got)
		}
	}
}

// TestConcealTakesNoLongerThanTheSource: a source of which every line or word begins a secret is
// looked through once; read again for each of them, these would take many minutes.
func TestConcealTakesNoLongerThanTheSource(t *testing.T) {
	for _, line := range []string{"salt = [\n", "salt = <<EOT\n", "salt: a b\n", "salt: x, ", "salt: [ ", `salt: "`, "salt: local.a, "} {
		src := []byte(strings.Repeat(line, 1<<18/len(line)))
		if got := conceal(src); len(got) != len(src) {
			t.Errorf("%q: %d bytes became %d", line, len(src), len(got))
		}
	}
}

// FuzzConceal: places stay, lines stay, and what is shown is what was written or a star.
func FuzzConceal(f *testing.F) {
	f.Add([]byte("access_token = <<EOT\nSEKRIT\nEOT\nrate = 80"))
	f.Add([]byte("p: {access_token: [a, 'b'], salt: \"${local.t}\"}\nlocals: {t: x y}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, got := range [][]byte{conceal(src), concealLine(src)} {
			if len(got) != len(src) {
				t.Fatalf("%d bytes of %d", len(got), len(src))
			}
			for i := range got {
				if got[i] != src[i] && (got[i] != '*' || src[i] == '\n') {
					t.Fatalf("%q became %q", src, got)
				}
			}
		}
	})
}
