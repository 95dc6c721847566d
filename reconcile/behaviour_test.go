package reconcile

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestBehaviourPage holds behaviour.md to the tables it shows, so that the page cannot say
// anything else than the code does.
func TestBehaviourPage(t *testing.T) {
	const page = "behaviour.md"
	got := behaviourPage()
	if *update {
		if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what the tables say; go test -update rewrites it", page)
	}
}

func behaviourPage() string {
	var b strings.Builder
	b.WriteString("# What Hisab does, and when\n\n" +
		"These are the tables of the code (`reconcile/table_*.go`, `reconcile/moves.go`), written out by a test.\n" +
		"In each the first row that fits decides, and its code is the one that `plan` and `explain` show.\n\n" +
		"## Legal steps of an order's status\n\n| from | to | needs | source |\n| --- | --- | --- | --- |\n")
	for _, m := range Moves() {
		back := ""
		if m.Back {
			back = " (goes back, marked in plans)"
		}
		fmt.Fprintf(&b, "| %s | %s%s | %s | %s |\n", m.From, m.To, back, m.Needs, m.Source)
	}
	for _, section := range []struct{ name, title, about string }{
		{"sending", "Bills", "Whether an order's bill is sent or replaced."},
		{"status", "Statuses", "Whether the desired order status is sent."},
		{"refund", "Refunds", "Whether a declared refund is sent: once per label, ever."},
		{"answer", "Answers", "What an earlier answer to the very same action means for it now."},
	} {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| desired | observed | result | code | source |\n| --- | --- | --- | --- | --- |\n", section.title, section.about)
		for _, r := range Tables()[section.name] {
			code := ""
			if r.Code != "" {
				code = "`" + r.Code + "`"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.Desired, r.Observed, r.Result, code, r.Source)
		}
	}
	return b.String()
}
