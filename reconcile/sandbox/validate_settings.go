package sandbox

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// gatewayFields are the fields of each gateway and their greatest length (order_details
// guide, "BillDesk, RazorPay, PayU and Zaakpay fields"). Razorpay's notes are apart.
var gatewayFields = map[string]struct {
	fields []string
	max    int
}{
	"razorpay": {[]string{"receipt"}, 40},
	"payu":     {numbered("udf", 4), 255},
	"billdesk": {numbered("additional_info", 7), 120},
	"zaakpay":  {numbered("extra", 2), 180},
}

var gateways = []string{"razorpay", "payu", "billdesk", "zaakpay"}

const (
	maxNotes     = 15
	maxNoteValue = 256
)

func numbered(prefix string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(prefix, i+1)
	}
	return out
}

var legacyType = pattern(`^(upi|payment_gateway:(razorpay|payu|billdesk|zaakpay))$`)

// checkSettings: payment_settings, or the older payment_type with payment_configuration.
func checkSettings(n node) {
	if n.has("payment_type") {
		n.matching("payment_type", legacyType, "must be upi or payment_gateway:razorpay, payu, billdesk, zaakpay")
	}
	n.text("payment_configuration", maxLine)
	if !n.has("payment_settings") {
		if !n.has("payment_type") {
			n.need("payment_settings")
			return
		}
		n.needText("payment_configuration", maxLine)
		return
	}
	settings := n.objects("payment_settings")
	if len(settings) != 1 {
		n.invalid("payment_settings", "must have exactly one element")
		return
	}
	checkSetting(settings[0])
}

func checkSetting(s node) {
	kind := s.oneOf("type", "payment_gateway", "upi_intent_link", "payment_link")
	s.only("type", kind, "preferred_payment_methods", "enabled_payment_options")
	checkOptions(s)
	body := s.required(kind)
	switch kind {
	case "payment_gateway":
		checkGateway(body)
	case "upi_intent_link":
		checkIntent(body)
	case "payment_link":
		body.only("uri", "success_url", "cancel_url")
		for _, key := range []string{"uri", "success_url", "cancel_url"} {
			if key == "uri" || body.has(key) {
				body.link(key)
			}
		}
	}
}

func checkGateway(g node) {
	kind := g.oneOf("type", gateways...)
	g.only("type", "configuration_name", kind, "preferred_payment_methods", "enabled_payment_options")
	g.needText("configuration_name", maxLine)
	checkOptions(g)
	own, ok := g.object(kind)
	if !ok {
		return
	}
	rule := gatewayFields[kind]
	allowed := slices.Clone(rule.fields)
	if kind == "razorpay" {
		allowed = append(allowed, "notes")
		checkNotes(own)
	}
	own.only(append(allowed, "encrypted_payment_gateway_data")...)
	for _, f := range rule.fields {
		if s := own.text(f, rule.max); s == "" && own.has(f) {
			own.invalid(f, "must not be empty")
		}
	}
}

func checkNotes(own node) {
	notes, _ := own.object("notes")
	if len(notes.m) > maxNotes {
		own.invalid("notes", "has %d keys, at most %d are allowed", len(notes.m), maxNotes)
	}
	for key := range notes.m {
		notes.text(key, maxNoteValue)
	}
}

// checkOptions: the two options stand beside type in one source and inside
// payment_gateway in the other; both places are accepted. The sources do not agree on the
// ids of the apps, and the list grows, so any id passes.
func checkOptions(n node) {
	preferred := n.objects("preferred_payment_methods")
	if len(preferred) > 1 {
		n.invalid("preferred_payment_methods", "must have at most one element")
	}
	for _, p := range preferred {
		p.only("method")
		p.needText("method", 0)
	}
	if !n.has("enabled_payment_options") {
		return
	}
	list, ok := n.m["enabled_payment_options"].([]any)
	if !ok || len(list) == 0 {
		n.invalid("enabled_payment_options", "must be a list of upi and web")
	}
	for _, v := range list {
		if v != "upi" && v != "web" {
			n.invalid("enabled_payment_options", "may only hold upi and web")
		}
	}
}

func checkIntent(n node) {
	n.only("link")
	s := n.needText("link", 0)
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "upi" || u.Host != "pay" {
		n.invalid("link", "must start with upi://pay?")
		return
	}
	var missing []string
	for _, key := range []string{"pa", "pn"} { // the guide's sample has mc, purpose and tr too, and demands none
		if u.Query().Get(key) == "" {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		n.invalid("link", "has no %s", strings.Join(missing, ", "))
	}
}
