package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// cells reads one row after another, each column by column in the order they were selected.
// The first error stays; after it every value is empty.
type cells struct {
	view   *snapshot
	values []any
	dest   []any // pointers to values
	next   int
	err    error
}

func newCells(v *snapshot, columns int) *cells {
	c := &cells{view: v, values: make([]any, columns), dest: make([]any, columns)}
	for i := range c.values {
		c.dest[i] = &c.values[i]
	}
	return c
}

// read takes the current row of rows.
func (c *cells) read(rows *sql.Rows) {
	c.next = 0
	if c.err == nil {
		c.err = rows.Scan(c.dest...)
	}
}

func take[T any](c *cells) T {
	var zero T
	if c.err != nil {
		return zero
	}
	v, ok := c.values[c.next].(T)
	if !ok {
		c.err = fmt.Errorf("column %d is a %T", c.next+1, c.values[c.next])
	}
	c.next++
	return v
}

func (c *cells) text() string    { return take[string](c) }
func (c *cells) int() int64      { return take[int64](c) }
func (c *cells) flag() bool      { return take[int64](c) != 0 }
func (c *cells) time() time.Time { return instant(take[int64](c)) }

// null reports whether the next value is NULL, and passes over it if so.
func (c *cells) null() bool {
	if c.err != nil || c.values[c.next] != nil {
		return false
	}
	c.next++
	return true
}

// name reads the id of a name, and gives the name.
func (c *cells) name() string {
	if c.null() {
		return ""
	}
	id := take[int64](c)
	if c.err != nil {
		return ""
	}
	var s string
	s, c.err = c.view.name(id)
	return s
}

// list reads what text wrote.
func list[T any](c *cells) []T {
	s := c.text()
	if s == "" {
		return nil
	}
	var l []T
	if err := json.Unmarshal([]byte(s), &l); err != nil && c.err == nil {
		c.err = fmt.Errorf("column %d: %w", c.next, err)
	}
	return l
}

// text writes a list as JSON, an empty one as nothing.
func text[T any](list []T) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	b, err := json.Marshal(list)
	return string(b), err
}
