package providertest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// connections examines what the loss of a connection means at each point: nothing was sent
// only where no connection was made; everything later is unknown.
func (x *Exam) connections(t *testing.T, op operation) {
	t.Run("dial refused", func(t *testing.T) {
		x.fails(t, t.Context(), op, x.New(nobody(t), generous), reconcile.NotSent)
	})
	t.Run("TLS fails", func(t *testing.T) {
		p := newPlatform(t, reply(http.StatusOK, op.good))
		x.fails(t, t.Context(), op, x.New(strings.Replace(p.url, "http:", "https:", 1), generous), reconcile.NotSent)
		p.wantRequests(t, 0)
	})
	t.Run("reset before the request is read", func(t *testing.T) {
		x.fails(t, t.Context(), op, x.New(resetEarly(t), generous), reconcile.Unknown)
	})
	whole := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(op.good)+10, op.good)
	for _, broken := range []struct{ name, raw string }{
		{"acts and closes", ""},
		{"breaks off in the headers", "HTTP/1.1 200 OK\r\nContent-Le"},
		{"breaks off before the body", fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", len(op.good))},
		{"breaks off in the body", whole},
		{"does not speak HTTP", "SSH-2.0-OpenSSH_9.9\r\n" + strings.Join(x.Secrets, " ") + "\r\n"},
	} {
		for _, hard := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, reset %t", broken.name, hard), func(t *testing.T) {
				p := newPlatform(t, breakOff(broken.raw, hard))
				x.fails(t, t.Context(), op, x.New(p.url, generous), reconcile.Unknown)
				p.wantRequests(t, 1)
			})
		}
	}
	t.Run("no answer in time", func(t *testing.T) {
		p := newPlatform(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		x.fails(t, t.Context(), op, x.New(p.url, short), reconcile.Unknown)
		p.wantRequests(t, 1)
	})
	t.Run("slow drip", func(t *testing.T) {
		p := newPlatform(t, drip(op.good))
		x.fails(t, t.Context(), op, x.New(p.url, short), reconcile.Unknown)
		p.wantRequests(t, 1)
	})
}

// drip answers one byte at a time, for longer than anybody waits.
func drip(good string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(short / 4)
		defer tick.Stop()
		for i := range len(good) {
			_, _ = w.Write([]byte{good[i]})
			_ = http.NewResponseController(w).Flush()
			select {
			case <-tick.C:
			case <-r.Context().Done():
				return
			}
		}
	}
}

// contexts examines callers that stop waiting.
func (x *Exam) contexts(t *testing.T, op operation) {
	t.Run("stopped before", func(t *testing.T) {
		p := newPlatform(t, reply(http.StatusOK, op.good))
		ctx, stop := withCancel(t)
		stop()
		x.fails(t, ctx, op, x.New(p.url, generous), reconcile.NotSent)
		p.wantRequests(t, 0)
	})
	t.Run("stopped in flight", func(t *testing.T) {
		ctx, stop := withCancel(t)
		p := newPlatform(t, func(_ http.ResponseWriter, r *http.Request) {
			stop()
			<-r.Context().Done()
		})
		x.fails(t, ctx, op, x.New(p.url, generous), reconcile.Unknown)
		p.wantRequests(t, 1)
	})
}

// refundConnection examines that each refund has a connection of its own and leaves none
// behind, so that nothing can repeat it on a kept one.
func (x *Exam) refundConnection(t *testing.T) {
	p := newPlatform(t, reply(http.StatusOK, x.RefundAnswer))
	adapter := x.New(p.url, generous)
	for range 3 {
		if _, err := adapter.Refund(t.Context(), x.Refund); err != nil {
			t.Fatal(err)
		}
	}
	p.wantRequests(t, 3)
	from := map[string]bool{}
	for _, r := range p.requests() {
		from[r.remote] = true
		if r.header.Get("Connection") != "close" {
			t.Errorf("the refund did not ask for its connection to be closed")
		}
	}
	if len(from) != 3 {
		t.Errorf("3 refunds came over %d connections", len(from))
	}
}
