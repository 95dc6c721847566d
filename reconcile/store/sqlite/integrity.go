package sqlite

import (
	"context"
	"strings"
)

// Check reads the whole file and reports ErrCorrupt where it contradicts itself: damaged
// pages, indexes that miss rows, rows without their order.
func (s *Store) Check(ctx context.Context) error {
	return s.read(ctx, func(v *snapshot) error {
		for _, pragma := range []string{"integrity_check", "foreign_key_check"} {
			found, err := v.complaints(ctx, pragma)
			if err != nil {
				return err
			}
			if len(found) > 0 {
				return &Problem{Path: s.path, Reason: ErrCorrupt, Detail: strings.Join(found, "; "),
					Help: "put a backup in its place: lookups show what that one has forgotten"}
			}
		}
		return nil
	})
}

// complaints lists what a check found wrong, the first few.
func (v *snapshot) complaints(ctx context.Context, pragma string) ([]string, error) {
	rows, err := v.tx.QueryContext(ctx, "SELECT * FROM pragma_"+pragma+" LIMIT 5")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var found []string
	for rows.Next() {
		var first string
		rest := make([]any, len(columns))
		for i := range rest {
			rest[i] = new(any)
		}
		rest[0] = &first
		if err := rows.Scan(rest...); err != nil {
			return nil, err
		}
		if first != "ok" {
			found = append(found, pragma+" "+brief(first))
		}
	}
	return found, rows.Err()
}

// brief makes one short line of a complaint: of a file that is damaged all over there are
// thousands of lines.
func brief(complaint string) string {
	const most = 300
	line := []rune(strings.Join(strings.Fields(complaint), " "))
	if len(line) > most {
		line = append(line[:most-1], '…')
	}
	return string(line)
}
