package crash

import (
	"bytes"
	"encoding/binary"
)

// The write-ahead log is a header and frames of one page each; a frame that is not followed
// by the end of its transaction counts for nothing (https://sqlite.org/fileformat2.html,
// "The Write-Ahead Log").
const (
	walHeader   = 32
	frameHeader = 24
)

// tear passes the points inside a commit that made one log out of another: after each frame
// that it wrote, and in the middle of each.
func (f *fate) tear(what string, before, after []byte) {
	if len(after) < walHeader || bytes.Equal(before, after) {
		return
	}
	frame := frameHeader + int(binary.BigEndian.Uint32(after[8:])) // the page size
	from := walHeader + (max(common(before, after), walHeader)-walHeader)/frame*frame
	for at := from; at < len(after); at += frame {
		if at > from {
			f.cut(what, at, from, before, after)
		}
		f.cut(what, at+frame/2, from, before, after)
	}
}

// cut passes the point at which so much of the log is written.
func (f *fate) cut(what string, at, from int, before, after []byte) {
	if !f.here("inside %s, after %d bytes", what, at-from) {
		return
	}
	f.torn = bytes.Clone(after[:at])
	if at < len(before) {
		f.torn = append(f.torn, before[at:]...) // what a log that was begun anew had there
	}
	panic(death{})
}

// common is how many bytes two logs begin with alike.
func common(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
