package sqlite

import (
	"context"
	"time"

	"github.com/hisab/hisab/spec"
)

// selectRefunded adds up refund attempts by when they were claimed. One counts unless it
// provably gave nothing back: no byte of it was sent (ready), the platform or a person said
// that it did not happen (rejected, closed), or the refund it became failed.
const selectRefunded = `
	SELECT coalesce(sum(a.amount), 0) FROM attempts AS a
	WHERE a.kind = 'refund' AND a.claimed_at >= ? AND a.state NOT IN ('ready', 'rejected', 'closed')
	AND NOT EXISTS (
		SELECT 1 FROM refunds AS r WHERE r.ref = a.ref AND r.id = a.result AND r.state = 'failed')`

// RefundedSince adds up the refunds claimed since then that did not provably fail.
func (s *Store) RefundedSince(ctx context.Context, since time.Time) (spec.Amount, error) {
	var sum spec.Amount
	err := s.read(ctx, func(v *snapshot) error {
		return v.tx.Stmt(s.readers.refunded).QueryRow(millis(since)).Scan(&sum)
	})
	return sum, err
}
