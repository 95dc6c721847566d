package view

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// Lines writes a run as JSON lines, one event a line, each with its time. Its methods may
// be called from many goroutines.
type Lines struct {
	W       io.Writer
	Now     func() time.Time
	Options Options

	mu  sync.Mutex
	err error
}

// stamp is how every line begins.
type stamp struct {
	At   string `json:"@timestamp"`
	Type string `json:"type"`
}

func (l *Lines) stamp(kind string) stamp {
	return stamp{l.Now().UTC().Format(time.RFC3339Nano), kind}
}

func (l *Lines) write(v any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = encode(l.W, v)
	}
}

// Err is the first error of writing.
func (l *Lines) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Plan writes the header line: what is going to be done.
func (l *Lines) Plan(p *reconcile.Plan) {
	l.write(struct {
		stamp
		FormatVersion string      `json:"format_version"`
		ID            string      `json:"id"`
		Summary       summaryJSON `json:"summary"`
	}{l.stamp("plan"), PlanFormat, p.ID, toSummaryJSON(p.Summary)})
}

// Event writes one thing that happened to an action; looks are not told.
func (l *Lines) Event(p reconcile.Progress) {
	if p.Action == nil {
		return
	}
	a := p.Action
	var from, to spec.Status // as in the plan: of a status alone
	if a.Kind == reconcile.KindStatus {
		from, to = a.From, a.To
	}
	l.write(struct {
		stamp
		ID          string               `json:"id"`
		Address     string               `json:"address"`
		ReferenceID string               `json:"reference_id"`
		Kind        reconcile.ActionKind `json:"kind"`
		From        spec.Status          `json:"from,omitempty"`
		To          spec.Status          `json:"to,omitempty"`
		Label       string               `json:"label,omitempty"`
		Event       string               `json:"event,omitempty"`
		Amount      *amountJSON          `json:"amount,omitempty"`
		Result      string               `json:"result,omitempty"`
		Code        int                  `json:"code,omitempty"`
		Class       reconcile.Class      `json:"class,omitempty"`
		Detail      string               `json:"detail,omitempty"`
	}{
		l.stamp(string(p.Kind)), a.ID, a.Address, a.ReferenceID, a.Kind, from, to, a.Label, a.Event,
		some(a.Amount, a.Currency), l.Options.ids(p.Result), p.Code, p.Class, p.Detail,
	})
}

// Diagnostics writes what is wrong with the spec.
func (l *Lines) Diagnostics(d spec.Diagnostics) {
	l.write(struct {
		stamp
		Diagnostics json.RawMessage `json:"diagnostics"`
	}{l.stamp("diagnostics"), d.JSON()})
}

// Error writes what ended the run before it began: there is no summary after it.
func (l *Lines) Error(err error) {
	l.write(struct {
		stamp
		Detail string `json:"detail"`
	}{l.stamp("error"), err.Error()})
}

// Result writes the last line: the counts, the money, and what goes on from here.
func (l *Lines) Result(r *reconcile.Result) {
	l.write(struct {
		stamp
		Done     int        `json:"done"`
		Failed   int        `json:"failed"`
		Skipped  int        `json:"skipped"`
		Unknown  int        `json:"unknown"`
		Blocked  int        `json:"blocked"`
		Waiting  int        `json:"waiting"`
		Held     int        `json:"held"`
		Stale    int        `json:"stale"`
		Billed   amountJSON `json:"billed"`
		Refunded amountJSON `json:"refunded"`
		Paused   bool       `json:"paused,omitempty"`
		Spent    bool       `json:"spent,omitempty"`
		Stopped  bool       `json:"stopped,omitempty"`
		Next     string     `json:"next,omitempty"`
	}{
		l.stamp("summary"), r.Done.Actions(), len(r.Failed), len(r.Skipped), len(r.Unknown) + len(r.Doubtful), len(r.Blocked),
		len(r.Waiting) + len(r.Pending), len(r.Held), len(r.Stale),
		amountJSON{r.Done.ToCollect, spec.Offset, spec.INR}, amountJSON{r.Done.ToRefund, spec.Offset, spec.INR},
		r.Paused, r.Spent, r.Stopped, l.Options.here(Next(r)),
	})
}
