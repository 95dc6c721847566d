package reconcile

import (
	"fmt"

	"github.com/hisab/hisab/spec"
)

// Leaving is what becomes of an order that the spec no longer declares.
type Leaving struct {
	Change
	// Archive: nothing is left to do and nobody is bothered.
	Archive bool
}

// DiffRemoved says what becomes of an order that left the spec (contract section 4,
// Removal): terminal and converged, it is archived; with on_remove = "cancel" as last
// applied and unpaid, it is canceled first; else it is forgotten. provider is the address
// its account goes by now, for people.
func DiffRemoved(have *Observed, provider string, t Terms) Leaving {
	want := remnant(have, provider)
	d := &differ{facts: newFacts(want, have, t)}
	if a := d.openOf(); a != nil {
		d.attempt = a
		d.note(&Row{Result: Doubt}, Note{Kind: a.Kind, Label: a.Label, Event: a.Event, Amount: a.Amount, Detail: doubtText(a)})
		return Leaving{Change: d.Change}
	}
	b := d.bill
	surplus := d.status == spec.Completed && d.surplus() > 0
	if !d.sent || (d.status.Terminal() && !d.paidAfterCancel() && !surplus && d.refundsFinal()) {
		return Leaving{Archive: true}
	}
	// Unpaid is what can be seen to be: a bill without a configuration has no lookup.
	if have.CancelOnRemove && !d.status.Terminal() && !d.anyCaptured() && have.PaidOffline == 0 && b.Configuration != "" {
		if d.cancelRemoved() {
			return Leaving{Change: d.Change}
		}
	}
	reason := "left the spec; its management stops and the customer's data is erased"
	if d.paidAfterCancel() {
		reason = fmt.Sprintf("left the spec, and the customer paid %s after it was canceled; its management stops all the same", money(d.have.capturedInAll(), b.Currency))
	}
	if surplus {
		reason = fmt.Sprintf("left the spec, and the customer paid %s too much, which was not given back; its management stops all the same", money(d.surplus(), b.Currency))
	}
	if !d.status.Terminal() && d.unpaid() && !b.expired(d.Now) {
		reason = fmt.Sprintf("left the spec, and the customer can still pay %s; its management stops, and the customer's data is erased. To cancel it first: lifecycle { on_remove = \"cancel\" } while it is declared", money(b.Total, b.Currency))
	}
	d.attempt = nil
	d.act(Action{
		ID: actionID(have.Ref, KindForget, "", 0, d.fingerprint()), Kind: KindForget, Provider: provider, Reason: reason,
	})
	return Leaving{Change: d.Change}
}

// remnant is what is left to want of an order that left the spec.
func remnant(have *Observed, provider string) *spec.Order {
	w := &spec.Order{Kind: have.Kind, Address: have.Address, ReferenceID: have.Ref, Provider: provider,
		Currency: spec.INR, Status: have.Status(), RequirePayment: true}
	if b := have.Current(); b != nil {
		w.ReferenceID, w.Currency, w.Total, w.Customer.Phone = b.Reference, b.Currency, b.Total, b.Phone
	}
	if have.PaidOffline > 0 {
		w.OfflinePayments = []spec.OfflinePayment{{Amount: have.PaidOffline}}
	}
	return w
}

// cancelRemoved plans or explains the cancel of an order that left the spec, and reports
// whether that is what the order is left with for now.
func (d *differ) cancelRemoved() bool {
	d.target = spec.Canceled
	row := first(statusRows, d.facts)
	if row.Result != Act {
		d.note(row, Note{Kind: KindStatus})
		return row.Result == Wait
	}
	id := d.statusID()
	if d.undecided(KindStatus, id, spec.Canceled) {
		return true
	}
	d.attempt = d.have.ofAction(id)
	d.act(Action{ID: id, Kind: KindStatus, From: d.status, To: spec.Canceled,
		Reason: "left the spec, where on_remove = \"cancel\" held, and it is unpaid"})
	return true
}

// openOf returns an attempt of the order whose outcome may still be found out, or nil. A
// message other than the bill is waited for ten minutes: nothing is sent again in its place.
func (f *facts) openOf() *Attempt {
	return f.have.last(func(a *Attempt) bool {
		if !a.State.Open() {
			return false
		}
		return a.Kind == KindRefund || a.Kind == KindSend || f.Now.Sub(a.ClaimedAt) < statusSilence
	})
}

// refundsFinal: every refund of ours succeeded, failed or was given up.
func (f *facts) refundsFinal() bool {
	for i := range f.have.Bills {
		if !refundsSettled(f.have, &f.have.Bills[i]) {
			return false
		}
	}
	return true
}
