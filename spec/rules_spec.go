package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// SpecViolation is a rule that two orders break together: Order is the one it is said of,
// Other the one that was there first by address. They are the same order where one names a
// thing twice.
type SpecViolation struct {
	Violation
	Order, Other *Order
}

// clash is one place where two orders break a rule together.
type clash struct {
	order, other *Order
	fault
}

// specRule is a rule about all orders of a spec.
type specRule struct {
	Rule
	find func(byReference []*Order) []clash
}

var specRules = []specRule{
	{Rule{
		ID: "reference_id_unique", Source: "orders guide: parameters.reference_id",
		Summary: "The reference_id is declared twice",
	}, findTwins},
	{Rule{
		ID: "reference_id_case", Source: "Hisab: identity",
		Summary: "Two reference_ids differ only in case",
	}, findCaseTwins},
	{Rule{
		ID: "reference_id_generated", Source: "Hisab: replaced orders",
		Summary: "The reference_id is what another order's next one would be",
	}, findGenerated},
	{Rule{
		ID: "refund_id_unique", Source: "Hisab: refunds",
		Summary: "One refund is recorded twice",
	}, findSharedRefunds},
}

// CheckSpec returns what the orders of a whole spec break together, rule by rule. Its cost
// grows with the number of orders as that of sorting them.
func CheckSpec(s *Spec) []SpecViolation {
	byReference := slices.Clone(s.Orders)
	slices.SortFunc(byReference, func(a, b *Order) int {
		if order := compareFolded(a.ReferenceID, b.ReferenceID); order != 0 {
			return order
		}
		return cmp.Compare(a.Address, b.Address)
	})
	var found []SpecViolation
	for i := range specRules {
		rule := &specRules[i]
		for _, c := range rule.find(byReference) {
			found = append(found, SpecViolation{rule.violation(c.fault, c.order.Pos), c.order, c.other})
		}
	}
	return found
}

func findTwins(byReference []*Order) (clashes []clash) {
	return sameReference(byReference, func(order, first *Order) string {
		if order.ReferenceID != first.ReferenceID {
			return ""
		}
		return fmt.Sprintf("%s has the reference_id %q too; WhatsApp, the state and you know an order by it. Give one of them another.", first.Address, shorten(order.ReferenceID))
	})
}

func findCaseTwins(byReference []*Order) (clashes []clash) {
	return sameReference(byReference, func(order, first *Order) string {
		if order.ReferenceID == first.ReferenceID {
			return ""
		}
		return fmt.Sprintf("%q is that of %s but for capital letters, and people and gateways mistake one for the other. Give one of them another.", shorten(first.ReferenceID), first.Address)
	})
}

// sameReference holds every order against the first of those whose references are the same
// but for case. An empty reference is another rule's business.
func sameReference(byReference []*Order, ask func(order, first *Order) string) (clashes []clash) {
	first := 0
	for i := 1; i < len(byReference); i++ {
		order := byReference[i]
		if compareFolded(order.ReferenceID, byReference[first].ReferenceID) != 0 {
			first = i
			continue
		}
		if order.ReferenceID == "" {
			continue
		}
		if detail := ask(order, byReference[first]); detail != "" {
			clashes = append(clashes, clash{order, byReference[first], fault{"reference_id", detail}})
		}
	}
	return clashes
}

// findGenerated finds declared references that a replacement would generate. One that
// would take a hundred bills for one order is no such reference: INV and INV-1042 are a
// name and a number.
func findGenerated(byReference []*Order) (clashes []clash) {
	for _, order := range byReference {
		base, ok := generatedFrom(order.ReferenceID)
		if !ok {
			continue
		}
		at, found := slices.BinarySearchFunc(byReference, base, func(o *Order, ref string) int {
			return compareFolded(o.ReferenceID, ref)
		})
		if !found || byReference[at].Provider == "" {
			continue
		}
		other := byReference[at]
		clashes = append(clashes, clash{order, other, fault{"reference_id", fmt.Sprintf("When %s is replaced, its next bill goes out under %q. Give one of the two another reference_id.", other.Address, shorten(order.ReferenceID))}})
	}
	return clashes
}

func findSharedRefunds(byReference []*Order) (clashes []clash) {
	owners := map[string]*Order{}
	for _, order := range byReference {
		for i := range order.Refunds {
			refund := &order.Refunds[i]
			if refund.ID == "" {
				continue
			}
			owner, taken := owners[refund.ID]
			if !taken {
				owners[refund.ID] = order
				continue
			}
			clashes = append(clashes, clash{order, owner, fault{labelPath("refund", refund.Label, "id"), fmt.Sprintf("%s records %q as well, and the money was given back once. Remove it where it does not belong.", owner.Address, shorten(refund.ID))}})
		}
	}
	return clashes
}

// compareFolded orders references as if all letters were small. References that hold other
// than ASCII are refused by a rule of their own.
func compareFolded(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			continue
		}
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return cmp.Compare(x, y)
		}
	}
	return cmp.Compare(len(a), len(b))
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

// generatedFrom takes a reference apart that NextReference could have made.
func generatedFrom(reference string) (base string, ok bool) {
	dash := strings.LastIndexByte(reference, '-')
	if dash < 1 {
		return "", false
	}
	base, number := reference[:dash], reference[dash+1:]
	if len(number) > 2 || !digitsOnly(number) || number[0] == '0' {
		return "", false
	}
	n, err := strconv.Atoi(number)
	return base, err == nil && n >= 2
}
