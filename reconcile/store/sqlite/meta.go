package sqlite

import (
	"context"
	"time"
)

// Meta is what a state says of itself.
type Meta struct {
	// SpecID is the id of the spec it belongs to; empty: of one without an id.
	SpecID string
	// Lineage tells this state from any other, made before or after, of the same spec.
	Lineage   string
	Schema    int
	CreatedAt time.Time
}

// Meta returns what the state says of itself.
func (s *Store) Meta(ctx context.Context) (Meta, error) {
	var m Meta
	err := s.read(ctx, func(v *snapshot) (err error) {
		m, err = readMeta(ctx, v.tx)
		return err
	})
	return m, err
}

func readMeta(ctx context.Context, db queryer) (Meta, error) {
	var (
		m  Meta
		ms int64
	)
	err := db.QueryRowContext(ctx, "SELECT spec_id, lineage, created_at FROM meta").Scan(&m.SpecID, &m.Lineage, &ms)
	if err != nil {
		return Meta{}, err
	}
	m.CreatedAt = instant(ms)
	return m, db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&m.Schema)
}
