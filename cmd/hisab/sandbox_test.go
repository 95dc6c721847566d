package main

import (
	"bufio"
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The sandbox says where it is, serves its page and the platform there, and ends on SIGTERM.
func TestSandbox(t *testing.T) {
	out, w := io.Pipe()
	signals := make(chan os.Signal, 1)
	app := &App{
		Out: w, Err: io.Discard, Dir: t.TempDir(), Clock: &testClock{at: opened},
		Random: rand.NewChaCha8([32]byte{3}), Signals: signals,
	}
	ended := make(chan int, 1)
	go func() {
		ended <- app.Run([]string{"sandbox", "-listen", "127.0.0.1:0", "-state", "kept.json"})
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
