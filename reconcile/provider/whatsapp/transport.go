package whatsapp

import (
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/hisab/hisab/spec"
)

const (
	dialTimeout = 10 * time.Second
	idleTimeout = 60 * time.Second
	// maxAnswer is the longest answer that is read; nothing documented is near it.
	maxAnswer = 4 << 20
	maxHeader = 256 << 10
)

// ordinaryTransport carries lookups and messages over kept connections. HTTP/1.1 alone: a
// request has a connection to itself, so what was written can be told, and one stall
// stalls one request.
func ordinaryTransport(conns int, p proxy) *http.Transport {
	t := baseTransport(&net.Dialer{Timeout: dialTimeout}, p)
	t.MaxConnsPerHost = conns
	t.MaxIdleConnsPerHost = conns
	t.MaxIdleConns = conns
	t.IdleConnTimeout = idleTimeout
	return t
}

// refundTransport carries refunds, each over a connection of its own that is closed after
// the answer: net/http repeats requests on kept connections only. The kernel gives up
// unacknowledged bytes after the same time as we do, so that it cannot deliver them when
// nobody waits any more.
func refundTransport(giveUp time.Duration, p proxy) *http.Transport {
	t := baseTransport(&net.Dialer{Timeout: dialTimeout, Control: giveUpAfter(giveUp)}, p)
	t.DisableKeepAlives = true
	return t
}

// proxy finds the proxy of a request, as http.Transport asks for it.
type proxy = func(*http.Request) (*url.URL, error)

// proxyTo is what finds proxies on the way to a base URL. They come from the environment
// (HTTPS_PROXY, NO_PROXY), but for this machine there is none: the request may be plain, and
// the token in it is not for a proxy's eyes. (The environment's own exception knows localhost
// in lower case only.) To anything else the scheme is https, so a proxy sees a tunnel and can
// repeat nothing.
func proxyTo(base url.URL) proxy {
	if spec.IsLoopback(base.Hostname()) {
		return nil
	}
	return http.ProxyFromEnvironment
}

func baseTransport(d *net.Dialer, p proxy) *http.Transport {
	http1 := new(http.Protocols)
	http1.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  p,
		DialContext:            d.DialContext,
		TLSHandshakeTimeout:    dialTimeout,
		Protocols:              http1,
		DisableCompression:     true, // a limit on bytes is a limit on bytes
		MaxResponseHeaderBytes: maxHeader,
	}
}
