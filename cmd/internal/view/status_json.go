package view

import (
	"bufio"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

type orderJSON struct {
	ReferenceID string             `json:"reference_id"`
	Kind        spec.Kind          `json:"kind,omitempty"`
	Address     string             `json:"address,omitempty"`
	Standing    reconcile.Standing `json:"standing,omitempty"`
	Status      string             `json:"status"`
	Payment     string             `json:"payment"`
	Captured    *amountJSON        `json:"captured,omitempty"`
	Refunded    *amountJSON        `json:"refunded,omitempty"`
	PaidOffline *amountJSON        `json:"paid_offline,omitempty"`
	LookedAt    *time.Time         `json:"looked_at,omitempty"`
	Notes       []string           `json:"notes,omitempty"`
	Bills       []billJSON         `json:"bills,omitempty"`
	Attempts    []attemptJSON      `json:"attempts,omitempty"`
	Refunds     []refundJSON       `json:"refunds,omitempty"`
	Timeline    []eventJSON        `json:"timeline,omitempty"`
}

type billJSON struct {
	ReferenceID   string             `json:"reference_id"`
	Account       string             `json:"account"`
	Configuration string             `json:"configuration,omitempty"`
	Customer      string             `json:"customer,omitempty"`
	Total         amountJSON         `json:"total"`
	Status        string             `json:"status"`
	ExpiresAt     *time.Time         `json:"expires_at,omitempty"`
	Imported      bool               `json:"imported,omitempty"`
	Look          *reconcile.Payment `json:"payment,omitempty"`
}

type attemptJSON struct {
	ID          string                 `json:"id"`
	Action      string                 `json:"action"`
	Kind        reconcile.ActionKind   `json:"kind"`
	ReferenceID string                 `json:"reference_id"`
	To          spec.Status            `json:"to,omitempty"`
	Label       string                 `json:"label,omitempty"`
	Event       string                 `json:"event,omitempty"`
	Amount      *amountJSON            `json:"amount,omitempty"`
	State       reconcile.AttemptState `json:"state"`
	ClaimedAt   *time.Time             `json:"claimed_at,omitempty"`
	EndedAt     *time.Time             `json:"ended_at,omitempty"`
	Result      string                 `json:"result,omitempty"`
	Code        int                    `json:"code,omitempty"`
	Meaning     string                 `json:"meaning,omitempty"`
	Delivery    string                 `json:"delivery,omitempty"`
}

type refundJSON struct {
	ID          string                `json:"id"`
	ReferenceID string                `json:"reference_id"`
	Amount      amountJSON            `json:"amount"`
	Status      reconcile.RefundState `json:"status"`
	Label       string                `json:"label,omitempty"`
	Foreign     bool                  `json:"foreign,omitempty"`
	Imported    bool                  `json:"imported,omitempty"`
	FirstSeenAt *time.Time            `json:"first_seen_at,omitempty"`
}

type eventJSON struct {
	At      time.Time `json:"at"`
	Name    string    `json:"name"`
	Attempt string    `json:"attempt,omitempty"`
	Detail  string    `json:"detail,omitempty"`
}

// StatusFormat is the version of the status document.
const StatusFormat = "1.0"

// StatusTableJSON writes every order the state knows as one JSON document, an order a line.
func StatusTableJSON(w io.Writer, all iter.Seq2[*reconcile.Observed, error]) error {
	b := bufio.NewWriter(w)
	d := &document{w: b}
	d.open("format_version", StatusFormat)
	d.text(",\n \"orders\": [")
	first := true
	for order, err := range all {
		if err != nil {
			return err
		}
		if !first {
			d.text(",")
		}
		first = false
		d.text("\n  ")
		d.value(toOrderJSON(order))
	}
	d.text("]")
	d.close()
	if d.err != nil {
		return d.err
	}
	return b.Flush()
}

// OrderJSON writes one order, whole, with its timeline.
func OrderJSON(w io.Writer, order *reconcile.Observed, timeline []reconcile.Event, o Options) error {
	j := toOrderJSON(order)
	j.Bills = bills(order, o)
	j.Attempts = attempts(order, o)
	j.Refunds = refunds(order)
	for _, e := range timeline {
		j.Timeline = append(j.Timeline, eventJSON{e.At.UTC(), e.Name, e.Attempt, o.ids(e.Detail)})
	}
	return indented(w, struct {
		FormatVersion string    `json:"format_version"`
		Order         orderJSON `json:"order"`
	}{StatusFormat, j})
}

func toOrderJSON(o *reconcile.Observed) orderJSON {
	j := orderJSON{
		ReferenceID: o.Ref, Kind: o.Kind, Address: o.Address, Standing: o.Standing,
		Status: key(statusWord(o)), Payment: "never_looked", Notes: remarks(o),
	}
	if b := o.Current(); b != nil && b.Look != nil {
		j.Payment = string(b.Look.State)
		j.LookedAt = moment(b.Look.At)
		if b.Look.State == reconcile.Captured {
			j.Captured = some(b.Look.Amount, b.Currency)
		}
	}
	var refunded spec.Amount
	for i := range o.Refunds {
		if o.Refunds[i].State != reconcile.RefundFailed {
			refunded += o.Refunds[i].Amount
		}
	}
	j.Refunded = some(refunded, "")
	j.PaidOffline = some(o.PaidOffline, "")
	return j
}

func bills(o *reconcile.Observed, opts Options) []billJSON {
	var out []billJSON
	for i := range o.Bills {
		b := &o.Bills[i]
		status := "not_sent"
		if o.Sent(b) {
			status = string(o.StatusOf(b))
		}
		customer := ""
		if b.Phone != "" {
			customer = opts.phone(b.Phone)
		}
		out = append(out, billJSON{
			ReferenceID: b.Reference, Account: b.Account, Configuration: b.Configuration, Customer: customer,
			Total: amountJSON{b.Total, spec.Offset, currency(b.Currency)}, Status: status,
			ExpiresAt: moment(b.ExpiresAt), Imported: b.Imported, Look: b.Look,
		})
	}
	return out
}

func attempts(o *reconcile.Observed, opts Options) []attemptJSON {
	var out []attemptJSON
	for i := range o.Attempts {
		a := &o.Attempts[i]
		out = append(out, attemptJSON{
			ID: a.ID, Action: a.Action, Kind: a.Kind, ReferenceID: a.Reference, To: a.To, Label: a.Label, Event: a.Event,
			Amount: some(a.Amount, a.Currency), State: a.State, ClaimedAt: moment(a.ClaimedAt), EndedAt: moment(a.EndedAt),
			Result: opts.ids(a.Result), Code: a.Code, Meaning: a.Meaning, Delivery: deliveryWord(a),
		})
	}
	return out
}

// deliveryWord is how far a message got; a refund is no message.
func deliveryWord(a *reconcile.Attempt) string {
	switch {
	case a.Kind == reconcile.KindRefund || a.State != reconcile.Settled:
		return ""
	case a.Delivery == reconcile.Unconfirmed:
		return "unconfirmed"
	default:
		return string(a.Delivery)
	}
}

func refunds(o *reconcile.Observed) []refundJSON {
	var out []refundJSON
	for i := range o.Refunds {
		r := &o.Refunds[i]
		out = append(out, refundJSON{
			ID: r.ID, ReferenceID: r.Reference, Amount: amountJSON{r.Amount, spec.Offset, currency(r.Currency)},
			Status: r.State, Label: r.Owner, Foreign: r.Foreign, Imported: r.Imported, FirstSeenAt: moment(r.FirstSeenAt),
		})
	}
	return out
}

// key is a word as scripts compare it.
func key(word string) string { return strings.ReplaceAll(word, " ", "_") }

// some is an amount where there is one.
func some(a spec.Amount, c string) *amountJSON {
	if a == 0 {
		return nil
	}
	return &amountJSON{a, spec.Offset, currency(c)}
}

// moment is a time where there is one.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
