package reconcile

import (
	"errors"
	"sync"
)

// throttles are the accounts that ask for a longer pause than a run sits out. In that run
// nothing more is asked of them: each request would wait for as long, one after the other.
type throttles struct {
	mu sync.RWMutex
	by map[string]*CallError // by account
}

// note keeps what a request failed with, where that asks for so long a pause.
func (t *throttles) note(account string, err error) (tooLong bool) {
	var e *CallError
	if !errors.As(err, &e) || e.Class != Throttled || e.Customer || e.RetryAfter <= longestWait {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.by == nil {
		t.by = map[string]*CallError{}
	}
	t.by[account] = e
	return true
}

// of returns what an account has asked for; nil where it takes requests.
func (t *throttles) of(account string) *CallError {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.by[account]
}
