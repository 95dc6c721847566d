package sqlite

import (
	"fmt"
	"strings"
	"time"
)

// row is one row of a table in the order of its columns. Values are int64, string or name,
// so two rows compare with ==.
type row []any

// name is a string that stands once, in the table names; a row refers to it by its id. The
// empty one is NULL.
type name string

// table is a table that belongs to orders: its first column is the order's ref.
type table struct {
	name    string
	key     int      // how many leading columns identify a row
	columns []string // as they are read, written and compared
}

func newTable(name string, key int, columns string) *table {
	return &table{name: name, key: key, columns: strings.Split(columns, " ")}
}

// selectOne reads the rows of one order.
func (t *table) selectOne() string {
	return fmt.Sprintf("SELECT %s FROM %s WHERE ref = ? ORDER BY %s", t.list(), t.name, t.keys())
}

// selectAll reads the rows of all orders, sorted by ref.
func (t *table) selectAll() string {
	return fmt.Sprintf("SELECT %s FROM %s ORDER BY %s", t.list(), t.name, t.keys())
}

// put inserts a row, or gives the one with its key new values.
func (t *table) put() string {
	set := make([]string, 0, len(t.columns))
	for _, c := range t.columns[t.key:] {
		set = append(set, c+" = excluded."+c)
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s) ON CONFLICT (%s) DO UPDATE SET %s",
		t.name, t.list(), strings.Repeat(", ?", len(t.columns)-1), t.keys(), strings.Join(set, ", "))
}

// drop removes a row by its key.
func (t *table) drop() string {
	return fmt.Sprintf("DELETE FROM %s WHERE %s = ?", t.name, strings.Join(t.columns[:t.key], " = ? AND "))
}

func (t *table) list() string { return strings.Join(t.columns, ", ") }
func (t *table) keys() string { return strings.Join(t.columns[:t.key], ", ") }

// column is the value of a column, for messages.
func (t *table) column(r row, column string) any {
	for i, c := range t.columns {
		if c == column {
			return r[i]
		}
	}
	return ""
}

// Times are kept as Unix milliseconds, the zero time as 0.

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
