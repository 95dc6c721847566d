package spec

import (
	"testing"
)

// TestSpelling gives every kind of way out in the spelling of the file it is for.
func TestSpelling(t *testing.T) {
	tests := []struct{ hcl, yaml string }{
		{`country = "India"`, `country: "India"`},
		{`provider = whatsapp.main`, `provider: whatsapp.main`},
		{`enabled_payment_options = ["web"]`, `enabled_payment_options: ["web"]`},
		{`importer_address { … }`, `importer_address: {…}`},
		{`payment { gateway = "razorpay", configuration = "…" }`, `payment: {gateway: "razorpay", configuration: "…"}`},
		{`link = "upi://pay?pa=shop@bank&tr=…"`, `link: "upi://pay?pa=shop@bank&tr=…"`},
		{`env("NAME")`, `${env("NAME")}`},
	}
	for _, test := range tests {
		for file, want := range map[string]string{"a.hcl": test.hcl, "": test.hcl, "a.yaml": test.yaml, "below/a.yml": test.yaml} {
			if got := (Pos{File: file}).Spelling(test.hcl); got != want {
				t.Errorf("in %q: %s, want %s", file, got, want)
			}
			if got := inSpellingOf(file, "Write ‹"+test.hcl+"›, or ‹"+test.hcl+"›."); got != "Write "+want+", or "+want+"." {
				t.Errorf("in %q: %s", file, got)
			}
		}
	}
}
