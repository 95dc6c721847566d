package view

import (
	"bufio"
	"bytes"
	"io"
	"regexp"

	"github.com/hisab/hisab/spec"
)

// screen is what text is written to: a terminal shows it and obeys none of it but our own
// colours. Names come with a pull request and ids and reasons from a platform, and neither
// may wipe a plan off the screen before somebody says yes to it.
type screen struct {
	w     *bufio.Writer
	color bool
	line  []byte // not ended yet
}

func newScreen(w io.Writer, o Options) *screen { return &screen{w: bufio.NewWriter(w), color: o.Color} }

// Write takes text and lets whole lines through.
func (s *screen) Write(text []byte) (int, error) {
	s.line = append(s.line, text...)
	end := bytes.LastIndexByte(s.line, '\n') + 1
	if err := s.show(s.line[:end]); err != nil {
		return 0, err
	}
	s.line = append(s.line[:0], s.line[end:]...)
	return len(text), nil
}

// Flush writes what is left.
func (s *screen) Flush() error {
	if err := s.show(s.line); err != nil {
		return err
	}
	s.line = s.line[:0]
	return s.w.Flush()
}

// ourColors are what style writes.
var ourColors = regexp.MustCompile("\x1b\\[(?:0|1|2|3[1-6])m")

func (s *screen) show(text []byte) error {
	for len(text) > 0 {
		plain, color := text, []byte(nil)
		if s.color {
			if at := ourColors.FindIndex(text); at != nil {
				plain, color = text[:at[0]], text[at[0]:at[1]]
			}
		}
		text = text[len(plain)+len(color):]
		if _, err := s.w.WriteString(spec.Visible(string(plain))); err != nil {
			return err
		}
		if _, err := s.w.Write(color); err != nil {
			return err
		}
	}
	return nil
}

// visible is text as a screen shows it.
func visible(text string, color bool) string {
	var b bytes.Buffer
	s := newScreen(&b, Options{Color: color})
	_, _ = s.Write([]byte(text)) // a buffer takes everything
	_ = s.Flush()
	return b.String()
}
