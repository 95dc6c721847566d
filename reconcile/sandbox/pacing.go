package sandbox

import "time"

// pace holds, for each thing that has a rate, the moment at which all that was admitted
// would have been spread out evenly (the generic cell rate algorithm).
type pace map[string]time.Time

// allow admits one more at now, or does not.
func (p pace) allow(key string, every time.Duration, burst int, now time.Time) bool {
	at := p[key]
	if at.Before(now) {
		at = now
	}
	if at.Sub(now) > every*time.Duration(max(burst, 1)-1) {
		return false
	}
	p[key] = at.Add(every)
	return true
}

// admit refuses a message that comes too fast for its number or its customer.
func (w *world) admit(number, phone string, now time.Time) *graphError {
	r := w.Rules.Pacing
	if n := r.PerSecond; n > 0 && !w.pace.allow("number "+number, time.Second/time.Duration(n), n, now) {
		return refuse(130429, "more than %d messages a second from this number", n)
	}
	if r.PairEvery > 0 && !w.pace.allow("pair "+number+" "+phone, r.PairEvery, r.PairBurst, now) {
		return refuse(131056, "too many messages from this number to the same customer")
	}
	return nil
}

// admitRequest refuses a request that is one too many in this hour.
func (w *world) admitRequest(now time.Time) *graphError {
	if n := w.Rules.Pacing.PerHour; n > 0 && !w.pace.allow("account", time.Hour/time.Duration(n), n, now) {
		return refuse(80007, "more than %d requests an hour to this account", n)
	}
	return nil
}
