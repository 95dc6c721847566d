package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hisab/hisab/reconcile/sandbox"
)

func checkCode(ts *testscript.TestScript, _ bool, args []string) {
	if got := strconv.Itoa(sceneOf(ts).code); got != args[0] {
		ts.Fatalf("hisab ended with %s, want %s", got, args[0])
	}
}

// moveClock lets time pass: clock 5m.
func moveClock(ts *testscript.TestScript, _ bool, args []string) {
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	s := sceneOf(ts)
	ts.Check(s.clock.Sleep(context.Background(), d))
	s.settle(ts)
}

// openShop puts the settings of testdata/shop into a folder and makes its state: shop [DIR
// [FLAGS]].
func openShop(ts *testscript.TestScript, _ bool, args []string) {
	dir := "."
	if len(args) > 0 {
		dir, args = args[0], args[1:]
	}
	text, err := os.ReadFile(filepath.Join(ts.Getenv("SHOP"), "hisab.hcl"))
	ts.Check(err)
	ts.Check(os.MkdirAll(ts.MkAbs(dir), 0o755))
	ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(dir), "hisab.hcl"), text, 0o644))
	runHisab(ts, false, append([]string{"init", dir}, args...))
}

// copyExample puts one of the examples that people copy into the story.
func copyExample(ts *testscript.TestScript, _ bool, args []string) {
	source := filepath.Join(ts.Getenv("SHOP"), "..", "..", "..", "..", "examples", args[0])
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(source)))
}

// editFile replaces a passage: edit FILE OLD NEW.
func editFile(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	text, err := os.ReadFile(path)
	ts.Check(err)
	if !bytes.Contains(text, []byte(args[1])) {
		ts.Fatalf("%s holds no %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(path, bytes.Replace(text, []byte(args[1]), []byte(args[2]), 1), 0o644))
}

// attempt is a customer at an order: pay REF [method] [paise], force=true.
func attempt(f func(*sandbox.Server, sandbox.Attempt) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		a := sandbox.Attempt{Reference: args[0]}
		for _, arg := range args[1:] {
			switch name, value, _ := strings.Cut(arg, "="); name {
			case "method":
				a.Method = value
			case "amount":
				n, err := strconv.ParseInt(value, 10, 64)
				ts.Check(err)
				a.Amount = n
			case "currency":
				a.Currency = value
			case "force":
				a.Force = true
			default:
				ts.Fatalf("unknown %q", arg)
			}
		}
		s := sceneOf(ts)
		s.settle(ts)
		ts.Check(f(s.sandbox, a))
	}
}

func closeWindow(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(sceneOf(ts).sandbox.Window(sandbox.DefaultNumber, args[0], args[1] == "open"))
}

// refundByHand is a refund made at the gateway: byhand REF PAISE. Its id goes to $BYHAND.
func refundByHand(ts *testscript.TestScript, _ bool, args []string) {
	amount, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	id, err := sceneOf(ts).sandbox.ManualRefund(sandbox.GatewayRefund{Reference: args[0], Amount: amount})
	ts.Check(err)
	ts.Setenv("BYHAND", id)
}

// refundOutcome decides the last refund of the ledger: outcome failed.
func refundOutcome(ts *testscript.TestScript, _ bool, args []string) {
	s := sceneOf(ts)
	id := ""
	for _, e := range s.sandbox.Ledger() {
		if e.Kind == "refund" {
			id = e.ID
		}
	}
	ts.Check(s.sandbox.RefundOutcome(id, args[0]))
}

// injectFault lets requests go wrong: fault refund act_drop [times=2] [code=131026] ….
func injectFault(ts *testscript.TestScript, _ bool, args []string) {
	f := sandbox.Fault{Where: args[0], What: args[1]}
	for _, arg := range args[2:] {
		var err error
		switch name, value, _ := strings.Cut(arg, "="); name {
		case "times":
			f.Times, err = strconv.Atoi(value)
		case "code":
			f.Code, err = strconv.Atoi(value)
		case "status":
			f.Status, err = strconv.Atoi(value)
		case "ref":
			f.Reference = value
		case "kind":
			f.Kind = value
		case "body":
			f.Body = value
		case "delay":
			f.Delay, err = time.ParseDuration(value)
		default:
			err = fmt.Errorf("unknown %q", arg)
		}
		ts.Check(err)
	}
	_, err := sceneOf(ts).sandbox.Inject(f)
	ts.Check(err)
}

// approvable is a command of a plan's text that lets something go.
var approvable = regexp.MustCompile(`approve (?:--\S+ \S+ )*([0-9a-f]+)`)

// approveHeld approves whatever the plan with these flags offers to let go, as a person would
// from it.
func approveHeld(ts *testscript.TestScript, _ bool, flags []string) {
	var shown bytes.Buffer
	play(ts, &shown, append([]string{"plan"}, flags...))
	args := append([]string{"approve"}, flags...)
	for _, m := range approvable.FindAllStringSubmatch(shown.String(), -1) {
		args = append(args, m[1])
	}
	runHisab(ts, false, append(args, "--reason", "seen by the till"))
}

// showLedger writes every movement of money: capture BREAD-1 21000.
func showLedger(ts *testscript.TestScript, _ bool, _ []string) {
	out := ts.Stdout()
	for _, e := range sceneOf(ts).sandbox.Ledger() {
		fmt.Fprintf(out, "%s %s %d\n", e.Kind, e.Reference, e.Amount)
	}
}

// showChat writes every message: order_details BREAD-1, order_status BREAD-1 shipped.
func showChat(ts *testscript.TestScript, _ bool, _ []string) {
	out := ts.Stdout()
	for _, m := range sceneOf(ts).sandbox.Messages() {
		fmt.Fprintln(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", m.Kind, m.Reference, m.Status)))
	}
}

// waitForFaults waits until the faults in place have struck so often altogether, which is
// how a story knows that a process of its own is waiting for an answer.
func waitForFaults(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		hits := 0
		for _, f := range sceneOf(ts).sandbox.Faults() {
			hits += f.Hits
		}
		if hits >= want {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("the faults struck %d times within a minute, not %d", hits, want)
		}
	}
}

// showRequests writes every request that the sandbox got: GET /v24.0/….
func showRequests(ts *testscript.TestScript, _ bool, _ []string) {
	out := ts.Stdout()
	for _, r := range sceneOf(ts).sandbox.Requests() {
		fmt.Fprintln(out, r.Method, r.Path)
	}
}

// named is the command with which a plan names an attempt, and its id in JSON.
var named = regexp.MustCompile(`hisab resolve ([0-9a-f]+-[0-9]+)|"id":"([0-9a-f]+-[0-9]+)"`)

// resolveNoted settles the one attempt that the plan names, as a person would from there.
func resolveNoted(refused bool) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		var shown bytes.Buffer
		play(ts, &shown, []string{"plan", "--json"})
		m := named.FindStringSubmatch(shown.String())
		if m == nil {
			ts.Fatalf("the plan names no attempt:\n%s", shown.String())
		}
		ts.Setenv("ATTEMPT", cmp.Or(m[1], m[2]))
		resolveLast(ts, refused, args)
	}
}

// resolveLast decides about the attempt that was named last.
func resolveLast(ts *testscript.TestScript, refused bool, args []string) {
	runHisab(ts, refused, append([]string{"resolve", ts.Getenv("ATTEMPT")}, args...))
}
