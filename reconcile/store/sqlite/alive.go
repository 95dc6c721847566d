package sqlite

import "context"

// Alive reports whether the process of that incarnation may still act: the lock is held,
// and signed with that incarnation. A paused process holds it too. While the name of the
// holder cannot be read yet, every incarnation counts as alive.
func (s *Store) Alive(ctx context.Context, incarnation string) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	h, alive, err := Inspect(s.path)
	if err != nil || !alive {
		return false, err
	}
	return h == (Holder{}) || h.Incarnation == incarnation, nil
}
