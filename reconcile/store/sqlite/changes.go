package sqlite

import (
	"fmt"
	"slices"

	"github.com/hisab/hisab/reconcile"
)

// changes are what one Update writes.
type changes struct {
	ref    string
	from   int64 // version it was decided on; 0: the order is new
	order  row
	put    []change // rows that are new or differ, in the order to write them
	drop   []change // keys of rows that are gone
	events []row
}

type change struct {
	table *table
	row   row
}

// image is an order as rows.
type image struct {
	order                           row
	bills, attempts, refunds, marks []row
}

func (t *tables) image(o *reconcile.Observed) (image, error) {
	m := image{order: orderRow(o, o.Version)}
	for i := range o.Bills {
		r, err := billRow(o.Ref, &o.Bills[i])
		if err != nil {
			return image{}, err
		}
		m.bills = append(m.bills, r)
	}
	for i := range o.Attempts {
		r, err := attemptRow(o.Ref, i, &o.Attempts[i])
		if err != nil {
			return image{}, err
		}
		m.attempts = append(m.attempts, r)
	}
	for i := range o.Refunds {
		m.refunds = append(m.refunds, refundRow(o.Ref, &o.Refunds[i]))
	}
	for i := range o.Marks {
		m.marks = append(m.marks, markRow(o.Ref, &o.Marks[i]))
	}
	return m, nil
}

// compare finds what to write to make an order that was into one that is; nil where they
// are the same and nothing is to be told.
func (t *tables) compare(was, is *reconcile.Observed) (*changes, error) {
	before, err := t.image(was)
	if err != nil {
		return nil, err
	}
	after, err := t.image(is)
	if err != nil {
		return nil, err
	}
	c := &changes{ref: is.Ref, from: was.Version, order: orderRow(is, was.Version+1)}
	for _, d := range []struct {
		table         *table
		before, after []row
	}{
		{t.bills, before.bills, after.bills},
		{t.attempts, before.attempts, after.attempts},
		{t.refunds, before.refunds, after.refunds},
		{t.marks, before.marks, after.marks},
	} {
		if err := c.add(d.table, d.before, d.after); err != nil {
			return nil, err
		}
	}
	// One attempt may end and another begin in one Update. The end is written first: for an
	// instant both would be open, and that is refused.
	slices.SortStableFunc(c.put, func(a, b change) int { return t.opens(a) - t.opens(b) })
	for i := range is.News {
		c.events = append(c.events, eventRow(is.Ref, &is.News[i]))
	}
	same := slices.Equal(before.order[2:], after.order[2:])
	if same && len(c.put)+len(c.drop)+len(c.events) == 0 {
		return nil, nil
	}
	return c, nil
}

// opens is 1 for an attempt whose outcome is open, 0 for everything else.
func (t *tables) opens(c change) int {
	if c.table != t.attempts {
		return 0
	}
	if state, _ := t.attempts.column(c.row, "state").(string); reconcile.AttemptState(state).Open() {
		return 1
	}
	return 0
}

// add compares the rows of one table. They belong to one order, so their second column
// tells them apart.
func (c *changes) add(t *table, before, after []row) error {
	gone := make(map[any]row, len(before))
	for _, r := range before {
		gone[r[1]] = r
	}
	found := make(map[any]bool, len(after))
	for _, r := range after {
		if found[r[1]] {
			return fmt.Errorf("%s %v of order %s twice: %w", t.name, r[1], c.ref, reconcile.ErrTaken)
		}
		found[r[1]] = true
		if !slices.Equal(gone[r[1]], r) {
			c.put = append(c.put, change{t, r})
		}
		delete(gone, r[1])
	}
	for _, r := range before {
		if gone[r[1]] != nil {
			c.drop = append(c.drop, change{t, r[:t.key]})
		}
	}
	return nil
}

// rows are all rows to be written.
func (c *changes) rows() []row {
	rows := append([]row{c.order}, c.events...)
	for _, p := range c.put {
		rows = append(rows, p.row)
	}
	return rows
}
