package spec

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// DefaultAPIVersion is the Graph API version spoken where api_version is not set.
const DefaultAPIVersion = "v24.0"

var settingsTable = newTable(
	text("id", func(s *Settings) *string { return &s.ID }),
	field[Settings]{name: "state", set: func(d *decoder, s *Settings, e *entry) {
		url, ok := d.text(e.v)
		if !ok {
			return
		}
		if scheme, rest, found := strings.Cut(url, "://"); url != "" && (!found || rest == "" || scheme != "sqlite" && scheme != "postgres" && scheme != "postgresql") {
			d.wrong(e.v, "Invalid state", `The state is a file, such as "`+DefaultState+`", or a database, "postgres://…".`)
			return
		}
		if url != "" {
			s.State = url
		}
	}},
	field[Settings]{name: "timezone", set: func(d *decoder, s *Settings, e *entry) {
		name, ok := d.text(e.v)
		if !ok {
			return
		}
		location, err := time.LoadLocation(name)
		if err != nil || name == "" || name == "Local" {
			d.wrong(e.v, "Unknown timezone", "There is no timezone "+d.quotable(name)+`. Write a name of the IANA database, such as "Asia/Kolkata".`)
			return
		}
		s.Location = location
	}},
	field[Settings]{name: "country_code", set: func(d *decoder, s *Settings, e *entry) {
		code, ok := d.text(e.v)
		if !ok {
			return
		}
		if plain := strings.TrimPrefix(code, "+"); digitsOnly(plain) && plain[0] != '0' && len(plain) <= 3 {
			s.CountryCode = plain
			return
		}
		d.wrong(e.v, "Invalid country_code", `Write one to three digits, such as "91" for India.`)
	}},
)

// notEvaluated is a text that was meant as an expression. Names of accounts may stand bare in
// YAML, so this is easily taken to be the same.
var notEvaluated = regexp.MustCompile(`^\s*(env\s*\(|var\.|local\.)`)

// secret is a field that is never stored, logged or shown, and without which nothing can be
// asked of the account.
func secret[T any](name string, set func(*T, Secret)) field[T] {
	return field[T]{name: name, secret: true, set: func(d *decoder, t *T, e *entry) {
		before := d.unknown
		s, ok := d.unshown(e.v)
		switch {
		case ok && notEvaluated.MatchString(s):
			d.wrong(e.v, "Secret is not evaluated", name+" is this very text and would be sent as it stands. In HCL an expression has no quotes around it; in YAML it stands in '${…}'.")
		case ok && s == "":
			d.wrong(e.v, "Empty secret", name+" is empty. Write ‹env(\"NAME\")› and set that variable.")
		case ok:
			set(t, NewSecret(s))
		}
		d.unknown = before // an unknown secret is none to judge, and no reason to judge nothing
	}}
}

// laterSecret is a secret that only some of the work needs, such as the key of webhook
// signatures: while env does not have it, it is not known, and whoever needs it says so.
func laterSecret[T any](name string, set func(*T, Secret)) field[T] {
	f := secret(name, set)
	read := f.set
	f.set = func(d *decoder, t *T, e *entry) {
		before := len(d.diags)
		read(d, t, e)
		if slices.ContainsFunc(d.diags[before:], func(diag *hcl.Diagnostic) bool { return !ofEnv(diag) }) {
			return
		}
		d.diags = d.diags[:before]
	}
	return f
}

// ofEnv reports whether a diagnostic is env's own: the variable is not set.
func ofEnv(diag *hcl.Diagnostic) bool {
	call, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](diag)
	return ok && call.CalledFunctionName() == "env" && call.FunctionCallError() != nil
}

// number is an id that is made of digits.
func number[T any](name, hint string, at func(*T) *string) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		s, ok := d.text(e.v)
		switch {
		case ok && !digitsOnly(s):
			d.wrong(e.v, "Invalid "+name, hint)
		case ok:
			*at(t) = s
		}
	}}
}

var whatsappTable = newTable(
	number("phone_number_id", "It is the numeric id that Meta gives the business number, not the number itself.",
		func(p *Provider) *string { return &p.PhoneNumberID }).must(),
	secret("access_token", func(p *Provider, s Secret) { p.AccessToken = s }).must(),
	laterSecret("app_secret", func(p *Provider, s Secret) { p.AppSecret = s }),
	laterSecret("verify_token", func(p *Provider, s Secret) { p.VerifyToken = s }),
	number("waba_id", "It is the numeric id of the WhatsApp Business account. Leave it out where it is not known.",
		func(p *Provider) *string { return &p.WABAID }),
	text("api_version", func(p *Provider) *string { return &p.APIVersion }),
	baseURL(func(p *Provider) (*string, string) { return &p.BaseURL, "https://graph.facebook.com" }),
	count("rate", func(p *Provider, n int64) { p.Rate = int(n) }),
)

// gatewayKind is the language of a gateway type.
type gatewayKind struct {
	base  string // default base URL
	table *table[Gateway]
}

var gatewayKinds = map[string]gatewayKind{
	"razorpay": gatewayOf("https://api.razorpay.com", []string{"key_id"}, []string{"key_secret"}, "webhook_secret"),
	"payu":     gatewayOf("https://info.payu.in", []string{"key"}, []string{"salt"}),
	"billdesk": gatewayOf("https://api.billdesk.com", []string{"merchant_id", "client_id"}, []string{"signing_key", "encryption_key"}),
	"zaakpay":  gatewayOf("https://api.zaakpay.com", []string{"merchant_identifier"}, []string{"secret_key"}),
}

func gatewayOf(base string, plain, secrets []string, optional ...string) gatewayKind {
	fields := []field[Gateway]{
		baseURL(func(g *Gateway) (*string, string) { return &g.BaseURL, base }),
		count("rate", func(g *Gateway, n int64) { g.Rate = int(n) }),
	}
	for _, name := range plain {
		fields = append(fields, textInMap(name, func(g *Gateway) *map[string]string { return &g.Fields }).must())
	}
	for i, name := range append(slices.Clone(secrets), optional...) {
		f := laterSecret(name, func(g *Gateway, s Secret) {
			if g.Secrets == nil {
				g.Secrets = make(map[string]Secret)
			}
			g.Secrets[name] = s
		})
		f.required = i < len(secrets)
		fields = append(fields, f)
	}
	return gatewayKind{base: base, table: newTable(fields...)}
}

// baseURL is where the platform answers. Requests carry the token, so a host that is not
// the platform's own is one that HISAB_ALLOW_HOSTS lists, or this machine.
func baseURL[T any](at func(*T) (field *string, standard string)) field[T] {
	return field[T]{name: "base_url", set: func(d *decoder, t *T, e *entry) {
		s, ok := d.text(e.v)
		if !ok {
			return
		}
		to, standard := at(t)
		if problem := checkBaseURL(s, standard, d.opt.AllowHosts); problem != "" {
			if d.veiled {
				problem = "It is not shown, because it is secret. A base URL is https, has no password in it, and names the platform's own host or one that HISAB_ALLOW_HOSTS lists."
			}
			d.wrong(e.v, "Base URL refused", problem)
			return
		}
		*to = strings.TrimRight(s, "/")
	}}
}

// quotable is a text that was just read as an error may quote it. env may stand in fields that
// are no secrets, and whoever writes a pull request chooses which variable is read.
func (d *decoder) quotable(s string) string {
	if d.veiled {
		return veil
	}
	return shorten(s)
}

func checkBaseURL(s, standard string, allowed []string) string {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "":
		return "This is no URL. Write it in full, such as " + standard + "."
	case u.User != nil:
		return "A URL with a user or password in it would show them in logs. Use the fields for secrets."
	case strings.ContainsAny(s, "?#"):
		return "A base URL ends with its path: no ? and no #."
	case IsLoopback(u.Hostname()) && (u.Scheme == "http" || u.Scheme == "https"):
		return ""
	case u.Scheme != "https":
		return "Requests carry the token, so the URL begins with https:// (http:// on this machine only)."
	}
	own, err := url.Parse(standard)
	if err == nil && strings.EqualFold(u.Host, own.Host) {
		return ""
	}
	for _, host := range allowed {
		if host = strings.TrimSpace(host); strings.EqualFold(host, u.Hostname()) || strings.EqualFold(host, u.Host) {
			return ""
		}
	}
	return fmt.Sprintf("The token would be sent to %s, which is not the platform's own host. If that is meant, list it outside of the spec: HISAB_ALLOW_HOSTS=%s", u.Host, u.Hostname())
}

// IsLoopback reports whether a host, named without its port, is this machine: localhost in
// upper or lower case, or an address that stays within the machine. A request to it may go
// without TLS.
func IsLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
