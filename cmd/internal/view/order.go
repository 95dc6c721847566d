package view

import (
	"fmt"
	"io"
	"strings"

	"github.com/hisab/hisab/reconcile"
)

// Order writes all that is known of one order, and its timeline.
func Order(w io.Writer, order *reconcile.Observed, timeline []reconcile.Event, o Options) error {
	b := newScreen(w, o)
	v := &orderText{w: b, Options: o, style: style(o.Color), order: order}
	v.head()
	v.bills()
	v.attempts()
	v.refunds()
	v.timeline(timeline)
	return b.Flush()
}

type orderText struct {
	w io.Writer
	Options
	style
	order *reconcile.Observed
}

// rows writes a titled table; without rows, nothing.
func (v *orderText) rows(title, header string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(v.w, "\n%s\n", v.bold(title))
	t := newTable(v.w)
	t.row("  " + header)
	for _, row := range rows {
		t.row("  " + cells(row...))
	}
	t.flush()
}

func (v *orderText) head() {
	o := v.order
	title := string(o.Kind) + " " + o.Ref
	if o.Kind == "" {
		title = o.Ref
	}
	fmt.Fprintln(v.w, v.bold(title))
	t := newTable(v.w)
	line := func(name, value string) {
		if value != "" && value != "–" {
			t.row("  " + cells(name, value))
		}
	}
	line("address", o.Address)
	line("standing", string(o.Standing))
	line("status", statusWord(o))
	line("payment", paymentWord(o))
	line("refunded", refundedWord(o))
	if o.PaidOffline > 0 {
		line("paid offline", o.PaidOffline.INR())
	}
	if b := o.Current(); b != nil && b.Phone != "" {
		line("customer", v.phone(b.Phone))
	}
	line("looked", lookedWord(o, v.Options))
	line("notes", strings.Join(remarks(o), "; "))
	t.flush()
}

func (v *orderText) bills() {
	rows := make([][]string, 0, len(v.order.Bills))
	for i := range v.order.Bills {
		b := &v.order.Bills[i]
		state := "not sent"
		if v.order.Sent(b) {
			state = string(v.order.StatusOf(b))
		}
		expires := ""
		if !b.ExpiresAt.IsZero() {
			expires = v.time(b.ExpiresAt)
		}
		rows = append(rows, []string{b.Reference, money(b.Total, b.Currency), state, payments(b), expires})
	}
	v.rows("Bills", "REFERENCE\tTOTAL\tSTATUS\tPAYMENT\tPAYABLE UNTIL", rows)
}

// payments says how a bill was paid or tried to be.
func payments(b *reconcile.Bill) string {
	if b.Look == nil {
		return "never looked at"
	}
	words := []string{string(b.Look.State)}
	for _, t := range b.Look.Transactions {
		s := strings.TrimSpace(t.Method + " " + string(t.State))
		if t.ErrorReason != "" {
			s += " (" + t.ErrorReason + ")"
		}
		words = append(words, s)
	}
	return strings.Join(words, ", ")
}

func (v *orderText) attempts() {
	rows := make([][]string, 0, len(v.order.Attempts))
	for i := range v.order.Attempts {
		a := &v.order.Attempts[i]
		rows = append(rows, []string{v.time(a.ClaimedAt), attemptName(a), string(a.State), outcome(a), v.ids(a.Result), a.ID})
	}
	v.rows("Sent", "WHEN\tWHAT\tSTATE\tOUTCOME\tRESULT\tID", rows)
}

// outcome is what became of an attempt, in words.
func outcome(a *reconcile.Attempt) string {
	switch {
	case a.Meaning != "" && a.Code != 0:
		return fmt.Sprintf("%s (%d)", a.Meaning, a.Code)
	case a.Meaning != "":
		return a.Meaning
	case a.State != reconcile.Settled:
		return ""
	case a.Kind == reconcile.KindRefund:
		return money(a.Amount, a.Currency)
	case a.Delivery == reconcile.Unconfirmed:
		return "unconfirmed"
	default:
		return string(a.Delivery)
	}
}

func (v *orderText) refunds() {
	rows := make([][]string, 0, len(v.order.Refunds))
	for i := range v.order.Refunds {
		r := &v.order.Refunds[i]
		owner := r.Owner
		switch {
		case r.Foreign:
			owner = "another's"
		case owner == "":
			owner = "not explained"
		}
		rows = append(rows, []string{r.ID, money(r.Amount, r.Currency), string(r.State), owner, v.time(r.FirstSeenAt)})
	}
	v.rows("Refunds listed", "ID\tAMOUNT\tSTATUS\tLABEL\tFIRST SEEN", rows)
}

func (v *orderText) timeline(events []reconcile.Event) {
	rows := make([][]string, 0, len(events))
	for i := range events {
		e := &events[i]
		rows = append(rows, []string{v.time(e.At), e.Name, v.ids(e.Detail), e.Attempt})
	}
	v.rows("Timeline", "WHEN\tWHAT\tDETAIL\tID", rows)
}
