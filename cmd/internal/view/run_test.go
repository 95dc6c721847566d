package view_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// mixed is a run with one of every outcome.
func mixed() *reconcile.Result {
	a := shop().Actions
	return &reconcile.Result{
		Done:     reconcile.Summary{Send: 2, Status: 1, Refund: 1, ToCollect: 21000, ToRefund: 10000},
		Failed:   []reconcile.Outcome{{Action: a[0], Detail: "the order was canceled meanwhile", Code: 2046}},
		Unknown:  []reconcile.Outcome{{Action: a[1], Detail: "no answer within 20 s. Settle it: hisab resolve a2-1"}},
		Skipped:  []reconcile.Outcome{{Action: a[2], Detail: "what it follows did not happen"}},
		Stale:    []reconcile.Outcome{{Action: a[3], Detail: "it was sent meanwhile"}},
		Waiting:  []reconcile.Outcome{{Action: a[4], Detail: "throttled: pair rate limit (131056)", Code: 131056}},
		Held:     []reconcile.Outcome{{Action: a[6], Detail: "max_removed = 30%"}},
		Pending:  shop().Waiting,
		Blocked:  shop().Blocked,
		Doubtful: shop().Unknown,
	}
}

func TestResult(t *testing.T) {
	many := &reconcile.Result{Stopped: true}
	for range 100 {
		many.Skipped = append(many.Skipped, reconcile.Outcome{Action: shop().Actions[0], Detail: "the run was stopped before it"})
	}
	for name, r := range map[string]*reconcile.Result{
		"result-mixed.txt":    mixed(),
		"result-complete.txt": {Done: reconcile.Summary{Send: 1, Notify: 2, Forget: 1, ToCollect: 21000}},
		"result-nothing.txt":  {Pending: shop().Waiting},
		"result-stopped.txt":  many,
		"result-spent.txt":    {Spent: true},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := view.Result(&b, r, options()); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.Bytes())
		})
	}
}

func TestEvent(t *testing.T) {
	a := shop().Actions
	var b strings.Builder
	for _, p := range []reconcile.Progress{
		{Kind: reconcile.ActionStart, Action: &a[0]},
		{Kind: reconcile.ActionDone, Action: &a[0], Result: "wamid.HBgMOTE5ODc2NTQzMjEw"},
		{Kind: reconcile.ActionDone, Action: &a[1], Result: "rfnd_1"},
		{Kind: reconcile.ActionFailed, Action: &a[2], Detail: "template paused", Code: 132015},
		{Kind: reconcile.ActionFailed, Action: &a[2], Detail: "template paused (132015)", Code: 132015},
		{Kind: reconcile.ActionUnknown, Action: &a[3], Detail: "no answer within 20 s"},
		{Kind: reconcile.ActionSkipped, Action: &a[4], Detail: "the run was stopped before it"},
		{Kind: reconcile.ActionWaiting, Action: &a[5], Detail: "throttled"},
		{Kind: reconcile.Looked},
	} {
		if line := view.Event(p, options()); line != "" {
			b.WriteString(line + "\n")
		}
	}
	golden(t, "events.txt", []byte(b.String()))
}

func TestLines(t *testing.T) {
	var b bytes.Buffer
	l := &view.Lines{W: &b, Now: func() time.Time { return now }}
	a := shop().Actions
	l.Plan(shop())
	l.Event(reconcile.Progress{Kind: reconcile.ActionStart, Action: &a[0]})
	l.Event(reconcile.Progress{Kind: reconcile.ActionDone, Action: &a[1], Result: "rfnd_1"})
	l.Event(reconcile.Progress{Kind: reconcile.ActionFailed, Action: &a[2], Detail: "template paused", Code: 132015, Class: reconcile.Refused})
	l.Event(reconcile.Progress{Kind: reconcile.Looked})
	l.Diagnostics(spec.Diagnostics{})
	l.Result(mixed())
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	golden(t, "lines.jsonl", b.Bytes())
}
