package view

import (
	"fmt"
	"io"
	"strings"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// markdownLimit is how many characters a plan's Markdown may have: a comment on a pull
// request takes 65,536 on GitHub, and somebody may want to add a line.
const markdownLimit = 64_000

// PlanMarkdown writes a plan for a comment on a pull request: the totals first, then each
// kind folded away. However large the plan, the text is shorter than 65,000 characters;
// what is left out is counted.
func PlanMarkdown(w io.Writer, p *reconcile.Plan, o Options) error {
	rows := 400
	text := markdown(p, o, rows)
	for len(text) > markdownLimit && rows > 1 {
		rows /= 2
		text = markdown(p, o, rows)
	}
	_, err := io.WriteString(w, spec.Visible(text))
	return err
}

// markdown is the text with at most so many rows in each table.
func markdown(p *reconcile.Plan, o Options, rows int) string {
	var b strings.Builder
	s := p.Summary
	fmt.Fprintf(&b, "## Hisab plan\n\n")
	if s.Actions() == 0 {
		verdict, rest := idle(p)
		fmt.Fprintf(&b, "**%s** %s\n\n", verdict, plain(rest))
	} else {
		var doing []string
		for _, k := range kinds {
			if n := k.of(s); n > 0 {
				doing = append(doing, k.count(n, ""))
			}
		}
		fmt.Fprintf(&b, "**Plan:** %s.\n\n", strings.Join(doing, ", "))
		fmt.Fprintf(&b, "**Money:** %s to collect, %s to refund.\n\n", money(s.ToCollect, ""), money(s.ToRefund, ""))
	}
	fmt.Fprintf(&b, "| held | waiting | blocked | unknown | unchanged |\n| --: | --: | --: | --: | --: |\n")
	fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n\n", number(s.Held), number(s.Waiting), number(s.Blocked), number(s.Unknown), number(s.Unchanged))
	for _, k := range kinds {
		markdownActions(&b, o, k, p.Actions, rows)
	}
	markdownNotes(&b, o, "❔ unknown: sent, and nobody knows whether it happened", p.Unknown, rows)
	markdownNotes(&b, o, "❗ blocked: somebody has to decide", p.Blocked, rows)
	markdownNotes(&b, o, "⏳ waiting", p.Waiting, rows)
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "> **Warning:** %s\n\n", plain(w))
	}
	if n := len(p.LookErrors); n > 0 && !blind(p) {
		fmt.Fprintf(&b, "> **Warning:** %s failed; what depends on them waits.\n", count(n, "look at a payment", "looks at payments"))
	}
	return b.String()
}

func markdownActions(b *strings.Builder, o Options, k kind, actions []reconcile.Action, rows int) {
	total := 0
	for i := range actions {
		a := &actions[i]
		if a.Kind != k.kind {
			continue
		}
		if total++; total == 1 {
			fmt.Fprintf(b, "<details><summary>%s %s</summary>\n\n| | what | why | where |\n| --- | --- | --- | --- |\n", k.symbol, k.count(countKind(actions, k.kind), ""))
		}
		if total > rows {
			continue
		}
		what := plain(phrase(a))
		if a.Held != "" {
			what += "<br>**held:** " + plain(a.Held) + "<br>" + code(o.here("hisab approve "+a.ID))
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", code(a.Address), what, plain(a.Reason), code(place(a.Source)))
	}
	endTable(b, total, rows)
}

func countKind(actions []reconcile.Action, k reconcile.ActionKind) int {
	n := 0
	for i := range actions {
		if actions[i].Kind == k {
			n++
		}
	}
	return n
}

func markdownNotes(b *strings.Builder, o Options, title string, notes []reconcile.Note, rows int) {
	for i := range notes {
		n := &notes[i]
		if i == 0 {
			fmt.Fprintf(b, "<details><summary>%s (%s)</summary>\n\n| | what | code | detail |\n| --- | --- | --- | --- |\n", title, number(len(notes)))
		}
		if i == rows {
			break
		}
		detail := plain(o.here(n.Detail))
		if n.ID != "" {
			detail += "<br>" + code(o.here("hisab resolve "+n.ID))
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", code(n.Address), plain(subject(n)), code(n.Code), detail)
	}
	endTable(b, len(notes), rows)
}

func endTable(b *strings.Builder, total, rows int) {
	if total == 0 {
		return
	}
	if total > rows {
		fmt.Fprintf(b, "\n… and %s more.\n", number(total-rows))
	}
	b.WriteString("\n</details>\n\n")
}

// longestCell keeps one strange reason from filling the comment.
const longestCell = 300

// Of what Markdown would read, the marks are escaped; what a forge makes links of by itself
// (mentions, references, addresses of pages) is broken by a space without width, since it
// looks for that in the text behind the marks. A backslash and an ampersand are escaped, or
// they would undo the escapes that follow them.
var markdownEscaper = strings.NewReplacer(
	"\r", " ", "\n", " ", "\\", "\\\\", "&", "&amp;", "|", "\\|", "<", "&lt;", ">", "&gt;", "`", "\\`",
	"*", "\\*", "_", "\\_", "~", "\\~", "[", "\\[", "]", "\\]", "@", "@\u200b", "#", "#\u200b",
	"://", ":\u200b//", "www.", "www\u200b.", "WWW.", "WWW\u200b.",
)

// plain is text that Markdown shows as it is: nobody is mentioned and nothing is linked
// because of what a customer is called.
func plain(s string) string { return markdownEscaper.Replace(clip(s)) }

// code is text in a code span, where only these could end it or its cell. A backslash in
// front of a bar would make one sign of the two and leave the bar to end the cell.
func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + strings.NewReplacer("`", "'", "\\|", "\\\u200b\\|", "|", "\\|", "\n", " ", "\r", " ").Replace(clip(s)) + "`"
}

func clip(s string) string {
	r := []rune(s)
	if len(r) <= longestCell {
		return s
	}
	return string(r[:longestCell-1]) + "…"
}
