// Package meter shows that work that takes long goes on: a bar with counts and a rate on
// a terminal, now and then a line where there is none. Work that is done within half a
// second shows nothing.
package meter

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

const (
	patience  = 500 * time.Millisecond // before anything is shown
	redraw    = 100 * time.Millisecond // of the bar
	heartbeat = 10 * time.Second       // between lines where there is no terminal
)

// Meter watches one run, phase by phase. Its methods may be called from many goroutines.
type Meter struct {
	w     io.Writer
	width int // columns of the terminal; 0: there is none

	mu    sync.Mutex
	phase phase
	shown bool // a bar is on the screen
	turn  int  // of the spinner
	quit  chan struct{}
	ended chan struct{}
}

// phase is one stretch of work. A total of 0 is not known.
type phase struct {
	label               string
	total, done, failed int
	since, spoke        time.Time
}

// New starts a meter that writes to w until Close. Width is the columns of the terminal
// behind w, 0 where there is none.
func New(w io.Writer, width int) *Meter {
	m := &Meter{w: w, width: width, quit: make(chan struct{}), ended: make(chan struct{})}
	go m.run()
	return m
}

// Phase begins a stretch of work: what it does, and of how many steps. An empty label ends
// the last one, and nothing is shown until the next.
func (m *Meter) Phase(label string, total int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.begin(label, total)
}

// At says how far the work is. Another label than the last one begins a phase. Reports may
// come out of order; the bar never goes back.
func (m *Meter) At(label string, done, total int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.phase.label != label {
		m.begin(label, total)
	}
	m.phase.total = total
	m.phase.done = max(m.phase.done, done)
}

// Failed counts a failure of the phase.
func (m *Meter) Failed() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.phase.failed++
}

func (m *Meter) begin(label string, total int) {
	m.hide()
	m.phase = phase{label: label, total: total, since: time.Now()}
}

// Println writes a line of text without disturbing the bar.
func (m *Meter) Println(line string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hide()
	fmt.Fprintln(m.w, line)
}

// Close takes the bar away and ends the meter.
func (m *Meter) Close() {
	m.mu.Lock()
	m.hide()
	m.phase = phase{}
	m.mu.Unlock()
	select {
	case <-m.quit:
	default:
		close(m.quit)
	}
	<-m.ended
}

func (m *Meter) run() {
	defer close(m.ended)
	tick := time.NewTicker(redraw)
	defer tick.Stop()
	for {
		select {
		case <-m.quit:
			return
		case now := <-tick.C:
			m.mu.Lock()
			m.show(now)
			m.mu.Unlock()
		}
	}
}

func (m *Meter) show(now time.Time) {
	p := &m.phase
	switch {
	case p.label == "" || now.Sub(p.since) < patience:
	case m.width > 0:
		m.draw(now)
	case p.spoke.IsZero():
		p.spoke = now
		fmt.Fprintf(m.w, "%s…\n", p.label)
	case now.Sub(p.spoke) >= heartbeat:
		p.spoke = now
		how := p.counts(now)
		if p.total == 0 && p.done == 0 {
			how = fmt.Sprintf("%s so far", now.Sub(p.since).Round(time.Second))
		}
		fmt.Fprintf(m.w, "%s… %s\n", p.label, how)
	}
}

// counts is how far the phase is.
func (p *phase) counts(now time.Time) string {
	s := fmt.Sprintf("%d done", p.done)
	if p.total > 0 {
		s = fmt.Sprintf("%d of %d", p.done, p.total)
	}
	if p.failed > 0 {
		s += fmt.Sprintf(", %d failed", p.failed)
	}
	rate := float64(p.done) / now.Sub(p.since).Seconds()
	if p.done > 0 {
		s += fmt.Sprintf(", %.0f/s", rate)
	}
	if left := p.total - p.done; p.done > 0 && left > 0 {
		s += fmt.Sprintf(", %s left", time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second))
	}
	return s
}

const barWidth = 24

var spinner = []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")

// draw puts one line over the last one, cut to the screen so that it never wraps.
func (m *Meter) draw(now time.Time) {
	p := &m.phase
	m.turn++
	line := string(spinner[m.turn%len(spinner)]) + " " + p.label
	if p.total > 0 {
		full := barWidth * min(p.done, p.total) / p.total
		line += " " + strings.Repeat("█", full) + strings.Repeat("░", barWidth-full)
	}
	if p.total > 0 || p.done > 0 {
		line += " " + p.counts(now)
	}
	if r := []rune(line); len(r) >= m.width {
		line = string(r[:m.width-1])
	}
	fmt.Fprint(m.w, "\r"+line+"\x1b[K")
	m.shown = true
}

// hide takes the bar off the screen; the next tick draws it again.
func (m *Meter) hide() {
	if m.shown {
		fmt.Fprint(m.w, "\r\x1b[K")
		m.shown = false
	}
}
