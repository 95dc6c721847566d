package pace

import (
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
	// longest bounds how long a platform's hint holds everything up.
	longest = 15 * time.Minute
	// maxPower bounds a customer's wait at 4^5 s, some 17 minutes.
	maxPower = 5
)

// lane is one row that requests stand in: an account's or a customer's.
type lane struct {
	limiter *rate.Limiter
	full    rate.Limit // as configured; never exceeded
	hold    time.Time  // nobody passes before
	turn    int        // counts slow-downs; a place taken in an earlier turn is void
	waiting int        // callers that hold the lane

	slowed  time.Time // last throttle that counted; zero: none in memory
	stepped time.Time // last step back up
	power   int       // of a customer's next wait
}

func newLane(full rate.Limit, burst int) *lane {
	return &lane{limiter: rate.NewLimiter(full, burst), full: full}
}

// take gives the next free place: when it is and in which turn.
func (l *lane) take(now time.Time) (at time.Time, turn int) {
	l.recover(now)
	from := later(now, l.hold)
	return from.Add(l.limiter.ReserveN(from, 1).DelayFrom(from)), l.turn
}

// slowAccount halves the rate and stops everybody for a moment.
func (l *lane) slowAccount(now time.Time, hint time.Duration) {
	l.recover(now)
	limit := l.limiter.Limit()
	if l.slowed.IsZero() || now.Sub(l.slowed) >= calm {
		limit = max(limit/2, min(slowest, l.full))
		l.slowed, l.stepped = now, now
	}
	l.restart(limit, now, max(hint, interval(limit)))
}

// slowCustomer waits 4^n seconds, n counting the throttles that came before the customer
// had been left alone for as long as the last wait (error 131056).
func (l *lane) slowCustomer(now time.Time, hint time.Duration) {
	wait := time.Second << (2 * l.power)
	if !l.slowed.IsZero() && now.Sub(l.slowed) > 2*wait {
		l.power, wait = 0, time.Second
	}
	l.power = min(l.power+1, maxPower)
	l.slowed = now
	l.restart(l.full, now, max(hint, wait))
}

// restart begins a new turn: the places given are void, and the next comes after the wait.
// It never brings anything forward.
func (l *lane) restart(limit rate.Limit, now time.Time, wait time.Duration) {
	l.hold = later(l.hold, now.Add(min(wait, longest)))
	l.limiter = rate.NewLimiter(limit, 1)
	l.turn++
}

// recover gives back a step of the rate for each stretch of quiet time.
func (l *lane) recover(now time.Time) {
	from := later(l.stepped, l.hold)
	n := int(now.Sub(from) / recovery)
	limit := l.limiter.Limit()
	if limit >= l.full || n <= 0 {
		return
	}
	l.stepped = from.Add(time.Duration(n) * recovery)
	l.limiter.SetLimitAt(later(now, l.hold), min(limit+rate.Limit(n)*l.full/steps, l.full))
}

// rested reports whether the lane is as good as new, so that forgetting it changes nothing.
func (l *lane) rested(now time.Time) bool {
	return l.waiting == 0 && !now.Before(l.hold.Add(longest)) && l.limiter.TokensAt(now) >= CustomerBurst
}

func interval(limit rate.Limit) time.Duration {
	return time.Duration(float64(time.Second) / float64(limit))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
