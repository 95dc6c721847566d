package reconcile

// probes are the first of 0 … n-1 for each account. They go before all others: an account that
// is refused is to be asked once, not by everybody who works at the time (contract section 4,
// Answers). What has no account is nobody's probe.
func probes(n int, account func(i int) string) []int {
	var first []int
	known := map[string]bool{}
	for i := range n {
		if a := account(i); a != "" && !known[a] {
			known[a] = true
			first = append(first, i)
		}
	}
	return first
}
