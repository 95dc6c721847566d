package pace

import (
	"slices"
	"time"

	"golang.org/x/time/rate"
)

// How a throttled account is slowed and recovers.
const (
	// slowest is the rate below which no account is slowed: one probe in ten seconds.
	slowest = rate.Limit(0.1)
	// calm is how long after a throttle further ones belong to the same storm: requests that
	// were in flight together are throttled together, and count once.
	calm = time.Second
	// recovery is how long each step back up takes, a step being a sixteenth of the
	// configured rate: from a standstill to full speed in four minutes of quiet.
	recovery = 15 * time.Second
	steps    = 16
	// longest bounds how long one throttle holds everything up.
	longest = 20 * time.Minute
	// maxPower bounds a customer's wait at 4^5 s, some 17 minutes.
	maxPower = 5
)

// lane is one row that requests stand in: an account's or a customer's. Each speed has a
// limiter of its own that begins after the last place of the one before, so that a change
// of speed brings no two places together.
type lane struct {
	full    rate.Limit // as configured; never exceeded
	limiter *rate.Limiter
	start   time.Time   // of the limiter
	last    time.Time   // latest place given
	turn    int         // counts slow-downs; a place given in an earlier turn is void
	waiting int         // callers that hold the lane
	free    []time.Time // places of this turn that were given up, the earliest first

	hold    time.Time // nobody passes before
	slowed  time.Time // last throttle that counted
	stepped time.Time // last change of speed
	power   int       // throttles of a customer that followed each other
}

func newLane(full rate.Limit, burst int) *lane {
	return &lane{full: full, limiter: rate.NewLimiter(full, burst)}
}

// take gives the next free place: when it is and in which turn.
func (l *lane) take(now time.Time) (at time.Time, turn int) {
	l.recover(now)
	for len(l.free) > 0 {
		at, l.free = l.free[0], l.free[1:]
		if !at.Before(now) {
			return at, l.turn
		}
	}
	from := later(now, l.start)
	l.last = from.Add(l.limiter.ReserveN(from, 1).DelayFrom(from))
	return l.last, l.turn
}

// giveUp gives a place back that nobody will take, so that a caller who left holds up none
// of those who stayed.
func (l *lane) giveUp(at time.Time, turn int) {
	if turn == l.turn {
		i, _ := slices.BinarySearchFunc(l.free, at, time.Time.Compare)
		l.free = slices.Insert(l.free, i, at)
	}
}

// slowAccount halves the rate, once a storm, and stops everybody for a moment.
func (l *lane) slowAccount(now time.Time, hint time.Duration) {
	l.recover(now)
	limit := l.limiter.Limit()
	if now.Sub(l.slowed) >= calm {
		limit = max(limit/2, min(slowest, l.full))
		l.slowed, l.stepped = now, now
	}
	l.stop(limit, now, max(hint, interval(limit)))
}

// slowCustomer waits 4^n seconds (error 131056). N counts throttles that follow each other;
// one that comes when twice the next wait has passed begins anew.
func (l *lane) slowCustomer(now time.Time, hint time.Duration) {
	quiet := now.Sub(l.slowed)
	switch {
	case quiet > 2*power4(l.power):
		l.power, l.slowed = 1, now
	case quiet >= calm:
		l.power, l.slowed = min(l.power+1, maxPower+1), now
	}
	l.stop(l.full, now, max(hint, power4(l.power-1)))
}

// stop voids the places given and lets nobody pass for a while. A wait that is under way
// is never cut short.
func (l *lane) stop(limit rate.Limit, now time.Time, wait time.Duration) {
	l.hold = later(l.hold, now.Add(min(wait, longest)))
	l.begin(limit, l.hold)
	l.turn++
	l.free = nil
}

// begin sets a speed. A lane that was once slowed keeps no burst.
func (l *lane) begin(limit rate.Limit, start time.Time) {
	l.limiter, l.start = rate.NewLimiter(limit, 1), start
}

// recover gives back a step of the rate for each stretch of quiet time.
func (l *lane) recover(now time.Time) {
	limit, quietSince := l.limiter.Limit(), later(l.stepped, l.hold)
	n := int(now.Sub(quietSince) / recovery)
	if limit >= l.full || n <= 0 {
		return
	}
	l.stepped = quietSince.Add(time.Duration(n) * recovery)
	faster := min(limit+rate.Limit(n)*l.full/steps, l.full)
	l.begin(faster, later(now, l.last.Add(interval(faster))))
}

// rested reports whether the lane may be forgotten: nobody waits, nothing holds it up, its
// quota is back, and a further throttle would begin anew as in a new lane. Only the burst
// that a slowed lane has lost returns with the new one.
func (l *lane) rested(now time.Time) bool {
	return l.waiting == 0 && now.Sub(l.hold) > longest && now.Sub(l.slowed) > 2*power4(l.power) &&
		l.limiter.TokensAt(now) >= float64(l.limiter.Burst())
}

// power4 is 4^n seconds.
func power4(n int) time.Duration { return time.Second << (2 * n) }

func interval(limit rate.Limit) time.Duration {
	return time.Duration(float64(time.Second) / float64(limit))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
