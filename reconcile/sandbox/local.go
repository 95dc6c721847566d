package sandbox

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

func isLocalPath(path string) bool {
	return path == "/" || path == "/favicon.ico" || path == "/_sandbox" || strings.HasPrefix(path, "/_sandbox/")
}

// localHandler serves the page and the control API.
func (s *Server) localHandler() http.Handler {
	mux := http.NewServeMux()
	for _, e := range s.endpoints() {
		mux.HandleFunc(e.Pattern, e.handle)
	}
	mux.HandleFunc("GET /_sandbox", s.getIndex)
	s.pageRoutes(mux)
	return guard(mux)
}

// getIndex lists the control API.
func (s *Server) getIndex(w http.ResponseWriter, _ *http.Request) {
	out := []map[string]string{}
	for _, e := range s.endpoints() {
		out = append(out, map[string]string{"endpoint": e.Pattern, "help": e.Help})
	}
	respond(w, out)
}

// contentPolicy lets the page load nothing but its own files: an address in a message is
// shown, never fetched.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; " +
	"img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// guard lets only this machine in: the peer must be on a loopback address, since the sandbox
// may listen beyond it. A browser on this machine is such a peer whatever site it shows, so
// the Host must be a loopback one too, which a page of another site that is rebound to this
// address does not send; and what changes something must be JSON, which no form of another
// site can send, and come from this page where a browser says so.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		switch {
		case !isLoopback(r.RemoteAddr):
			respondError(w, &ActionError{http.StatusForbidden, "the page and /_sandbox answer the machine that the sandbox runs on, and no other"})
		case !isLoopback(r.Host):
			respondError(w, &ActionError{http.StatusForbidden, "the page and /_sandbox answer on a loopback address only, such as 127.0.0.1 or localhost"})
		case r.Header.Get("Origin") != "" && !sameOrigin(r):
			respondError(w, &ActionError{http.StatusForbidden, "requests of other sites are not answered"})
		case r.Method == http.MethodPost && !isJSON(r):
			respondError(w, &ActionError{http.StatusUnsupportedMediaType, "the content type must be application/json"})
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isLoopback reports whether a Host header, or the address of a peer, names this machine.
func isLoopback(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func sameOrigin(r *http.Request) bool {
	u, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && u.Host == r.Host
}
