package sqlite

import (
	"fmt"
	"testing"
)

// LimitPages makes the database full at so many pages.
func (s *Store) LimitPages(t *testing.T, n int) {
	t.Helper()
	var limit int
	if err := s.writer.conn.QueryRowContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", n)).Scan(&limit); err != nil {
		t.Fatal(err)
	}
}
