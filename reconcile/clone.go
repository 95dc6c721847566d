package reconcile

import (
	"reflect"
	"slices"
)

// Clone returns a copy that shares nothing with o: no change of one shows in the other.
func (o *Observed) Clone() *Observed {
	c := *o
	c.Bills = slices.Clone(o.Bills)
	for i := range c.Bills {
		c.Bills[i].Look = o.Bills[i].Look.clone()
	}
	c.Attempts = slices.Clone(o.Attempts)
	for i := range c.Attempts {
		c.Attempts[i].Baseline = slices.Clone(o.Attempts[i].Baseline)
	}
	c.Refunds = slices.Clone(o.Refunds)
	c.Marks = slices.Clone(o.Marks)
	c.Stray = o.Stray.clone()
	c.News = slices.Clone(o.News)
	return &c
}

func (p *Payment) clone() *Payment {
	if p == nil {
		return nil
	}
	c := *p
	c.Transactions = slices.Clone(p.Transactions)
	c.Refunds = slices.Clone(p.Refunds)
	return &c
}

// equal reports whether two records would be saved alike.
func (o *Observed) equal(p *Observed) bool {
	a, b := *o, *p
	a.Stray, b.Stray, a.News, b.News = nil, nil, nil, nil
	return reflect.DeepEqual(a, b)
}
