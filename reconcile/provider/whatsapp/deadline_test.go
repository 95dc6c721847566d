package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// loopbackURL is a base URL that is allowed without TLS and never takes a proxy.
const loopbackURL = "http://127.0.0.1:1"

// deed is one of the two requests that must never be made twice, with a good answer to it.
type deed struct {
	name, good string
	do         func(context.Context, *Client) (id string, err error)
}

func deeds() []deed {
	return []deed{
		{"refund", `{"id": "made", "status": "pending"}`, func(ctx context.Context, c *Client) (string, error) {
			a, err := c.Refund(ctx, reconcile.RefundRequest{Reference: "R", Configuration: "c", Amount: 100, Currency: "INR", Speed: "normal"})
			return a.ID, err
		}},
		{"message", `{"messages": [{"id": "made"}]}`, func(ctx context.Context, c *Client) (string, error) {
			r, err := c.Send(ctx, reconcile.Message{Kind: reconcile.OrderStatus, To: "919876543210", Reference: "R", Status: spec.Shipped})
			return r.MessageID, err
		}},
	}
}

// head begins an answer of so many bytes.
func head(status string, length int) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n", status, length)
}

// mishap is a way in which a request goes wrong, and what it must be taken for. After is how
// long it takes, in the bubble's exact time.
type mishap struct {
	name    string
	url     string // empty: loopbackURL
	dialing func(context.Context) error
	serve   func(p *peer, good string)
	stop    time.Duration // after which the caller is told to stop; 0: never, below 0: before
	want    reconcile.Class
	after   time.Duration
	whole   int32 // how many requests arrive whole: never more
}

const (
	notSent = reconcile.NotSent
	secure  = "https://127.0.0.1:1"
)

// mishaps are reliability 3.3 step 5, row by row: what failed before the first byte was not
// sent, and everything else that is no answer is unknown.
var mishaps = []mishap{
	{name: "refused at the dial", dialing: func(context.Context) error { return &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED} }, want: notSent},
	{name: "a dial that hangs", dialing: hang, want: notSent, after: DefaultTimeout},
	{name: "stopped before", stop: -1, want: notSent},
	{name: "stopped at the dial", dialing: hang, stop: 3 * time.Second, want: notSent, after: 3 * time.Second},
	{name: "TLS is never answered", url: secure, serve: func(p *peer, _ string) { p.gone() }, want: notSent, after: dialTimeout},
	{name: "TLS breaks off", url: secure, serve: func(p *peer, _ string) { _, _ = p.Read(make([]byte, 100)) }, want: notSent},
	{name: "no TLS over there", url: secure, serve: func(p *peer, _ string) { p.request() }, want: notSent},
	{name: "stopped at TLS", url: secure, serve: func(p *peer, _ string) { p.gone() }, stop: 2 * time.Second, want: notSent, after: 2 * time.Second},

	{name: "accepts and reads nothing", serve: func(*peer, string) { time.Sleep(time.Hour) }, want: unknown, after: DefaultTimeout},
	{name: "closes at once", serve: func(*peer, string) {}, want: unknown},
	{name: "reads one byte and stalls", serve: func(p *peer, _ string) { p.firstByte(); time.Sleep(time.Hour) }, want: unknown, after: DefaultTimeout},
	{name: "reads one byte and closes", serve: func(p *peer, _ string) { p.firstByte() }, want: unknown},
	{name: "stopped while it is written", serve: func(p *peer, _ string) { p.firstByte(); time.Sleep(time.Hour) }, stop: time.Second, want: unknown, after: time.Second},

	{name: "never answers", serve: func(p *peer, _ string) { p.request(); p.gone() }, want: unknown, after: DefaultTimeout, whole: 1},
	{name: "closes instead of an answer", serve: func(p *peer, _ string) { p.request() }, want: unknown, whole: 1},
	{name: "stopped while it waits", serve: func(p *peer, _ string) { p.request(); p.gone() }, stop: 5 * time.Second, want: unknown, after: 5 * time.Second, whole: 1},
	{name: "answers too late", serve: answering(DefaultTimeout+time.Millisecond, "200 OK"), want: unknown, after: DefaultTimeout, whole: 1},
	{name: "headers drip", serve: func(p *peer, good string) { p.request(); p.drip(head("200 OK", len(good)) + good) }, want: unknown, after: DefaultTimeout, whole: 1},
	{name: "headers without end", serve: func(p *peer, _ string) { p.request(); p.answer("HTTP/1.1 200 OK\r\n"); p.endless("X-Filler: x\r\n") }, want: unknown, whole: 1},
	{name: "a header without end", serve: func(p *peer, _ string) { p.request(); p.answer("HTTP/1.1 200 OK\r\nX: "); p.endless("xxxxxxxx") }, want: unknown, whole: 1},
	{name: "a promise of an answer, again and again", serve: func(p *peer, _ string) { p.request(); p.endless("HTTP/1.1 103 Early Hints\r\n\r\n") }, want: unknown, whole: 1},
	{name: "no HTTP", serve: func(p *peer, _ string) { p.request(); p.answer("220 mail.example ESMTP\r\n") }, want: unknown, whole: 1},

	{name: "the body drips", serve: func(p *peer, good string) { p.request(); p.answer(head("200 OK", len(good))); p.drip(good) }, want: unknown, after: DefaultTimeout, whole: 1},
	{name: "the body never begins", serve: func(p *peer, good string) { p.request(); p.answer(head("200 OK", len(good))); p.gone() }, want: unknown, after: DefaultTimeout, whole: 1},
	{name: "stopped in the body", serve: func(p *peer, good string) { p.request(); p.answer(head("200 OK", len(good))); p.drip(good) }, stop: 7 * time.Second, want: unknown, after: 7 * time.Second, whole: 1},
	{name: "the body breaks off", serve: func(p *peer, good string) { p.request(); p.answer(head("200 OK", len(good)+1) + good) }, want: unknown, whole: 1},
	{name: "the body never ends", serve: func(p *peer, _ string) {
		p.request()
		p.answer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
		p.endless(strings.Repeat(" ", 32<<10))
	}, want: unknown, whole: 1},
	{name: "redirected", serve: func(p *peer, good string) {
		p.request()
		p.answer("HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
		p.request()
	}, want: unknown, whole: 1},
	{name: "a timeout on their side", serve: answering(0, "408 Request Timeout"), want: unknown, whole: 1},
	{name: "the gateway's timeout", serve: answering(0, "504 Gateway Timeout"), want: unknown, whole: 1},
}

func hang(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

// answering gives the good body with some status, some time after the request.
func answering(after time.Duration, status string) func(*peer, string) {
	return func(p *peer, good string) {
		p.request()
		time.Sleep(after)
		p.answer(head(status, len(good)) + good)
		p.request() // whoever comes again is counted
	}
}

// TestMishaps: whatever happens to the connection, a deed is requested at most once, its
// outcome is taken for what it is, and the caller is free again in time.
func TestMishaps(t *testing.T) {
	for _, d := range deeds() {
		for _, m := range mishaps {
			t.Run(d.name+"/"+m.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { m.befall(t, d) })
			})
		}
	}
}

func (m *mishap) befall(t *testing.T, d deed) {
	n := &pipes{dialing: m.dialing, serve: func(p *peer) { m.serve(p, d.good) }}
	url := m.url
	if url == "" {
		url = loopbackURL
	}
	c := n.client(t, url)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if m.stop != 0 {
		timer := time.AfterFunc(max(m.stop, 0), cancel)
		defer timer.Stop()
	}
	if m.stop < 0 {
		cancel()
	}
	start := time.Now()
	_, err := d.do(ctx, c)
	var call *reconcile.CallError
	if !errors.As(err, &call) || call.Class != m.want || call.Meaning == "" {
		t.Errorf("taken for %v, want %s", err, m.want)
	}
	if stopped := errors.Is(err, context.Canceled); stopped != (m.stop != 0) {
		t.Errorf("%v is stopped by the caller: %t", err, stopped)
	}
	if took := time.Since(start); took != m.after {
		t.Errorf("took %v, want %v", took, m.after)
	}
	time.Sleep(2 * time.Hour) // whoever would try again has done so
	if got := n.whole.Load(); got != m.whole {
		t.Errorf("%d requests arrived whole, want %d", got, m.whole)
	}
	if dials, begun := n.dials.Load(), n.begun.Load(); dials > 1 || begun > 1 {
		t.Errorf("%d connections, %d requests begun; want one at most", dials, begun)
	}
}

// TestTheLastMoment: what comes just in time is taken.
func TestTheLastMoment(t *testing.T) {
	for _, d := range deeds() {
		t.Run(d.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &pipes{serve: func(p *peer) { answering(DefaultTimeout-time.Millisecond, "200 OK")(p, d.good) }}
				if id, err := d.do(t.Context(), n.client(t, loopbackURL)); id != "made" || err != nil {
					t.Errorf("%q, %v", id, err)
				}
				if n.whole.Load() != 1 {
					t.Errorf("%d requests", n.whole.Load())
				}
			})
		})
	}
}

// TestAKeptConnectionThatEnds: the platform closes a connection it has kept at the moment it
// is used again. A message that it saw anything of is not repeated; a refund never takes a
// kept connection.
func TestAKeptConnectionThatEnds(t *testing.T) {
	for _, d := range deeds() {
		for name, end := range map[string]func(*peer){
			"before a byte":      func(*peer) { time.Sleep(time.Second) },
			"after a byte":       func(p *peer) { p.firstByte() },
			"after all of it":    func(p *peer) { p.request() },
			"after half of both": func(p *peer) { p.request(); p.answer("HTTP/1.1 200") },
		} {
			t.Run(d.name+"/"+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					n := &pipes{}
					n.serve = func(p *peer) {
						if n.dials.Load() == 1 { // the lookup's
							p.request()
							p.answer(head("200 OK", 16) + `{"payments": []}`)
						}
						end(p)
					}
					c := n.client(t, loopbackURL)
					if _, err := c.Lookup(t.Context(), reconcile.PaymentKey{Configuration: "c", Reference: "R"}); err != nil {
						t.Fatal(err)
					}
					_, err := d.do(t.Context(), c)
					var call *reconcile.CallError
					if !errors.As(err, &call) || call.Class != unknown && call.Class != notSent {
						t.Errorf("taken for %v", err)
					}
					if deeds := n.begun.Load() - 1; deeds > 1 {
						t.Errorf("the platform saw %d requests", deeds)
					}
				})
			})
		}
	}
}

// TestALookupIsBounded: a look too ends in time, however its answer comes.
func TestALookupIsBounded(t *testing.T) {
	for name, serve := range map[string]func(*peer){
		"never answers":   func(p *peer) { p.request(); p.gone() },
		"drips":           func(p *peer) { p.request(); p.drip(head("200 OK", 16) + `{"payments": []}`) },
		"never reads":     func(*peer) { time.Sleep(time.Hour) },
		"closes, always":  func(p *peer) { p.request() },
		"promises, never": func(p *peer) { p.request(); p.answer("HTTP/1.1 100 Continue\r\n\r\n"); p.gone() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				n := &pipes{serve: serve}
				_, err := n.client(t, loopbackURL).Lookup(t.Context(), reconcile.PaymentKey{Configuration: "c", Reference: "R"})
				if took := time.Since(start); err == nil || took > DefaultTimeout {
					t.Errorf("%v after %v", err, took)
				}
				if n.whole.Load() > 2 {
					t.Errorf("looked %d times", n.whole.Load())
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}
