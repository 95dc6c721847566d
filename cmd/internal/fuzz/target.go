package fuzz

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// target is one target to run.
type target struct {
	pkg    *pkg
	name   string
	binary string
	cache  string
}

// result is what came of one target.
type result struct {
	pkg, target string
	execs       int // inputs tried
	interesting int // inputs among them that reached what none did before
	err         error
	output      string // of one that failed
}

func (r *result) verdict() string {
	if r.err != nil {
		return "FAILED"
	}
	return "ok"
}

// grace is how much longer than its time a target may take: to try the corpus it has, to
// shrink what failed, to stop.
const grace = 3 * time.Minute

// errIdle: a target that tried nothing shows nothing.
var errIdle = errors.New("it tried no input")

// run fuzzes with one worker. Shrinking new inputs is bounded by tries: by time, which is the
// default, a slow target would do little else.
func (t *target) run(ctx context.Context, o *Options) result {
	limit, cancel := context.WithTimeout(ctx, o.Time+grace)
	defer cancel()
	cmd := exec.CommandContext(limit, t.binary, "-test.run=^$", "-test.fuzz=^"+t.name+"$", "-test.fuzztime="+o.Time.String(),
		"-test.fuzzminimizetime=10x", "-test.parallel=1", "-test.fuzzcachedir="+t.cache)
	cmd.Dir = t.pkg.Dir
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	r := result{pkg: t.pkg.short(), target: t.name, err: err}
	r.execs, r.interesting = progress(out.String())
	switch {
	case ctx.Err() != nil:
		r.err = ctx.Err()
	case limit.Err() != nil:
		r.err = fmt.Errorf("it did not end within %v of its time", grace)
	case err != nil && onlyOutOfTime(out.String()):
		r.err = nil
	}
	if r.err == nil && r.execs == 0 {
		r.err = errIdle
	}
	if r.err != nil {
		r.output = withoutProgress(out.String())
	}
	return r
}

// outOfTime is all that go test says where the time of a target ends while its worker is at
// work: before Go 1.27 that counts as a failure (golang/go#75804). One that found something
// names the input.
var outOfTime = regexp.MustCompile(`\A--- FAIL: \w+ \([0-9.]+s\)\n +context deadline exceeded\n(FAIL\n|exit status 1\n)*\z`)

func onlyOutOfTime(output string) bool { return outOfTime.MatchString(withoutProgress(output)) }

var (
	counted   = regexp.MustCompile(`execs: (\d+) .*new interesting: (\d+)`)
	gathering = regexp.MustCompile(`gathering baseline coverage: (\d+)/`)
)

// progress reads the last counts. A target that spends its time on the corpus it has already
// tries that.
func progress(output string) (execs, interesting int) {
	if all := counted.FindAllStringSubmatch(output, -1); len(all) > 0 {
		last := all[len(all)-1]
		execs, _ = strconv.Atoi(last[1])
		interesting, _ = strconv.Atoi(last[2])
		return execs, interesting
	}
	if all := gathering.FindAllStringSubmatch(output, -1); len(all) > 0 {
		execs, _ = strconv.Atoi(all[len(all)-1][1])
	}
	return execs, 0
}

// withoutProgress leaves the lines that say what failed.
func withoutProgress(output string) string {
	var b strings.Builder
	for line := range strings.Lines(output) {
		if !strings.HasPrefix(line, "fuzz: elapsed: ") {
			b.WriteString(line)
		}
	}
	return b.String()
}
