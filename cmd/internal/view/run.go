package view

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hisab/hisab/reconcile"
)

// done is what a kind of action is called once it is done.
var done = map[reconcile.ActionKind]struct{ one, many string }{
	reconcile.KindSend:    {"bill sent", "bills sent"},
	reconcile.KindStatus:  {"status changed", "statuses changed"},
	reconcile.KindRefund:  {"refund made", "refunds made"},
	reconcile.KindNotify:  {"notification sent", "notifications sent"},
	reconcile.KindReplace: {"bill canceled to be replaced", "bills canceled to be replaced"},
	reconcile.KindForget:  {"order forgotten", "orders forgotten"},
}

// Event is one thing that happened during a run as a line of text; empty for what is not
// worth one.
func Event(p reconcile.Progress, o Options) string {
	a := p.Action
	if a == nil {
		return ""
	}
	s := style(o.Color)
	line := a.Address + ": " + string(a.Kind) + " " + phrase(a)
	switch p.Kind {
	case reconcile.ActionDone:
		line = s.green("✔") + " " + a.Address + ": " + string(a.Kind) + " " + accomplished(a)
		if a.Kind == reconcile.KindRefund && p.Result != "" { // a message's id holds the phone number
			line += s.dim(" [" + p.Result + "]")
		}
	case reconcile.ActionFailed:
		line = s.red("✘") + " " + line + "\n" + o.indent(4, "failed: "+withCode(p.Detail, p.Code))
	case reconcile.ActionUnknown:
		line = s.purple("?") + " " + line + "\n" + o.indent(4, "unknown: "+withCode(p.Detail, p.Code))
	case reconcile.ActionSkipped:
		line = s.yellow("-") + " " + line + "\n" + o.indent(4, "not done: "+p.Detail)
	case reconcile.ActionWaiting:
		line = s.waits() + " " + line + "\n" + o.indent(4, "waits: "+p.Detail)
	default:
		return ""
	}
	return visible(line, o.Color)
}

// accomplished says what is done once an action is. A replace begins with the cancel alone.
func accomplished(a *reconcile.Action) string {
	if a.Kind != reconcile.KindReplace {
		return phrase(a)
	}
	return a.ReferenceID + " is canceled; once that is confirmed, " + a.Label + " of " + money(a.Amount, a.Currency) + " goes out"
}

func withCode(detail string, code int) string {
	if code == 0 || strings.Contains(detail, fmt.Sprint(code)) {
		return detail
	}
	return fmt.Sprintf("%s (%d)", detail, code)
}

// Result writes how a run ended: in every case, and last.
func Result(w io.Writer, r *reconcile.Result, o Options) error {
	v := &resultText{screen: newScreen(w, o), Options: o, style: style(o.Color)}
	v.outcomes("Unknown", "sent, and nobody knows whether it happened", r.Unknown, v.purple("?"))
	v.outcomes("Failed", "nothing was done about these", r.Failed, v.red("✘"))
	v.outcomes("Stale", "the world is not the one the plan was made on", r.Stale, v.yellow("-"))
	v.outcomes("Skipped", "because of what came before", r.Skipped, v.yellow("-"))
	v.outcomes("Held by the policy", "they wait for an approval", r.Held, v.yellow("-"))
	v.outcomes("Put off", "a later run comes back to these", r.Waiting, v.waits())
	v.headline(r)
	v.counts(r)
	if d := r.Done; d.ToCollect != 0 || d.ToRefund != 0 {
		fmt.Fprintf(v, "%s %s billed, %s refunded.\n", v.bold("Money:"), money(d.ToCollect, ""), money(d.ToRefund, ""))
	}
	if next := Next(r); next != "" {
		fmt.Fprintf(v, "%s %s\n", v.bold("Go on with:"), v.here(next))
	}
	return v.Flush()
}

type resultText struct {
	*screen
	Options
	style
}

// headline says in a word how it ended, and what was done.
func (v *resultText) headline(r *reconcile.Result) {
	var parts []string
	for _, k := range kinds {
		if n := k.of(r.Done); n > 0 {
			parts = append(parts, count(n, done[k.kind].one, done[k.kind].many))
		}
	}
	did := "nothing was done"
	if len(parts) > 0 {
		did = strings.Join(parts, ", ")
	}
	fmt.Fprintf(v, "%s %s.\n", v.bold(v.verdict(r)), did)
}

func (v *resultText) verdict(r *reconcile.Result) string {
	switch {
	case r.Spent:
		return v.yellow("This plan ran before:")
	case r.Stopped:
		return v.yellow("Apply stopped:")
	case len(r.Unknown) > 0:
		return v.purple("Apply ended in doubt:")
	case len(r.Failed)+len(r.Stale)+len(r.Skipped) > 0 || r.Paused || unseen(r):
		return v.red("Apply incomplete:")
	default:
		return v.green("Apply complete:")
	}
}

// counts is what was not done, by number.
func (v *resultText) counts(r *reconcile.Result) {
	var parts []string
	for _, c := range tally(r) {
		if c.n > 0 {
			parts = append(parts, number(c.n)+" "+c.word)
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(v, "      %s.\n", strings.Join(parts, ", "))
	}
}

type counted struct {
	n    int
	word string
}

// tally counts everything a run left.
func tally(r *reconcile.Result) []counted {
	return []counted{
		{len(r.Failed), "failed"},
		{len(r.Unknown) + len(r.Doubtful), "unknown"},
		{len(r.Stale), "stale"},
		{len(r.Skipped), "skipped"},
		{len(r.Held), "held"},
		{len(r.Waiting) + len(r.Pending), "waiting"},
		{len(r.Blocked), "blocked"},
	}
}

// outcomes lists what was not simply done, the first few where there are many.
func (v *resultText) outcomes(title, meaning string, list []reconcile.Outcome, symbol string) {
	if len(list) == 0 {
		return
	}
	limit := len(list)
	if limit > manyNotes {
		limit = fewNotes
	}
	fmt.Fprintf(v, "%s %s\n", v.bold(fmt.Sprintf("%s (%s):", title, number(len(list)))), v.dim(meaning))
	for i := range list[:limit] {
		out := &list[i]
		fmt.Fprintf(v, "  %s %s: %s %s\n", symbol, out.Action.Address, out.Action.Kind, phrase(&out.Action))
		fmt.Fprintf(v, "%s\n", v.dim(v.indent(6, withCode(out.Detail, out.Code))))
	}
	if rest := len(list) - limit; rest > 0 {
		fmt.Fprintf(v, "  %s and %s more\n", symbol, number(rest))
	}
	fmt.Fprintln(v)
}

// unseen reports whether orders were left because their payments could not be looked at.
func unseen(r *reconcile.Result) bool {
	return slices.ContainsFunc(r.Pending, func(n reconcile.Note) bool {
		return n.Code == lookFailed || n.Code == providerPaused
	})
}

// Next is the command that goes on from where a run ended; empty where nothing is left.
func Next(r *reconcile.Result) string {
	switch {
	case r.Spent:
		return "hisab plan, and apply what it shows"
	case len(r.Unknown)+len(r.Doubtful) > 0:
		return "hisab plan (it looks again; what stays unknown it shows with its id for hisab resolve)"
	case len(r.Stale) > 0:
		return "hisab plan, and apply what it shows"
	case r.Stopped || len(r.Failed)+len(r.Skipped)+len(r.Waiting) > 0 || unseen(r):
		return "hisab apply"
	case len(r.Held) > 0:
		return "hisab approve ACTION…, then hisab apply"
	default:
		return ""
	}
}
