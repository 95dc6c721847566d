package spec

import "fmt"

// maxReference is the longest reference_id that WhatsApp takes (orders guide, reference_id).
const maxReference = 35

// NextReference is the reference under which an order is sent for the n-th time, n from 2:
// its first reference with -n behind it (orders guide, reference_id: a re-sent order takes
// a new one with a sequence suffix). It fails where that is longer than WhatsApp takes.
func NextReference(first string, n int) (string, error) {
	next := fmt.Sprintf("%s-%d", first, n)
	if len(next) > maxReference {
		return "", fmt.Errorf("the next reference %s has %d characters, WhatsApp takes at most %d: declare the order under a shorter reference_id", next, len(next), maxReference)
	}
	return next, nil
}
