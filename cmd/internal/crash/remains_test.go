package crash

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/cmd/internal/kill"
	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sandbox"
)

// remains is a shop between two processes: what is on the disk and on the platform, what is
// still on its way there, and what was said and asked until then.
type remains struct {
	files    map[string][]byte
	at       time.Time
	underway []request
	asked    []sandbox.Request
	told     []kill.Reported
	orders   []string
	starts   int
	deaths   []string // the points at which processes died
}

// remains takes what a process leaves behind that did not end, but stopped: its files as they
// are, without what an orderly end would have added or folded away.
func (s *shop) remains(f *fate) remains {
	s.t.Helper()
	r := remains{
		files: map[string][]byte{}, at: s.clock.Now(), underway: s.clock.underway(), asked: s.asked(),
		told: s.told, orders: s.orders, starts: s.starts, deaths: s.deaths,
	}
	list, err := os.ReadDir(s.dir)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range list {
		if strings.HasSuffix(f.Name(), "-shm") {
			continue // shared memory is gone with those who share it
		}
		if r.files[f.Name()], err = os.ReadFile(filepath.Join(s.dir, f.Name())); err != nil {
			s.t.Fatal(err)
		}
	}
	if f.torn != nil {
		r.files[journalName+"-wal"] = f.torn
	}
	if f.dead {
		r.deaths = append(slices.Clone(r.deaths), f.last())
	}
	return r
}

// shop opens a shop on what remains.
func (r remains) shop(t *testing.T) *shop {
	t.Helper()
	dir := memory(t)
	for name, b := range r.files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := newShop(t, r.at, dir)
	s.clock.delayed = slices.Clone(r.underway)
	s.past, s.told, s.starts, s.deaths = r.asked, slices.Clone(r.told), r.starts, r.deaths
	s.declare(r.orders...)
	return s
}

// memory is a folder that is gone after the test, in memory where the machine has one for
// files: what a kill leaves is with the kernel, wherever that keeps it, and thousands of
// syncs of a real disk take minutes.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "hisab-crash-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// digest tells what remains of one process from what remains of another, for all that comes
// after: the journal, the platform, what is on its way to it, how often it was asked to do
// something. Of the clock it has the seconds.
func (s *shop) digest(state *wire.State) [sha256.Size]byte {
	s.t.Helper()
	deeds := 0
	for _, r := range s.asked() {
		if r.Method == http.MethodPost {
			deeds++
		}
	}
	journal := s.journal(state)
	var logs [][]reconcile.Event
	for _, o := range journal {
		events, err := state.Timeline(context.Background(), o.Ref)
		if err != nil {
			s.t.Fatal(err)
		}
		logs = append(logs, events)
	}
	b, err := json.Marshal([]any{
		journal, logs, s.platform.Orders(), s.platform.Messages(), s.platform.Ledger(),
		s.clock.underway(), deeds, len(s.told), s.clock.Now().Unix(),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return sha256.Sum256(b)
}
