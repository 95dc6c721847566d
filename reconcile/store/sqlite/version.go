package sqlite

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// minVersion is the oldest SQLite that may be trusted with a journal: from 3.7.0 to 3.51.2
// a checkpoint that raced with a commit could corrupt a file in write-ahead mode
// (https://sqlite.org/wal.html, "The WAL-Reset Bug"; fixed in 3.51.3).
const minVersion = "3.51.3"

// checkVersion refuses an older SQLite.
func checkVersion(ctx context.Context, db queryer) error {
	var v string
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&v); err != nil {
		return err
	}
	if before(v, minVersion) {
		return fmt.Errorf("SQLite %s corrupts files in write-ahead mode; build with %s or later", v, minVersion)
	}
	return nil
}

// before compares versions number by number; what is no number counts as 0.
func before(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range bs {
		x := 0
		if i < len(as) {
			x, _ = strconv.Atoi(as[i])
		}
		y, _ := strconv.Atoi(bs[i])
		if x != y {
			return x < y
		}
	}
	return false
}
