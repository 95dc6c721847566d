package memstore

import (
	"slices"
	"strings"

	"github.com/hisab/hisab/reconcile"
)

// image is a journal at one moment. Neither it nor what it holds is ever changed.
type image struct {
	orders    []*order             // by Ref
	approvals []reconcile.Approval // in the order recorded
	plans     []string             // those that ran
}

// order is one order with its log.
type order struct {
	reconcile.Observed
	log *entry // nil: empty
}

// entry is what one Update added to the log of an order.
type entry struct {
	before *entry
	events []reconcile.Event
}

// find returns the order with this first reference, or nil, and its place among the others.
func (im *image) find(ref string) (int, *order) {
	i, found := slices.BinarySearchFunc(im.orders, ref, func(o *order, ref string) int { return strings.Compare(o.Ref, ref) })
	if !found {
		return i, nil
	}
	return i, im.orders[i]
}

// owner returns the order that ever had this reference, or nil.
func (im *image) owner(reference string) *order {
	if _, o := im.find(reference); o != nil {
		return o
	}
	for _, o := range im.orders {
		for i := range o.Bills {
			if o.Bills[i].Reference == reference {
				return o
			}
		}
	}
	return nil
}

func (im *image) observed(ref string) *reconcile.Observed {
	if _, o := im.find(ref); o != nil {
		return &o.Observed
	}
	return nil
}

// with returns the image in which this order is at its place.
func (im *image) with(o *order) *image {
	place, old := im.find(o.Ref)
	next := *im
	if old != nil {
		next.orders = slices.Clone(im.orders)
		next.orders[place] = o
		return &next
	}
	next.orders = make([]*order, len(im.orders)+1)
	copy(next.orders, im.orders[:place])
	next.orders[place] = o
	copy(next.orders[place+1:], im.orders[place:])
	return &next
}

// timeline is the log, oldest first.
func (o *order) timeline() []reconcile.Event {
	n := 0
	for e := o.log; e != nil; e = e.before {
		n += len(e.events)
	}
	if n == 0 {
		return nil
	}
	events := make([]reconcile.Event, n)
	for e := o.log; e != nil; e = e.before {
		n -= len(e.events)
		copy(events[n:], e.events)
	}
	return events
}
