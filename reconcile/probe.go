package reconcile

import (
	"context"
	"slices"
)

// eachProbed calls f for 0 … n-1, the first of each account before any other: an account that
// is refused is to be probed once, not by everybody who works at the time (contract section 4,
// Answers). What has no account is called with the rest.
func eachProbed(ctx context.Context, p Pool, n int, account func(i int) string, f func(i int)) {
	var probes []int
	known := map[string]bool{}
	for i := range n {
		if a := account(i); a != "" && !known[a] {
			known[a] = true
			probes = append(probes, i)
		}
	}
	p.Each(ctx, len(probes), func(i int) { f(probes[i]) })
	p.Each(ctx, n, func(i int) {
		if !slices.Contains(probes, i) {
			f(i)
		}
	})
}
