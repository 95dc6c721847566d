package fuzz

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"sync"
	"time"
)

// Options say what to fuzz and for how long.
type Options struct {
	Dir  string        // the module's
	Time time.Duration // for each target
	Jobs int           // how many targets at a time, each with one worker
	// Match chooses among the targets by name; nil: all.
	Match *regexp.Regexp
}

// ErrFound: at least one target failed.
var ErrFound = errors.New("fuzzing found what breaks a promise; the input stands below testdata/fuzz of its package, and go test replays it")

// Run fuzzes, prints a line for each target as it ends and one for all, and then what each of
// those that failed has to say. Its error is ErrFound where one did.
func Run(ctx context.Context, o Options, out io.Writer) error {
	start := time.Now()
	packages, err := find(ctx, o.Dir, o.Match)
	if err != nil {
		return err
	}
	if len(packages) == 0 {
		return errors.New("there is no such target")
	}
	dir, err := os.MkdirTemp("", "hisab-fuzz")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	targets, built := prepare(ctx, packages, dir)
	t := newTable(out, packages)
	var workers sync.WaitGroup
	for range max(o.Jobs, 1) {
		workers.Go(func() {
			for next := range targets {
				t.add(next.run(ctx, &o))
			}
		})
	}
	workers.Wait()
	if err := <-built; err != nil {
		return err
	}
	return t.end(time.Since(start).Round(time.Second), ctx.Err())
}

// prepare builds one package after the other, and hands out its targets while the next is
// built. The last word is the error with which that ended.
func prepare(ctx context.Context, packages []pkg, dir string) (<-chan *target, <-chan error) {
	targets, built := make(chan *target, 1000), make(chan error, 1) // building need not wait
	go func() {
		defer close(targets)
		built <- func() error {
			for i := range packages {
				p := &packages[i]
				cache, err := p.cacheDir(ctx)
				if err != nil {
					return err
				}
				binary, err := p.build(ctx, dir)
				if err != nil {
					return err
				}
				for _, name := range p.targets {
					select {
					case targets <- &target{p, name, binary, cache}:
					case <-ctx.Done():
						return ctx.Err()
					}
				}
			}
			return nil
		}()
	}()
	return targets, built
}

// table prints results in columns.
type table struct {
	out    io.Writer
	widths [2]int

	mu                 sync.Mutex
	targets            int
	execs, interesting int
	failed             []result
}

func newTable(out io.Writer, packages []pkg) *table {
	t := &table{out: out, widths: [2]int{len("package"), len("target")}}
	for i := range packages {
		t.widths[0] = max(t.widths[0], len(packages[i].short()))
		for _, name := range packages[i].targets {
			t.widths[1] = max(t.widths[1], len(name))
		}
	}
	t.row("package", "target", "execs", "new", "result")
	return t
}

func (t *table) row(pkg, target string, execs, interesting any, verdict string) {
	fmt.Fprintf(t.out, "%-*s  %-*s  %9v  %5v  %s\n", t.widths[0], pkg, t.widths[1], target, execs, interesting, verdict)
}

func (t *table) add(r result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.row(r.pkg, r.target, r.execs, r.interesting, r.verdict())
	t.targets++
	t.execs += r.execs
	t.interesting += r.interesting
	if r.err != nil {
		t.failed = append(t.failed, r)
	}
}

func (t *table) end(took time.Duration, stopped error) error {
	for _, r := range t.failed {
		fmt.Fprintf(t.out, "\n%s of %s: %v\n%s", r.target, r.pkg, r.err, r.output)
	}
	fmt.Fprintf(t.out, "%d targets, %d inputs tried, %d of them new, %d failed, in %v\n", t.targets, t.execs, t.interesting, len(t.failed), took)
	switch {
	case stopped != nil:
		return stopped
	case len(t.failed) > 0:
		return ErrFound
	}
	return nil
}
