// Package view turns what the program knows into what a person or a script reads: plans,
// runs, orders and diagnostics as text, JSON and Markdown.
//
// A view takes values and a writer and decides nothing. Text is for eyes and may change;
// JSON is a contract. Personal data is masked unless Options say otherwise.
package view

import (
	"regexp"
	"strings"
	"time"

	"github.com/mitchellh/go-wordwrap"
)

// Options are how a person wants to read.
type Options struct {
	Color bool
	// Width is the columns of the terminal; 0: there is none.
	Width int
	// ShowPII shows phone numbers and names as they are.
	ShowPII bool
	// Now is what ages are counted from.
	Now time.Time
	// Location is where times are shown in; nil: UTC.
	Location *time.Location
	// Here begins a command that is to work on the same spec, such as "hisab -C shop"; empty:
	// "hisab". Flags follow its verb, with a space before each.
	Here, Flags string
}

// commands are what texts advise.
var commands = regexp.MustCompile(`\bhisab (apply|approve|explain|forget|import|plan|resolve|status|validate)\b`)

// here makes the commands in a text work where it is read.
func (o Options) here(text string) string {
	if o.Here == "" {
		return text
	}
	return commands.ReplaceAllStringFunc(text, func(c string) string {
		return o.Here + strings.TrimPrefix(c, "hisab") + o.Flags
	})
}

// maxWidth is the longest line that is still read with ease.
const maxWidth = 100

// style writes in colour where that is wanted.
type style bool

func (s style) code(code, text string) string {
	if !bool(s) || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s style) bold(t string) string   { return s.code("1", t) }
func (s style) dim(t string) string    { return s.code("2", t) }
func (s style) red(t string) string    { return s.code("31", t) }
func (s style) green(t string) string  { return s.code("32", t) }
func (s style) yellow(t string) string { return s.code("33", t) }
func (s style) waits() string          { return s.code("34", "…") }
func (s style) purple(t string) string { return s.code("35", t) }

// wrap breaks text at the width. Without a terminal lines stay whole: a log is searched.
func (o Options) wrap(text string) string { return o.indent(0, text) }

// indent wraps text to the width and sets every line in by the same margin.
func (o Options) indent(margin int, text string) string {
	text = o.here(text)
	if o.Width > 0 {
		text = wordwrap.WrapString(text, uint(max(min(o.Width, maxWidth)-margin, 20)))
	}
	pad := strings.Repeat(" ", margin)
	return pad + strings.ReplaceAll(text, "\n", "\n"+pad)
}

// time shows a moment in the wanted place, to the second.
func (o Options) time(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	loc := o.Location
	if loc == nil {
		loc = time.UTC
	}
	return t.In(loc).Format("2006-01-02 15:04:05 -07:00")
}

// Paint is text in the colour of an ANSI code, such as 31, where the reader has colour.
func Paint(code, text string, color bool) string { return style(color).code(code, text) }

// Bold is text that stands out where the reader has colour.
func Bold(text string, color bool) string { return style(color).bold(text) }
