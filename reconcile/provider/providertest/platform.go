package providertest

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// platform is a server that does as it is told and remembers what it was asked.
type platform struct {
	url string

	mu   sync.Mutex
	seen []request
}

// request is one that reached the platform whole.
type request struct {
	proto, path string
	header      http.Header
	body        string
	remote      string
}

// holds reports whether s is anywhere in the request.
func (r request) holds(s string) bool {
	var head bytes.Buffer
	_ = r.header.Write(&head) // a buffer takes everything
	return strings.Contains(head.String()+r.path+r.body, s)
}

// newPlatform starts a server that records each request and then answers it.
func newPlatform(t *testing.T, answer http.HandlerFunc) *platform {
	t.Helper()
	p := &platform{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // not a whole request
		}
		p.mu.Lock()
		p.seen = append(p.seen, request{r.Proto, r.URL.EscapedPath(), r.Header.Clone(), string(body), r.RemoteAddr})
		p.mu.Unlock()
		answer(w, r)
	}))
	s.Config.ErrorLog = nil
	t.Cleanup(s.Close)
	p.url = s.URL
	return p
}

func (p *platform) requests() []request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]request(nil), p.seen...)
}

func (p *platform) wantRequests(t *testing.T, n int) {
	t.Helper()
	if got := len(p.requests()); got != n {
		t.Errorf("the platform saw %d requests, want %d", got, n)
	}
}

// reply answers with a status and a JSON body.
func reply(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // a caller that has gone is part of the exam
	}
}

// breakOff writes raw bytes as the answer and closes the connection, with a reset where
// hard.
func breakOff(raw string, hard bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		_, _ = buf.WriteString(raw)
		_ = buf.Flush()
		if tcp, ok := conn.(*net.TCPConn); ok && hard {
			_ = tcp.SetLinger(0)
		}
	}
}

// resetEarly is a server that takes connections and resets them after the first byte.
func resetEarly(t *testing.T) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1))
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		served.Wait()
	})
	return "http://" + l.Addr().String()
}

// nobody is an address at which nothing listens.
func nobody(t *testing.T) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}
