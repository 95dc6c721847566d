package sandbox

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxRetryWait bounds the back-off between two posts of a webhook.
const maxRetryWait = time.Hour

// Tick lets everything happen that is due at now: statuses are judged, messages get on,
// refunds succeed, webhooks are posted one after the other. It returns how many webhooks
// were posted. It is for tests with a clock of their own; others let Run do it.
func (s *Server) Tick(ctx context.Context, now time.Time) (posted int, err error) {
	s.ticking.Lock()
	defer s.ticking.Unlock()
	s.mu.Lock()
	happened := s.world.settle(now)
	s.mu.Unlock()
	for ctx.Err() == nil {
		h, job, ok := s.nextDelivery(now)
		if !ok {
			break
		}
		status, err := s.post(ctx, job)
		if ctx.Err() != nil {
			break // it stays in the queue
		}
		s.mu.Lock()
		s.world.posted(h, status, err, now)
		s.mu.Unlock()
		posted++
	}
	if !happened && posted == 0 {
		return 0, nil
	}
	s.mu.Lock()
	s.announce()
	rev := s.rev
	s.mu.Unlock()
	return posted, s.save(rev)
}

// Next returns when something is due next; false if nothing is.
func (s *Server) Next() (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var next time.Time
	if len(s.world.Due) > 0 {
		next = s.world.Due[0].At
	}
	if q := s.world.queue; len(q) > 0 && (next.IsZero() || q[0].NextAt.Before(next)) {
		next = q[0].NextAt
	}
	return next, !next.IsZero()
}

// Run does what Tick does, by the clock, until ctx ends. It returns an error only if the
// state can no longer be saved.
func (s *Server) Run(ctx context.Context) error {
	defer s.stop.Do(func() { close(s.stopped) })
	for {
		if _, err := s.Tick(ctx, s.now()); err != nil {
			return fmt.Errorf("save sandbox state: %w", err)
		}
		wait := time.Hour
		if next, ok := s.Next(); ok {
			wait = max(next.Sub(s.now()), 0)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-s.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// job is what posting a webhook needs, taken under the lock.
type job struct {
	id, url string
	body    []byte
	forged  bool
}

func (s *Server) nextDelivery(now time.Time) (*Webhook, job, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q := s.world.queue; len(q) > 0 && !q[0].NextAt.After(now) {
		h := q[0]
		return h, job{id: h.ID, url: h.URL, body: h.Body, forged: h.Forged}, true
	}
	return nil, job{}, false
}

// post calls the business back once.
func (s *Server) post(ctx context.Context, j job) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, j.url, bytes.NewReader(j.body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "facebookexternalua")
	if s.opts.AppSecret != "" || j.forged {
		req.Header.Set("X-Hub-Signature-256", s.sign(j))
	}
	resp, err := s.client.Do(req)
	if err != nil {
		s.log.Info("webhook not delivered", "id", j.id, "error", err)
		return 0, err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20)) // so that the connection is used again
	s.log.Info("webhook posted", "id", j.id, "status", resp.StatusCode)
	return resp.StatusCode, nil
}

// sign is the HMAC-SHA256 of the raw body with the app secret; a forger has another one.
func (s *Server) sign(j job) string {
	secret := s.opts.AppSecret
	if j.forged {
		secret = "a forger's secret, not " + secret
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(j.body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// posted records what an attempt came to, and when the next one is.
func (w *world) posted(h *Webhook, status int, err error, now time.Time) {
	w.dequeue(h)
	if !h.waiting() {
		return
	}
	h.Attempts++
	h.LastStatus, h.LastError = status, ""
	if err != nil {
		h.LastError = err.Error()
	}
	wait := w.opts.Timing.Retry << min(h.Attempts-1, 20)
	if wait <= 0 || wait > maxRetryWait {
		wait = maxRetryWait
	}
	h.NextAt = now.Add(wait)
	switch {
	case status == http.StatusOK:
		h.State, h.NextAt = "delivered", time.Time{}
	case h.Forged: // a forger does not insist
		h.State, h.NextAt = "gave_up", time.Time{}
	case w.opts.Timing.Retry < 0 || now.Sub(h.CreatedAt) > w.opts.Timing.GiveUp:
		h.State, h.NextAt = "gave_up", time.Time{}
	default:
		w.enqueue(h)
	}
}

// forgedBody is what a forger would like the business to believe.
func forgedBody(body []byte) []byte {
	out := bytes.ReplaceAll(body, []byte(`"status":"pending"`), []byte(`"status":"captured"`))
	out = bytes.ReplaceAll(out, []byte(`"status":"failed"`), []byte(`"status":"success"`))
	return bytes.ReplaceAll(out, []byte(`"object":`), []byte(`"forged":true,"object":`))
}
