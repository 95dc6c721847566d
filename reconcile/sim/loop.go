package sim

import (
	"container/heap"
	"fmt"
	"iter"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// loop runs a history: events in the order of their simulated times, on one goroutine. A
// task is a coroutine that the loop resumes; while it runs, nothing else does.
type loop struct {
	now     time.Time
	queue   events
	seq     uint64
	current *task
	// fail receives a panic of a task.
	fail func(t *task, why any)
}

// event is something that happens at a time. Events of one time happen in the order in which
// they were asked for.
type event struct {
	at  time.Time
	seq uint64
	do  func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	if e[i].at.Equal(e[j].at) {
		return e[i].seq < e[j].seq
	}
	return e[i].at.Before(e[j].at)
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := len(*e) - 1
	x := (*e)[last]
	(*e)[last] = event{}
	*e = (*e)[:last]
	return x
}

// after lets something happen later.
func (l *loop) after(d time.Duration, do func()) {
	l.seq++
	heap.Push(&l.queue, event{l.now.Add(max(d, 0)), l.seq, do})
}

// next makes the next event happen. False: there is none, or none until then.
func (l *loop) next(until time.Time) bool {
	if len(l.queue) == 0 || l.queue[0].at.After(until) {
		return false
	}
	e := heap.Pop(&l.queue).(event)
	l.now = e.at
	e.do()
	return true
}

// look is what a task saw of a payment, and when.
type look struct {
	at    time.Time
	state reconcile.PaymentState
}

// task is one thread of a process.
type task struct {
	p      *process
	asked  *claim          // the one it made its last request on
	claim  *claim          // the right to send that the task took last; nil once used
	looked map[string]look // the latest look, by reference

	resume func() (struct{}, bool)
	stop   func()
	yield  func(struct{}) bool
	left   int // children still running
	ended  bool
}

// killed unwinds the stack of a task that is no more.
type killed struct{}

// spawn makes a task of p out of f; it runs when it is first resumed. Done is called when f
// has returned, and not when it was killed.
func (l *loop) spawn(p *process, f, done func()) {
	t := &task{p: p}
	t.resume, t.stop = iter.Pull(func(yield func(struct{}) bool) {
		t.yield = yield
		if l.guarded(t, f) {
			done()
		}
	})
	p.tasks = append(p.tasks, t)
	l.after(0, func() { l.run(t) })
}

// guarded runs f and reports whether it returned.
func (l *loop) guarded(t *task, f func()) (returned bool) {
	defer func() {
		t.ended = true
		switch why := recover().(type) {
		case nil, killed:
		default:
			l.fail(t, why)
		}
	}()
	f()
	return true
}

// run lets a task go on until it yields or ends. One of a paused process waits.
func (l *loop) run(t *task) {
	if t.ended || t.p.dead {
		return
	}
	if wait := t.p.pausedUntil.Sub(l.now); wait > 0 {
		l.after(wait, func() { l.run(t) })
		return
	}
	l.current = t
	t.resume()
	l.current = nil
}

// pass lets simulated time go by for the running task, and others run.
func (l *loop) pass(d time.Duration) {
	t := l.current
	l.after(d, func() { l.run(t) })
	l.park()
}

// park stops the running task until somebody runs it again.
func (l *loop) park() {
	t := l.current
	if t == nil {
		panic("only a task can wait")
	}
	if t.p.dead || !t.yield(struct{}{}) {
		panic(killed{})
	}
}

// end stops all tasks of a process where they stand.
func (l *loop) end(p *process) {
	if p.dead {
		return
	}
	p.dead = true
	for _, t := range p.tasks {
		if !t.ended {
			t.stop()
			t.ended = true
		}
	}
}

func (t *task) String() string { return fmt.Sprintf("a task of %s", t.p.name) }
