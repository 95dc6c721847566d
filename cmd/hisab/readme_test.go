package main

import (
	"bytes"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hisab/hisab/reconcile/sandbox"
)

// TestReadmeTour takes the README's five minutes: it types what stands after each $ and
// does between the commands what the text says. What is shown must be what appears.
func TestReadmeTour(t *testing.T) {
	r := newReader(t)
	between := []func(){
		func() {}, // the first plan
		func() { r.hisab("yes\n", "apply"); r.pay("BREAD-1") },
		func() { r.edit("orders.hcl", `status = "shipped"`, `status = "canceled"`) },
		func() {
			r.edit("orders.hcl", `status = "canceled"`, `status = "completed"`)
			for _, line := range []string{`refund "damaged-loaf" {`, "  amount = 100.00", `  reason = "One loaf was damaged"`, "}"} {
				r.edit("orders.hcl", "  # "+line+"\n", "  "+line+"\n")
			}
		},
		func() { r.pay("FEE-2026-11"); r.hisab("", "apply", "--auto-approve") },
	}
	for _, shown := range consoleOf(t, filepath.Join("..", "..", "README.md")) {
		command, output, _ := strings.Cut(shown, "\n")
		command, _, _ = strings.Cut(command, " #")
		args := strings.Fields(command)
		switch {
		case args[0] == "go" || args[1] == "sandbox":
			// The program is this one, and the sandbox runs.
		case args[0] == "cd":
			r.dir = filepath.Join(r.dir, args[1])
			r.edit("hisab.hcl", "http://"+sandbox.DefaultAddr, r.url)
		case args[1] == "init":
			r.hisab("", args[1:]...)
		case len(between) == 0:
			t.Fatalf("what is done before %q?", command)
		default:
			between[0]()
			between = between[1:]
			r.compare(command, r.hisab("", args[1:]...), output)
		}
	}
	if len(between) > 0 {
		t.Errorf("the README lacks its last %d commands", len(between))
	}
}

// consoleOf returns what the console blocks of a page show, command by command.
func consoleOf(t *testing.T, path string) (shown []string) {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split(string(page), "```console\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		shown = append(shown, strings.Split(strings.TrimPrefix(block, "$ "), "\n$ ")...)
	}
	return shown
}

// reader is somebody with the README, a terminal and the sandbox's page.
type reader struct {
	*testing.T
	sandbox *sandbox.Server
	url     string
	clock   *testClock
	random  *rand.ChaCha8
	dir     string
}

func newReader(t *testing.T) *reader {
	t.Helper()
	r := &reader{T: t, clock: &testClock{at: opened}, random: rand.NewChaCha8([32]byte{1}), dir: t.TempDir()}
	srv, err := sandbox.New(sandbox.Options{Now: r.clock.Now, Rand: rand.NewChaCha8([32]byte{2})})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(srv)
	t.Cleanup(web.Close)
	r.sandbox, r.url = srv, web.URL
	return r
}

// hisab runs a command in a terminal of 100 columns and returns all that appears there.
func (r *reader) hisab(answer string, args ...string) string {
	r.Helper()
	var screen bytes.Buffer
	app := &App{
		In: strings.NewReader(answer), Out: &screen, Err: &screen,
		Console: Console{In: answer != "", Width: 100},
		Dir:     r.dir, Clock: r.clock, Random: r.random, Who: "asha@till",
	}
	if code := app.Run(args); code != 0 {
		r.Fatalf("hisab %s ended with %d:\n%s", strings.Join(args, " "), code, screen.String())
	}
	return screen.String()
}

func (r *reader) pay(reference string) {
	r.Helper()
	if err := r.sandbox.Pay(sandbox.Attempt{Reference: reference}); err != nil {
		r.Fatal(err)
	}
}

func (r *reader) edit(file, old, new string) {
	r.Helper()
	path := filepath.Join(r.dir, file)
	text, err := os.ReadFile(path)
	if err != nil {
		r.Fatal(err)
	}
	if strings.Count(string(text), old) != 1 {
		r.Fatalf("%s does not hold %q once", file, old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o600); err != nil {
		r.Fatal(err)
	}
}

// compare wants what is shown to appear. A line that is … stands for any.
func (r *reader) compare(command, appeared, shown string) {
	r.Helper()
	rest := appeared
	for i, part := range strings.Split("\n"+shown, "\n…\n") {
		part = strings.Trim(part, "\n")
		at := strings.Index(rest, part)
		if at < 0 || i == 0 && strings.Trim(rest[:at], "\n") != "" {
			r.Errorf("%s\nshows\n%s\nwhere this appears\n%s", command, part, appeared)
			return
		}
		rest = rest[at+len(part):]
	}
	if strings.TrimSpace(rest) != "" {
		r.Errorf("%s\ndoes not show what appears last:\n%s", command, rest)
	}
}
