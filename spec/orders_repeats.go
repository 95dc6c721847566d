package spec

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// repeats gathers what is wrong with the elements of one for_each. The place of an error is
// the same for all of them, so what is wrong with each in the same words is said once, with
// the addresses it is true of: a thousand rows are no thousand errors to correct.
type repeats struct {
	seen  map[repeatKey]*repeat
	order []*repeat
}

type repeatKey struct {
	summary, detail, file string
	at                    int
}

type repeat struct {
	diag      *hcl.Diagnostic
	addresses []string // the first few
	more      int
}

// mostAddresses is how many elements an error names before it counts them.
const mostAddresses = 5

// add returns those of an element's diagnostics that no element before it had.
func (r *repeats) add(diags hcl.Diagnostics, address string) (fresh hcl.Diagnostics) {
	for _, diag := range diags {
		key := repeatKey{summary: diag.Summary, detail: diag.Detail}
		if diag.Subject != nil {
			key.file, key.at = diag.Subject.Filename, diag.Subject.Start.Byte
		}
		one := r.seen[key]
		if one == nil {
			one = &repeat{diag: diag}
			if r.seen == nil {
				r.seen = make(map[repeatKey]*repeat)
			}
			r.seen[key] = one
			r.order = append(r.order, one)
			fresh = append(fresh, diag)
		}
		if len(one.addresses) < mostAddresses {
			one.addresses = append(one.addresses, address)
		} else {
			one.more++
		}
	}
	return fresh
}

// nameElements completes the diagnostics with the elements they are about.
func (r *repeats) nameElements() {
	for _, one := range r.order {
		names := strings.Join(one.addresses, ", ")
		if one.more > 0 {
			names += fmt.Sprintf(" and %d more", one.more)
		}
		one.diag.Detail += fmt.Sprintf(" (In %s.)", names)
	}
}
