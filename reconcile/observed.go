package reconcile

import (
	"time"

	"github.com/hisab/hisab/spec"
)

// Observed is all that is known of one order: what was sent, what the platform last said
// of its payments, what was answered, and what persons decided. It is the unit of the
// journal: a Store loads and saves it whole, in one transaction.
type Observed struct {
	// Ref is the order's first reference_id, its identity for ever.
	Ref string
	// Version grows by one with every saved change. It is the fence: a write that was
	// decided on an older version is refused by being decided anew.
	Version  int64
	Kind     spec.Kind
	Address  string // as last applied
	Standing Standing
	// CancelOnRemove is on_remove = "cancel" as last applied.
	CancelOnRemove bool
	// PaidOffline is what offline payments add up to, as last applied.
	PaidOffline spec.Amount

	Bills    []Bill       // by Seq
	Attempts []Attempt    // in the order begun
	Refunds  []RefundSeen // every refund ever seen on any bill, by id
	Marks    []Mark       // when something was first seen or first known, by Name

	// Stray is what a look said of a reference under which nothing was sent by us; nil before
	// such a look. It is not saved.
	Stray *Payment

	// News are the events to append to the log with the next save. A loaded Observed has
	// none.
	News []Event
}

// Standing is whether the program looks after an order.
type Standing string

const (
	// Managed: the order is looked after.
	Managed Standing = "managed"
	// Archived: it left the spec when nothing was left to do.
	Archived Standing = "archived"
	// Forgotten: management stopped, the customer's data is erased; references, message
	// ids, statuses and refunds stay.
	Forgotten Standing = "forgotten"
)

// Bill is one order_details under one reference, with the latest look at its payment.
// Whether it was sent is told by its Attempts, or by Imported.
type Bill struct {
	Reference     string
	Seq           int    // 1 for REF, 2 for REF-2 …
	Account       string // type|host|account it was sent with
	Configuration string // payment configuration it was sent with
	Phone         string // E.164 digits; erased by forget
	Total         spec.Amount
	Currency      string
	Facets        Facets    // what the customer was asked to agree to
	ExpiresAt     time.Time // zero: never
	Imported      bool      // was there before us
	// ImportedStatus is the order status it had then.
	ImportedStatus spec.Status
	// Look is the latest answer of the payment lookup; nil before the first.
	Look *Payment
	// CapturedAt is when a look first said captured; zero before. Captured never goes back.
	CapturedAt time.Time
	// ClearSince is the first look after an accepted cancel that showed no payment; zero
	// before, and again whenever a look shows one.
	ClearSince time.Time
}

// Facets are digests of the parts of a bill's content: equal facets, equal content.
// A text that the customer agreed to is not kept, only its digest.
type Facets struct {
	Goods         string // type, items, sums, catalog
	Total         string
	Phone         string
	Provider      string
	Configuration string
	Expiration    string
}

// AttemptState is where one permission to send stands.
//
//	            ┌─▶ ready (no byte was written, or throttled: may be claimed again)
//	claim ▶ sending ─▶ settled           it happened; Result is its id
//	            ├─▶ rejected             it did not happen; Code says why
//	            └─▶ unknown ─▶ settled   found by looking, by a webhook, by a person
//	                   └─▶ held ─▶ settled | closed | abandoned
//
// Sending belongs to one call in one process; everyone else who finds it takes it for
// unknown. Of a refund no edge leads from unknown or held back to ready, and a person alone
// closes or abandons one.
//
// A person who closed or abandoned one may learn what it came to all the same, and attach that.
//
// Of a message a webhook may speak at any time. One that it reports as arrived is settled,
// also where it was closed, abandoned or refused at once; one that it reports as failed is
// rejected or, where it was throttled on its way, ready, also where it was settled, unknown or
// held. And an order_status of unknown outcome is abandoned by the one that repeats it or takes
// its place; one to a terminal status is unknown again where nothing came of that.
type AttemptState string

// The states of an attempt.
const (
	Ready     AttemptState = "ready"
	Sending   AttemptState = "sending"
	Settled   AttemptState = "settled"
	Rejected  AttemptState = "rejected"
	Undecided AttemptState = "unknown"
	Held      AttemptState = "held"
	// Closed: a person declared that it did not happen.
	Closed AttemptState = "closed"
	// Abandoned: nobody asks any more; the amount stays counted as spent.
	Abandoned AttemptState = "abandoned"
)

// Open reports whether the outcome may still be decided by looking: while an attempt on a
// payment is open, the payment is closed to others (I5).
func (s AttemptState) Open() bool { return s == Sending || s == Undecided || s == Held }

// Attempt is one permission to send, and what became of it. A further try is a further
// attempt, with N one higher.
type Attempt struct {
	// ID is Action and N joined, unique in the state; messages carry it as their opaque
	// string.
	ID        string
	Action    string // the Action's id
	N         int    // from 1
	Kind      ActionKind
	Reference string      // the bill it is about
	To        spec.Status // status, and the cancel of a replace
	Label     string      // refund; notify of a refund or offline payment
	Event     string      // notify
	Template  string      // address of the template used; empty: free form
	Account   string      // type|host|account it is sent with
	Amount    spec.Amount // refund, send
	Currency  string
	Speed     string // refund
	State     AttemptState
	// Digest is of the request in the domain's terms; it is the same in the journal and on
	// the wire.
	Digest      string
	Fence       int64    // Version of the order when claimed
	Incarnation string   // process that claimed it
	Baseline    []string // refund: every refund id known when claimed
	ClaimedAt   time.Time
	EndedAt     time.Time // last change of State; zero while sending
	// NextAt is not to be tried before; zero: at once.
	NextAt  time.Time
	Result  string // message id or refund id
	Code    int    // of a refusal
	Meaning string // of a refusal or of the doubt
	// FollowedBy is the attempt for whose sake this one was given up while its outcome was
	// unknown; empty: none. If nothing comes of that one, this one's doubt returns.
	FollowedBy string
	// Delivery is what webhooks said of the message.
	Delivery Delivery
	// Retry marks an attempt after which a person has asked for one more.
	Retry bool
	// Looks counts complete lookups since the claim that showed nothing, LookedFirst and
	// LookedLast when.
	Looks                   int
	LookedFirst, LookedLast time.Time
}

// Mark is the first time something was seen ("seen:paid", "seen:refund/damaged-loaf") or
// first asked for ("knows:paid").
type Mark struct {
	Name string
	At   time.Time
}

// Event is one line of the append-only log: a decision with its inputs. It holds nothing
// personal and no secret.
type Event struct {
	At          time.Time
	Ref         string
	Name        string // claimed, settled, rejected, unknown, adopted, held, resolved, looked …
	Attempt     string // attempt id; empty where none is concerned
	Fence       int64
	Incarnation string
	Detail      string // one line for people
}
