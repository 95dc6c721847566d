package reconcile_test

import (
	"strings"
	"testing"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// grid is the transition matrix as the platform's reference has it (order status guide,
// "Supported Order Status and Transitions"), written here a second time and by hand. Rows are
// from, columns to: yes is legal; cancel is legal unless the customer paid or is paying; back
// is legal and goes back in fulfilment; self is no change, and nothing is sent; 2046 is
// refused.
const grid = `
                  | pending processing partially_shipped shipped completed canceled
pending           | self    yes        yes               yes     yes       cancel
processing        | 2046    self       yes               yes     yes       cancel
partially_shipped | 2046    back       self              yes     yes       cancel
shipped           | 2046    back       back              self    yes       cancel
completed         | 2046    2046       2046              2046    self      2046
canceled          | 2046    2046       2046              2046    2046      self
`

func TestMovesAreTheGuidesMatrix(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(grid), "\n")
	_, head, _ := strings.Cut(lines[0], "|")
	columns := strings.Fields(head)
	pairs := 0
	for _, line := range lines[1:] {
		from, cells, _ := strings.Cut(line, "|")
		for i, cell := range strings.Fields(cells) {
			checkMove(t, spec.Status(strings.TrimSpace(from)), spec.Status(columns[i]), cell)
			pairs++
		}
	}
	if pairs != len(spec.Statuses)*len(spec.Statuses) {
		t.Errorf("the grid has %d pairs, want every pair of %d statuses", pairs, len(spec.Statuses))
	}
}

func checkMove(t *testing.T, from, to spec.Status, cell string) {
	t.Helper()
	m, legal := reconcile.FindMove(from, to)
	if want := cell == "yes" || cell == "cancel" || cell == "back"; legal != want {
		t.Errorf("%s → %s: legal = %v, the guide says %s", from, to, legal, cell)
	}
	if !legal {
		return
	}
	if m.Back != (cell == "back") {
		t.Errorf("%s → %s: back = %v, the guide says %s", from, to, m.Back, cell)
	}
	needs := reconcile.MoneyIn
	if cell == "cancel" {
		needs = reconcile.NoPayment
	}
	if m.Needs != needs {
		t.Errorf("%s → %s needs %q, want %q", from, to, m.Needs, needs)
	}
	if m.Source == "" {
		t.Errorf("%s → %s names no source", from, to)
	}
}

func TestMovesAreListedOnceEach(t *testing.T) {
	seen := map[[2]spec.Status]bool{}
	for _, m := range reconcile.Moves() {
		key := [2]spec.Status{m.From, m.To}
		if seen[key] {
			t.Errorf("%s → %s is listed twice", m.From, m.To)
		}
		seen[key] = true
	}
}
