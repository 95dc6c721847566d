package sqlite

import (
	"net/url"
	"path/filepath"
	"strconv"
	"time"
)

// busyTimeout is how long a writer waits for another process to finish its transaction.
// Transactions here take milliseconds; a waiting disk may take seconds.
const busyTimeout = 15 * time.Second

// writerCache is how much of the file the writer may keep in memory, in KiB; each page takes
// twice its size there. What is not there comes from the system's own cache: with eight times
// as much memory, neither ten thousand orders nor a hundred thousand cost measurably less.
const writerCache = 512

// readerCache is how much of the file each reader may keep in memory, in KiB. While somebody
// writes, what a reader keeps is out of date by the next read; a walk passes each page once.
const readerCache = 256

// logLimit is what is left of the write-ahead log, in bytes, once it is folded back.
const logLimit = 4 << 20

// dsn names the file at path for the driver, with SQLite's own URI parameters and with
// pragmas that every connection runs first.
func dsn(path string, uri url.Values, pragmas ...string) string {
	q := url.Values{"_dqs": {"0"}, "_defensive": {"1"}}
	for k, v := range uri {
		q[k] = v
	}
	q["_pragma"] = append([]string{
		"busy_timeout(" + strconv.FormatInt(busyTimeout.Milliseconds(), 10) + ")",
		"trusted_schema(0)",
	}, pragmas...)
	file := url.URL{Path: filepath.ToSlash(path)}
	return "file:" + file.EscapedPath() + "?" + q.Encode()
}

// writing opens for the writer. secure_delete makes forgetting a customer overwrite the
// phone number instead of unlinking it.
func writing(path string) string {
	return dsn(path, url.Values{"mode": {"rw"}},
		"foreign_keys(1)", "synchronous(FULL)", "secure_delete(1)",
		cache(writerCache), "journal_size_limit("+strconv.Itoa(logLimit)+")")
}

// reading opens for readers. mode=rw lets SQLite keep its index of the write-ahead log
// beside the file while it reads and remove it afterwards; query_only refuses every write.
func reading(path string) string {
	return dsn(path, url.Values{"mode": {"rw"}}, "query_only(1)", cache(readerCache))
}

// reading beside a writer in a folder that is read-only for us: log and index are there.
func readingBeside(path string) string {
	return dsn(path, url.Values{"mode": {"ro"}}, "query_only(1)", cache(readerCache))
}

// reading a file that nothing writes to, in a folder that is read-only: without log, index
// or locks.
func readingStill(path string) string {
	return dsn(path, url.Values{"mode": {"ro"}, "immutable": {"1"}}, "query_only(1)", cache(readerCache))
}

// cache is the pragma for so many KiB; SQLite takes a negative number for that.
func cache(kib int) string { return "cache_size(-" + strconv.Itoa(kib) + ")" }
