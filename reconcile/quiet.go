package reconcile

import (
	"fmt"
	"time"

	"github.com/hisab/hisab/spec"
)

// day is how many minutes one has.
const day = 24 * 60

// hours are the part of a day, in minutes, from which notifications wait until the end of it;
// it may reach past midnight.
type hours struct{ from, to int }

// quietHours reads a policy's hours; false where it has none.
func quietHours(p *spec.Policy) (hours, bool) {
	from, err := time.Parse("15:04", p.QuietFrom)
	if err != nil {
		return hours{}, false
	}
	to, err := time.Parse("15:04", p.QuietTo)
	if err != nil {
		return hours{}, false
	}
	h := hours{from.Hour()*60 + from.Minute(), to.Hour()*60 + to.Minute()}
	return h, h.length() > 0
}

func (h hours) length() int { return (h.to - h.from + day) % day }

// has reports whether a minute of the day lies in the hours; their end does not.
func (h hours) has(minute int) bool { return (minute-h.from+day)%day < h.length() }

// covers reports whether all of g lies in h.
func (h hours) covers(g hours) bool {
	return (g.from-h.from+day)%day+g.length() <= h.length()
}

// join is the shortest part of a day that covers both; where that is all of the day, a minute
// of it is left.
func (h hours) join(g hours) hours {
	best, length := hours{h.from, (h.from + day - 1) % day}, day
	for _, c := range []hours{h, g, {h.from, g.to}, {g.from, h.to}} {
		if c.covers(h) && c.covers(g) && c.length() < length {
			best, length = c, c.length()
		}
	}
	return best
}

// quiet says why a notification waits; empty where it does not.
func quiet(p *spec.Policy, a *Action, now time.Time) string {
	h, set := quietHours(p)
	if !set || a.Kind != KindNotify || !h.has(now.Hour()*60+now.Minute()) {
		return ""
	}
	return fmt.Sprintf("quiet_hours are from %s to %s", p.QuietFrom, p.QuietTo)
}

// joinQuiet writes into a policy the hours in which either of two is quiet.
func joinQuiet(s, a, b *spec.Policy) {
	ha, hasA := quietHours(a)
	hb, hasB := quietHours(b)
	switch {
	case hasA && hasB:
		h := ha.join(hb)
		s.QuietFrom, s.QuietTo = clockText(h.from), clockText(h.to)
	case hasB:
		s.QuietFrom, s.QuietTo = b.QuietFrom, b.QuietTo
	}
}

func clockText(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
