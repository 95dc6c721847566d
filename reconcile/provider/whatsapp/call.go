package whatsapp

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// call is one request.
type call struct {
	method string
	to     url.URL
	body   []byte
	// once forbids net/http to write the body a second time, even where no byte of the
	// first was written.
	once bool
}

// answer is what came back, read whole. The body is the buffer's, until done.
type answer struct {
	status int
	header http.Header
	body   []byte
	buffer *bytes.Buffer
}

// do makes one request and reads the whole answer. A transport makes it, no http.Client:
// nothing follows a redirect, keeps a cookie or puts the URL into an error.
func (c *Client) do(ctx context.Context, t http.RoundTripper, k call) (answer, error) {
	if c.problem != "" {
		return answer{}, &reconcile.CallError{Class: reconcile.Paused, Meaning: c.problem}
	}
	ctx, cancel := c.bound(ctx, k)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return answer{}, transportError(err, false)
	}
	// A connection is handed over only when it is dialed and TLS is settled: without one,
	// no byte of the request was written.
	var connected atomic.Bool
	req, err := c.request(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	}), k)
	if err != nil {
		return answer{}, &reconcile.CallError{Class: reconcile.Paused, Meaning: "base_url, api_version or phone_number_id do not make a URL"}
	}
	resp, err := t.RoundTrip(req)
	if err != nil {
		return answer{}, transportError(err, connected.Load())
	}
	defer resp.Body.Close() // what is left unread is dropped with its connection
	a := answer{status: resp.StatusCode, header: resp.Header, buffer: c.buffer()}
	_, err = a.buffer.ReadFrom(io.LimitReader(resp.Body, maxAnswer+1))
	a.body = a.buffer.Bytes()
	switch {
	case err != nil:
		fail := transportError(err, true)
		fail.Status = resp.StatusCode
		return answer{}, fail
	case len(a.body) > maxAnswer:
		return answer{}, unreadable(resp.StatusCode, "the answer is over "+strconv.Itoa(maxAnswer>>20)+" MiB")
	}
	return a, nil
}

// bound limits the time of a request, to the moment where it may change anything.
func (c *Client) bound(ctx context.Context, k call) (context.Context, context.CancelFunc) {
	if k.method == http.MethodGet {
		return c.windows.share(ctx), func() {}
	}
	return context.WithTimeout(ctx, c.config.Timeout)
}

// buffer takes a buffer for an answer.
func (c *Client) buffer() *bytes.Buffer {
	if b, ok := c.buffers.Get().(*bytes.Buffer); ok {
		b.Reset()
		return b
	}
	return new(bytes.Buffer)
}

// done gives back the buffer of an answer that has been read. A large one is not kept.
func (c *Client) done(a answer) {
	if a.buffer != nil && a.buffer.Cap() <= 64<<10 {
		c.buffers.Put(a.buffer)
	}
}

func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	var body io.Reader
	if k.body != nil {
		body = bytes.NewReader(k.body)
	}
	req, err := http.NewRequestWithContext(ctx, k.method, "", body)
	if err != nil {
		return nil, err
	}
	*req.URL = k.to // made of parts: writing it down to parse it again would cost as much as the rest
	req.Host = k.to.Host
	if k.once {
		req.GetBody = nil
	}
	if req.Header = c.get; k.body != nil {
		req.Header = c.post
	}
	return req, nil
}

// transportError says what the loss of a connection means. The text of the underlying
// error may quote what the other side sent, so only its kind is kept.
func transportError(err error, connected bool) *reconcile.CallError {
	e := &reconcile.CallError{Class: reconcile.NotSent, Meaning: "no connection to the platform: " + reason(err), Err: kind(err)}
	if connected {
		e.Class = reconcile.Unknown
		e.Meaning = "the connection was lost before the whole answer came: " + reason(err)
	}
	return e
}

// kind returns the part of a transport error that callers may branch on and that holds
// nothing the other side wrote; nil where there is none.
func kind(err error) error {
	for _, k := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, k) {
			return k
		}
	}
	return nil
}

// reason names the kind of a transport error.
func reason(err error) string {
	var (
		host    *net.DNSError
		system  *os.SyscallError
		network net.Error
		trust   *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "the run was stopped"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "it took too long"
	case errors.As(err, &host):
		return "its host name was not found"
	case errors.As(err, &system):
		return system.Err.Error()
	case errors.As(err, &trust):
		return "its certificate was not accepted"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the other side closed it"
	}
	return "the other side does not speak TLS and HTTP as expected"
}

// unreadable is an answer that says nothing that can be believed.
func unreadable(status int, why string) *reconcile.CallError {
	return &reconcile.CallError{Class: reconcile.Unknown, Status: status, Meaning: why}
}

// maxHint is the longest wait a platform's hint is believed for.
const maxHint = time.Hour

// retryAfter reads the hint of an answer: seconds or a date. Anything absurd, negative,
// past or unreadable counts as none, anything over an hour as an hour.
func retryAfter(h http.Header, now time.Time) time.Duration {
	hint := h.Get("Retry-After")
	if hint == "" {
		return 0
	}
	if seconds, err := strconv.ParseInt(hint, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(max(seconds, 0), int64(maxHint/time.Second))) * time.Second
	}
	at, err := http.ParseTime(hint)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxHint)
}
