package view

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// StatusTable writes one line for each order the state knows, and ends with how many
// there are.
func StatusTable(w io.Writer, all iter.Seq2[*reconcile.Observed, error], o Options) error {
	shown := newScreen(w, o)
	table := newTable(shown)
	n := 0
	for order, err := range all {
		if err != nil {
			return err
		}
		if n++; n == 1 {
			table.row("REFERENCE\tKIND\tSTATUS\tPAYMENT\tREFUNDED\tLOOKED\tNOTES")
		}
		table.row(cells(
			order.Ref, string(order.Kind), statusWord(order), paymentWord(order), refundedWord(order),
			lookedWord(order, o), o.here(strings.Join(remarks(order), "; ")),
		))
	}
	if n == 0 {
		_, err := fmt.Fprintln(w, o.here("The state knows no order yet. hisab plan shows what the spec asks for."))
		return err
	}
	if err := table.flush(); err != nil {
		return err
	}
	return shown.Flush()
}

// statusWord is the order status, as far as there is one.
func statusWord(o *reconcile.Observed) string {
	if b := o.Current(); b == nil || !o.Sent(b) {
		return "not sent"
	}
	return string(o.Status())
}

func paymentWord(o *reconcile.Observed) string {
	b := o.Current()
	switch {
	case b == nil || b.Look == nil:
		if o.PaidOffline > 0 {
			return o.PaidOffline.INR() + " offline"
		}
		return "–"
	case b.Look.State == reconcile.Captured:
		amount := b.Look.Amount
		if amount == 0 {
			amount = b.Total
		}
		return "captured " + money(amount, b.Currency)
	case b.Look.State == reconcile.PaymentUnknown && b.Look.Raw != "":
		return fmt.Sprintf("unknown (%q)", b.Look.Raw)
	default:
		return strings.ReplaceAll(string(b.Look.State), "_", " ")
	}
}

// refundedWord adds up what was given back, and says what is still on its way.
func refundedWord(o *reconcile.Observed) string {
	var sum spec.Amount
	pending := false
	for i := range o.Refunds {
		switch r := &o.Refunds[i]; r.State {
		case reconcile.RefundFailed:
		case reconcile.RefundSuccess:
			sum += r.Amount
		default:
			sum += r.Amount
			pending = true
		}
	}
	switch {
	case sum == 0:
		return "–"
	case pending:
		return sum.INR() + " (on its way)"
	default:
		return sum.INR()
	}
}

func lookedWord(o *reconcile.Observed, opts Options) string {
	b := o.Current()
	if b == nil || b.Look == nil {
		return "never"
	}
	return age(opts.Now.Sub(b.Look.At))
}

// remarks are what a reader of the table should know besides.
func remarks(o *reconcile.Observed) []string {
	var notes []string
	if o.Standing != "" && o.Standing != reconcile.Managed {
		notes = append(notes, string(o.Standing))
	}
	if b := o.Current(); b != nil && b.Reference != o.Ref {
		notes = append(notes, "now billed as "+b.Reference)
	}
	if b := o.Current(); b != nil && b.Imported {
		notes = append(notes, "imported")
	}
	for i := range o.Attempts {
		a := &o.Attempts[i]
		switch {
		case a.State.Open() && a.Kind == reconcile.KindNotify:
			notes = append(notes, attemptName(a)+" maybe_sent")
		case a.State.Open():
			notes = append(notes, attemptName(a)+" unknown: hisab resolve "+a.ID)
		case a.State == reconcile.Rejected && latest(o, a):
			notes = append(notes, attemptName(a)+" refused")
		case a.Delivery == reconcile.FailedOnRoute && latest(o, a):
			notes = append(notes, attemptName(a)+" not delivered")
		}
	}
	return notes
}

// latest reports whether no later attempt is of the same action.
func latest(o *reconcile.Observed, a *reconcile.Attempt) bool {
	for i := range o.Attempts {
		if b := &o.Attempts[i]; b.Action == a.Action && b.N > a.N {
			return false
		}
	}
	return true
}

// attemptName names what an attempt was to do.
func attemptName(a *reconcile.Attempt) string {
	parts := []string{string(a.Kind)}
	for _, s := range []string{string(a.To), a.Event, a.Label} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}
