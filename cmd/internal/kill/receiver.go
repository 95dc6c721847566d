package kill

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/hisab/hisab/cmd/internal/run"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/provider/whatsapp"
	"github.com/hisab/hisab/reconcile/sandbox"
	"github.com/hisab/hisab/reconcile/store/sqlite"
)

// receiver stands for the process that takes webhooks and records what they say of messages.
// It writes beside the process that acts, and is never killed. Webhooks get lost, come twice
// and in any order.
type receiver struct {
	chance *rand.Rand

	mu    sync.Mutex
	inbox [][]byte
}

func newReceiver(chance *rand.Rand) *receiver {
	return &receiver{chance: chance}
}

// RoundTrip takes a webhook of the sandbox.
func (r *receiver) RoundTrip(q *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inbox = append(r.inbox, body)
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(&bytes.Buffer{}), Request: q}, nil
}

// take empties the inbox, as the network leaves it; nothing is lost when all is true.
func (r *receiver) take(all bool) (bodies [][]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, body := range r.inbox {
		switch n := r.chance.IntN(10); {
		case n == 0 && !all:
		case n == 1:
			bodies = append(bodies, body, body)
		default:
			bodies = append(bodies, body)
		}
	}
	r.inbox = nil
	r.chance.Shuffle(len(bodies), func(i, j int) { bodies[i], bodies[j] = bodies[j], bodies[i] })
	return bodies
}

// deliver records what has come in since the last time.
func (r *receiver) deliver(ctx context.Context, state, url string, all bool) error {
	bodies := r.take(all)
	if len(bodies) == 0 {
		return nil
	}
	store, err := sqlite.Open(ctx, state, sqlite.Options{AnySpec: true})
	if err != nil {
		return fmt.Errorf("open the journal for webhooks: %w", err)
	}
	defer store.Close()
	w := &reconcile.World{Store: store, Clock: run.Clock{}}
	account := func(string) string { return whatsapp.Account(url, sandbox.DefaultNumber) }
	for _, body := range bodies {
		evidence, err := whatsapp.ParseWebhook(body, account, time.Now())
		if err != nil {
			return err
		}
		for _, e := range evidence {
			if _, err := reconcile.Witness(ctx, w, e); err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
	return nil
}
