package kill

import "time"

// pace is how long an undisturbed run of a new shop takes, measured before the first kill.
type pace struct {
	life time.Duration // from start to end
	busy time.Duration // from its first request to its end
}

// disturbed is how much longer the platform's faults make what a run does.
const disturbed = 4

// moment waits for the moment at which a process is to be disturbed, or for its end. The
// moments fall evenly over a life, and most of them where there is something to cut: between
// the first request and the last record.
func (r *round) moment(p *process, first <-chan struct{}) {
	timer := time.NewTimer(r.pace.life + 2*disturbed*r.pace.busy)
	defer timer.Stop()
	switch n := r.chance.IntN(10); {
	case n < 2: // anywhere
		r.wait(p, r.upTo(r.pace.life+disturbed*r.pace.busy))
	case n < 5: // once it is at work
		select {
		case <-first:
			r.wait(p, r.upTo(disturbed*r.pace.busy))
		case <-p.ended:
		case <-timer.C:
		}
	default: // around one of the things it does
		most := []int{1, 2, 4, 8, 16}[r.chance.IntN(5)] // some lives have little to do
		r.deed(p, 1+r.chance.IntN(most), n < 8, timer.C)
		r.wait(p, r.upTo([]time.Duration{time.Millisecond, 5 * time.Millisecond, 25 * time.Millisecond}[r.chance.IntN(3)]))
	}
}

// deed waits until the n-th refund of the life has reached the platform, or its n-th message
// or refund.
func (r *round) deed(p *process, n int, refund bool, late <-chan time.Time) {
	for {
		deeds, refunds, next := r.platform.done()
		if refunds >= n || deeds >= n && !refund {
			return
		}
		select {
		case <-next:
		case <-p.ended:
			return
		case <-late:
			return
		}
	}
}

// upTo draws a time.
func (r *round) upTo(d time.Duration) time.Duration { return time.Duration(r.chance.Int64N(int64(d))) }

// wait lets time pass, or the process end.
func (r *round) wait(p *process, d time.Duration) { p.endsWithin(d) }
