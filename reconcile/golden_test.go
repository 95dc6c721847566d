package reconcile

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden compares text with a file that people read and review.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; go test -update rewrites it, then read the difference\ngot:\n%s", path, got)
	}
}

// grid writes a table in columns as wide as they need to be.
func grid(head []string, rows [][]string) string {
	widths := make([]int, len(head))
	for _, row := range append([][]string{head}, rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for n, row := range append([][]string{head}, rows...) {
		var line strings.Builder
		for i, cell := range row {
			fmt.Fprintf(&line, "%s%s  ", cell, strings.Repeat(" ", widths[i]-len([]rune(cell))))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
		if n == 0 {
			b.WriteString(strings.Repeat("─", len([]rune(strings.TrimRight(line.String(), " ")))) + "\n")
		}
	}
	return b.String()
}

// cell is what a change has of some kinds: an action as →what, a wait as ?code, a block as
// !code, a doubt as unknown, nothing as a dot.
func cell(c Change, kinds ...ActionKind) string {
	var all []string
	is := func(k ActionKind) bool { return slices.Contains(kinds, k) }
	for _, a := range c.Actions {
		switch {
		case !is(a.Kind):
		case a.Back:
			all = append(all, "→"+string(a.To)+" (back)")
		case a.Kind == KindStatus:
			all = append(all, "→"+string(a.To))
		default:
			all = append(all, "→"+string(a.Kind))
		}
	}
	for _, l := range []struct {
		sign  string
		notes []Note
	}{{"?", c.Waiting}, {"!", c.Blocked}, {"unknown", c.Unknown}} {
		for _, n := range l.notes {
			if is(n.Kind) {
				all = append(all, l.sign+n.Code)
			}
		}
	}
	if len(all) == 0 {
		return "·"
	}
	return strings.Join(all, " ")
}

func TestStatusMatrix(t *testing.T) {
	var b strings.Builder
	b.WriteString("What an order's status does: rows are what is observed, columns what is declared.\n" +
		"→ is sent, ? waits, ! is blocked, · is nothing. Not sent yet includes the sending.\n")
	for _, section := range []struct {
		title string
		base  matrixCase
	}{
		{"An order that waits for its payment (require_payment)", matrixCase{kind: spec.KindOrder, require: true}},
		{"An order that does not (require_payment = false)", matrixCase{kind: spec.KindOrder}},
		{"Paid offline in full", matrixCase{kind: spec.KindOrder, require: true, offline: 21000}},
		{"The time to pay is over", matrixCase{kind: spec.KindOrder, require: true, expires: -time.Minute}},
	} {
		b.WriteString("\n" + section.title + "\n\n" + statusGrid(section.base))
	}
	golden(t, "status_matrix.golden", b.String())
}

func statusGrid(base matrixCase) string {
	head := []string{"observed", "payment"}
	for _, desired := range spec.Statuses {
		head = append(head, string(desired))
	}
	var rows [][]string
	for _, observed := range append([]spec.Status{""}, spec.Statuses...) {
		for _, payment := range payments[1:] {
			c := base
			c.observed, c.payment = observed, payment
			row := []string{orElse(string(observed), "not sent"), string(payment)}
			if observed == "" {
				if payment != NotFound {
					continue
				}
				c.payment = ""
			}
			for _, desired := range spec.Statuses {
				c.desired = desired
				row = append(row, cell(c.situation().diff(), KindStatus))
			}
			rows = append(rows, row)
		}
	}
	return grid(head, rows)
}

func TestSendingMatrix(t *testing.T) {
	columns := []struct {
		title string
		steps []step
	}{
		{"as declared", nil},
		{"content changed", steps(repriced)},
		{"--replace", steps(func(s *situation) { s.terms.Replace = true })},
		{"canceled", steps(wants(spec.Canceled))},
		{"cash in part", steps(cash("till", 100))},
		{"cash in full", steps(cash("till", 31500))},
		{"expires in 299 s", steps(expiresIn(299 * time.Second))},
		{"changed, cash in part", steps(repriced, cash("till", 100))},
		{"changed, cash in full", steps(repriced, cash("till", 31500))},
	}
	head := []string{"observed", "payment"}
	for _, c := range columns {
		head = append(head, c.title)
	}
	var rows [][]string
	for _, r := range sendingRows() {
		row := []string{r.observed, string(r.payment)}
		for _, c := range columns {
			s := situated(r.steps...)
			if r.payment != "" {
				lookedAt(s.have.Current().Reference, r.payment, noon)(s)
			}
			for _, f := range c.steps {
				f(s)
			}
			row = append(row, cell(s.diff(), KindSend, KindReplace))
		}
		rows = append(rows, row)
	}
	golden(t, "sending_matrix.golden", "What becomes of an order's bill: rows are what is observed, columns what the spec says or a flag asks.\n"+
		"→ is sent, ? waits, ! is blocked, · is nothing.\n\n"+grid(head, rows))
}

type sendingRow struct {
	observed string
	payment  PaymentState
	steps    []step
}

func sendingRows() []sendingRow {
	rows := []sendingRow{
		{"not sent", "", nil},
		{"known to the provider", "", steps(stray(Unpaid))},
		{"refused", "", steps(billing(Rejected, refusedWith(131026)))},
		{"in doubt", "", steps(billing(Undecided))},
	}
	for _, r := range []sendingRow{
		{"pending", "", steps(billed)},
		{"shipped", "", steps(unpaidIsFine, billed, moved(spec.Shipped), wants(spec.Shipped))},
		{"completed", "", steps(unpaidIsFine, billed, moved(spec.Completed), wants(spec.Completed))},
		{"canceled", "", steps(billed, moved(spec.Canceled))},
		{"replaced", "", steps(billed, repriced, replacing())},
		{"replaced, confirmed", "", steps(billed, repriced, replacing(sentOn))},
		{"replaced, next refused", "", steps(billed, repriced, replacing(sentOn), looks(Unpaid), begunAs("BREAD-1-2"))},
	} {
		for _, payment := range payments[1:] {
			r.payment = payment
			rows = append(rows, r)
		}
	}
	return rows
}
