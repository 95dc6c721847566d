package crash

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"sync"
	"testing"
	"time"
)

// line is the network between the processes of a shop and its platform. It sees every byte,
// and is where a process dies inside of a request.
type line struct {
	net.Listener
	platform http.Handler
	clock    *clock

	mu    sync.Mutex
	fate  *fate // of the process that runs
	conns []net.Conn
}

// late is when the effect of a request comes whose bytes were in the socket when its sender
// died: while others look for it, and after they have given up looking often.
func late() []time.Duration { return []time.Duration{time.Minute, 20 * time.Minute} }

// newLine puts a platform on the network.
func newLine(t *testing.T, platform http.Handler, c *clock) *line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{Listener: listener, platform: platform, clock: c, fate: &fate{}}
	c.arrive = func(r request) { l.act(r) }
	server := &http.Server{Handler: l}
	ended := make(chan error)
	go func() { ended <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l
}

func (l *line) url() string { return "http://" + l.Addr().String() }

// connect gives the network to a process. The connections of the one before are cut.
func (l *line) connect(f *fate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fate = f
	for _, c := range l.conns {
		c.Close()
	}
	l.conns = nil
}

func (l *line) current() *fate {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fate
}

// Accept waits for a process to connect.
func (l *line) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		f := l.current()
		if f.here("connected, and not a byte is written") {
			c.Close()
			continue
		}
		l.mu.Lock()
		l.conns = append(l.conns, c)
		l.mu.Unlock()
		return &conn{Conn: c, fate: f}, nil
	}
}

// conn is the platform's end of a connection.
type conn struct {
	net.Conn
	fate *fate

	mu          sync.Mutex
	inside, cut bool // a request has begun; nothing more of it comes
}

// Read reads what the process wrote. Of a request that is cut short, a part arrives.
func (c *conn) Read(b []byte) (int, error) {
	if c.isCut() {
		return 0, io.EOF
	}
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	begins := n > 0 && !c.inside
	c.inside = c.inside || n > 0
	if !begins || !c.fate.here("half of the request is written") {
		return n, err
	}
	c.cut = true
	if n /= 2; n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (c *conn) isCut() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cut
}

// Write writes an answer; after it a new request may begin.
func (c *conn) Write(b []byte) (int, error) {
	if c.isCut() {
		return 0, net.ErrClosed
	}
	c.mu.Lock()
	c.inside = false
	c.mu.Unlock()
	return c.Conn.Write(b)
}

// ServeHTTP carries one request to the platform and its answer back.
func (l *line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f := l.current()
	body, err := io.ReadAll(r.Body)
	what := named(r)
	if err != nil || f.here("%s: written whole, and lost", what) {
		panic(http.ErrAbortHandler)
	}
	q := request{Method: r.Method, Path: r.URL.String(), Header: r.Header, Body: body}
	if f.here("%s: written, and takes effect", what) {
		l.act(q)
		panic(http.ErrAbortHandler)
	}
	if r.Method == http.MethodPost {
		for _, d := range late() {
			if f.here("%s: written, and takes effect in %v", what, d) {
				l.clock.delay(d, q)
				panic(http.ErrAbortHandler)
			}
		}
	}
	answer := l.act(q)
	if f.here("%s: has taken effect, and nothing is answered", what) {
		panic(http.ErrAbortHandler)
	}
	whole := answer.Body.Bytes()
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(whole)))
	// A kept connection is free again a moment after its answer was read: whether the next
	// request finds it so is a race, and would be another run.
	w.Header().Set("Connection", "close")
	w.WriteHeader(answer.Code)
	if f.here("%s: half of the answer is there", what) {
		w.Write(whole[:len(whole)/2])
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	w.Write(whole)
}

// act lets a request take effect, whether or not somebody waits for the answer.
func (l *line) act(q request) *httptest.ResponseRecorder {
	r := httptest.NewRequest(q.Method, q.Path, bytes.NewReader(q.Body))
	r.Header = q.Header
	answer := httptest.NewRecorder()
	l.platform.ServeHTTP(answer, r)
	return answer
}

// named says what a request is for.
func named(r *http.Request) string {
	if r.Method == http.MethodGet {
		return "lookup"
	}
	return path.Base(r.URL.Path)
}
