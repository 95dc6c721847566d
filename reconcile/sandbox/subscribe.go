package sandbox

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// postWebhook sets where webhooks go. With a verify_token the address is asked first, as
// Meta does, to echo a challenge.
func (s *Server) postWebhook(w http.ResponseWriter, r *http.Request) {
	in, err := decode[struct {
		Number      string `json:"phone_number_id"`
		URL         string `json:"url"`
		VerifyToken string `json:"verify_token"`
	}](w, r)
	if err == nil && in.VerifyToken != "" {
		err = s.verify(r.Context(), in.URL, in.VerifyToken)
	}
	if err == nil {
		err = s.SetWebhook(in.Number, in.URL)
	}
	if err != nil {
		respondError(w, err)
		return
	}
	respond(w, map[string]bool{"ok": true})
}

// verify asks a webhook address for the challenge (create a webhook endpoint guide).
func (s *Server) verify(ctx context.Context, address, token string) error {
	u, err := url.Parse(address)
	if err != nil || !isHTTP(address) {
		return badAction("url %q: must be an http or https address", address)
	}
	var challenge string
	s.view(func(w *world) { challenge = w.random(digits, 10) })
	q := u.Query()
	q.Set("hub.mode", "subscribe")
	q.Set("hub.challenge", challenge)
	q.Set("hub.verify_token", token)
	u.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return badAction("url %q: %v", address, err)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return conflict("the webhook address cannot be reached: %v", err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	if err != nil || resp.StatusCode != http.StatusOK || strings.TrimSpace(string(b)) != challenge {
		return conflict("the webhook address answered %d and not the challenge: is the verify token right?", resp.StatusCode)
	}
	return nil
}
