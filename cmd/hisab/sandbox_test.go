package main

import (
	"bufio"
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The sandbox says where it is, serves its page and the platform there, and ends on SIGTERM.
func TestSandbox(t *testing.T) {
	for listen, warned := range map[string]bool{"127.0.0.1:0": false, "0.0.0.0:0": true, ":0": true} {
		t.Run(listen, func(t *testing.T) { playSandbox(t, listen, warned) })
	}
}

func playSandbox(t *testing.T, listen string, warned bool) {
	out, w := io.Pipe()
	var errs bytes.Buffer
	signals := make(chan os.Signal, 1)
	app := &App{
		Out: w, Err: &errs, Dir: t.TempDir(), Clock: &testClock{at: opened},
		Random: rand.NewChaCha8([32]byte{3}), Signals: signals,
	}
	ended := make(chan int, 1)
	go func() {
		ended <- app.Run([]string{"sandbox", "-listen", listen, "-state", "kept.json"})
		w.Close()
	}()

	lines := bufio.NewScanner(out)
	var url, said string
	for lines.Scan() {
		said += lines.Text() + "\n"
		if m := regexp.MustCompile(`base_url += "(http://127\.0\.0\.1:\d+)"`).FindStringSubmatch(lines.Text()); m != nil {
			url = m[1]
		}
		if strings.HasPrefix(lines.Text(), "Ctrl-C") {
			break
		}
	}
	if url == "" {
		t.Fatalf("it does not say how to point a provider at it:\n%s", said)
	}
	if page := get(t, url+"/"); !strings.Contains(page, "<html") {
		t.Errorf("no page: %.100s", page)
	}
	if state := get(t, url+"/_sandbox/orders"); strings.TrimSpace(state) != "[]" && !strings.Contains(state, "null") {
		t.Errorf("orders: %.100s", state)
	}
	signals <- syscall.SIGTERM
	select {
	case code := <-ended:
		if code != int(ExitTerminated) {
			t.Errorf("ended with %d", code)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it does not end")
	}
	if got := strings.Contains(errs.String(), "Warning: other machines can reach"); got != warned {
		t.Errorf("warned of other machines: %t, want %t: %s", got, warned, errs.String())
	}
}

func TestWhereTheSandboxIs(t *testing.T) {
	tests := []struct {
		listening, url      string
		beyond, unreachable bool
	}{
		{"127.0.0.1:4010", "http://127.0.0.1:4010", false, false},
		{"[::1]:4010", "http://[::1]:4010", false, false},
		{"0.0.0.0:4010", "http://127.0.0.1:4010", true, false},
		{"[::]:4010", "http://127.0.0.1:4010", true, false},
		{"192.0.2.7:4010", "http://192.0.2.7:4010", true, true},
	}
	for _, tt := range tests {
		addr := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(tt.listening))
		if got := baseURL(addr); got != tt.url {
			t.Errorf("what listens on %s is at %s, want %s", tt.listening, got, tt.url)
		}
		warning := warnBeyond(addr)
		if got := strings.Contains(warning, "other machines can reach"); got != tt.beyond {
			t.Errorf("%s: warned of other machines: %t: %s", tt.listening, got, warning)
		}
		if got := strings.Contains(warning, "--listen 0.0.0.0:4010"); got != tt.unreachable {
			t.Errorf("%s: said that the page cannot be opened: %t: %s", tt.listening, got, warning)
		}
	}
}

func TestSandboxSaysThatThePortIsTaken(t *testing.T) {
	var errs bytes.Buffer
	app := &App{Out: io.Discard, Err: &errs, Dir: t.TempDir(), Clock: &testClock{at: opened}, Random: rand.NewChaCha8([32]byte{3})}
	if code := app.Run([]string{"sandbox", "-listen", "256.0.0.1:1"}); code != 1 || !strings.Contains(errs.String(), "--listen") {
		t.Errorf("%d: %s", code, errs.String())
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
