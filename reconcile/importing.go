package reconcile

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hisab/hisab/spec"
)

// Import takes a declared order that already exists on the platform under management, with
// the order status a person says it has (empty: pending). The payment is looked up; refunds
// that it lists are recorded as found, and belong to nobody until a label claims them. What
// happened before is the past: no notify tells of it. A later bill of a declared order
// (REF-2) is taken over as that order's.
func Import(ctx context.Context, w *World, s *spec.Spec, ref string, status spec.Status) (Observed, error) {
	want, first := declared(s, ref), ref
	if want == nil {
		if want = billedAgain(s, ref); want != nil {
			first = want.ReferenceID
		}
	}
	if want == nil {
		return Observed{}, &ImportError{ref, "the spec declares no order or invoice with this reference; declare it first, as it was sent"}
	}
	if want.Provider == "" {
		return Observed{}, &ImportError{ref, "it names no provider, so there is nothing on a platform to take over"}
	}
	have, known, err := w.Store.Get(ctx, first)
	if err != nil {
		return Observed{}, fmt.Errorf("read the state: %w", err)
	}
	if b := have.Bill(ref); have.Sent(b) || have.doubtful(b) != nil {
		return have, &ImportError{ref, "it is under management already; hisab status " + ref + " shows it"}
	}
	switch {
	case known:
		first = have.Ref
	case first != ref:
		return Observed{}, &ImportError{ref, fmt.Sprintf("it is a later bill of %s, which this state does not know. Take that over first, with the status it has: hisab import %s --status canceled", first, first)}
	}
	account, ok := w.Providers.Account(want.Provider)
	if !ok {
		return Observed{}, &ImportError{ref, "the spec declares no provider " + want.Provider}
	}
	p, err := w.lookup(ctx, account, PaymentKey{Configuration: configuration(want), Reference: ref})
	if err != nil {
		return Observed{}, fmt.Errorf("look up %s: %w", ref, err)
	}
	if p.State == NotFound {
		return Observed{}, &ImportError{ref, fmt.Sprintf("the provider knows no payment with this reference under the configuration %q; apply sends it", configuration(want))}
	}
	now := w.Clock.Now()
	t := Terms{Now: now, Since: now, Account: account}
	for i := range p.Refunds {
		p.Refunds[i].Imported = true
	}
	got, err := w.Store.Update(ctx, first, func(o *Observed) error {
		if b := o.Bill(ref); o.Sent(b) || o.doubtful(b) != nil {
			return &ImportError{ref, "another run was first; hisab status " + ref + " shows it"}
		}
		var before *Payment // a bill that was not sent may have been looked at
		if b := o.Bill(ref); b != nil {
			before = b.Look
		}
		o.bill(want, &Attempt{Reference: ref}, t)
		b := o.Bill(ref)
		b.Imported, b.ImportedStatus, b.Look = true, status, before
		Absorb(o, p)
		adopt(o, want, t)
		o.tell(now, "imported", nil, fmt.Sprintf("%s taken over, payment %s, status %s", ref, p.State, o.StatusOf(b)))
		return nil
	})
	if err != nil {
		return got, fmt.Errorf("import %s: %w", ref, err)
	}
	return got, nil
}

// Contradiction says where the platform's lookup contradicts the total of a bill; empty where
// it does not. Of what was sent it tells nothing else.
func (b *Bill) Contradiction() string {
	l := b.Look
	if l == nil || l.Amount == 0 || l.Amount == b.Total && (l.Currency == "" || l.Currency == b.Currency) {
		return ""
	}
	return fmt.Sprintf("the payment lookup of %s says %s, and the spec declares %s", b.Reference, money(l.Amount, orElse(l.Currency, b.Currency)), money(b.Total, b.Currency))
}

func declared(s *spec.Spec, ref string) *spec.Order {
	for _, o := range s.Orders {
		if o.ReferenceID == ref {
			return o
		}
	}
	return nil
}

// billedAgain returns the order or invoice that a reference is a later bill of, or nil: a
// state from an old backup does not know the bill that has since taken another's place.
func billedAgain(s *spec.Spec, ref string) *spec.Order {
	cut := strings.LastIndexByte(ref, '-')
	n, err := strconv.Atoi(ref[cut+1:])
	if cut < 0 || err != nil || n < 2 {
		return nil
	}
	for _, o := range s.Orders {
		if next, ok := spec.NextReference(o.ReferenceID, n); ok && next == ref {
			return o
		}
	}
	return nil
}

// ImportError says why an order was not taken over.
type ImportError struct{ Ref, Why string }

func (e *ImportError) Error() string { return fmt.Sprintf("%s: %s", e.Ref, e.Why) }
