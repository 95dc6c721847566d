package spec

import (
	"strings"

	"github.com/agext/levenshtein"
)

// didYouMean is " Did you mean "x"?" where one of the names is close to what was written,
// by the measure that HCL uses for its own, and nothing otherwise.
func didYouMean(written string, names []string) string {
	for _, name := range names {
		if levenshtein.Distance(written, name, nil) < 3 {
			return " Did you mean \"" + name + "\"?"
		}
	}
	return ""
}

// enumerate writes names as a sentence does: a, b and c.
func enumerate(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
