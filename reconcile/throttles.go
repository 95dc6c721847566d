package reconcile

import (
	"errors"
	"sync"
)

// throttles are the accounts that ask for a longer pause than a run sits out, and the
// customers to whom the pacer lets nothing pass for so long. In that run nothing more is asked
// of those accounts or sent to those customers: each request would wait for as long, one after
// the other.
type throttles struct {
	mu        sync.RWMutex
	by        map[string]*CallError // by account
	customers map[customer]*CallError
}

// customer is who gets the messages of an account.
type customer struct{ account, phone string }

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

// leave has nothing more sent to a customer in this run.
func (t *throttles) leave(c customer, e *CallError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.customers == nil {
		t.customers = map[customer]*CallError{}
	}
	t.customers[c] = e
}

// left returns what a customer was throttled with who is sent nothing more; nil for others.
func (t *throttles) left(c customer) *CallError {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.customers[c]
}

// recipient is whom the request is sent to; empty for a refund, which is sent to nobody.
func (j *job) recipient() string {
	if j.action.Kind == KindRefund {
		return ""
	}
	return j.phone
}

// tooSlow is why this run asks no more of the account, or sends no more to the customer; nil
// where it does.
func (j *job) tooSlow() *CallError {
	if e := j.throttled.of(j.account); e != nil || j.recipient() == "" {
		return e
	}
	return j.throttled.left(customer{j.account, j.recipient()})
}
