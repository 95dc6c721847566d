package sandbox

import (
	"net/http"
	"slices"
	"time"
)

// Configuration is a payment configuration of the business account.
type Configuration struct {
	Name     string `json:"configuration_name"`
	Gateway  string `json:"provider_name"`
	Status   string `json:"status,omitempty"` // default Active
	Merchant string `json:"provider_mid,omitempty"`
}

// configured reports whether a configuration exists and works. Without a list every one
// does.
func (w *world) configured(name string) bool {
	if len(w.opts.Configurations) == 0 {
		return true
	}
	return slices.ContainsFunc(w.opts.Configurations, func(c Configuration) bool {
		return c.Name == name && (c.Status == "" || c.Status == "Active")
	})
}

// configurations are those of the list, or else those that orders have named.
func (w *world) configurations() []Configuration {
	if len(w.opts.Configurations) > 0 {
		return w.opts.Configurations
	}
	var out []Configuration
	for _, o := range w.Orders {
		c := Configuration{Name: o.Payment.Configuration, Gateway: o.Payment.Gateway}
		if c.Name != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// listConfigurations answers GET /{waba-id}/payment_configurations, doubly wrapped as
// Meta does.
func (w *world) listConfigurations(now time.Time) reply {
	list := []any{}
	for _, c := range w.configurations() {
		list = append(list, wireConfiguration(c, now))
	}
	return jsonReply(http.StatusOK, map[string]any{
		"data": []any{map[string]any{"payment_configurations": list}},
	})
}

// getConfiguration answers GET /{waba-id}/payment_configuration/{name}.
func (w *world) getConfiguration(name string, now time.Time) reply {
	all := w.configurations()
	i := slices.IndexFunc(all, func(c Configuration) bool { return c.Name == name })
	switch {
	case i >= 0:
		return jsonReply(http.StatusOK, map[string]any{"data": []any{wireConfiguration(all[i], now)}})
	case len(w.opts.Configurations) == 0:
		c := Configuration{Name: name, Gateway: "razorpay"}
		return jsonReply(http.StatusOK, map[string]any{"data": []any{wireConfiguration(c, now)}})
	}
	return w.errorReply(refuse(100, "there is no payment configuration %s", name))
}

func wireConfiguration(c Configuration, now time.Time) map[string]any {
	return map[string]any{
		"configuration_name":     c.Name,
		"provider_name":          c.Gateway,
		"provider_mid":           orDefault(c.Merchant, "acc_sandbox"),
		"status":                 orDefault(c.Status, "Active"),
		"merchant_category_code": map[string]any{"code": "5411", "description": "Grocery stores, supermarkets"},
		"purpose_code":           map[string]any{"code": "00", "description": "Default"},
		"created_timestamp":      now.Unix(),
		"updated_timestamp":      now.Unix(),
	}
}
