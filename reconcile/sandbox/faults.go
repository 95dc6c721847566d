package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fault makes requests or webhooks go wrong; the package comment has the table.
type Fault struct {
	ID    string `json:"id"`
	Where string `json:"where"` // messages, lookup, refund, webhook
	What  string `json:"what"`
	// Times is how often it strikes: 0 is once, a negative number always.
	Times int `json:"times,omitempty"`
	// Reference, Kind and Phone aim it; empty fits all. Kind is a message's kind, and of a
	// webhook its kind or its status.
	Reference string `json:"reference_id,omitempty"`
	Kind      string `json:"kind,omitempty"`
	Phone     string `json:"phone,omitempty"`

	Delay      time.Duration `json:"-"`
	Act        bool          `json:"act,omitempty"`         // the request takes effect all the same
	Code       int           `json:"code,omitempty"`        // Graph error code
	Status     int           `json:"status,omitempty"`      // HTTP status
	RetryAfter string        `json:"retry_after,omitempty"` // the header, absurd values included
	Location   string        `json:"location,omitempty"`
	Body       string        `json:"body,omitempty"`
	Bytes      int64         `json:"bytes,omitempty"`

	// Hits is how often it has struck.
	Hits int `json:"hits"`
}

// MarshalJSON writes the delay as "5s".
func (f Fault) MarshalJSON() ([]byte, error) {
	type plain Fault
	return json.Marshal(struct {
		plain
		Delay duration `json:"delay,omitempty"`
	}{plain(f), duration(f.Delay)})
}

// UnmarshalJSON is the reverse of MarshalJSON.
func (f *Fault) UnmarshalJSON(b []byte) error {
	type plain Fault
	v := struct {
		*plain
		Delay duration `json:"delay"`
	}{plain: (*plain)(f)}
	err := json.Unmarshal(b, &v)
	f.Delay = time.Duration(v.Delay)
	return err
}

// Active reports whether the fault will still strike.
func (f *Fault) Active() bool { return f.Times < 0 || f.Hits < max(f.Times, 1) }

// faultPlaces says where each fault can strike.
var faultPlaces = map[string][]string{
	"late": requests, "drip": requests, "act_drop": requests, "act_500": requests, "drop": requests,
	"500": requests, "throttle": requests, "error": requests, "redirect": requests, "html": requests,
	"half": requests, "gigabyte": requests, "empty": requests, "answer": requests,
	"late_effect": deeds, "twice": deeds, "fail_later": deeds,
	"stale": {"lookup"}, "not_found": {"lookup"},
	"duplicate": {"webhook"}, "lost": {"webhook"}, "forged": {"webhook"}, "delayed": {"webhook"},
	"reordered": {"webhook"}, "batched": {"webhook"},
}

var (
	requests = []string{"messages", "lookup", "refund"}
	deeds    = []string{"messages", "refund"}
)

// keptFaults is how many spent faults are remembered.
const keptFaults = 100

// inject puts a fault in place.
func (w *world) inject(f Fault) (string, error) {
	places, known := faultPlaces[f.What]
	if !known {
		return "", badAction("fault %q: must be one of %s", f.What, strings.Join(slices.Sorted(maps.Keys(faultPlaces)), ", "))
	}
	if !slices.Contains(places, f.Where) {
		return "", badAction("fault %q strikes at %s, not at %q", f.What, strings.Join(places, ", "), f.Where)
	}
	if f.Delay < 0 || f.Bytes < 0 || f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		return "", badAction("fault %q: delay and bytes must not be negative, status must be 200 to 599", f.What)
	}
	f.ID, f.Hits = "fault-"+strconv.FormatUint(w.next(), 10), 0
	w.Faults = append(w.Faults, &f)
	w.forgetSpent()
	return f.ID, nil
}

func (w *world) forgetSpent() {
	spent := 0
	for _, f := range w.Faults {
		if !f.Active() {
			spent++
		}
	}
	w.Faults = slices.DeleteFunc(w.Faults, func(f *Fault) bool {
		if spent > keptFaults && !f.Active() {
			spent--
			return true
		}
		return false
	})
}

// takeFault returns the first fault that fits and counts it as struck; nil for none.
func (w *world) takeFault(where string, s subject) *Fault {
	for _, f := range w.Faults {
		if f.Where == where && f.Active() && f.fits(s) {
			f.Hits++
			hit := *f
			return &hit
		}
	}
	return nil
}

func (f *Fault) fits(s subject) bool {
	return (f.Reference == "" || f.Reference == s.reference) &&
		(f.Phone == "" || strings.TrimPrefix(f.Phone, "+") == s.phone) &&
		(f.Kind == "" || f.Kind == s.kind || f.Kind == s.status && s.status != "")
}
