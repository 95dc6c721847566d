package wire

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

func TestConfigurations(t *testing.T) {
	answer := `{"data":[{"payment_configurations":[
		{"configuration_name":"shop-razorpay","provider_name":"RazorPay","status":"Active"},
		{"configuration_name":"shop-payu","provider_name":"payu","status":"Needs Connecting"}]}]}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/777/payment_configurations") {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	s := &spec.Spec{Providers: []*spec.Provider{
		{Type: "whatsapp", Name: "main", BaseURL: server.URL, APIVersion: "v24.0", PhoneNumberID: "1", WABAID: "777", AccessToken: spec.NewSecret("t")},
		{Type: "whatsapp", Name: "unnamed", BaseURL: server.URL, APIVersion: "v24.0", PhoneNumberID: "2", AccessToken: spec.NewSecret("t")},
	}}
	order := func(provider, configuration string) *spec.Order {
		return &spec.Order{Provider: provider, Payment: &spec.Payment{Gateway: "razorpay", Configuration: configuration}}
	}
	accounts, err := NewAccounts(s, "test", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(orders ...*spec.Order) string {
		return strings.Join(accounts.Configurations(t.Context(), s, orders), "\n")
	}
	for name, c := range map[string]struct {
		order *spec.Order
		want  string // empty: no remark
	}{
		"active":           {order("whatsapp.main", "shop-razorpay"), ""},
		"not connected":    {order("whatsapp.main", "shop-payu"), `"shop-payu" has the status "needs connecting"`},
		"absent":           {order("whatsapp.main", "shop-razorpai"), `no payment configuration "shop-razorpai"`},
		"no waba_id given": {order("whatsapp.unnamed", "anything"), ""},
	} {
		if got := ask(c.order); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: remarks %q, want %q", name, got, c.want)
		}
	}
	answer = `<html>`
	if got := ask(order("whatsapp.main", "shop-razorpay")); !strings.Contains(got, "could not be listed") {
		t.Errorf("an answer that is no list: %q", got)
	}
}
