package defects

import (
	"strings"
	"testing"
)

func TestReadFind(t *testing.T) {
	for _, c := range []struct {
		name           string
		out, complaint string
		want           find
		wrong          string // in the error
	}{
		{name: "nothing", out: "100000 histories, 0 violations, 52 faults\n", want: find{Histories: 100000}},
		{name: "a violation",
			out: "violation: I5 two refunds of ORD-1 (in doubt) (seed 7, history 12)\n  how to replay it\n12 histories, 1 violations\n", complaint: "prove: broken\n",
			want: find{Found: true, Histories: 12, Invariant: "I5", Text: "two refunds of ORD-1 (in doubt)", Seed: "7"}},
		{name: "a violation of two lines", out: "violation: I16 they differ:\na\nb (seed 7, history 12)\n12 histories, 1 violations\n",
			want: find{Found: true, Histories: 12, Invariant: "I16", Text: "they differ:\na\nb", Seed: "7"}},
		{name: "a program that died", complaint: "panic: no row\n", wrong: "without its last line; it said:\npanic: no row"},
		{name: "a last line that is not last", out: "3 histories, 0 violations\npanic: no row\n", wrong: "without its last line"},
		{name: "a violation without a name", out: "3 histories, 1 violations\n", wrong: "does not name it"},
	} {
		got, err := readFind([]byte(c.out), []byte(c.complaint))
		if c.wrong == "" && (err != nil || got != c.want) || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s: %+v, error %v", c.name, got, err)
		}
	}
}
