package defects

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Options say what to hunt and how long.
type Options struct {
	// Only names defects; empty: all.
	Only []string
	// OneEach hunts, for each promise, the first defect alone that breaks it.
	OneEach bool
	// Histories is within how many each defect has to be found.
	Histories int
	// CourtesyHistories is how many a courtesy is tried for.
	CourtesyHistories int
	// Parallel is how many are hunted at a time, one processor each.
	Parallel int
}

// DefaultOptions are those of a release (reliability 10), for a number of processors.
func DefaultOptions(processors int) Options {
	return Options{Histories: 100_000, CourtesyHistories: 20_000, Parallel: processors}
}

// Run hunts defects and writes a table to out, a row as soon as it and those before it are
// known, and last one line that sums up. It fails if a defect was not found, a courtesy was,
// or one no longer fits the code.
func Run(ctx context.Context, o Options, out io.Writer) error {
	list, err := choose(All(), o.Only)
	if err != nil {
		return err
	}
	if o.OneEach {
		list = oneEach(list)
	}
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "hisab-defects")
	if err != nil {
		return fmt.Errorf("make room for the mutants: %w", err)
	}
	defer os.RemoveAll(dir)
	results := make([]chan result, len(list))
	for i := range results {
		results[i] = make(chan result, 1)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	turn := make(chan struct{}, max(1, o.Parallel))
	go func() {
		for i := range list {
			turn <- struct{}{}
			go func() {
				defer func() { <-turn }()
				results[i] <- o.one(ctx, list[i], root, filepath.Join(dir, strconv.Itoa(i)))
			}()
		}
	}()
	r := newReport(list, out)
	r.head()
	for i := range list {
		r.row(list[i], <-results[i])
	}
	return r.sum()
}

// choose picks defects by name.
func choose(list []Defect, only []string) ([]Defect, error) {
	if len(only) == 0 {
		return list, nil
	}
	var chosen []Defect
	for _, name := range only {
		i := slices.IndexFunc(list, func(d Defect) bool { return d.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("no defect is called %q; -list shows them", name)
		}
		chosen = append(chosen, list[i])
	}
	return chosen, nil
}

// oneEach keeps the defects that break a promise which none before them breaks.
func oneEach(list []Defect) []Defect {
	broken := map[string]bool{}
	var kept []Defect
	for _, d := range list {
		isNew := func(promise string) bool { return !broken[promise] }
		if !slices.ContainsFunc(d.Breaks, isNew) {
			continue
		}
		kept = append(kept, d)
		for _, promise := range d.Breaks {
			broken[promise] = true
		}
	}
	return kept
}

// result is what became of the hunt for one defect.
type result struct {
	find
	err error
}

// one hunts one defect in a folder of its own, which it removes: a program takes some room.
func (o *Options) one(ctx context.Context, d Defect, root, dir string) result {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return result{err: fmt.Errorf("%s: %w", d.Name, err)}
	}
	defer os.RemoveAll(dir)
	program, err := d.build(ctx, root, dir)
	if err != nil {
		return result{err: err}
	}
	histories := o.Histories
	if d.Courtesy != "" {
		histories = o.CourtesyHistories
	}
	f, err := hunt(ctx, program, histories)
	if err != nil {
		return result{err: fmt.Errorf("%s: %w", d.Name, err)}
	}
	return result{find: f}
}

// report writes the table and keeps the score.
type report struct {
	out                        io.Writer
	name, breaks               int // widths
	defects, found, courtesies int
	slowest                    string
	most                       int
	by                         map[string]int // how often each invariant was the first to report
	errs                       []error
}

func newReport(list []Defect, out io.Writer) *report {
	r := &report{out: out, name: len("defect"), breaks: len("breaks"), by: map[string]int{}}
	for _, d := range list {
		r.name, r.breaks = max(r.name, len(d.Name)), max(r.breaks, len(d.breaks()))
	}
	return r
}

// breaks is what the table says that a defect breaks.
func (d *Defect) breaks() string {
	return cmp.Or(strings.Join(d.Breaks, " "), "nothing")
}

func (r *report) line(name, breaks, after, by, seed, what string) {
	fmt.Fprintln(r.out, strings.TrimRight(fmt.Sprintf("%-*s  %-*s  %11s  %-8s  %6s  %s", r.name, name, r.breaks, breaks, after, by, seed, what), " "))
}

func (r *report) head() {
	r.line("defect", "breaks", "found after", "found by", "seed", "what was seen")
}

// short is the beginning of what was reported.
func short(text string) string {
	const most = 100
	text, _, _ = strings.Cut(text, "\n")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

func (r *report) row(d Defect, got result) {
	if d.Courtesy != "" {
		r.courtesies++
	} else {
		r.defects++
	}
	switch {
	case got.err != nil:
		r.line(d.Name, d.breaks(), "error", "", "", "see below")
		r.errs = append(r.errs, got.err)
	case d.Courtesy != "" && got.Found:
		r.line(d.Name, d.breaks(), strconv.Itoa(got.Histories), got.Invariant, got.Seed, short(got.Text))
		r.errs = append(r.errs, fmt.Errorf("%s is listed as a courtesy, and leaving it out broke %s: %s; say in the table what it guards", d.Name, got.Invariant, got.Text))
	case d.Courtesy != "":
		r.line(d.Name, d.breaks(), "never", "", "", fmt.Sprintf("not found in %d histories, as expected: %s", got.Histories, d.Courtesy))
	case got.Found:
		r.found++
		r.by[got.Invariant]++
		if got.Histories > r.most {
			r.most, r.slowest = got.Histories, d.Name
		}
		r.line(d.Name, d.breaks(), strconv.Itoa(got.Histories), got.Invariant, got.Seed, short(got.Text))
	default:
		r.line(d.Name, d.breaks(), "NOT FOUND", "", "", "")
		r.errs = append(r.errs, fmt.Errorf("%s was not found in %d histories: either it takes no rule out, or the simulator is blind to it", d.Name, got.Histories))
	}
}

// sum writes who found what, and the last line.
func (r *report) sum() error {
	fmt.Fprintln(r.out)
	for _, name := range sortedInvariants(r.by) {
		fmt.Fprintf(r.out, "%s was the first to report %d\n", name, r.by[name])
	}
	for _, err := range r.errs {
		fmt.Fprintln(r.out, err)
	}
	if r.courtesies > 0 {
		fmt.Fprintf(r.out, "%d courtesies, which the simulator must not find\n", r.courtesies)
	}
	slowest := ""
	if r.slowest != "" {
		slowest = fmt.Sprintf(" (%s)", r.slowest)
	}
	fmt.Fprintf(r.out, "%d defects, %d found, most histories needed %d%s\n", r.defects, r.found, r.most, slowest)
	if len(r.errs) > 0 {
		return fmt.Errorf("%d of %d are not as the table says; what is wrong stands above", len(r.errs), r.defects+r.courtesies)
	}
	return nil
}

// sortedInvariants sorts I2 before I10.
func sortedInvariants(by map[string]int) []string {
	var names []string
	for name := range by {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	return names
}
