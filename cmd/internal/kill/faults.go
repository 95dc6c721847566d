package kill

import (
	"maps"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/hisab/hisab/reconcile/sandbox"
)

// share is how many of a hundred answers go wrong.
const share = 40

// trouble decides for each request whether its answer goes wrong, and how. It leaves out what
// only an intermediary does: repeating a request behind the program's back.
type trouble struct {
	mu     sync.Mutex
	chance *rand.Rand
	over   bool
	only   string // the one kind of fault of this round; empty: all
	struck map[string]int
}

func newTrouble(chance *rand.Rand) *trouble {
	t := &trouble{chance: chance, struck: map[string]int{}}
	if chance.IntN(4) == 0 { // a round of one kind shows what that kind does alone
		t.only = []string{"act_drop", "act_500", "late_effect", "late", "stale", "drop"}[chance.IntN(6)]
	}
	return t
}

// menu lists the faults of each kind of request, as often as they are to be drawn.
var menu = map[string][]string{
	"messages": {"late", "late", "act_drop", "act_drop", "act_drop", "act_500", "act_500", "late_effect", "late_effect",
		"half", "html", "empty", "500", "drop", "error", "throttle", "drip"},
	"refund": {"late", "late", "act_drop", "act_drop", "act_drop", "act_500", "act_500", "late_effect", "late_effect",
		"half", "html", "empty", "500", "drop", "error", "throttle", "drip", "fail_later"},
	"lookup": {"stale", "stale", "stale", "stale", "late", "late", "late", "drip", "not_found", "drop", "500", "half", "throttle"},
}

// rare are the faults that stop a run for a second or more: each leaves time in which nothing
// happens that could be cut short.
var rare = map[string]bool{"throttle": true}

// draw returns the fault for one request, and false where it has none.
func (t *trouble) draw(where string) (sandbox.Fault, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over || t.chance.IntN(100) >= share {
		return sandbox.Fault{}, false
	}
	what := menu[where][t.chance.IntN(len(menu[where]))]
	if t.only != "" {
		what = t.only
	}
	if rare[what] && t.chance.IntN(4) != 0 || !fits(where, what) {
		return sandbox.Fault{}, false
	}
	t.struck[what]++
	return t.fault(where, what), true
}

// fits: a lookup has no effect that could be late, and nothing else can be stale.
func fits(where, what string) bool {
	switch what {
	case "late_effect", "fail_later":
		return where != "lookup"
	case "stale", "not_found":
		return where == "lookup"
	}
	return true
}

// fault fills in what a kind of fault needs.
func (t *trouble) fault(where, what string) sandbox.Fault {
	f := sandbox.Fault{Where: where, What: what, Act: t.chance.IntN(2) == 0}
	switch what {
	case "late", "drip":
		f.Delay = t.between(5, 100)
		if where == "lookup" { // a run makes one for each order before it does anything
			f.Delay /= 3
		}
	case "late_effect":
		f.Delay = t.between(20, 900)
	case "stale":
		f.Delay = t.between(50, 5000)
	case "fail_later":
		f.Delay = t.between(20, 400)
	case "throttle":
		f.Code = []int{130429, 131056}[t.chance.IntN(2)]
		f.RetryAfter = []string{"", "1", "-3", "0", "tomorrow"}[t.chance.IntN(5)]
	case "html":
		f.Status = []int{200, 502}[t.chance.IntN(2)]
	}
	return f
}

// between draws a time of that many milliseconds.
func (t *trouble) between(from, to int) time.Duration {
	return time.Duration(from+t.chance.IntN(to-from)) * time.Millisecond
}

// counts is how often each kind of fault was put in place.
func (t *trouble) counts() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.struck)
}

// end stops all further faults.
func (t *trouble) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
}
