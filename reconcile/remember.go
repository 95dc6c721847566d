package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hisab/hisab/spec"
)

// remember keeps what a run learned before it acts: the looks the plan was made from, the
// attempts that a dead process left in sending, what the spec now asks to be told of, and
// which orders left the spec with nothing to do. Orders of which nothing is new are not
// written.
func (r *run) remember(ctx context.Context) error {
	if r.o.Saved {
		return r.rememberSaved(ctx) // a saved plan knows only the orders it acts on, and each keeps its own
	}
	var changes []change
	archive := map[string]bool{}
	for _, ref := range r.plan.archive {
		archive[ref] = true
	}
	err := eachPair(ctx, r.w.Store, r.s, func(q pair) error {
		if !r.plan.covers(q) {
			return nil
		}
		c := r.learned(q, archive[q.have.Ref])
		before := q.have.Clone()
		_ = c.f(q.have)
		fresh := q.have.Version == 0
		if fresh && !worthKeeping(q.have) || !fresh && before.equal(q.have) {
			return nil
		}
		changes = append(changes, c)
		return nil
	})
	if err != nil {
		return err
	}
	errs := make([]error, len(changes))
	r.w.Pool.Each(ctx, len(changes), func(i int) {
		_, errs[i] = r.w.Store.Update(ctx, changes[i].ref, changes[i].f)
	})
	for i, err := range errs {
		switch {
		case errors.Is(err, ErrTaken):
			r.contested(changes[i], err)
		case err != nil && ctx.Err() == nil:
			return fmt.Errorf("keep what was observed: %w", err)
		}
	}
	return nil
}

// behind: the state knows another on_remove of the order than the spec says. No action follows
// from that, and it counts as last applied once the order leaves the spec.
func behind(have *Observed, want *spec.Order) bool {
	return have.Version > 0 && have.CancelOnRemove != want.CancelOnRemove
}

// rememberSaved keeps what a saved plan says of orders that it does not act on.
func (r *run) rememberSaved(ctx context.Context) error {
	acts := make(map[string]bool, len(r.plan.Orders))
	for i := range r.plan.Actions {
		acts[r.plan.Actions[i].Address] = true
	}
	for _, want := range r.plan.Orders {
		if acts[want.Address] {
			continue
		}
		have, _, err := r.w.Store.Get(ctx, want.ReferenceID)
		if err == nil && behind(&have, want) {
			_, err = r.w.Store.Update(ctx, have.Ref, func(o *Observed) error {
				o.CancelOnRemove = want.CancelOnRemove
				return nil
			})
		}
		if err != nil {
			return fmt.Errorf("keep what was declared: %w", err)
		}
	}
	return nil
}

// change is what a run learned of one order.
type change struct {
	ref, address string
	f            func(*Observed) error
}

// learned returns how to bring the record of one order up to date.
func (r *run) learned(q pair, gone bool) change {
	want, looked, t := q.want, r.plan.looked[q.have.Ref], r.terms(q.want)
	c := change{ref: q.have.Ref, address: q.have.Address}
	if want != nil {
		c.address = want.Address
	}
	c.f = func(o *Observed) error {
		keep(o, want, looked, t, r.w.Incarnation)
		if gone && o.Standing == Managed && DiffRemoved(o, "", t).Archive {
			o.Standing = Archived
			o.tell(t.Now, "archived", nil, "left the spec with nothing left to do")
		}
		return nil
	}
	return c
}

// contested shows, once, an order whose look names what another order owns. It keeps its old
// record, and no other order is held up by it.
func (r *run) contested(c change, err error) Note {
	n := Note{Address: c.address, ReferenceID: c.ref, Ref: c.ref, Kind: KindStatus,
		Code: "evidence_conflict", Detail: "what the lookup says cannot be recorded: " + err.Error() + ". Look at both orders in the gateway's dashboard"}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.ContainsFunc(r.result.Blocked, func(m Note) bool { return m.Ref == n.Ref && m.Code == n.Code }) {
		r.result.Blocked = append(r.result.Blocked, n)
	}
	return n
}

// covers reports whether the plan was made for an order.
func (p *Plan) covers(q pair) bool {
	if q.want != nil {
		return p.options.selects(q.want.Address)
	}
	return p.options.selects(q.have.Address)
}

// worthKeeping: an order of which the state knows nothing yet is written when its first
// message is claimed; only one that will have no message needs a record before.
func worthKeeping(o *Observed) bool {
	return slices.ContainsFunc(o.Marks, func(m Mark) bool { return m.Name == seen+spec.EventPaid }) ||
		o.PaidOffline > 0
}

// keep brings an order's record up to date with a look and with the spec.
func keep(o *Observed, want *spec.Order, looked []Payment, t Terms, mine string) {
	orphans(o, t.Now, mine)
	for _, p := range looked {
		Absorb(o, p)
	}
	if want != nil {
		adopt(o, want, t)
		for i := range want.Notify {
			o.setMark(knows+want.Notify[i].Event, t.Since)
		}
	}
}

// orphans turns what a process that is gone left in sending into unknown.
func orphans(o *Observed, now time.Time, mine string) {
	for i := range o.Attempts {
		if a := &o.Attempts[i]; a.State == Sending && a.Incarnation != mine {
			o.move(a, Undecided, now, "the process that was sending it ended before it recorded an answer")
		}
	}
}

// adopt notes what the spec says of an order now.
func adopt(o *Observed, want *spec.Order, t Terms) {
	o.Kind, o.Address, o.CancelOnRemove = want.Kind, want.Address, want.CancelOnRemove
	if o.Standing != Managed {
		if o.Standing != "" {
			o.tell(t.Now, "managed", nil, "declared again; it goes on where it was")
		}
		o.Standing = Managed
	}
	for i := range o.Bills {
		if b := &o.Bills[i]; b.Phone == "" {
			b.Phone = want.Customer.Phone
			if b.Facets != (Facets{}) && b.Facets.Phone == "" {
				b.Facets.Phone = facetsOf(want, t.Account).Phone
			}
		}
	}
	o.PaidOffline = paidElsewhere(want).Amount
	for i := range want.OfflinePayments {
		o.setMark(seen+spec.EventOfflinePayment+"/"+want.OfflinePayments[i].Label, t.Now)
	}
	if o.PaidOffline >= want.Total && o.PaidOffline > 0 {
		o.setMark(seen+spec.EventPaid, t.Now)
	}
	for i := range want.Refunds {
		adoptRefund(o, want, &want.Refunds[i], t.Now)
	}
}

// adoptRefund lets a label claim the refund made elsewhere that it names.
func adoptRefund(o *Observed, want *spec.Order, r *spec.Refund, now time.Time) {
	if r.ID == "" {
		return
	}
	listed := o.refund(r.ID)
	if listed == nil || listed.Amount != r.Amount || listed.Owner == r.Label || !mayOwn(o, want, listed, r.Label) {
		return
	}
	listed.Owner, listed.Foreign = r.Label, false
	o.tell(now, "refund", nil, fmt.Sprintf("refund %s claimed by %q", r.ID, r.Label))
	o.markRefund(listed, now)
}
