package sim

import "github.com/hisab/hisab/spec"

// mayFollow is what the platform takes of order statuses (order status guide, Supported Order
// Status and Transitions): pending may become any other; processing, partially shipped and
// shipped one another or a terminal one; nothing follows a terminal one. It is written down
// here once more so that an error in the program's table is not one in the platform's too.
func mayFollow(from, to spec.Status) bool {
	return from != to && to != spec.Pending && !from.Terminal()
}
