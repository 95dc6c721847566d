package crash

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/provider/whatsapp"
	"github.com/hisab/hisab/reconcile/sandbox"
)

// inbox keeps the webhooks that the platform has posted.
type inbox struct {
	mu     sync.Mutex
	bodies [][]byte
}

// RoundTrip takes a webhook.
func (in *inbox) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.bodies = append(in.bodies, body)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

// take empties the inbox.
func (in *inbox) take() [][]byte {
	in.mu.Lock()
	defer in.mu.Unlock()
	bodies := in.bodies
	in.bodies = nil
	return bodies
}

// deliver records what the platform has posted, the last one first and each of them twice:
// neither may matter (reliability 5.4).
func (s *shop) deliver() {
	s.t.Helper()
	ctx := context.Background()
	if _, err := s.platform.Tick(ctx, s.clock.Now()); err != nil {
		s.t.Fatal(err)
	}
	bodies := s.inbox.take()
	if len(bodies) == 0 {
		return
	}
	slices.Reverse(bodies)
	p := s.start(&fate{})
	defer p.end()
	account := func(string) string { return whatsapp.Account(s.line.url(), sandbox.DefaultNumber) }
	for _, body := range append(bodies, bodies...) {
		evidence, err := whatsapp.ParseWebhook(body, account, s.clock.Now())
		if err != nil {
			s.t.Fatal(err)
		}
		for _, e := range evidence {
			if _, err := reconcile.Witness(ctx, p.World, e); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	s.check(p.state)
}
