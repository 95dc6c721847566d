package sqlite

import (
	"context"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// Approvals are kept for ever, as the record of who let what go; of several for one action
// the latest holds.
const (
	insertApproval  = "INSERT INTO approvals (action, who, reason, at) VALUES (?, ?, ?, ?)"
	selectApprovals = "SELECT action, who, reason, at FROM approvals WHERE at > ? ORDER BY at, id"
	insertPlan      = "INSERT INTO plans (id, at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING"
)

// Approvals returns the approvals in force by the clock of Options, by action id.
func (s *Store) Approvals(ctx context.Context) (map[string]reconcile.Approval, error) {
	since := s.options.Now().Add(-reconcile.ApprovalLife)
	inForce := map[string]reconcile.Approval{}
	err := s.read(ctx, func(v *snapshot) error {
		rows, err := v.tx.Stmt(s.readers.approvals).Query(millis(since))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var (
				a  reconcile.Approval
				ms int64
			)
			if err := rows.Scan(&a.Action, &a.Who, &a.Reason, &ms); err != nil {
				return err
			}
			a.At = instant(ms)
			inForce[a.Action] = a
		}
		return rows.Err()
	})
	return inForce, err
}

// Approve records approvals, all or none.
func (s *Store) Approve(ctx context.Context, as []reconcile.Approval) error {
	return s.write(ctx, func(w *writer) error {
		for _, a := range as {
			if err := exec(w.insertApproval, a.Action, a.Who, a.Reason, millis(a.At)); err != nil {
				return err
			}
		}
		return nil
	})
}

// SpendPlan marks a saved plan as run; false: it ran before.
func (s *Store) SpendPlan(ctx context.Context, id string, at time.Time) (bool, error) {
	var first bool
	err := s.write(ctx, func(w *writer) (err error) {
		first, err = changed(w.insertPlan, id, millis(at))
		return err
	})
	return first && err == nil, err
}
