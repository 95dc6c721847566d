package sandbox

import (
	"slices"
	"strings"
)

// faultsView is what goes wrong, and what could.
type faultsView struct {
	Faults []Fault // latest first
	Groups []faultGroup
	Rules  Rules
}

type faultGroup struct {
	Where, Title string
	Choices      []faultChoice
}

type faultChoice struct{ What, Title string }

// faultTitles says what each fault does, in the order of the page.
var faultTitles = []faultChoice{
	{"late", "acts, answers late"},
	{"drip", "acts, answers in drops"},
	{"act_drop", "acts, then drops the connection"},
	{"act_500", "acts, then answers 500"},
	{"late_effect", "drops the connection, acts later"},
	{"twice", "acts twice"},
	{"fail_later", "accepts, fails later"},
	{"drop", "drops the connection, does not act"},
	{"500", "answers 500, does not act"},
	{"throttle", "refuses: too many requests"},
	{"error", "refuses with a code"},
	{"stale", "answers with an old state"},
	{"not_found", "answers: not found"},
	{"redirect", "answers with a redirect"},
	{"html", "answers with HTML"},
	{"half", "answers half a JSON"},
	{"gigabyte", "answers a gigabyte"},
	{"empty", "answers nothing"},
	{"answer", "answers with a given body"},
	{"duplicate", "is delivered twice"},
	{"lost", "is lost"},
	{"forged", "is followed by a forged copy"},
	{"delayed", "is delayed"},
	{"reordered", "is overtaken by the next"},
	{"batched", "comes along with the next"},
}

func (w *world) faultsView() faultsView {
	v := faultsView{Faults: latest(copies(w.Faults)), Rules: w.Rules}
	for _, place := range []faultChoice{{"refund", "A refund"}, {"messages", "A message"}, {"lookup", "A lookup"}, {"webhook", "A webhook"}} {
		g := faultGroup{Where: place.What, Title: place.Title}
		for _, c := range faultTitles {
			if slices.Contains(faultPlaces[c.What], place.What) {
				g.Choices = append(g.Choices, c)
			}
		}
		v.Groups = append(v.Groups, g)
	}
	return v
}

// Title says what a fault does.
func (f Fault) Title() string {
	i := slices.IndexFunc(faultTitles, func(c faultChoice) bool { return c.What == f.What })
	return faultTitles[i].Title
}

// Left is how often the fault will still strike; negative: always.
func (f Fault) Left() int {
	if f.Times < 0 {
		return -1
	}
	return max(f.Times, 1) - f.Hits
}

// Aim says what the fault is aimed at; empty is everything.
func (f Fault) Aim() string {
	phone := ""
	if f.Phone != "" {
		phone = prettyPhone(strings.TrimPrefix(f.Phone, "+"))
	}
	return strings.TrimSpace(strings.Join([]string{f.Reference, f.Kind, phone}, " "))
}
