package sim

import (
	"time"

	"github.com/hisab/hisab/spec"
)

// restores plans when a copy of the state is made and put back: in most shops that lose what
// they knew, at any time.
func (h *history) restores() {
	if !h.fault(OldBackup) {
		return
	}
	if h.o.Copies {
		h.loseTheSecondBill(h.shop.orders[0])
		return
	}
	h.after(h.longTail(h.o.Life/2), func() { h.backup = h.disk.Backup() })
	h.after(h.o.Life/2+h.longTail(h.o.Life/2), h.restore)
}

// loseTheSecondBill plays what hardly any shop comes to by itself: an order is billed anew and
// paid, something goes back, a copy from before that is put back, and then the first bill is
// paid as well, by a customer with an old page open.
func (h *history) loseTheSecondBill(d *declared) {
	d.invoice, d.status, d.offline = false, spec.Pending, 0
	d.addRefund(h.rng)
	for i, happens := range []func(){
		h.apply,
		func() { h.backup = h.disk.Backup(); d.total += 1000; h.apply() },
		h.apply,
		func() { h.paysNow(d) },
		h.apply,
		h.restore,
		func() { h.paysOldPage(d.reference) },
		h.apply,
	} {
		h.after(h.o.Life*time.Duration(1+2*i)/16+h.longTail(h.o.Life/32), happens)
	}
}

func (h *history) paysOldPage(reference string) {
	for _, b := range h.platform.order {
		if b.reference == reference {
			h.paysCanceled(b)
		}
	}
}
