package view

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// A plan of more than manyActions is shown by its first fewActions of each kind, and the
// rest by number: what nobody can read through, nobody should have to scroll past.
const (
	manyActions = 200
	fewActions  = 20
	manyNotes   = 50
	fewNotes    = 5
)

// Plan writes a plan for a person, modelled on Terraform's.
func Plan(w io.Writer, p *reconcile.Plan, o Options) error {
	v := &planText{screen: newScreen(w, o), Options: o, plan: p, style: style(o.Color)}
	v.actions()
	v.sections(p.Waiting, p.Blocked, p.Unknown)
	v.totals()
	v.remarks()
	return v.Flush()
}

type planText struct {
	*screen
	Options
	style
	plan *reconcile.Plan
}

func (v *planText) printf(format string, args ...any) { fmt.Fprintf(v.screen, format, args...) }

// actions shows what will be done, order by order.
func (v *planText) actions() {
	actions := v.plan.Actions
	if len(actions) == 0 {
		return
	}
	v.legend()
	v.printf("Hisab will perform the following actions:\n")
	orders := v.orders()
	limit := len(actions)
	if limit > manyActions {
		limit = fewActions
	}
	shown := map[reconcile.ActionKind]int{}
	last := ""
	for i := range actions {
		a := &actions[i]
		if shown[a.Kind]++; shown[a.Kind] > limit {
			continue
		}
		if a.Address != last {
			v.heading(a.Address, a.ReferenceID, orders[a.Address])
			last = a.Address
		}
		v.action(a)
	}
	for _, k := range kinds {
		if hidden := shown[k.kind] - limit; hidden > 0 {
			v.printf("\n  %s and %s (%s shows all)\n", k.paint(v.style), k.count(hidden, "more "), v.here("hisab plan --json"))
		}
	}
	v.printf("\n")
}

// legend explains the symbols that the plan uses, as Terraform does.
func (v *planText) legend() {
	used := map[reconcile.ActionKind]bool{}
	for i := range v.plan.Actions {
		used[v.plan.Actions[i].Kind] = true
	}
	v.printf("Actions are indicated with the following symbols:\n")
	for _, k := range kinds {
		if used[k.kind] {
			v.printf("%s %s\n", k.padded(v.style), k.legend)
		}
	}
	v.printf("\n")
}

func (v *planText) orders() map[string]*spec.Order {
	m := make(map[string]*spec.Order, len(v.plan.Orders))
	for _, o := range v.plan.Orders {
		m[o.Address] = o
	}
	return m
}

// heading opens one order. The reference_id is named where the address does not.
func (v *planText) heading(address, reference string, o *spec.Order) {
	var about []string
	if !strings.Contains(address, reference) {
		about = append(about, reference)
	}
	if o != nil {
		if who := v.customer(o.Customer); who != "" {
			about = append(about, who)
		}
	}
	line := "# " + address
	if len(about) > 0 {
		line += " (" + strings.Join(about, ", ") + ")"
	}
	v.printf("\n  %s\n", v.bold(line))
}

// action shows one step: what, why, and where it is asked for.
func (v *planText) action(a *reconcile.Action) {
	k := kindOf(a.Kind)
	v.printf("%s %-7s %s\n", k.padded(v.style), a.Kind, phrase(a))
	reason := a.Reason
	if at := place(a.Source); at != "" {
		reason += " (" + at + ")"
	}
	v.printf("%s\n", v.dim(v.indent(14, reason)))
	if a.Held != "" {
		v.printf("%s\n", v.yellow(v.indent(14, "held: "+a.Held)))
		v.printf("%s\n", v.indent(14, "let it go: hisab approve "+a.ID))
	}
}

// sections shows all that is left alone, what needs a person most at the end.
func (v *planText) sections(waiting, blocked, unknown []reconcile.Note) {
	v.notes(waiting, section{"Waiting", "later runs come back to these", v.waits(), ""})
	v.notes(blocked, section{"Blocked", "nothing is done about these until somebody decides", v.red("!"), ""})
	v.notes(unknown, section{"Unknown", "sent, and nobody knows whether it happened", v.purple("?"), "settle it: hisab resolve %s"})
}

// section is one list of notes: its title and what it means, its symbol, and the command
// that helps with an entry that has an id.
type section struct{ title, meaning, symbol, help string }

// notes shows what the plan leaves alone, with the contract's code and what helps.
func (v *planText) notes(notes []reconcile.Note, s section) {
	if len(notes) == 0 {
		return
	}
	v.printf("%s %s\n", v.bold(fmt.Sprintf("%s (%s):", s.title, number(len(notes)))), v.dim(s.meaning))
	limit := len(notes)
	if limit > manyNotes {
		limit = fewNotes
	}
	seen := map[string]int{}
	var codes []string
	for i := range notes {
		n := &notes[i]
		if seen[n.Code]++; seen[n.Code] == 1 {
			codes = append(codes, n.Code)
		}
		if seen[n.Code] <= limit {
			v.note(n, s)
		}
	}
	for _, code := range codes {
		if hidden := seen[code] - limit; hidden > 0 {
			v.printf("  %s and %s more: %s\n", s.symbol, number(hidden), code)
		}
	}
	v.printf("\n")
}

func (v *planText) note(n *reconcile.Note, s section) {
	head := n.Address + ", " + subject(n)
	if n.Code != "" {
		head += ": " + v.yellow(n.Code)
	}
	v.printf("  %s %s\n", s.symbol, head)
	detail := n.Detail
	if at := place(n.Source); at != "" {
		detail += " (" + at + ")"
	}
	v.printf("%s\n", v.dim(v.indent(6, detail)))
	if n.ID != "" && s.help != "" {
		v.printf("      %s\n", v.here(fmt.Sprintf(s.help, n.ID)))
	}
}

// totals is the last word: how much of what, and the money.
func (v *planText) totals() {
	s := v.plan.Summary
	if s.Actions() == 0 {
		v.noChanges(s)
		return
	}
	var doing []string
	for _, k := range kinds {
		if n := k.of(s); n > 0 {
			doing = append(doing, k.count(n, ""))
		}
	}
	v.printf("%s %s.\n", v.bold("Plan:"), strings.Join(doing, ", "))
	v.rest(s)
	if s.ToCollect != 0 || s.ToRefund != 0 {
		v.printf("%s %s to collect, %s to refund.\n", v.bold("Money:"), money(s.ToCollect, ""), money(s.ToRefund, ""))
	}
}

func (v *planText) noChanges(s reconcile.Summary) {
	verdict, rest := idle(v.plan)
	paint := v.green
	if len(v.plan.LookErrors) > 0 {
		paint = v.red
	}
	v.printf("%s\n", strings.Replace(v.wrap(verdict+" "+rest), verdict, v.bold(paint(verdict)), 1))
	v.rest(s)
}

func (v *planText) rest(s reconcile.Summary) {
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{{s.Held, "held by the policy"}, {s.Waiting, "waiting"}, {s.Blocked, "blocked"}, {s.Unknown, "unknown"}, {s.Unchanged, "unchanged"}} {
		if p.n > 0 {
			parts = append(parts, number(p.n)+" "+p.word)
		}
	}
	if len(parts) > 0 {
		v.printf("      %s.\n", strings.Join(parts, ", "))
	}
}

// remarks says how old the plan's knowledge is and what could not be learned.
func (v *planText) remarks() {
	p := v.plan
	if !p.LookedAt.IsZero() {
		if d := v.Now.Sub(p.LookedAt); d >= 2*time.Second {
			v.printf("%s\n", v.dim("The oldest look at a payment that this relies on is "+strings.TrimSuffix(age(d), " ago")+" old."))
		}
	}
	for _, w := range p.Warnings {
		v.printf("\n%s %s.\n", v.yellow("Warning:"), w)
	}
	if n := len(p.LookErrors); n > 0 && !blind(p) {
		v.printf("\n%s %s failed; what depends on them waits.\n", v.yellow("Warning:"), count(n, "look at a payment", "looks at payments"))
		for _, e := range p.LookErrors[:min(n, fewNotes)] {
			v.printf("  %s: %v\n", e.Address, e.Err)
		}
		if n > fewNotes {
			v.printf("  and %s more\n", number(n-fewNotes))
		}
	}
}
