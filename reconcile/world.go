package reconcile

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/hisab/hisab/spec"
)

// World is everything the program reaches beyond its own memory.
type World struct {
	Store     Store
	Providers Providers
	Clock     Clock
	Pacer     Pacer
	Pool      Pool
	// Incarnation names this process run; no two runs share one.
	Incarnation string
	// Watch receives progress as it happens, from many callers at once; nil: nobody listens.
	Watch func(Progress)
}

// Store is the journal. Implementations pass storetest.
type Store interface {
	// Get returns what is known under any reference the order ever had, and false where
	// nothing is.
	Get(ctx context.Context, reference string) (Observed, bool, error)
	// All yields every order, sorted by Ref, from one snapshot. It does not disturb a
	// writer.
	All(ctx context.Context) iter.Seq2[*Observed, error]
	// Update hands f the current state of one order (empty but for Ref where nothing is
	// known), saves what f changed, and returns when that is durable. An error of f changes
	// nothing and is returned. f may run more than once and must depend on nothing but its
	// argument. Updates of one order never overlap.
	//
	// The store itself refuses, with ErrTaken, a second open refund on one payment, a second
	// unresolved order_status of one order, a second attempt with one id, a refund id or a
	// reference that belongs to two.
	Update(ctx context.Context, ref string, f func(*Observed) error) (Observed, error)
	// Timeline returns the log of one order, oldest first.
	Timeline(ctx context.Context, ref string) ([]Event, error)
	// RefundedSince adds up the refunds claimed since then that did not provably fail;
	// unknown ones count as spent.
	RefundedSince(ctx context.Context, since time.Time) (spec.Amount, error)
	// Approvals returns the approvals in force, by action id.
	Approvals(ctx context.Context) (map[string]Approval, error)
	// Approve records approvals, all or none.
	Approve(ctx context.Context, as []Approval) error
	// SpendPlan marks a saved plan as run; false: it ran before.
	SpendPlan(ctx context.Context, id string, at time.Time) (bool, error)
	// Alive reports whether the process of that incarnation may still act.
	Alive(ctx context.Context, incarnation string) (bool, error)
}

// ErrTaken is a Store's refusal to break uniqueness.
var ErrTaken = errors.New("already taken")

// Approval lets one action go that the policy holds, exactly as it was shown.
type Approval struct {
	Action string
	Who    string
	Reason string
	At     time.Time
}

// ApprovalLife is how long an approval holds (contract, Policy).
const ApprovalLife = 7 * 24 * time.Hour

// Providers finds the adapter of an account. Account is type|host|account, as kept in a
// Bill.
type Providers interface {
	// Account returns the account of a provider address in the spec.
	Account(address string) (account string, ok bool)
	// Provider returns the adapter of an account; false where the spec has no provider
	// with it any more.
	Provider(account string) (Provider, bool)
}

// Clock tells and waits. Times it returns carry a monotonic reading where the platform
// has one.
type Clock interface {
	Now() time.Time
	// Sleep returns early with the context's error when that is done.
	Sleep(ctx context.Context, d time.Duration) error
}

// Pacer holds requests back to what a platform takes.
type Pacer interface {
	// Wait returns when one more request may go to the account; with a customer, when one
	// more message may go to that phone. It returns the context's error when that is done.
	Wait(ctx context.Context, account, customer string) error
	// Pair waits as Wait does, and keeps the account's next place for a second request, which
	// second waits for: whoever looks before acting acts in its turn, right after the look.
	Pair(ctx context.Context, account, customer string) (second func(context.Context) error, err error)
	// Slow tells the pacer that a platform throttled; it never raises a rate. It returns how
	// long it lets nothing pass there from now.
	Slow(account, customer string, retryAfter time.Duration) time.Duration
}

// Pool runs things beside each other.
type Pool interface {
	// Each calls f for 0 … n-1, some at a time, and returns when all are done. When ctx is
	// done it starts no more.
	Each(ctx context.Context, n int, f func(i int))
}

// Progress is one thing that happened during a run.
type Progress struct {
	Kind   ProgressKind
	Action *Action // of an action
	Total  int     // of lookups and actions to come
	Done   int
	Detail string
	Result string // message id or refund id
	Code   int
	Class  Class
}

// ProgressKind names a Progress.
type ProgressKind string

// What a run reports.
const (
	Looked        ProgressKind = "looked"
	ActionStart   ProgressKind = "action_start"
	ActionDone    ProgressKind = "action_done"
	ActionFailed  ProgressKind = "action_failed"
	ActionUnknown ProgressKind = "action_unknown"
	ActionSkipped ProgressKind = "action_skipped"
	ActionWaiting ProgressKind = "action_waiting"
)
