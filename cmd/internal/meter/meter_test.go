package meter_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hisab/hisab/cmd/internal/meter"
)

// screen is what was written so far, read while the meter writes.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestShortWorkShowsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		m := meter.New(&out, 80)
		m.Phase("Reading", 3)
		time.Sleep(400 * time.Millisecond)
		m.At("Reading", 1, 3)
		m.Close()
		if got := out.String(); got != "" {
			t.Errorf("shown: %q", got)
		}
	})
}

func TestBarOnATerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		m := meter.New(&out, 200)
		m.Phase("Acting", 10)
		for _, done := range []int{2, 5, 3} {
			m.At("Acting", done, 10)
		}
		m.Failed()
		time.Sleep(1050 * time.Millisecond)
		synctest.Wait()
		got := out.String()
		for _, want := range []string{"Acting ████████████░░░░░░░░░░░░ 5 of 10, 1 failed, 5/s", "left"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q does not show %q", got, want)
			}
		}
		m.Println("order.A: sent")
		if !strings.HasSuffix(out.String(), "\r\x1b[Korder.A: sent\n") {
			t.Errorf("the line does not stand on a clean line: %q", out.String())
		}
		m.Close()
	})
}

func TestBarNeverWraps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		m := meter.New(&out, 30)
		m.Phase(strings.Repeat("long ", 20), 10)
		time.Sleep(time.Second)
		synctest.Wait()
		for _, line := range strings.Split(out.String(), "\r") {
			if n := len([]rune(strings.TrimSuffix(line, "\x1b[K"))); n > 29 {
				t.Errorf("%d columns: %q", n, line)
			}
		}
		m.Close()
	})
}

// Work of an unknown length says how long it takes, not that nothing is done.
func TestHeartbeatOfUnknownLength(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		m := meter.New(&out, 0)
		m.Phase("Reading the spec", 0)
		time.Sleep(15 * time.Second)
		m.Close()
		if got, want := out.String(), "Reading the spec…\nReading the spec… 11s so far\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestHeartbeatWithoutATerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		m := meter.New(&out, 0)
		m.Phase("Looking at payments", 100)
		time.Sleep(15 * time.Second)
		m.At("Looking at payments", 1, 100)
		synctest.Wait()
		time.Sleep(6 * time.Second)
		synctest.Wait()
		m.Close()
		want := []string{"Looking at payments…", "Looking at payments… 0 of 100", "Looking at payments… 1 of 100, 0/s, 33m57s left"}
		got := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || !strings.HasPrefix(got[2], "Looking at payments… 1 of 100") {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
