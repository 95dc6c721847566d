package sandbox

import (
	"encoding/json"
	"fmt"
	"time"
)

// Rules are switches for behaviour that the documents leave open or describe in two ways.
// The zero value is the behaviour of a strict and current Cloud API.
type Rules struct {
	// AllowDuplicateReference accepts a second order_details with the same reference_id.
	// Uniqueness is documented, what happens without it is not.
	AllowDuplicateReference bool `json:"allow_duplicate_reference"`
	// SeedShape answers lookups and webhooks in the older shape: total_amount, timestamps
	// as strings, transactions always present, no pg_transaction_id.
	SeedShape bool `json:"seed_shape"`
	// NotFound is how a lookup answers for an unknown reference: "" or "error" (Graph
	// error 100), "404", "empty" (no payments in the list).
	NotFound string `json:"not_found"`
	// PartnerWords makes lookups use the five words that 360dialog documents: new, pending,
	// captured, failed, canceled.
	PartnerWords bool `json:"partner_words"`
	// SyncStatusErrors answers 2046 and 2047 at once, with no message and no webhook.
	SyncStatusErrors bool `json:"sync_status_errors"`
	// RefuseSameStatus refuses a repeated status with 2046; it is accepted otherwise.
	RefuseSameStatus bool `json:"refuse_same_status"`
	// CancelWhilePending lets a cancel pass while a payment is only pending.
	CancelWhilePending bool `json:"cancel_while_pending"`
	// WindowStartsClosed makes customers begin as ones who have not written first.
	WindowStartsClosed bool `json:"window_starts_closed"`
	// AsyncWindowErrors accepts a free-form message outside the window and fails it with
	// 131047 by webhook; it is refused at once otherwise.
	AsyncWindowErrors bool `json:"async_window_errors"`
	// NormalSpeed processes refunds at normal speed whatever was asked for: the gateway
	// has the last word.
	NormalSpeed bool `json:"normal_speed"`
	// Pacing are the rates beyond which messages are refused.
	Pacing Pacing `json:"pacing"`
}

// Pacing are the rates that are enforced. Zero is no limit.
type Pacing struct {
	// PerSecond is how many messages a business number may send in a second (130429).
	PerSecond int `json:"per_second"`
	// PairEvery is the time between two messages to one customer, PairBurst how many may
	// be borrowed from later (131056). Meta: 6 s and 45.
	PairEvery time.Duration `json:"-"`
	PairBurst int           `json:"pair_burst"`
	// PerHour is how many requests of any kind the account may make in an hour (80007).
	PerHour int `json:"per_hour"`
}

// MarshalJSON writes durations as "6s".
func (p Pacing) MarshalJSON() ([]byte, error) {
	type plain Pacing
	return json.Marshal(struct {
		plain
		PairEvery duration `json:"pair_every"`
	}{plain(p), duration(p.PairEvery)})
}

// UnmarshalJSON is the reverse of MarshalJSON.
func (p *Pacing) UnmarshalJSON(b []byte) error {
	type plain Pacing
	v := struct {
		*plain
		PairEvery duration `json:"pair_every"`
	}{plain: (*plain)(p), PairEvery: duration(p.PairEvery)}
	err := json.Unmarshal(b, &v)
	p.PairEvery = time.Duration(v.PairEvery)
	return err
}

// Timing says how long things take that happen by themselves. Zero is at once, a negative
// value never.
type Timing struct {
	Judge     time.Duration // from accepting an order_status to changing the order
	Sent      time.Duration // from accepting a message to its sent (or failed) webhook
	Delivered time.Duration // … to delivered
	Read      time.Duration // … to read
	Refund    time.Duration // from a refund to its success; zero answers "completed" at once
	Retry     time.Duration // first wait before a webhook is posted again; doubles to an hour
	GiveUp    time.Duration // age at which a webhook is no longer posted
}

// DefaultTiming is quick enough to watch and slow enough to see.
func DefaultTiming() Timing {
	return Timing{
		Sent: 150 * time.Millisecond, Delivered: 600 * time.Millisecond, Read: -1,
		Refund: 4 * time.Second, Retry: time.Second, GiveUp: 7 * 24 * time.Hour,
	}
}

// duration is a time.Duration that JSON writes as "1.5s" and reads so or as seconds.
type duration time.Duration

func (d duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

func (d *duration) UnmarshalJSON(b []byte) error {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	switch v := v.(type) {
	case float64:
		*d = duration(v * float64(time.Second))
		return nil
	case string:
		p, err := time.ParseDuration(v)
		*d = duration(p)
		return err
	}
	return fmt.Errorf("%s is no duration: write \"5s\" or a number of seconds", b)
}
