package sqlite

import (
	"fmt"
	"testing"
	"time"
)

// LockWithin is Lock with another patience.
func LockWithin(path string, h Holder, patience time.Duration) (*Guard, error) {
	return lock(path, h, patience)
}

// LimitPages makes the database full at so many pages.
func (s *Store) LimitPages(t *testing.T, n int) {
	t.Helper()
	var limit int
	if err := s.writer.conn.QueryRowContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", n)).Scan(&limit); err != nil {
		t.Fatal(err)
	}
}
