package reconcile

import (
	"time"

	"github.com/hisab/hisab/spec"
)

// ActionKind is what an action does.
type ActionKind string

// The kinds of action (contract, plan --json).
const (
	KindSend    ActionKind = "send"
	KindStatus  ActionKind = "status"
	KindRefund  ActionKind = "refund"
	KindNotify  ActionKind = "notify"
	KindReplace ActionKind = "replace"
	KindForget  ActionKind = "forget"
)

// Action is one step of a plan: plain data, saved, shown, compared and applied later.
type Action struct {
	// ID is a digest of reference, kind, label, amount and content: equal steps have equal
	// ids, and a step of which anything changes has another.
	ID          string      `json:"id"`
	Address     string      `json:"address"`
	ReferenceID string      `json:"reference_id"`
	Kind        ActionKind  `json:"kind"`
	Provider    string      `json:"provider,omitempty"` // address
	From        spec.Status `json:"from,omitempty"`
	To          spec.Status `json:"to,omitempty"`
	Label       string      `json:"label,omitempty"`
	Event       string      `json:"event,omitempty"`
	Template    string      `json:"template,omitempty"` // address of the template form
	Amount      spec.Amount `json:"amount,omitempty"`   // minor units; send, replace, refund
	Currency    string      `json:"currency,omitempty"`
	Speed       string      `json:"speed,omitempty"`
	// Back marks a status that goes back, which is legal and worth a second look.
	Back bool `json:"back,omitempty"`
	// Held says why the policy holds the action; empty: it does not.
	Held string `json:"held,omitempty"`
	// Reason is one sentence for people.
	Reason string `json:"reason"`
	// Source is the place in the spec that asked for it.
	Source spec.Pos `json:"source"`
	// Fingerprint is a digest of the facts the action was decided on.
	Fingerprint string `json:"fingerprint"`
	// Tried is when the attempt before this one was claimed; an approval from before was for
	// that one. Zero where there is none.
	Tried time.Time `json:"tried,omitzero"`
	// Ref is the order's first reference.
	Ref string `json:"ref"`

	// follows: it makes sense only once the action before it happened.
	follows bool
	// approved is what let it go where the policy holds it.
	approved *Approval
}

// Note is something the plan does not do: a wait, a block or a doubt. Code is the
// contract's (section 4).
type Note struct {
	ID          string      `json:"id,omitempty"` // of the attempt, where one is concerned
	Address     string      `json:"address"`
	ReferenceID string      `json:"reference_id"`
	Kind        ActionKind  `json:"kind"`
	Label       string      `json:"label,omitempty"`
	Event       string      `json:"event,omitempty"`
	Code        string      `json:"code,omitempty"`
	Detail      string      `json:"detail"`
	Amount      spec.Amount `json:"amount,omitempty"`
	Source      spec.Pos    `json:"source"`
	Ref         string      `json:"ref"`
	// Action is the id of the action that an approval would let go; empty where none would.
	Action string `json:"action,omitempty"`
}
