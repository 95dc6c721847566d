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
// stalls one request. Proxies come from the environment (HTTPS_PROXY, NO_PROXY); requests
// to loopback addresses never take one. To anything else the scheme is https, so a proxy
// sees a tunnel and can repeat nothing.
func ordinaryTransport(conns int) *http.Transport {
	t := baseTransport(&net.Dialer{Timeout: dialTimeout})
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
func refundTransport(giveUp time.Duration) *http.Transport {
	t := baseTransport(&net.Dialer{Timeout: dialTimeout, Control: giveUpAfter(giveUp)})
	t.DisableKeepAlives = true
	return t
}

// exceptHere takes no proxy to this machine, where a request may be plain: the token in it is
// not for a proxy's eyes. The environment's own exception knows localhost in lower case only.
func exceptHere(proxy func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) {
		if spec.IsLoopback(r.URL.Hostname()) {
			return nil, nil
		}
		return proxy(r)
	}
}

func baseTransport(d *net.Dialer) *http.Transport {
	http1 := new(http.Protocols)
	http1.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  exceptHere(http.ProxyFromEnvironment),
		DialContext:            d.DialContext,
		TLSHandshakeTimeout:    dialTimeout,
		Protocols:              http1,
		DisableCompression:     true, // a limit on bytes is a limit on bytes
		MaxResponseHeaderBytes: maxHeader,
	}
}
