package whatsapp

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// pipes is a network in memory, inside a bubble of testing/synctest: whoever is dialed does
// what serve says, and what arrives there is counted.
type pipes struct {
	serve func(*peer)
	// dialing is what happens before a connection is there; nil: nothing.
	dialing func(context.Context) error
	dials   atomic.Int32
	begun   atomic.Int32 // requests of which a byte arrived
	whole   atomic.Int32 // requests that arrived whole
}

// client is a client whose connections are all pipes. It keeps none beyond the test.
func (n *pipes) client(t *testing.T, baseURL string) *Client {
	c := testClient(baseURL)
	for _, transport := range []http.RoundTripper{c.ordinary, c.money} {
		transport := transport.(*http.Transport)
		transport.DialContext = n.dial
		t.Cleanup(transport.CloseIdleConnections)
	}
	return c
}

func (n *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	n.dials.Add(1)
	if n.dialing != nil {
		if err := n.dialing(ctx); err != nil {
			return nil, err
		}
	}
	near, far := net.Pipe()
	go func() {
		defer far.Close()
		n.serve(&peer{Conn: far, in: bufio.NewReader(far), net: n})
	}()
	return near, nil
}

// peer is the far end of one connection.
type peer struct {
	net.Conn
	in  *bufio.Reader
	net *pipes
}

// request reads one request whole. False: the connection ended first.
func (p *peer) request() bool {
	if !p.firstByte() {
		return false
	}
	r, err := http.ReadRequest(p.in)
	if err == nil {
		_, err = io.Copy(io.Discard, r.Body)
	}
	if err == nil {
		p.net.whole.Add(1)
	}
	return err == nil
}

// firstByte waits for the first byte of a request, and takes no more than that off the wire.
func (p *peer) firstByte() bool {
	var one [1]byte
	if _, err := p.Read(one[:]); err != nil {
		return false
	}
	p.in = bufio.NewReader(io.MultiReader(bytes.NewReader(one[:]), p.Conn))
	p.net.begun.Add(1)
	return true
}

// answer writes, and reports whether the other side still reads.
func (p *peer) answer(s string) bool {
	_, err := io.WriteString(p, s)
	return err == nil
}

// drip writes a byte a second.
func (p *peer) drip(s string) {
	for i := range len(s) {
		if !p.answer(s[i : i+1]) {
			return
		}
		time.Sleep(time.Second)
	}
}

// endless writes one text for ever.
func (p *peer) endless(s string) {
	for p.answer(s) {
	}
}

// gone waits until the other side has closed.
func (p *peer) gone() { _, _ = io.Copy(io.Discard, p.in) }
