package spec

import "strings"

// Status is an order status as WhatsApp knows it (order status guide, "Supported Order
// Status"). The zero value is no status.
type Status string

// The six order statuses. Pending is set by order_details alone; the others are sent
// as order_status.
const (
	Pending          Status = "pending"
	Processing       Status = "processing"
	PartiallyShipped Status = "partially_shipped"
	Shipped          Status = "shipped"
	Completed        Status = "completed"
	Canceled         Status = "canceled"
)

// Statuses lists the six in the order of an order's life.
var Statuses = []Status{Pending, Processing, PartiallyShipped, Shipped, Completed, Canceled}

// ParseStatus reads a status as users and platforms spell it: partially-shipped and
// cancelled are accepted (order status guide spells the first both ways).
func ParseStatus(s string) (Status, bool) {
	switch strings.ReplaceAll(s, "-", "_") {
	case "cancelled":
		return Canceled, true
	case "pending", "processing", "partially_shipped", "shipped", "completed", "canceled":
		return Status(strings.ReplaceAll(s, "-", "_")), true
	}
	return "", false
}

// Terminal reports whether no status can follow s (order status guide: "canceled and
// completed are terminal").
func (s Status) Terminal() bool { return s == Completed || s == Canceled }

// Fulfilment reports whether s tells the customer that the order moves: processing,
// partially_shipped, shipped or completed. These wait for the money unless the order
// says require_payment = false.
func (s Status) Fulfilment() bool {
	return s == Processing || s == PartiallyShipped || s == Shipped || s == Completed
}
