package spec

import (
	"fmt"
	"slices"
	"strings"
)

// notifyEvents are the events that a notify can name.
var notifyEvents = []string{
	EventCreated, EventPaid, EventAuthorized, EventCanceled, EventFailed, EventExpired, EventOfflinePayment,
	EventProcessing, EventPartiallyShipped, EventShipped, EventCompleted, EventRefund,
}

var notifyRules = []Rule{
	{
		ID: "notify_event_known", Source: "Hisab: notify", alone: true,
		Summary: "There is no such event",
		check: eachNotify(func(_ *Order, n *Notify) string {
			if slices.Contains(notifyEvents, n.Event) || gatewayOperation(n.Event) {
				return ""
			}
			return fmt.Sprintf("%q is none.%s The events are %s.", shorten(n.Event), didYouMean(n.Event, notifyEvents), strings.Join(notifyEvents, ", "))
		}),
	},
	{
		ID: "notify_event_carried", Source: "Ottu: notifications, channels", alone: true,
		Summary: "WhatsApp does not carry this event",
		check: eachNotify(func(_ *Order, n *Notify) string {
			if !gatewayOperation(n.Event) {
				return ""
			}
			return fmt.Sprintf("%s is an operation at the gateway; only e-mail and SMS tell of it. On WhatsApp tell of what it leads to: paid, canceled or refund.", n.Event)
		}),
	},
	{
		// Defaults may hold the rest of it alone, for those orders that name a template.
		ID: "notify_template_required", Source: "Hisab: notify",
		Summary: "The notify has no template",
		check: func(o *Order, _ moment) (faults []fault) {
			for i := range o.Notify {
				if n := &o.Notify[i]; n.Template == "" {
					faults = append(faults, fault{labelPath("notify", n.Event, "template"), fmt.Sprintf("Nothing says what the customer is told when the event is %s. Write ‹template = template.receipt› in that notify, here or in defaults.", n.Event)})
				}
			}
			return faults
		},
	},
	{
		ID: "notify_event_happens", Source: "Hisab: invoices", Warning: true,
		Summary: "This event never happens to an invoice",
		check: eachNotify(func(o *Order, n *Notify) string {
			if o.Kind != KindInvoice || !inTransit(Status(n.Event)) {
				return ""
			}
			return fmt.Sprintf("An invoice never is %s, so the message is never sent. Leave the notify out, or declare an order.", n.Event)
		}),
	},
}

// gatewayOperation reports whether the event is one of Ottu's operations that its WhatsApp
// channel does not know.
func gatewayOperation(event string) bool { return event == "capture" || event == "void" }
