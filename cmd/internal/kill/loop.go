package kill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Options of a run.
type Options struct {
	// Kills is how many processes to kill.
	Kills int
	// Seed is that of the first round; the next ones follow by one.
	Seed uint64
	// Keep keeps the folders of all rounds; that of a failing round is kept in any case.
	Keep bool
	// Verbose tells of every round.
	Verbose bool
	// Race builds the program with the race detector.
	Race bool
	// Binary is a program built before; empty: it is built.
	Binary string
	// Progress is where to say how it goes.
	Progress io.Writer
}

// ErrViolated: a promise was broken; what broke was written to Progress.
var ErrViolated = errors.New("a promise was broken")

// loop is one run.
type loop struct {
	Options
	dir    string // of the run, temporary
	binary string
	pace   pace
	report *Report
}

// Run kills the program as often as it is told to, round after round, and stops at the first
// round that breaks a promise, with ErrViolated.
func Run(ctx context.Context, o Options) (*Report, error) {
	dir, err := os.MkdirTemp("", "hisab-kill-")
	if err != nil {
		return nil, err
	}
	l := &loop{Options: o, dir: dir, binary: o.Binary, report: &Report{Struck: map[string]int{}}}
	err = l.run(ctx)
	if !o.Keep && l.report.Violations == 0 {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return l.report, err
}

func (l *loop) run(ctx context.Context) (err error) {
	if l.binary == "" {
		if l.binary, err = build(ctx, l.dir, l.Race); err != nil {
			return err
		}
	}
	if err := l.measure(ctx); err != nil {
		return err
	}
	for n := uint64(0); l.report.Kills < l.Kills; n++ {
		if err := l.round(ctx, l.Seed+n); err != nil {
			return err
		}
	}
	if l.Verbose {
		fmt.Fprintln(l.Progress, l.report.Troubles())
	}
	return nil
}

// killsOfARound is how many kills one shop sees, at most.
const killsOfARound = 10

func (l *loop) round(ctx context.Context, seed uint64) error {
	began, before := time.Now(), l.report.Kills
	r, err := openRound(ctx, l, seed)
	if err != nil {
		return err
	}
	defer r.close()
	err = r.run(ctx, min(l.Kills-before, 4+r.chance.IntN(killsOfARound-3)))
	r.tally()
	var b *broken
	switch {
	case errors.As(err, &b):
		l.report.Violations += len(b.violations)
		return errors.Join(l.accuse(r, b), ErrViolated)
	case err != nil:
		return fmt.Errorf("round with seed %d: %w", seed, err)
	}
	if l.Verbose {
		fmt.Fprintf(l.Progress, "seed %d: %d kills in %d lives, %d orders, %.1f s\n", seed, l.report.Kills-before, r.lives, len(r.shop.wishes), time.Since(began).Seconds())
	}
	if l.Keep {
		return r.keepEvidence()
	}
	return os.RemoveAll(r.dir)
}

// accuse tells what broke, and how to look for it again.
func (l *loop) accuse(r *round, b *broken) error {
	fmt.Fprintf(l.Progress, "\nround with seed %d, after %d kills, in life %d of the round:\n\n", r.seed, l.report.Kills, r.lives)
	for _, v := range b.violations {
		fmt.Fprintf(l.Progress, "  %s\n\n", v)
	}
	fmt.Fprintf(l.Progress, "Spec, journal, prints and the platform's records: %s\nAgain, with the same shop and the same kind of trouble; the very moments are the machine's:\n  go run ./cmd/prove kill -seed %d -kills %d -keep -v\n\n",
		r.dir, r.seed, killsOfARound)
	return r.keepEvidence()
}

// measure runs a new shop without any disturbance.
func (l *loop) measure(ctx context.Context) error {
	r, err := openRound(ctx, l, l.Seed)
	if err != nil {
		return err
	}
	defer r.close()
	defer os.RemoveAll(r.dir)
	r.platform.trouble.end()
	first := r.platform.alive()
	p, err := r.begin(ctx, []string{"apply", "-C", r.spec, "--auto-approve", "--json"})
	if err != nil {
		return err
	}
	select {
	case <-first:
	case <-p.ended:
	}
	idle := time.Since(p.started)
	<-p.ended
	if p.exit() != exitDone {
		return fmt.Errorf("an undisturbed run ended with %d: %s", p.exit(), p.printed())
	}
	l.pace.life = time.Since(p.started)
	l.pace.busy = max(l.pace.life-idle, time.Millisecond)
	if l.Verbose {
		fmt.Fprintf(l.Progress, "an undisturbed run takes %v, and is at work for %v of it\n", l.pace.life.Round(time.Millisecond), l.pace.busy.Round(time.Millisecond))
	}
	return nil
}

func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return os.WriteFile(path, text, 0o600)
}
