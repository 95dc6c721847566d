package whatsapp

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// What a Config leaves out.
const (
	DefaultBaseURL = "https://graph.facebook.com"
	// DefaultMaxConns is how many connections are open to the platform at a time: enough for
	// 80 requests a second at an answer time of 400 ms.
	DefaultMaxConns = 32
	// DefaultTimeout bounds one request from the dial to the last byte of the answer; one
	// that only reads may have a twentieth less.
	DefaultTimeout = 20 * time.Second
)

// DefaultRate is how many messages a second a business phone number may send unless Meta
// has raised it (Throughput).
const DefaultRate = 80

// Config says which account to use and how. Zero fields mean the defaults above
// and spec.DefaultAPIVersion.
type Config struct {
	PhoneNumberID string
	WABAID        string // needed by PaymentConfigurations alone
	BaseURL       string // https, or http on a loopback address
	APIVersion    string // a path segment such as v24.0
	AccessToken   spec.Secret

	Version  string // of the program, for the User-Agent
	MaxConns int
	Timeout  time.Duration
	// Now is the time of day, for looks and hints to wait; nil: time.Now.
	Now func() time.Time
	// Validators judge answers before they are read.
	Validators Validators
}

// Validators judge the body of a successful answer, for instance against a published
// schema; a body that one refuses counts as unreadable. Nil ones let everything pass: what
// the client itself reads it judges in any case, type by type. Lookups have none: thousands
// of them make a plan, and a test holds their reader to its schema.
type Validators struct {
	Receipt func(body []byte) error // of a message
	Refund  func(body []byte) error // of a refund
}

// Client is one business phone number on the Cloud API. It is safe for use by many
// callers at once and never logs.
type Client struct {
	config   Config
	problem  string  // why no request may go out; empty: it may
	base     url.URL // with the version
	ordinary http.RoundTripper
	money    http.RoundTripper
	get      http.Header // of every GET; shared, never changed
	post     http.Header // of every POST; shared, never changed
	buffers  sync.Pool   // of *bytes.Buffer, for answers
	lists    sync.Pool   // of *paymentsAnswer, for lookups
	windows  windows     // for the time of every GET
}

var _ reconcile.Provider = (*Client)(nil)

// New returns a client. It opens nothing; a base URL or token that cannot be used is
// reported by the first call.
func New(c Config) *Client {
	if c.BaseURL == "" {
		c.BaseURL = DefaultBaseURL
	}
	if c.APIVersion == "" {
		c.APIVersion = spec.DefaultAPIVersion
	}
	if c.MaxConns <= 0 {
		c.MaxConns = DefaultMaxConns
	}
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Version == "" {
		c.Version = "dev"
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	base, problem := usable(&c)
	base.Path, base.RawPath = joined(base.Path, base.RawPath, []string{c.APIVersion})
	get := http.Header{
		"Accept":        {"application/json"},
		"Authorization": {"Bearer " + c.AccessToken.Reveal()},
		"User-Agent":    {"hisab/" + c.Version},
	}
	post := get.Clone()
	post.Set("Content-Type", "application/json")
	return &Client{
		config:   c,
		problem:  problem,
		base:     base,
		ordinary: ordinaryTransport(c.MaxConns, proxyTo(base)),
		money:    refundTransport(c.Timeout, proxyTo(base)),
		get:      get,
		post:     post,
		windows:  windows{timeout: c.Timeout},
	}
}

// Account names a business phone number for ever: type, host and number (contract, "A
// provider is known by its type, host and account"). The host is without its port.
func Account(baseURL, phoneNumberID string) string {
	if baseURL == "" {
		baseURL = DefaultBaseURL
	}
	host := baseURL
	if u, err := url.Parse(baseURL); err == nil && u.Hostname() != "" {
		host = strings.ToLower(u.Hostname())
	}
	return "whatsapp|" + host + "|" + phoneNumberID
}

// Lookup asks for the payment of a reference: one GET. net/http may repeat it on a fresh
// connection when a kept one turns out to be closed; reading twice changes nothing.
func (c *Client) Lookup(ctx context.Context, key reconcile.PaymentKey) (reconcile.Payment, error) {
	to := c.resource(c.config.PhoneNumberID, "payments", key.Configuration, key.Reference)
	a, fail := c.do(ctx, c.ordinary, call{method: http.MethodGet, to: to})
	if fail != nil {
		return reconcile.Payment{}, fail
	}
	defer c.done(a)
	return c.readLookup(a, key.Reference)
}

// Send posts one message.
func (c *Client) Send(ctx context.Context, m reconcile.Message) (reconcile.Receipt, error) {
	body, err := encodeMessage(m)
	if err != nil {
		return reconcile.Receipt{}, &reconcile.CallError{Class: reconcile.Refused, Meaning: err.Error()}
	}
	to := c.resource(c.config.PhoneNumberID, "messages")
	a, fail := c.do(ctx, c.ordinary, call{method: http.MethodPost, to: to, body: body})
	if fail != nil {
		return reconcile.Receipt{}, fail
	}
	defer c.done(a)
	return c.readReceipt(a, m)
}

// Refund posts one refund over a connection of its own.
func (c *Client) Refund(ctx context.Context, r reconcile.RefundRequest) (reconcile.RefundAnswer, error) {
	if r.Amount <= 0 {
		return reconcile.RefundAnswer{}, &reconcile.CallError{
			Class: reconcile.Refused, Meaning: fmt.Sprintf("a refund of %d paise is none", int64(r.Amount)),
		}
	}
	body, err := encodeRefund(r)
	if err != nil {
		return reconcile.RefundAnswer{}, &reconcile.CallError{Class: reconcile.Refused, Meaning: err.Error()}
	}
	to := c.resource(c.config.PhoneNumberID, "payments_refund")
	a, fail := c.do(ctx, c.money, call{method: http.MethodPost, to: to, body: body, once: true})
	if fail != nil {
		return reconcile.RefundAnswer{}, fail
	}
	defer c.done(a)
	return c.readRefund(a, r)
}

// resource is the address of a resource below the base URL and version. Each segment stays
// one, whatever it holds.
func (c *Client) resource(segments ...string) url.URL {
	u := c.base
	u.Path, u.RawPath = joined(u.Path, u.RawPath, segments)
	return u
}

// joined appends segments to a path and to its escaped form. The latter stays empty where the
// two are the same, as url.URL has it.
func joined(plain, escaped string, segments []string) (path, raw string) {
	path = plain + "/" + strings.Join(segments, "/")
	if escaped == "" && !slices.ContainsFunc(segments, func(s string) bool { return escapeSegment(s) != s }) {
		return path, ""
	}
	raw = cmp.Or(escaped, (&url.URL{Path: plain}).EscapedPath())
	for _, s := range segments {
		raw += "/" + escapeSegment(s)
	}
	return path, raw
}

// escapeSegment keeps a segment from being read as a step up.
func escapeSegment(s string) string {
	if s == "." || s == ".." {
		return strings.ReplaceAll(s, ".", "%2E")
	}
	return url.PathEscape(s)
}

// usable returns the base URL, or says why the configuration must not be used, in words for
// people.
func usable(c *Config) (base url.URL, problem string) {
	u, err := url.Parse(c.BaseURL)
	if err != nil {
		return url.URL{}, notURL
	}
	if u.Port() == "" {
		u.Host = strings.TrimSuffix(u.Host, ":") // of an empty port
	}
	return *u, unusable(c, u)
}

const notURL = "base_url is not a URL; write it as https://host"

func unusable(c *Config, u *url.URL) string {
	switch {
	case u.Host == "":
		return notURL
	case u.User != nil || strings.ContainsAny(c.BaseURL, "?#"): // of an empty fragment u keeps no trace
		return "base_url must be scheme, host and path alone"
	case u.Scheme != "https" && (u.Scheme != "http" || !spec.IsLoopback(u.Hostname())):
		return "base_url is neither https nor a loopback address; the access token stays here"
	case c.PhoneNumberID == "":
		return "there is no phone_number_id; set it in the provider block"
	case !c.AccessToken.Known() || c.AccessToken.Reveal() == "":
		return "there is no access token; set the variable that access_token reads"
	case strings.ContainsFunc(c.AccessToken.Reveal(), notPrintable):
		return "the access token holds a space or an unprintable character; look for a line end in its variable"
	}
	return ""
}

func notPrintable(r rune) bool { return r <= ' ' || r > '~' }
