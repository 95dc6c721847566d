package spec

import "strconv"

// maxReference is the longest reference_id that WhatsApp takes (orders guide, reference_id).
const maxReference = 35

// NextReference is the reference under which an order is sent for the n-th time, n from 2:
// its first reference with -n behind it (orders guide, reference_id: a re-sent order takes
// a new one with a sequence suffix). It reports false where that is longer than WhatsApp
// takes.
func NextReference(first string, n int) (next string, fits bool) {
	next = first + "-" + strconv.Itoa(n)
	return next, len(next) <= maxReference
}
