package view

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

// PlanFormat is the version of the plan's JSON document. A change that breaks readers
// raises the first number.
const PlanFormat = "1.0"

type amountJSON struct {
	Value    spec.Amount `json:"value"`
	Offset   int         `json:"offset"`
	Currency string      `json:"currency"`
}

type sourceJSON struct {
	Filename string `json:"filename"`
	Line     int32  `json:"line"`
}

type actionJSON struct {
	ID          string               `json:"id"`
	Address     string               `json:"address"`
	ReferenceID string               `json:"reference_id"`
	Kind        reconcile.ActionKind `json:"kind"`
	Provider    string               `json:"provider,omitempty"`
	From        spec.Status          `json:"from,omitempty"`
	To          spec.Status          `json:"to,omitempty"`
	Label       string               `json:"label,omitempty"`
	Event       string               `json:"event,omitempty"`
	Amount      *amountJSON          `json:"amount,omitempty"`
	Held        bool                 `json:"held"`
	Reason      string               `json:"reason"`
	Source      *sourceJSON          `json:"source,omitempty"`
}

type noteJSON struct {
	ID          string               `json:"id,omitempty"`
	Address     string               `json:"address"`
	ReferenceID string               `json:"reference_id"`
	Kind        reconcile.ActionKind `json:"kind"`
	Label       string               `json:"label,omitempty"`
	Event       string               `json:"event,omitempty"`
	Code        string               `json:"code,omitempty"`
	Detail      string               `json:"detail"`
}

type summaryJSON struct {
	Send      int        `json:"send"`
	Status    int        `json:"status"`
	Refund    int        `json:"refund"`
	Notify    int        `json:"notify"`
	Replace   int        `json:"replace"`
	Forget    int        `json:"forget"`
	Waiting   int        `json:"waiting"`
	Blocked   int        `json:"blocked"`
	Unknown   int        `json:"unknown"`
	Unchanged int        `json:"unchanged"`
	ToCollect amountJSON `json:"to_collect"`
	ToRefund  amountJSON `json:"to_refund"`
}

// PlanJSON writes a plan as one JSON document, one action or note a line. It is written
// as it goes, so that a large plan is not held twice.
func PlanJSON(w io.Writer, p *reconcile.Plan) error {
	b := bufio.NewWriter(w)
	enc := &document{w: b}
	enc.open("format_version", PlanFormat)
	list(enc, "actions", p.Actions, toActionJSON)
	list(enc, "waiting", p.Waiting, toNoteJSON)
	list(enc, "blocked", p.Blocked, toNoteJSON)
	list(enc, "unknown", p.Unknown, toNoteJSON)
	if len(p.Warnings) > 0 {
		enc.member("warnings", p.Warnings)
	}
	enc.member("summary", toSummaryJSON(p.Summary))
	enc.close()
	if enc.err != nil {
		return enc.err
	}
	return b.Flush()
}

func toActionJSON(a *reconcile.Action) any {
	out := actionJSON{
		ID: a.ID, Address: a.Address, ReferenceID: a.ReferenceID, Kind: a.Kind, Provider: a.Provider,
		Label: a.Label, Event: a.Event, Held: a.Held != "", Reason: a.Reason,
	}
	if a.Kind == reconcile.KindStatus {
		out.From, out.To = a.From, a.To
	}
	if a.Amount != 0 {
		out.Amount = &amountJSON{a.Amount, spec.Offset, currency(a.Currency)}
	}
	if a.Source.File != "" {
		out.Source = &sourceJSON{a.Source.File, a.Source.Line}
	}
	return out
}

func toNoteJSON(n *reconcile.Note) any {
	return noteJSON{n.ID, n.Address, n.ReferenceID, n.Kind, n.Label, n.Event, n.Code, n.Detail}
}

func toSummaryJSON(s reconcile.Summary) summaryJSON {
	return summaryJSON{
		Send: s.Send, Status: s.Status, Refund: s.Refund, Notify: s.Notify, Replace: s.Replace, Forget: s.Forget,
		Waiting: s.Waiting, Blocked: s.Blocked, Unknown: s.Unknown, Unchanged: s.Unchanged,
		ToCollect: amountJSON{s.ToCollect, spec.Offset, spec.INR},
		ToRefund:  amountJSON{s.ToRefund, spec.Offset, spec.INR},
	}
}

func currency(c string) string {
	if c == "" {
		return spec.INR
	}
	return c
}

// document writes the members of one JSON object, each on its own line.
type document struct {
	w       *bufio.Writer
	scratch bytes.Buffer
	err     error
}

func (d *document) open(name, value string) {
	d.text("{")
	d.value(name)
	d.text(": ")
	d.value(value)
}

func (d *document) close() { d.text("\n}\n") }

func (d *document) member(name string, v any) {
	d.text(",\n ")
	d.value(name)
	d.text(": ")
	d.value(v)
}

func (d *document) text(s string) {
	if d.err == nil {
		_, d.err = d.w.WriteString(s)
	}
}

func (d *document) value(v any) {
	if d.err != nil {
		return
	}
	d.scratch.Reset()
	if d.err = encode(&d.scratch, v); d.err != nil {
		return
	}
	_, d.err = d.w.Write(bytes.TrimSuffix(d.scratch.Bytes(), []byte("\n")))
}

// encode writes one JSON value and a newline, with &, < and > as they are: nobody embeds
// it in a page.
func encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// list writes an array, one entry a line; an empty one is [] and never null.
func list[T any](d *document, name string, entries []T, view func(*T) any) {
	d.text(",\n ")
	d.value(name)
	d.text(": [")
	for i := range entries {
		if i > 0 {
			d.text(",")
		}
		d.text("\n  ")
		d.value(view(&entries[i]))
	}
	d.text("]")
}
