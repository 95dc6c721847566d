package sim

// Fault is one kind of thing that goes wrong.
type Fault uint8

// The faults, by what they happen to (reliability rules, section 8).
const (
	// Requests that change something.
	DialRefused Fault = iota
	TLSFailure
	ResetBefore
	ResetAfter
	TimeoutBefore
	TimeoutAfter
	LateEffect
	SlowAnswer
	ServerError
	ServerErrorActed
	ThrottledSend
	Unauthorized
	Redirected
	DeliveredTwice
	GarbledAnswer
	ErrorInAnswer
	RefusedSend
	OutsideWindow
	Undeliverable
	// Lookups.
	LookFails
	LookThrottled
	LookUnauthorized
	LookStale
	LookRepeatsIDs
	LookUnknownState
	LookPartial
	// Refunds after they were taken.
	RefundPends
	RefundFailsLater
	HandRefund
	// Customers.
	PaysCanceled
	PaysTwice
	PaymentFails
	// Webhooks.
	WebhookTwice
	WebhookLost
	WebhookLate
	WebhookForged
	WebhookEarly
	// Processes.
	Kill
	Pause
	PauseInHand
	Stuck
	GracefulStop
	PowerLoss
	SecondProcess
	LockLost
	PlanAppliedTwice
	// Wake-ups.
	WakeLost
	WakeLate
	// Storage.
	CommitUnseen
	Busy
	DiskFull
	ReadOnly
	SyncFails
	OldBackup
	// Time.
	Skew
	ClockJump
	// Files.
	TornFile
	NoFiles

	nFaults
)

// faultInfo is what there is to say about a fault. Faults that are drawn at every point of
// every process have lower rates than those that a history meets a few times.
type faultInfo struct {
	name string
	most float64 // highest rate a history draws; above 1 where the occasion is rare
}

// about names the faults, and bounds how often each is drawn.
func about(f Fault) faultInfo { return table[f] }

var table = [nFaults]faultInfo{
	DialRefused:      {"dial refused", 0.4},
	TLSFailure:       {"TLS failure", 0.4},
	ResetBefore:      {"reset before the effect", 0.5},
	ResetAfter:       {"reset after the effect", 0.7},
	TimeoutBefore:    {"timeout before the effect", 0.5},
	TimeoutAfter:     {"timeout after the effect", 0.7},
	LateEffect:       {"effect later than the deadline", 0.7},
	SlowAnswer:       {"slow drip of an answer", 0.5},
	ServerError:      {"5xx without effect", 0.5},
	ServerErrorActed: {"5xx with effect", 0.7},
	ThrottledSend:    {"throttle with any retry hint", 0.5},
	Unauthorized:     {"401 in mid-run", 0.3},
	Redirected:       {"redirect", 0.3},
	DeliveredTwice:   {"duplicate delivery by an intermediary", 0.3},
	GarbledAnswer:    {"answer garbled or of another amount", 0.5},
	ErrorInAnswer:    {"200 with an error body", 0.3},
	RefusedSend:      {"definite refusal", 0.4},
	OutsideWindow:    {"service window closed", 0.4},
	Undeliverable:    {"message fails on its way", 0.3},

	LookFails:        {"lookup fails", 0.4},
	LookThrottled:    {"lookup throttled", 0.3},
	LookUnauthorized: {"lookup refused with 401", 0.2},
	LookStale:        {"lookup stale by up to 60 s", 0.8},
	LookRepeatsIDs:   {"lookup repeats ids", 0.5},
	LookUnknownState: {"lookup shows an undocumented state", 0.3},
	LookPartial:      {"page of the list of refunds missing", 0.3},

	RefundPends:      {"refund pends for hours", 1},
	RefundFailsLater: {"refund accepted, then failed", 1.5},
	HandRefund:       {"refund made by hand", 0.4},

	PaysCanceled: {"customer pays what was canceled", 3},
	PaysTwice:    {"customer pays twice", 0.5},
	PaymentFails: {"payment fails first", 0.5},

	WebhookTwice:  {"webhook duplicated", 0.5},
	WebhookLost:   {"webhook lost for ever", 0.7},
	WebhookLate:   {"webhook late by hours or days", 0.5},
	WebhookForged: {"webhook forged, or of another tenant", 0.5},
	WebhookEarly:  {"webhook before the answer", 0.5},

	Kill:             {"kill -9", 0.05},
	Pause:            {"process paused", 0.05},
	PauseInHand:      {"process paused with a request in hand", 0.3},
	Stuck:            {"one thread of a process stuck", 0.03},
	GracefulStop:     {"graceful stop", 0.03},
	PowerLoss:        {"power loss", 0.01},
	SecondProcess:    {"second process at once", 0.6},
	LockLost:         {"lock lost while its holder lives", 0.8},
	PlanAppliedTwice: {"saved plan applied twice", 0.6},

	WakeLost: {"wake-up that never comes", 0.5},
	WakeLate: {"wake-up late by hours", 0.5},

	CommitUnseen: {"commit whose answer was lost", 0.15},
	Busy:         {"store busy", 0.15},
	DiskFull:     {"disk full", 0.1},
	ReadOnly:     {"disk read-only for a while", 0.1},
	SyncFails:    {"sync fails", 0.05},
	OldBackup:    {"old backup restored", 0.5},

	Skew:      {"clocks disagree", 0.8},
	ClockJump: {"clock jumps", 0.05},

	TornFile: {"file half written", 0.5},
	NoFiles:  {"folder empty", 0.3},
}

func (f Fault) String() string { return about(f).name }

// Faults lists all faults.
func Faults() []Fault {
	all := make([]Fault, nFaults)
	for i := range all {
		all[i] = Fault(i)
	}
	return all
}
