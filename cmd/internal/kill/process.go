package kill

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// process is one run of the program.
type process struct {
	cmd     *exec.Cmd
	started time.Time
	ended   chan struct{} // closed when it has ended and all it wrote is here
	out     bytes.Buffer  // standard output
	talk    bytes.Buffer  // standard error
	shot    bool          // it was sent SIGKILL
	asked   bool          // it was sent SIGTERM
	took    time.Duration // from its start to its end
}

// start runs the program. It is killed when ctx ends, at the latest.
func start(ctx context.Context, path string, args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, path, args...), ended: make(chan struct{})}
	p.cmd.Env = environment()
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.talk
	p.started = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the program: %w", err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is in its state
		p.took = time.Since(p.started)
		close(p.ended)
	}()
	return p, nil
}

// running reports whether it has not ended.
func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// kill is kill -9. What it still had in the pipe is read.
func (p *process) kill() {
	p.shot = true
	_ = p.cmd.Process.Kill() // one that has just ended cannot be killed
}

func (p *process) signal(s os.Signal) { _ = p.cmd.Process.Signal(s) }

// stopPolitely asks it to finish what is in flight.
func (p *process) stopPolitely() {
	p.asked = true
	p.signal(syscall.SIGTERM)
}

// deaf reports that it was asked to stop before it could listen: on a busy machine a program
// is not at its first line yet when its moment comes, and ends as any other would.
func (p *process) deaf() bool { return p.asked && p.exit() == -1 && p.printed() == "" }

// endsWithin waits for its end, and reports whether it came in time.
func (p *process) endsWithin(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-p.ended:
		return true
	case <-timer.C:
		return false
	}
}

// killed reports that the kill ended it, and not that it had ended before.
func (p *process) killed() bool { return p.shot && p.exit() == -1 }

// exit is its status; -1: a signal ended it.
func (p *process) exit() int { return p.cmd.ProcessState.ExitCode() }

// The exit statuses of the program (contract, section 3).
const (
	exitDone    = 0
	exitActions = 2
	exitUnknown = 6
	exitLocked  = 7
	exitStale   = 8
)

// statuses are all with which plan and apply may end.
var statuses = []int{exitDone, 1, exitActions, 4, 5, exitUnknown, exitLocked, exitStale, 130, 143}

// crashed says how it ended as no program should, or nothing.
func (p *process) crashed() string {
	switch text := p.talk.String(); {
	case p.killed(), p.deaf():
	case strings.Contains(text, "panic:"), strings.Contains(text, "fatal error:"), strings.Contains(text, "DATA RACE"):
		return text
	case !slices.Contains(statuses, p.exit()):
		return fmt.Sprintf("exit status %d: %s", p.exit(), text)
	}
	return ""
}

// printed is all it wrote.
func (p *process) printed() string { return p.out.String() + p.talk.String() }

// end is the end of what it wrote, for an accusation; all of it is in the round's folder.
func (p *process) end() string {
	text := p.printed()
	if from := len(text) - 2000; from > 0 {
		return "…" + text[from:]
	}
	return text
}

// reported are the actions that it said were done; the last line may be cut off.
func (p *process) reported() (done []Reported) {
	for line := range strings.Lines(p.out.String()) {
		var r struct {
			Type string `json:"type"`
			Reported
		}
		if json.Unmarshal([]byte(line), &r) == nil && r.Type == "action_done" {
			done = append(done, r.Reported)
		}
	}
	return done
}

// foreseen is a plan as plan --json shows it.
type foreseen struct {
	Actions []struct {
		ID        string `json:"id"`
		Kind      string `json:"kind"`
		Reference string `json:"reference_id"`
	} `json:"actions"`
	Waiting, Blocked, Unknown []note
}

type note struct {
	Reference string `json:"reference_id"`
	Address   string `json:"address"`
	Kind      string `json:"kind"`
	Code      string `json:"code"`
	Detail    string `json:"detail"`
}

func (p *process) plan() (f foreseen, err error) {
	if p.exit() != exitDone && p.exit() != exitActions {
		return f, fmt.Errorf("plan ended with %d: %s", p.exit(), p.talk.String())
	}
	return f, errors.Join(json.Unmarshal(p.out.Bytes(), &f))
}
