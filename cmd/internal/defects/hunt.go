package defects

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
)

// find is what the simulator says of one defect.
type find struct {
	Found     bool
	Histories int    // until it was found, or in all
	Invariant string // that reported it
	Text      string // what it reported
	Seed      string
}

// hunt lets a program with a defect look for what is wrong with it.
func hunt(ctx context.Context, program string, histories int) (find, error) {
	c := exec.CommandContext(ctx, program, "sim", "-histories", strconv.Itoa(histories), "-until-violation", "-quiet", "-workers", "1")
	var out, complaint bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaint
	err := c.Run()
	if ctx.Err() != nil {
		return find{}, ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return find{}, fmt.Errorf("run the simulator: %w", err)
	}
	return readFind(out.Bytes(), complaint.Bytes())
}

// What the simulator prints.
var (
	violationLine = regexp.MustCompile(`(?ms)^violation: (\S+) (.*?) \(seed (\d+), history (\d+)\)$`)
	lastLine      = regexp.MustCompile(`(?m)^(\d+) histories, (\d+) violations\b.*\s*\z`)
)

// readFind reads what the simulator printed, and what it complained of. Its last line is the
// proof that it came to an end; without it nothing was shown, found or not.
func readFind(out, complaint []byte) (find, error) {
	last := lastLine.FindSubmatch(out)
	if last == nil {
		return find{}, fmt.Errorf("the simulator ended without its last line; it said:\n%s", tail(slices.Concat(out, complaint)))
	}
	n, err := strconv.Atoi(string(last[1]))
	if err != nil {
		return find{}, fmt.Errorf("read the simulator's last line: %w", err)
	}
	if string(last[2]) == "0" {
		return find{Histories: n}, nil
	}
	v := violationLine.FindSubmatch(out)
	if v == nil {
		return find{}, fmt.Errorf("the simulator counts a violation and does not name it:\n%s", tail(out))
	}
	m, err := strconv.Atoi(string(v[4]))
	if err != nil {
		return find{}, fmt.Errorf("read the simulator's violation: %w", err)
	}
	return find{Found: true, Histories: m, Invariant: string(v[1]), Text: string(v[2]), Seed: string(v[3])}, nil
}

// tail is the end of a long output.
func tail(out []byte) []byte {
	const most = 2000
	out = bytes.TrimSpace(out)
	if len(out) > most {
		out = out[len(out)-most:]
	}
	return out
}
