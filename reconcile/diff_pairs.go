package reconcile

import "sort"

// sortedPairs writes a map as a list, keys sorted.
func sortedPairs(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	pairs := make([]string, 0, 2*len(m))
	for _, k := range keys {
		pairs = append(pairs, k, m[k])
	}
	return pairs
}
