package whatsapp

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/hisab/hisab/reconcile"
)

// MaxWebhook is the longest body Meta sends (webhooks guide).
const MaxWebhook = 3 << 20

// ErrWebhookTooLong is a body over MaxWebhook.
var ErrWebhookTooLong = errors.New("the webhook is over 3 MiB")

// notification is the envelope: up to a thousand updates of several numbers in one body.
type notification struct {
	Entry []struct {
		Changes []change `json:"changes"`
	} `json:"entry"`
}

type change struct {
	Field string         `json:"field"`
	Value jsontext.Value `json:"value"`
}

// messagesValue is the value of a change of the field messages. Its lists stay raw, so
// that one event that cannot be read does not lose the others, and so that each can be
// told from its duplicates by its own bytes.
type messagesValue struct {
	Metadata struct {
		PhoneNumberID word `json:"phone_number_id"`
	} `json:"metadata"`
	Statuses []jsontext.Value `json:"statuses"`
	Messages []jsontext.Value `json:"messages"`
	Errors   []jsontext.Value `json:"errors"`
}

// ParseWebhook reads what a verified webhook says. account names the account of a phone
// number id and returns "" for one that is not ours, whose events are left out; at becomes
// the evidence's time. Fields nobody documented and changes that are not about messages or
// payments, such as payment_configuration_update, are passed over.
//
// Events that cannot be read are reported together in the error, beside the evidence of
// all others.
func ParseWebhook(body []byte, account func(phoneNumberID string) string, at time.Time) ([]reconcile.Evidence, error) {
	if len(body) > MaxWebhook {
		return nil, ErrWebhookTooLong
	}
	var n notification
	if err := read(body, &n); err != nil {
		return nil, fmt.Errorf("read webhook: %w", err)
	}
	r := webhookReader{at: at}
	for _, entry := range n.Entry {
		for _, c := range entry.Changes {
			if c.Field == "messages" {
				r.change(c.Value, account)
			}
		}
	}
	return r.evidence, errors.Join(r.problems...)
}

// webhookReader gathers evidence.
type webhookReader struct {
	at       time.Time
	account  string
	evidence []reconcile.Evidence
	problems []error
}

func (r *webhookReader) change(raw jsontext.Value, account func(string) string) {
	var v messagesValue
	if err := read(raw, &v); err != nil {
		r.problems = append(r.problems, fmt.Errorf("read change: %w", err))
		return
	}
	r.account = account(string(v.Metadata.PhoneNumberID))
	if r.account == "" {
		return
	}
	r.each("status", v.Statuses, readStatus)
	r.each("message", v.Messages, readIncoming)
	r.each("error", v.Errors, readError)
}

// each reads the events of one list. A reader returns false for an event that says nothing
// to us.
func (r *webhookReader) each(what string, events []jsontext.Value, reader func(jsontext.Value) (reconcile.Evidence, bool, error)) {
	for _, raw := range events {
		e, says, err := reader(raw)
		if err != nil {
			r.problems = append(r.problems, fmt.Errorf("read %s: %w", what, err))
		}
		if err != nil || !says {
			continue
		}
		e.Account, e.At, e.Key = r.account, r.at, eventKey(r.account, what, raw)
		r.evidence = append(r.evidence, e)
	}
}

// eventKey is equal for equal events whatever envelope they come in and however it is
// spaced and ordered. Numbers keep their digits.
func eventKey(account, what string, raw jsontext.Value) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", account, what)
	canonical := raw.Clone()
	if canonical.Canonicalize(jsontext.CanonicalizeRawInts(false), jsontext.CanonicalizeRawFloats(false)) != nil {
		canonical = raw
	}
	h.Write(canonical)
	return hex.EncodeToString(h.Sum(nil))
}
