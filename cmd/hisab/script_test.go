package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hisab/hisab/reconcile/sandbox"
)

// TestScripts plays the stories in testdata/script: each is a shop with a sandbox of its
// own and a clock that only the story moves.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: setStory,
		Cmds:  verbs,
	})
}

// TestMain lets stories run the program as a process of its own: exec program.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"program": main})
}

// scene is what a story plays in.
type scene struct {
	clock   *testClock
	sandbox *sandbox.Server
	random  *rand.ChaCha8
	answer  string // typed at the next prompt
	code    int    // of the last hisab
}

// opened is when every story begins: a Friday, 15:00 in India.
var opened = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)

type sceneKey struct{}

func setStory(env *testscript.Env) error {
	s := &scene{clock: &testClock{at: opened}, random: rand.NewChaCha8([32]byte{1})}
	srv, err := sandbox.New(sandbox.Options{Now: s.clock.Now, Rand: rand.NewChaCha8([32]byte{2})})
	if err != nil {
		return err
	}
	shop, err := filepath.Abs(filepath.Join("testdata", "shop"))
	if err != nil {
		return err
	}
	env.Setenv("SHOP", shop)
	s.sandbox = srv
	web := httptest.NewServer(srv)
	env.Defer(web.Close)
	env.Values[sceneKey{}] = s
	env.Setenv("SANDBOX", web.URL)
	env.Setenv("WHATSAPP_TOKEN", "secret-token")
	return nil
}

func sceneOf(ts *testscript.TestScript) *scene { return ts.Value(sceneKey{}).(*scene) }

// testClock moves when it is told to, and when somebody sleeps.
type testClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *testClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx.Err() == nil && d > 0 {
		c.at = c.at.Add(d)
	}
	return ctx.Err()
}

// verbs are what stories are told with.
var verbs = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"hisab":           runHisab,
	"code":            checkCode,
	"answer":          func(ts *testscript.TestScript, _ bool, args []string) { sceneOf(ts).answer = args[0] + "\n" },
	"clock":           moveClock,
	"shop":            openShop,
	"edit":            editFile,
	"pay":             attempt((*sandbox.Server).Pay),
	"leave":           attempt((*sandbox.Server).Pending),
	"decline":         attempt((*sandbox.Server).Fail),
	"window":          closeWindow,
	"byhand":          refundByHand,
	"outcome":         refundOutcome,
	"fault":           injectFault,
	"heal":            func(ts *testscript.TestScript, _ bool, _ []string) { ts.Check(sceneOf(ts).sandbox.RemoveFault("")) },
	"ledger":          showLedger,
	"example":         copyExample,
	"approve-held":    approveHeld,
	"chat":            showChat,
	"resolve-noted":   resolveNoted(false),
	"resolve-refused": resolveNoted(true),
	"resolve-last":    resolveLast,
	"requests":        showRequests,
}

// runHisab runs a command in this process, on the story's clock. Without ! it must end
// with 0.
func runHisab(ts *testscript.TestScript, neg bool, args []string) {
	if failed := play(ts, ts.Stdout(), args) != 0; failed != neg {
		ts.Fatalf("hisab %s ended with %d", strings.Join(args, " "), sceneOf(ts).code)
	}
}

// play runs a command and returns its status.
func play(ts *testscript.TestScript, out io.Writer, args []string) int {
	s := sceneOf(ts)
	s.settle(ts)
	app := &App{
		In: strings.NewReader(s.answer), Out: out, Err: ts.Stderr(),
		Console: Console{In: s.answer != ""},
		Environ: environ(ts),
		Dir:     ts.MkAbs("."),
		Clock:   s.clock,
		Random:  s.random,
		Who:     "asha@till",
	}
	s.answer = ""
	s.code = app.Run(args)
	return s.code
}

// environ is the part of the story's environment that the program reads.
func environ(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"SANDBOX", "WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "HISAB_STATE", "HISAB_POLICY", "HISAB_ALLOW_HOSTS", "HISAB_VAR_month", "NO_COLOR",
	} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// settle lets happen in the sandbox what is due.
func (s *scene) settle(ts *testscript.TestScript) {
	_, err := s.sandbox.Tick(context.Background(), s.clock.Now())
	ts.Check(err)
}

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

// openShop puts the settings of testdata/shop into a folder and makes its state.
func openShop(ts *testscript.TestScript, _ bool, args []string) {
	dir := "."
	if len(args) > 0 {
		dir = args[0]
	}
	text, err := os.ReadFile(filepath.Join(ts.Getenv("SHOP"), "hisab.hcl"))
	ts.Check(err)
	ts.Check(os.MkdirAll(ts.MkAbs(dir), 0o755))
	ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(dir), "hisab.hcl"), text, 0o644))
	runHisab(ts, false, []string{"init", dir})
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

// approveHeld approves whatever the policy holds now, as a person would from the plan.
func approveHeld(ts *testscript.TestScript, _ bool, _ []string) {
	var shown bytes.Buffer
	play(ts, &shown, []string{"plan", "--json"})
	var plan struct {
		Actions []struct {
			ID   string
			Held bool
		}
	}
	ts.Check(json.Unmarshal(shown.Bytes(), &plan))
	args := []string{"approve"}
	for _, a := range plan.Actions {
		if a.Held {
			args = append(args, a.ID)
		}
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
