package spec

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
)

// TestWriteTextObeysNothing shows what a pull request names its files and values, and lets a
// terminal obey none of it.
func TestWriteTextObeysNothing(t *testing.T) {
	const wipe = "\x1b[2J\x9b\x07\u202e"
	at := hcl.Range{Filename: "a" + wipe + "\nError: b.hcl", Start: hcl.InitialPos, End: hcl.InitialPos}
	text := shown(t, Diagnostics{Diagnostics: hcl.Diagnostics{{
		Severity: hcl.DiagError, Summary: "Bad " + wipe, Detail: "It says:\n" + wipe, Subject: &at,
	}}})
	if strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), obeyed) {
		t.Errorf("a terminal obeys %q", text)
	}
	if strings.Contains(text, "\nError:") || !strings.Contains(text, "It says:\n") {
		t.Errorf("the lines are not ours: %q", text)
	}
}

// TestAddressIsOneLine holds for labels too: those of orders may be anything.
func TestAddressIsOneLine(t *testing.T) {
	s, diags := Load(tree(map[string]string{"a.yaml": `
orders:
  "A\x1b[2J\n  # order.B": {reference_id: A-1, provider: whatsapp.main, customer: {phone: "+919876543210"}, catalog_id: "1",
    body: b, type: digital-goods, items: [{retailer_id: "1", name: Bread, amount: 140.00, quantity: 2}], payment: {gateway: razorpay, configuration: c}}
providers: {whatsapp: {main: {phone_number_id: "1", access_token: t}}}
`}), Options{})
	if s == nil {
		t.Fatal(shown(t, diags))
	}
	if got, want := s.Orders[0].Address, `order."A\x1b[2J\n  # order.B"`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
