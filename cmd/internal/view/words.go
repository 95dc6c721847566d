package view

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// count says how many of a thing there are: "1 order", "12,345 orders".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// number groups digits as India does: 12,34,567.
func number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	if len(s) <= 3 {
		return sign + s
	}
	head, tail := s[:len(s)-3], s[len(s)-3:]
	for len(head) > 2 {
		tail = head[len(head)-2:] + "," + tail
		head = head[:len(head)-2]
	}
	return sign + head + "," + tail
}

// money shows an amount with its currency's sign, to the paisa.
func money(a spec.Amount, currency string) string {
	if currency == "" || currency == spec.INR {
		return a.INR()
	}
	return currency + " " + a.String()
}

// age says how long ago something was, in its largest unit.
func age(d time.Duration) string {
	switch {
	case d < 2*time.Second:
		return "just now"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s ago", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	default:
		return fmt.Sprintf("%d days ago", int(d.Hours()/24))
	}
}

// place is a position as editors and terminals jump to it; empty for nowhere.
func place(p spec.Pos) string {
	if p.File == "" {
		return ""
	}
	return spec.OneLine(p.File) + ":" + strconv.Itoa(int(p.Line))
}

// phrase says what an action does, without its address.
func phrase(a *reconcile.Action) string {
	switch a.Kind {
	case reconcile.KindSend:
		return "bill of " + money(a.Amount, a.Currency) + templated(a)
	case reconcile.KindReplace:
		return "new bill of " + money(a.Amount, a.Currency) + " in place of " + a.ReferenceID
	case reconcile.KindStatus:
		s := string(a.To)
		if a.From != "" {
			s = string(a.From) + " → " + s
		}
		if a.Back {
			s += " (goes back)"
		}
		return s + templated(a)
	case reconcile.KindRefund:
		s := money(a.Amount, a.Currency) + " " + strconv.Quote(a.Label)
		if a.Speed == "instant" {
			s += ", instant"
		}
		return s
	case reconcile.KindNotify:
		s := a.Event
		if a.Label != "" {
			s += " " + strconv.Quote(a.Label)
		}
		return s + " by " + a.Template
	case reconcile.KindForget:
		return "stop managing it"
	}
	return string(a.Kind)
}

func templated(a *reconcile.Action) string {
	if a.Template == "" {
		return ""
	}
	return " as " + a.Template
}

// subject names what a note is about: its kind, and label or event where it has one.
func subject(n *reconcile.Note) string {
	parts := []string{string(n.Kind)}
	if n.Event != "" {
		parts = append(parts, n.Event)
	}
	if n.Label != "" {
		parts = append(parts, strconv.Quote(n.Label))
	}
	if n.Amount != 0 && n.Kind == reconcile.KindRefund {
		parts = append(parts, money(n.Amount, spec.INR))
	}
	return strings.Join(parts, " ")
}

// Count says how many of a thing there are: "1 order", "12,345 orders".
func Count(n int, one, many string) string { return count(n, one, many) }

// Success is the line that says all is well.
func Success(color bool, rest string) string {
	s := style(color)
	return s.bold(s.green("Success!")) + " " + rest
}
