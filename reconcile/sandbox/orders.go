package sandbox

import (
	"slices"
	"time"
)

// Order is what one order_details created and what became of it.
type Order struct {
	Number    string         `json:"phone_number_id"`
	Reference string         `json:"reference_id"`
	Phone     string         `json:"phone"` // the customer's
	MessageID string         `json:"message_id"`
	Details   Details        `json:"details"`
	Status    string         `json:"status"`
	History   []StatusChange `json:"history"`
	Payment   Payment        `json:"payment"`
	// Past are the earlier states of the payment, for stale lookups.
	Past      []PastPayment `json:"past,omitempty"`
	CreatedAt time.Time     `json:"created_at"`
}

// StatusChange is an order status that took effect.
type StatusChange struct {
	Status      string    `json:"status"`
	Description string    `json:"description,omitempty"`
	MessageID   string    `json:"message_id"`
	At          time.Time `json:"at"`
}

// Note is the description of the latest status.
func (o *Order) Note() string { return o.History[len(o.History)-1].Description }

// statusMoves are the status changes that are allowed (order_status guide, "Supported
// Order Status and Transitions"). Staying is not in it; see Rules.RefuseSameStatus.
var statusMoves = map[string][]string{
	"pending":           {"processing", "partially_shipped", "shipped", "completed", "canceled"},
	"processing":        {"partially_shipped", "shipped", "completed", "canceled"},
	"partially_shipped": {"processing", "shipped", "completed", "canceled"},
	"shipped":           {"processing", "partially_shipped", "completed", "canceled"},
	"completed":         nil,
	"canceled":          nil,
}

// placeOrder creates the order of an order_details.
func (w *world) placeOrder(m *Message, d Details, now time.Time) *graphError {
	key := orderKey{m.Number, d.ReferenceID}
	if _, there := w.orders[key]; there && !w.Rules.AllowDuplicateReference {
		return refuse(131009, "reference_id %s was already used by this business: it must be unique for each order_details message", d.ReferenceID)
	} else if there {
		return nil // the customer sees a second bubble of the same order
	}
	way := d.way()
	o := &Order{
		Number: m.Number, Reference: d.ReferenceID, Phone: m.Phone, MessageID: m.ID, Details: d,
		Status:    "pending",
		History:   []StatusChange{{Status: "pending", MessageID: m.ID, At: now}},
		CreatedAt: now,
		Payment: Payment{
			Status: payNew, Gateway: way.gateway, Configuration: way.configuration,
			Amount: d.Total.Value, Currency: d.Currency,
		},
	}
	o.keepPast(now)
	w.Orders = append(w.Orders, o)
	w.indexOrder(o)
	return nil
}

// changeStatus accepts an order_status; whether the change is allowed is judged after the
// answer, as Meta does, unless the rules say at once.
func (w *world) changeStatus(m *Message, now time.Time) *graphError {
	o, ok := w.orders[orderKey{m.Number, m.Reference}]
	if !ok {
		return refuse(131009, "reference_id %s is of no order that this business sent", m.Reference)
	}
	if o.Phone != m.Phone {
		return refuse(131009, "the order %s was sent to another customer", m.Reference)
	}
	if w.Rules.SyncStatusErrors {
		if code := w.forbids(o, m.Status); code != 0 {
			return refuse(code, "from %s to %s", o.Status, m.Status)
		}
	}
	w.record(m)
	w.later(max(w.opts.Timing.Judge, 0), now, event{Kind: judgeStatus, Message: m.ID})
	return nil
}

// judge lets an accepted order_status take effect or fail.
func (w *world) judge(m *Message, at time.Time) {
	o := w.orders[orderKey{m.Number, m.Reference}]
	if m.State == "failed" {
		return
	}
	if code := w.forbids(o, m.Status); code != 0 {
		w.failLater(m, code, at)
		return
	}
	o.Status = m.Status
	o.History = append(o.History, StatusChange{Status: m.Status, Description: m.Note, MessageID: m.ID, At: at})
	w.receipts(m, at)
}

// forbids returns the code with which a status change is refused; 0 when it is allowed.
func (w *world) forbids(o *Order, to string) int {
	if o.Status == to && !terminal(to) {
		if w.Rules.RefuseSameStatus {
			return 2046
		}
		return 0
	}
	if !slices.Contains(statusMoves[o.Status], to) {
		return 2046
	}
	if to == "canceled" && w.blocksCancel(&o.Payment) {
		return 2047
	}
	return 0
}

// blocksCancel: "The status update will fail if there is already a successful or pending
// payment for this order_details message".
func (w *world) blocksCancel(p *Payment) bool {
	return p.Status == payCaptured || p.open() != nil && !w.Rules.CancelWhilePending
}

func terminal(status string) bool { return status == "completed" || status == "canceled" }
