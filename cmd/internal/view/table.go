package view

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"
)

// table aligns columns. Cells are parted by tabs and hold no colour, which would count as
// width.
type table struct {
	w    io.Writer
	text bytes.Buffer
	tabs *tabwriter.Writer
}

func newTable(w io.Writer) *table {
	t := &table{w: w}
	t.tabs = tabwriter.NewWriter(&t.text, 0, 0, 2, ' ', 0)
	return t
}

// cells are the cells of one row, each on one line whatever a platform has written into it.
func cells(list ...string) string {
	for i, text := range list {
		list[i] = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return utf8.RuneError
			}
			return r
		}, text)
	}
	return strings.Join(list, "\t")
}

func (t *table) row(cells string) { fmt.Fprintln(t.tabs, cells) }

// flush writes the table, without spaces at the ends of its lines.
func (t *table) flush() error {
	if err := t.tabs.Flush(); err != nil {
		return err
	}
	for line := range bytes.Lines(t.text.Bytes()) {
		if _, err := fmt.Fprintf(t.w, "%s\n", bytes.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}
