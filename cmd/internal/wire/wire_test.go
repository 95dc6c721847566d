package wire_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

func TestReadPolicy(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("neighbour.hcl", "this is { no spec")
	good := write("policy.hcl", "policy {\n  max_sent = 5\n}\n")
	policy, diags, err := wire.ReadPolicy(good)
	if err != nil || len(diags.Diagnostics) > 0 || policy == nil || policy.MaxSent == nil || *policy.MaxSent != 5 {
		t.Errorf("policy = %+v, %v, %v", policy, diags, err)
	}
	for name, text := range map[string]string{
		"empty.hcl":  "",
		"more.hcl":   "policy {\n  max_sent = 5\n}\nprovider \"whatsapp\" \"x\" {\n  phone_number_id = \"1\"\n  access_token = \"t\"\n}\n",
		"policy.txt": "policy {}",
	} {
		if _, _, err := wire.ReadPolicy(write(name, text)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, diags, err := wire.ReadPolicy(write("broken.hcl", "policy {\n  max = 5\n}\n")); err != nil || !diags.HasErrors() {
		t.Errorf("broken: %v, %v", diags, err)
	}
	if _, _, err := wire.ReadPolicy(filepath.Join(dir, "nowhere.hcl")); !os.IsNotExist(err) {
		t.Errorf("nowhere: %v", err)
	}
}

func TestAccounts(t *testing.T) {
	s := &spec.Spec{Providers: []*spec.Provider{
		{Type: "whatsapp", Name: "main", PhoneNumberID: "1", BaseURL: "https://graph.facebook.com", Rate: 7},
		{Type: "whatsapp", Name: "again", PhoneNumberID: "1", BaseURL: "https://graph.facebook.com"},
		{Type: "whatsapp", Name: "other", PhoneNumberID: "2"},
	}}
	a, err := wire.NewAccounts(s, "test", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	main, _ := a.Account("whatsapp.main")
	again, _ := a.Account("whatsapp.again")
	other, _ := a.Account("whatsapp.other")
	if main != again || main == other {
		t.Errorf("accounts %q, %q, %q", main, again, other)
	}
	if _, ok := a.Account("whatsapp.nobody"); ok {
		t.Error("an address that is not declared has an account")
	}
	if _, ok := a.Provider(main); !ok {
		t.Error("an account has no adapter")
	}
	if a.Rate(main) != 7 || a.Rate(other) != 80 {
		t.Errorf("rates %d and %d", a.Rate(main), a.Rate(other))
	}
	if _, err := wire.NewAccounts(&spec.Spec{Providers: []*spec.Provider{{Type: "pigeon", Name: "x", Pos: spec.Pos{File: "a.hcl", Line: 3}}}}, "test", time.Now); err == nil || !strings.Contains(err.Error(), "a.hcl:3") {
		t.Errorf("pigeon: %v", err)
	}
}

// An answer that the published schema refuses is not believed, whatever else it says.
func TestAnswersAreJudged(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"messages": [{"id": "w"}], "contacts": 7, "id": "r", "speed_processed": ["normal"]}`))
	}))
	defer srv.Close()
	a, err := wire.NewAccounts(&spec.Spec{Providers: []*spec.Provider{
		{Type: "whatsapp", Name: "main", PhoneNumberID: "1", BaseURL: srv.URL, AccessToken: spec.NewSecret("t")},
	}}, "test", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	account, _ := a.Account("whatsapp.main")
	p, _ := a.Provider(account)
	_, sent := p.Send(t.Context(), reconcile.Message{Kind: reconcile.OrderStatus, To: "919876543210", Reference: "A", Status: spec.Shipped})
	_, refunded := p.Refund(t.Context(), reconcile.RefundRequest{Configuration: "c", Reference: "A", Amount: 100, Currency: spec.INR})
	for _, err := range []error{sent, refunded} {
		var call *reconcile.CallError
		if !errors.As(err, &call) || call.Class != reconcile.Unknown || !strings.Contains(call.Meaning, "schema") {
			t.Errorf("believed: %v", err)
		}
	}
}
