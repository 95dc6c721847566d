package crash

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"
)

var long = flag.Bool("long", false, "kill every story at every pair of points, and the refund at every triple")

// depth is how many processes in a row die in a story.
func (st story) depth() int {
	d := 1
	if st.name == "refund" && !raced {
		d++
	}
	if *long {
		d++
	}
	return d
}

// gaps are how long it takes until a new process is started: at once, and when a doubt about a
// status has become a second message.
func gaps(level int) []time.Duration {
	if level == 1 {
		return []time.Duration{0}
	}
	return []time.Duration{0, 11 * time.Minute}
}

// TestACrashAtEveryPoint kills the run of each story at every point, and the run that follows
// at every point again, to the story's depth. What remains of one death is often what remains
// of another, and is then pursued once.
func TestACrashAtEveryPoint(t *testing.T) {
	for _, st := range stories() {
		if raced && !*long && st.name != "refund" {
			continue
		}
		t.Run(st.name, func(t *testing.T) {
			t.Parallel()
			todo := []remains{st.told(t)}
			for level := 1; level <= st.depth(); level++ {
				todo = st.kill(t, level, todo)
			}
		})
	}
}

// told is what there is when the run of a story begins.
func (st story) told(t *testing.T) remains {
	t.Helper()
	s := newShop(t, time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), memory(t))
	st.before(s)
	return s.remains(&fate{})
}

// try is one run that is to die.
type try struct {
	from  remains
	gap   time.Duration
	at    int
	point string

	left   remains
	digest [sha256.Size]byte
}

// kill lets a run begin on all that remains, and die at every point. It returns the
// different things that remain then, each of which comes to its proper end in peace.
func (st story) kill(t *testing.T, level int, todo []remains) (left []remains) {
	t.Helper()
	tries := st.tries(t, level, todo)
	t.Run(fmt.Sprint("killed ", level), func(t *testing.T) {
		for i := range tries {
			t.Run(fmt.Sprint(tries[i].at), func(t *testing.T) {
				t.Parallel()
				tries[i].run(t, st)
			})
		}
	})
	if t.Failed() {
		t.FailNow()
	}
	left = different(t, tries)
	persons := make([]bool, len(left))
	t.Run(fmt.Sprint("settled ", level), func(t *testing.T) {
		for i, r := range left {
			for _, listens := range []bool{false, true} {
				if listens && level > 1 && !*long {
					continue
				}
				t.Run(fmt.Sprint(i, " webhooks ", listens), func(t *testing.T) {
					t.Parallel()
					if person := r.settled(t, st, listens); !listens {
						persons[i] = person
					}
				})
			}
		}
	})
	st.report(t, level, tries, persons)
	return left
}

// tries counts the points of the runs to come.
func (st story) tries(t *testing.T, level int, todo []remains) (list []*try) {
	t.Helper()
	for _, r := range todo {
		for _, gap := range gaps(level) {
			s, f := r.shop(t), &fate{}
			s.clock.pass(gap)
			s.live(f)
			for i, point := range f.points {
				if level == 1 && !raced || *long || telling(point) {
					list = append(list, &try{from: r, gap: gap, at: i + 1, point: point})
				}
			}
		}
	}
	return list
}

// telling points are those that may leave different things. To die after a call is to die
// before the next, and a commit that was cut short is one that was not begun: the first level
// tries them all, and holds them to that.
func telling(point string) bool {
	return strings.HasPrefix(point, "after telling") || !strings.HasPrefix(point, "after ") && !strings.HasPrefix(point, "inside ")
}

// run lets a process die, and looks at what it left as the next one does.
func (y *try) run(t *testing.T, st story) {
	s, f := y.from.shop(t), &fate{at: y.at}
	s.clock.pass(y.gap)
	left, died := s.live(f)
	if !died || f.points[y.at-1] != y.point {
		t.Fatalf("the run is another than before: at %s and not at point %d, %s", f.last(), y.at, y.point)
	}
	next := left.shop(t)
	p := next.start(&fate{})
	defer p.end()
	next.recovered(p.state)
	st.limits(next)
	y.left, y.digest = left, next.digest(p.state)
	if t.Failed() {
		t.Logf("killed at %s", strings.Join(left.deaths, ", then at "))
	}
}

// different are the different things that tries left, in their order.
func different(t *testing.T, tries []*try) (left []remains) {
	t.Helper()
	seen := map[[sha256.Size]byte]bool{}
	for _, y := range tries {
		if telling(y.point) && !seen[y.digest] {
			seen[y.digest] = true
			left = append(left, y.left)
		}
	}
	for _, y := range tries {
		if !seen[y.digest] {
			t.Errorf("killed at %s: that leaves what no other point leaves", strings.Join(y.left.deaths, ", then at "))
		}
	}
	return left
}

// settled lets what remains come to its end, with or without webhooks, and reports whether
// that took a person.
func (r remains) settled(t *testing.T, st story, listens bool) (person bool) {
	s := r.shop(t)
	s.listens = listens
	person = s.settle(st)
	st.limits(s)
	if t.Failed() {
		t.Logf("killed at %s\n%s", strings.Join(r.deaths, ", then at "), s.history())
	}
	return person
}

// report tells what was tried, and that it was enough.
func (st story) report(t *testing.T, level int, tries []*try, persons []bool) {
	t.Helper()
	kinds := map[string]int{}
	for _, y := range tries {
		switch {
		case strings.HasPrefix(y.point, "inside "):
			kinds["commits"]++
		case strings.HasPrefix(y.point, "before "), strings.HasPrefix(y.point, "after "):
			kinds["calls"]++
		default:
			kinds["requests"]++
		}
	}
	needy := 0
	for _, person := range persons {
		if person {
			needy++
		}
	}
	t.Logf("%d killed in a row: %d tries, %d around calls, %d in requests, %d in commits; they leave %d different things, %d of them to a person",
		level, len(tries), kinds["calls"], kinds["requests"], kinds["commits"], len(persons), needy)
	if level > 1 || raced {
		return
	}
	if kinds["calls"] < 40 || kinds["requests"] < 15 || kinds["commits"] < 15 || len(persons) < 7 {
		t.Error("that is fewer than there must be")
	}
	if st.persons != (needy > 0) {
		t.Errorf("%d ends took a person", needy)
	}
}
