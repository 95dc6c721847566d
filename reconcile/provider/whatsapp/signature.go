package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"

	"github.com/hisab/hisab/spec"
)

// What is wrong with a webhook that must not be believed.
var (
	ErrNoSecret    = errors.New("no secret to check the signature with; set app_secret in the provider block")
	ErrNoSignature = errors.New("no X-Hub-Signature-256 of the form sha256=HEX")
	ErrForged      = errors.New("the signature is not of these bytes and this app secret")
	ErrChallenge   = errors.New("not a subscription with this verify_token")
)

// SignatureHeader carries the signature of a webhook.
const SignatureHeader = "X-Hub-Signature-256"

// VerifySignature checks that Meta signed body: an HMAC-SHA256 over the raw bytes with the
// app secret (webhooks guide). Any of the secrets may have been used, so that a rotated
// one does not lose what is under way; unknown and empty ones are never used. It compares
// in constant time.
func VerifySignature(body []byte, header string, secrets ...spec.Secret) error {
	written, found := strings.CutPrefix(header, "sha256=")
	given, err := hex.DecodeString(written)
	if !found || err != nil || len(given) != sha256.Size {
		return ErrNoSignature
	}
	result := ErrNoSecret
	for _, s := range secrets {
		if s.Reveal() == "" {
			continue
		}
		mac := hmac.New(sha256.New, []byte(s.Reveal()))
		mac.Write(body)
		if hmac.Equal(mac.Sum(nil), given) {
			return nil
		}
		result = ErrForged
	}
	return result
}

// VerifyChallenge answers Meta's question before it sends webhooks to an address: the text
// to answer with, as text/plain, if the query names this token.
func VerifyChallenge(query url.Values, token spec.Secret) (string, error) {
	want, got := sha256.Sum256([]byte(token.Reveal())), sha256.Sum256([]byte(query.Get("hub.verify_token")))
	challenge := query.Get("hub.challenge")
	switch {
	case token.Reveal() == "",
		query.Get("hub.mode") != "subscribe",
		subtle.ConstantTimeCompare(want[:], got[:]) != 1,
		challenge == "" || len(challenge) > 256 || strings.ContainsFunc(challenge, notPrintable):
		return "", ErrChallenge
	}
	return challenge, nil
}
