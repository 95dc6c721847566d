package kill

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sandbox"
)

// messageBody is what the checker reads of a message on the wire.
type messageBody struct {
	Opaque      string `json:"biz_opaque_callback_data"`
	Interactive struct {
		Action struct {
			Parameters struct {
				Reference string `json:"reference_id"`
				Total     struct {
					Value  json.Number `json:"value"`
					Offset json.Number `json:"offset"`
				} `json:"total_amount"`
				Order struct {
					Status string `json:"status"`
				} `json:"order"`
			} `json:"parameters"`
		} `json:"action"`
	} `json:"interactive"`
}

// messageRequests finds for every message the attempt that its opaque string names (I7), and
// holds what was asked for against it (I15). An attempt that was not sent after all may be
// claimed again: a request each claim.
func (c *checker) messageRequests() {
	made := map[string]int{}
	for i := range c.Requests {
		r := &c.Requests[i]
		if r.Where != "messages" {
			continue
		}
		var b messageBody
		if err := json.Unmarshal([]byte(r.Body), &b); err != nil {
			c.broken("I7", r.Reference, "a message that cannot be read: %v", err)
			continue
		}
		ref, id, _ := reconcile.ParseOpaque(b.Opaque)
		a := c.attempts[id]
		if a == nil || a.order.Ref != ref || !slices.ContainsFunc(a.claims, func(e reconcile.Event) bool { return !e.At.After(r.At) }) {
			c.broken("I7", r.Reference, "a message was sent as %q, and no claim in the journal came before it", b.Opaque)
			continue
		}
		if why := c.unlike(a, r, &b); why != "" {
			c.broken("I15", r.Reference, "%s: %s", a.ID, why)
		}
		if made[id]++; made[id] > len(a.claims) {
			c.broken("I1", r.Reference, "%d messages of %s, which was claimed %d times", made[id], id, len(a.claims))
		}
	}
}

// unlike says how a message differs from the attempt it names.
func (c *checker) unlike(a *claimed, r *sandbox.Request, b *messageBody) string {
	p := &b.Interactive.Action.Parameters
	switch kind := sandbox.Kind(r.Kind); a.Kind {
	case reconcile.KindSend:
		if kind != sandbox.OrderDetails || p.Reference != a.Reference || p.Total.Value.String() != a.amountText() || p.Total.Offset != "100" {
			return "claimed to bill " + a.amountText() + " under " + a.Reference + ", and sent " + r.Body
		}
	case reconcile.KindStatus, reconcile.KindReplace:
		if kind != sandbox.OrderStatus || p.Reference != a.Reference || p.Order.Status != string(a.To) {
			return "claimed to make " + a.Reference + " " + string(a.To) + ", and sent " + r.Body
		}
	case reconcile.KindNotify:
		if kind != sandbox.TemplateMessage {
			return "claimed to notify, and sent " + r.Body
		}
	default:
		return "a " + string(a.Kind) + " is no message"
	}
	return ""
}

func (a *claimed) amountText() string {
	text, _ := json.Marshal(int64(a.Amount)) // a whole number never fails
	return string(text)
}

// messageEffects holds the messages that customers have got against the attempts: each at
// most once, a bill and a notify at most once for each intent, a status at most twice
// (reliability.md section 4).
func (c *checker) messageEffects() {
	byAttempt, byIntent, bills := map[string]int{}, map[string]int{}, map[string]int{}
	for i := range c.Messages {
		m := &c.Messages[i]
		_, id, _ := reconcile.ParseOpaque(m.Opaque)
		a := c.attempts[id]
		if m.Kind == sandbox.OrderStatus && m.State == "failed" && m.Code == codeBadTransition && !c.repeats(a, m) {
			c.broken("I8", m.Reference, "%s asked for %s, which may not follow what the platform had accepted", m.Opaque, m.Status)
		}
		if a == nil || m.State == "failed" {
			continue // the request was reported, or nobody got it
		}
		byAttempt[id]++
		byIntent[a.Action]++
		if m.Kind == sandbox.OrderDetails {
			bills[m.Reference]++
		}
	}
	c.refusedAtOnce()
	for reference, n := range bills {
		if n > 1 {
			c.broken("I9", reference, "the customer was billed %d times under %s", n, reference)
		}
	}
	for _, a := range c.sorted {
		c.messageEffect(a, byAttempt[a.ID], byIntent[a.Action])
	}
}

// repeats reports whether a status is one of two messages of one intent, of which the platform
// had accepted the other: while nothing is heard of the first, a second is sent, and whichever
// comes last is refused as no change (reliability.md section 4).
func (c *checker) repeats(a *claimed, m *sandbox.Message) bool {
	return a != nil && slices.ContainsFunc(c.Messages, func(other sandbox.Message) bool {
		_, id, _ := reconcile.ParseOpaque(other.Opaque)
		b := c.attempts[id]
		return other.ID != m.ID && other.State != "failed" && other.Status == m.Status && b != nil && b.Action == a.Action
	})
}

// codeBadTransition is the platform's refusal of an order_status that may not follow.
const codeBadTransition = 2046

// refusedAtOnce finds statuses that the platform refused in its answer as not legal.
func (c *checker) refusedAtOnce() {
	for i := range c.Requests {
		r := &c.Requests[i]
		if r.Where == "messages" && r.Status >= 400 && strings.Contains(r.Answer, `"code":2046`) {
			c.broken("I8", r.Reference, "an order_status was refused with 2046: %s", r.Body)
		}
	}
}

func (c *checker) messageEffect(a *claimed, n, ofIntent int) {
	if a.Kind == reconcile.KindRefund || a.Kind == reconcile.KindForget {
		return
	}
	most := 1
	if a.Kind == reconcile.KindStatus || a.Kind == reconcile.KindReplace {
		most = 2
	}
	switch {
	case n > 1:
		c.broken("I1", a.Reference, "the customer got %d messages of %s", n, a.ID)
	case ofIntent > most:
		c.broken("I9", a.Reference, "the customer got %d messages of the intent %s, and %d is the most", ofIntent, a.Action, most)
	case n > 0 && (a.State == reconcile.Ready || a.State == reconcile.Rejected):
		c.broken("I3", a.Reference, "%s is %s, and the customer got it", a.ID, a.State)
	case a.State == reconcile.Settled && a.Result != "" && !c.is(a, a.Result):
		c.broken("I2", a.Reference, "%s is settled as %s, which is no message of it", a.ID, a.Result)
	}
}

// is reports whether the platform knows a message under an id that carries the attempt.
func (c *checker) is(a *claimed, id string) bool {
	return slices.ContainsFunc(c.Messages, func(m sandbox.Message) bool {
		return m.ID == id && m.Opaque == reconcile.Opaque(a.order.Ref, a.ID)
	})
}
