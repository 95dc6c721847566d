package crash

import (
	"fmt"
	"sync"
)

// fate counts the points that a process passes, and ends it at one of them.
type fate struct {
	mu     sync.Mutex
	at     int      // the point to die at, from 1; 0: none
	points []string // those passed
	dead   bool
	// torn is the write-ahead log as far as it was written, where the process died inside a
	// commit; nil where it did not.
	torn []byte
}

// here passes a point. It reports true where the process dies, and ever after.
func (f *fate) here(format string, args ...any) (dead bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dead {
		return true
	}
	f.points = append(f.points, fmt.Sprintf(format, args...))
	f.dead = len(f.points) == f.at
	return f.dead
}

// pass passes a point of the process's own, and ends it where it is dead.
func (f *fate) pass(format string, args ...any) {
	if f.here(format, args...) {
		panic(death{})
	}
}

// death is what a process dies of.
type death struct{}

// last is the latest point that was passed.
func (f *fate) last() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.points) == 0 {
		return "the beginning"
	}
	return fmt.Sprintf("point %d, %s", len(f.points), f.points[len(f.points)-1])
}
