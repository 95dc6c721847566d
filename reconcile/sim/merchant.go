package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// opening is when every history begins.
var opening = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// NewBase loads what all histories share. Pacer makes the limiter of one process, for accounts
// of that rate; nil lets everything through at once.
func NewBase(pacer func(c reconcile.Clock, rate int) reconcile.Pacer) (*Base, error) {
	b := &Base{pacer: pacer, load: loadFiles}
	if pacer == nil {
		b.pacer = func(reconcile.Clock, int) reconcile.Pacer { return unhurried{} }
	}
	var err error
	b.spec, err = b.load(map[string]string{"accounts.hcl": accountsHCL})
	return b, err
}

func loadFiles(files map[string]string) (*spec.Spec, error) {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s, diags := spec.Load(fsys, spec.Options{})
	if diags.HasErrors() {
		return nil, errors.New(fmt.Sprint(diags.Errs()))
	}
	return s, nil
}

type unhurried struct{}

func (unhurried) Wait(ctx context.Context, _, _ string) error      { return ctx.Err() }
func (unhurried) Slow(string, string, time.Duration) time.Duration { return 0 }
func (unhurried) Pair(ctx context.Context, _, _ string) (func(context.Context) error, error) {
	return context.Context.Err, ctx.Err()
}

// Amounts are few, so that different refunds are often equal.
var amounts = []spec.Amount{1005, 2550, 5000}

// phonePrefix begins the number of every customer.
const phonePrefix = "9198765432"

// byHand is an amount that no order declares.
const byHand spec.Amount = 777

// invent declares an order as shops do.
func invent(r *rand.Rand, n int, now time.Time) *declared {
	d := &declared{
		reference: fmt.Sprintf("ORD-%d", n+1), phone: fmt.Sprintf("%s%02d", phonePrefix, n), total: spec.Amount(1+r.IntN(3)) * 10000,
		invoice: r.IntN(4) == 0, second: r.IntN(6) == 0, status: spec.Pending, unpaidOK: r.IntN(8) == 0, cancels: r.IntN(3) == 0,
	}
	switch {
	case d.invoice:
		d.status = spec.Completed
	case r.IntN(3) > 0:
		d.status = d.anyStatus(r)
	}
	if d.status == spec.Canceled && r.IntN(3) > 0 {
		d.status = spec.Processing
	}
	d.templates = !d.second && r.IntN(4) == 0
	if r.IntN(10) == 0 {
		d.expires = now.Add(time.Duration(1+r.IntN(30)) * time.Hour)
	}
	for range r.IntN(3) {
		d.addRefund(r)
	}
	if r.IntN(3) == 0 {
		d.notify = append(d.notify, spec.EventPaid)
		d.twice = r.IntN(2) == 0
	}
	if r.IntN(4) == 0 {
		d.notify = append(d.notify, spec.EventRefund)
	}
	return d
}

// anyStatus is one that the kind can have; an invoice has no fulfilment.
func (d *declared) anyStatus(r *rand.Rand) spec.Status {
	if d.invoice {
		return []spec.Status{spec.Pending, spec.Completed, spec.Canceled}[r.IntN(3)]
	}
	return spec.Statuses[r.IntN(len(spec.Statuses))]
}

func (d *declared) addRefund(r *rand.Rand) {
	if len(d.refunds) == 4 {
		return
	}
	a := amounts[r.IntN(len(amounts))]
	if r.IntN(6) == 0 {
		a = d.total
	}
	d.refunds = append(d.refunds, wantedRefund{label: fmt.Sprintf("r%d", len(d.refunds)+1), amount: a})
}

// edit changes a declaration as merchants do, sensible or not, and says how.
func (d *declared) edit(r *rand.Rand) string {
	switch r.IntN(12) {
	case 0, 1, 2:
		d.status = d.anyStatus(r)
		return "status " + string(d.status)
	case 3, 4:
		d.addRefund(r)
		return "one refund more"
	case 5:
		d.status = spec.Canceled
		return "canceled"
	case 6, 7:
		d.total += 1000
		return "another total"
	case 8:
		if len(d.refunds) > 0 {
			i := r.IntN(len(d.refunds))
			if r.IntN(3) == 0 {
				d.refunds[i].label += "x"
				return "another label for a refund, " + d.refunds[i].label
			}
			d.refunds[i].amount = amounts[r.IntN(len(amounts))]
			return "another amount for " + d.refunds[i].label
		}
		d.unpaidOK = !d.unpaidOK
		return "require_payment turned"
	case 9:
		d.absent = !d.absent
		if d.absent {
			return "out of the spec"
		}
		return "back in the spec"
	case 10:
		if !slices.Contains(d.notify, spec.EventShipped) {
			d.notify = append(d.notify, spec.EventShipped)
		}
		slices.Sort(d.notify)
		return "tell of shipping"
	default:
		if d.offline == 0 {
			d.offline = d.total
			return "paid in cash"
		}
		if len(d.refunds) > 0 {
			d.refunds = d.refunds[:len(d.refunds)-1]
			return "one refund less"
		}
		return "nothing"
	}
}

// copies are the declarations as they are now, by reference: what a process has read.
func (s *shop) copies() map[string]declared {
	now := make(map[string]declared, len(s.orders))
	for _, d := range s.orders {
		if !d.absent {
			as := *d
			as.refunds = slices.Clone(d.refunds)
			now[d.reference] = as
		}
	}
	return now
}

// shop is the merchant's side.
type shop struct {
	orders []*declared
	policy *spec.Policy
}

// readSpec is how a process reads the spec: from files, where the history has them, which may
// be half written at that moment.
func (h *history) readSpec(p *process) (*spec.Spec, error) {
	if !h.o.Files {
		return h.declares(), nil
	}
	var b strings.Builder
	for _, d := range h.shop.orders {
		if !d.absent {
			b.WriteString(d.hcl())
		}
	}
	files := map[string]string{"accounts.hcl": accountsHCL, "orders.hcl": b.String()}
	switch {
	case h.fault(TornFile):
		text := files["orders.hcl"]
		if cut := h.rng.IntN(len(text) + 1); !strings.HasSuffix(strings.TrimSpace(text[:cut]), "\n}") && cut > 0 {
			files["orders.hcl"], p.torn = text[:cut], true
		}
	case h.fault(NoFiles):
		p.torn = true
		delete(files, "orders.hcl")
	}
	s, err := h.base.load(files)
	if err != nil {
		h.count.refusedSpecs++
		h.tell(p, "the spec does not load")
		return nil, err
	}
	s.Policy = h.shop.policy
	return s, nil
}

// declares is the spec as it is meant.
func (h *history) declares() *spec.Spec {
	s := *h.base.spec
	s.Policy = h.shop.policy
	for _, d := range h.shop.orders {
		if !d.absent {
			s.Orders = append(s.Orders, d.order())
		}
	}
	slices.SortFunc(s.Orders, func(a, b *spec.Order) int { return strings.Compare(a.Address, b.Address) })
	return &s
}
