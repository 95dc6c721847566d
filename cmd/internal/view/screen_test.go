package view_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/reconcile"
)

// wipe is what nobody's screen should obey, wherever it comes from.
const wipe = "\x1b[2J\x1b[8m\r\x9b\u202e"

// strange is a plan in which every text is the work of somebody who wants another to say yes.
func strange() *reconcile.Plan {
	p := shop()
	p.Orders[0].Customer.Name = wipe
	p.Actions[0].Address, p.Actions[0].Reason, p.Actions[0].Source.File = "order."+wipe, wipe, "a\n  + b"+wipe
	p.Actions[1].Held, p.Actions[2].Template = wipe, wipe
	p.Blocked[0].Detail, p.Warnings = wipe, append(p.Warnings, wipe)
	return p
}

func TestScreen(t *testing.T) {
	busy := busy()
	busy.Bills[1].Look.Transactions[0].Method = "upi" + wipe + "\n" + wipe
	busy.Refunds[0].ID, busy.Attempts[3].Meaning = wipe+"\n", "a\tb"+wipe
	for name, write := range map[string]func(*bytes.Buffer, view.Options) error{
		"plan":     func(b *bytes.Buffer, o view.Options) error { return view.Plan(b, strange(), o) },
		"markdown": func(b *bytes.Buffer, o view.Options) error { return view.PlanMarkdown(b, strange(), o) },
		"order": func(b *bytes.Buffer, o view.Options) error {
			return view.Order(b, busy, []reconcile.Event{{At: now, Name: wipe, Detail: wipe + "\n"}}, o)
		},
		"status": func(b *bytes.Buffer, o view.Options) error {
			return view.StatusTable(b, all([]*reconcile.Observed{{Ref: "A" + wipe, Address: wipe}}), o)
		},
		"result": func(b *bytes.Buffer, o view.Options) error {
			return view.Result(b, &reconcile.Result{Failed: []reconcile.Outcome{{Action: strange().Actions[0], Detail: wipe}}}, o)
		},
		"event": func(b *bytes.Buffer, o view.Options) error {
			b.WriteString(view.Event(reconcile.Progress{Kind: reconcile.ActionFailed, Action: &strange().Actions[0], Detail: wipe}, o))
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			var plain, color bytes.Buffer
			if err := write(&plain, options()); err != nil {
				t.Fatal(err)
			}
			if at := strings.IndexFunc(plain.String(), func(r rune) bool { return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }); at >= 0 {
				t.Errorf("a screen obeys %q", plain.String()[at:])
			}
			o := options()
			o.Color = true
			if err := write(&color, o); err != nil {
				t.Fatal(err)
			}
			for _, strange := range []string{"\x1b[2J", "\x1b[8m", "\r", "\x9b"} {
				if strings.Contains(color.String(), strange) {
					t.Errorf("a screen with colours obeys %q", strange)
				}
			}
			lines := slices.Collect(strings.Lines(plain.String()))
			if slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(strings.TrimSpace(l), "+ b") }) {
				t.Errorf("a line is not ours:\n%s", plain.String())
			}
		})
	}
}

// TestMarkdownStaysText leaves nothing in a comment on a pull request that a forge acts on.
func TestMarkdownStaysText(t *testing.T) {
	p := shop()
	p.Actions[0].Reason = `\[here\](//evil.example) \| a | <b> &#64;somebody @somebody #1 https://evil.example www.evil.example ~~gone~~`
	p.Actions[0].Address = "order.a\\|<img src=x> `b`"
	var b bytes.Buffer
	if err := view.PlanMarkdown(&b, p, options()); err != nil {
		t.Fatal(err)
	}
	const want = "| `order.a\\\u200b\\|<img src=x> 'b'` | pending → shipped | " +
		`\\\[here\\\](//evil.example) \\\| a \| &lt;b&gt; &amp;#` + "\u200b64;somebody @\u200bsomebody #\u200b1 https:\u200b//evil.example www\u200b.evil.example " + `\~\~gone\~\~`
	if !strings.Contains(b.String(), want) {
		t.Errorf("got\n%s\nwant in it\n%s", b.String(), want)
	}
}
