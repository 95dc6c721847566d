package sim

import (
	"fmt"
	"io"
	"slices"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// Counts tell what occurred, over one history or many. What stands at zero has not been
// tested.
type Counts struct {
	Histories int
	struck    [nFaults]int
	edges     [5][9][9]int
	moves     [6][6]int
	refusals  map[int]int // of order_status, by code

	started, refused, spentPlans, savedPlans, refusedSpecs, emptySpecs int
	paid, repeated, overtaken, misattributed, imported, approvals      int
	forgotten, recorded                                                int
	decided, undecided                                                 map[reconcile.Verdict]int
	refunds, held, bills, messages                                     int
}

// NewCounts returns counts at zero.
func NewCounts() *Counts {
	return &Counts{refusals: map[int]int{}, decided: map[reconcile.Verdict]int{}, undecided: map[reconcile.Verdict]int{}}
}

var kinds = []reconcile.ActionKind{reconcile.KindSend, reconcile.KindStatus, reconcile.KindReplace, reconcile.KindRefund, reconcile.KindNotify}

var states = []reconcile.AttemptState{"", reconcile.Ready, reconcile.Sending, reconcile.Settled, reconcile.Rejected,
	reconcile.Undecided, reconcile.Held, reconcile.Closed, reconcile.Abandoned}

func (c *Counts) edge(kind reconcile.ActionKind, from, to reconcile.AttemptState) {
	c.edges[slices.Index(kinds, kind)][slices.Index(states, from)][slices.Index(states, to)]++
}

func (c *Counts) moved(from, to spec.Status) {
	c.moves[slices.Index(spec.Statuses, from)][slices.Index(spec.Statuses, to)]++
}

func (c *Counts) struckBy(f Fault) { c.struck[f]++ }

func (c *Counts) strikes(struck []int) {
	for f, n := range struck {
		if Fault(f) != SecondProcess { // counted where two really act at once
			c.struck[f] += n
		}
	}
}

// Add adds the counts of more histories.
func (c *Counts) Add(d *Counts) {
	c.Histories += d.Histories
	for f := range c.struck {
		c.struck[f] += d.struck[f]
	}
	for k := range c.edges {
		for i := range c.edges[k] {
			for j := range c.edges[k][i] {
				c.edges[k][i][j] += d.edges[k][i][j]
			}
		}
	}
	for i := range c.moves {
		for j := range c.moves[i] {
			c.moves[i][j] += d.moves[i][j]
		}
	}
	for code, n := range d.refusals {
		c.refusals[code] += n
	}
	for v, n := range d.decided {
		c.decided[v] += n
	}
	for v, n := range d.undecided {
		c.undecided[v] += n
	}
	mine, theirs := c.plain(), d.plain()
	for i := range mine {
		*mine[i].n += *theirs[i].n
	}
}

type tally struct {
	name string
	n    *int
}

// plain are the counts that are one number each, and what they count.
func (c *Counts) plain() []tally {
	return []tally{
		{"processes", &c.started}, {"refused by the lock", &c.refused}, {"plans saved", &c.savedPlans}, {"plans that had run before", &c.spentPlans},
		{"specs that did not load", &c.refusedSpecs}, {"empty specs refused", &c.emptySpecs}, {"orders paid", &c.paid},
		{"order_status repeated after silence", &c.repeated}, {"order_status overtaken by a second one", &c.overtaken}, {"refunds taken for equal ones by hand", &c.misattributed},
		{"orders imported", &c.imported}, {"orders forgotten by a person", &c.forgotten}, {"refunds recorded that were made elsewhere", &c.recorded}, {"actions approved", &c.approvals}, {"bills", &c.bills}, {"messages", &c.messages},
		{"refunds", &c.refunds}, {"refunds left to a person", &c.held},
	}
}

// edgesWanted are the changes of state that a run must have seen, for each kind.
func edgesWanted() []Edge {
	message := []reconcile.ActionKind{reconcile.KindSend, reconcile.KindStatus, reconcile.KindReplace, reconcile.KindNotify}
	all := append([]reconcile.ActionKind{reconcile.KindRefund}, message...)
	var edges []Edge
	add := func(from, to reconcile.AttemptState, kinds ...reconcile.ActionKind) {
		for _, k := range kinds {
			edges = append(edges, Edge{k, from, to})
		}
	}
	add("", reconcile.Sending, all...)
	add(reconcile.Sending, reconcile.Settled, all...)
	add(reconcile.Sending, reconcile.Ready, all...)
	add(reconcile.Sending, reconcile.Rejected, all...)
	add(reconcile.Sending, reconcile.Undecided, all...)
	add(reconcile.Ready, reconcile.Sending, all...)
	add(reconcile.Undecided, reconcile.Settled, all...)
	add(reconcile.Undecided, reconcile.Held, reconcile.KindRefund)
	add(reconcile.Held, reconcile.Settled, reconcile.KindRefund)
	add(reconcile.Held, reconcile.Closed, reconcile.KindRefund)
	add(reconcile.Held, reconcile.Abandoned, reconcile.KindRefund)
	add(reconcile.Undecided, reconcile.Abandoned, reconcile.KindStatus)
	add(reconcile.Abandoned, reconcile.Undecided, reconcile.KindStatus)
	add(reconcile.Settled, reconcile.Rejected, message...)
	return edges
}

// Edge is one change of state of a kind of attempt.
type Edge struct {
	Kind     reconcile.ActionKind
	From, To reconcile.AttemptState
}

func (e Edge) String() string {
	return fmt.Sprintf("%s: %s → %s", e.Kind, orElse(string(e.From), "new"), e.To)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// oftenEnough: a fault must strike at least once in so many histories (reliability, section
// 10: 100 times in 20,000, 10,000 times in a million).
const oftenEnough = 100

// enough is how many histories are enough to see everything, whatever their seeds: what a
// change is tried with (reliability, section 10). Of fewer it is asked alone that every fault
// strikes.
const enough = 20_000

// Missing names what must occur and did not, or too seldom; and what so few histories may not
// show, and did not.
func (c *Counts) Missing() (missing, unseen []string) {
	for f, n := range c.struck {
		if least := max(1, c.Histories/oftenEnough); n == 0 || n < least && c.Histories >= enough {
			missing = append(missing, fmt.Sprintf("fault: %s, %d of at least %d times", Fault(f), n, least))
		} else if n < least {
			unseen = append(unseen, fmt.Sprintf("fault: %s, %d times", Fault(f), n))
		}
	}
	if rare := c.unseen(); c.Histories >= enough {
		missing = append(missing, rare...)
	} else {
		unseen = append(unseen, rare...)
	}
	return missing, unseen
}

// unseen names the changes of state, the moves and the coincidences that did not occur.
func (c *Counts) unseen() (missing []string) {
	for _, e := range edgesWanted() {
		if c.at(e) == 0 {
			missing = append(missing, e.String())
		}
	}
	for _, m := range reconcile.Moves() {
		if c.moves[slices.Index(spec.Statuses, m.From)][slices.Index(spec.Statuses, m.To)] == 0 {
			missing = append(missing, fmt.Sprintf("status: %s → %s", m.From, m.To))
		}
	}
	for _, t := range c.plain() {
		if *t.n == 0 {
			missing = append(missing, t.name)
		}
	}
	return missing
}

func (c *Counts) at(e Edge) int {
	return c.edges[slices.Index(kinds, e.Kind)][slices.Index(states, e.From)][slices.Index(states, e.To)]
}

// Write prints the counts as a table.
func (c *Counts) Write(w io.Writer) {
	fmt.Fprintf(w, "%-45s %12d\n", "histories", c.Histories)
	for _, t := range c.plain() {
		fmt.Fprintf(w, "%-45s %12d\n", t.name, *t.n)
	}
	for _, v := range []reconcile.Verdict{reconcile.Succeeded, reconcile.DidNot, reconcile.Retry, reconcile.GiveUp, reconcile.Foreign} {
		fmt.Fprintf(w, "%-45s %12d, refused %d\n", "a person decided: "+string(v), c.decided[v], c.undecided[v])
	}
	fmt.Fprintln(w, "faults")
	for f, n := range c.struck {
		fmt.Fprintf(w, "  %-43s %12d\n", Fault(f), n)
	}
	fmt.Fprintln(w, "changes of state")
	for k, kind := range kinds {
		for i, from := range states {
			for j, to := range states {
				if n := c.edges[k][i][j]; n > 0 {
					fmt.Fprintf(w, "  %-43s %12d\n", Edge{kind, from, to}, n)
				}
			}
		}
	}
	fmt.Fprintln(w, "statuses that the platform took")
	for i, from := range spec.Statuses {
		for j, to := range spec.Statuses {
			if n := c.moves[i][j]; n > 0 {
				fmt.Fprintf(w, "  %-43s %12d\n", string(from)+" → "+string(to), n)
			}
		}
	}
}

// Processes is how many runs of the program the histories had.
func (c *Counts) Processes() int { return c.started }
