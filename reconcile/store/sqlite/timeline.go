package sqlite

import (
	"context"

	"github.com/hisab/hisab/reconcile"
)

// The log is read in the order it was written: clocks may go back, the log does not.
const selectTimeline = "SELECT ref, at, name, attempt, fence, incarnation, detail FROM events WHERE ref = ? ORDER BY id"

// Timeline returns the log of one order, oldest first. ref is its first reference.
func (s *Store) Timeline(ctx context.Context, ref string) ([]reconcile.Event, error) {
	var events []reconcile.Event
	err := s.read(ctx, func(v *snapshot) error {
		rows, err := v.tx.Stmt(s.readers.timeline).Query(ref)
		if err != nil {
			return err
		}
		defer rows.Close()
		c := newCells(v, 7)
		for rows.Next() {
			c.read(rows)
			events = append(events, readEvent(c))
		}
		if c.err != nil {
			return c.err
		}
		return rows.Err()
	})
	return events, err
}
