package view

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// Explanation writes where an order stands, what is left to do, and of each status whether
// the order could take it now; where one status was asked about, of that one alone. want is
// nil for an order that left the spec.
func Explanation(w io.Writer, x *reconcile.Explanation, want *spec.Order, o Options) error {
	v := &planText{screen: newScreen(w, o), Options: o, style: style(o.Color)}
	v.standing(x, want)
	if len(x.Moves) != 1 {
		v.change(&x.Change)
	}
	v.moves(x)
	return v.Flush()
}

// standing says what is and what should be.
func (v *planText) standing(x *reconcile.Explanation, want *spec.Order) {
	title := x.Ref
	if want != nil {
		title = want.Address + " (" + place(want.Pos) + ")"
	}
	v.printf("%s\n", v.bold(title))
	is := "not sent"
	if x.Sent {
		is = fmt.Sprintf("%s, payment %s", x.Status, strings.ReplaceAll(string(x.Payment), "_", " "))
		if x.Reference != x.Ref {
			is += ", billed as " + x.Reference
		}
	}
	v.printf("  is         %s\n", is)
	if !x.Looked.IsZero() {
		v.printf("  looked     %s\n", age(v.Now.Sub(x.Looked)))
	}
	if want == nil {
		v.printf("  should be  nothing: it is not in the spec\n\n")
		return
	}
	v.printf("  should be  %s (%s)\n\n", x.Desired, place(want.StatusPos))
}

// change says what the next plan would do and what it would leave alone.
func (v *planText) change(c *reconcile.Change) {
	if c.Empty() {
		v.printf("Nothing is left to do.\n\n")
		return
	}
	if len(c.Actions) > 0 {
		title := "Would be done now:"
		if !slices.ContainsFunc(c.Actions, func(a reconcile.Action) bool { return a.Held == "" }) {
			title = "Would be done, were it not held:"
		}
		v.printf("%s\n", v.bold(title))
		for i := range c.Actions {
			v.action(&c.Actions[i])
		}
		v.printf("\n")
	}
	v.sections(c.Waiting, c.Blocked, c.Unknown)
}

// moves answers for each status.
func (v *planText) moves(x *reconcile.Explanation) {
	if len(x.Moves) == 0 {
		return
	}
	from := "From " + string(x.Status) + ":"
	if !x.Sent {
		from = "Once it is sent:"
	}
	v.printf("%s\n", v.bold(from))
	for _, m := range x.Moves {
		symbol, verdict := v.verdict(&m)
		v.printf("  %s %-18s %s\n", symbol, m.To, verdict)
		if m.Detail != "" {
			v.printf("%s\n", v.indent(23, m.Detail))
		}
		if m.Source != "" && m.Result != reconcile.Nothing {
			v.printf("%s\n", v.dim(v.indent(23, m.Source)))
		}
	}
}

// verdict is the answer in a word, with its code.
func (v *planText) verdict(m *reconcile.MoveAnswer) (symbol, word string) {
	code := ""
	if m.Code != "" {
		code = ": " + v.yellow(m.Code)
	}
	switch m.Result {
	case reconcile.Act:
		return v.green("✔"), "legal now"
	case reconcile.Wait:
		return v.waits(), "waits" + code
	case reconcile.Block:
		return v.red("✘"), "refused" + code
	case reconcile.Doubt:
		return v.purple("?"), "in doubt" + code
	default:
		return "·", "no change"
	}
}
