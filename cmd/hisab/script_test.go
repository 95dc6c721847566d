package main

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
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
	"struck":          waitForFaults,
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
