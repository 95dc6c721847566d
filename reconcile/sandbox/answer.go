package sandbox

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// answer gives the answer to one request, truly or as a fault wants it.
type answer struct {
	s    *Server
	w    http.ResponseWriter
	call *call
	log  *Request
}

func (a *answer) give(ctx context.Context, f *Fault) {
	if f == nil {
		rep, _ := a.act()
		a.write(rep)
		return
	}
	a.s.view(func(*world) { a.log.Fault = f.What })
	switch f.What {
	case "drop":
		a.drop()
	case "late_effect":
		a.actLater(f.Delay)
		a.drop()
	case "act_drop":
		a.act()
		a.drop()
	default:
		a.spoil(ctx, f, a.afterActing(f))
	}
}

// afterActing returns the true answer of a fault that lets the request take effect, and
// an empty one of a fault that does not.
func (a *answer) afterActing(f *Fault) reply {
	switch f.What {
	case "500", "throttle", "error", "not_found":
		return reply{}
	case "redirect", "html", "half", "gigabyte", "empty", "answer":
		if !f.Act && a.call.Where != "lookup" {
			return reply{}
		}
	case "stale":
		return a.lookBack(f.Delay)
	case "twice":
		a.act()
	}
	rep, m := a.act()
	if f.What == "fail_later" {
		a.failLater(m, f)
	}
	return rep
}

// spoil writes what a fault makes of the true answer.
func (a *answer) spoil(ctx context.Context, f *Fault, rep reply) {
	switch f.What {
	case "late":
		if !sleep(ctx, f.Delay) {
			a.drop()
		}
	case "drip":
		a.drip(ctx, rep, f.Delay)
		return
	case "act_500", "500":
		rep = jsonReply(http.StatusInternalServerError, map[string]any{"error": map[string]any{
			"message": "An unknown error has occurred.", "type": "OAuthException", "code": 1}})
	case "throttle", "error":
		rep = a.refusal(f)
	case "not_found":
		a.s.view(func(w *world) { rep = w.paymentNotFound(a.call.Configuration, a.call.Reference) })
	case "redirect":
		rep = reply{status: statusOr(f, http.StatusTemporaryRedirect),
			header: http.Header{"Location": {orDefault(f.Location, "http://127.0.0.1:1/elsewhere")}}}
	case "html":
		rep = reply{status: statusOr(f, http.StatusBadGateway), header: http.Header{"Content-Type": {"text/html"}},
			body: []byte("<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>\n")}
	case "half":
		rep = half(rep)
	case "gigabyte":
		a.flood(f.Bytes)
		return
	case "empty":
		rep = reply{status: statusOr(f, http.StatusOK)}
	case "answer":
		rep = reply{status: statusOr(f, http.StatusOK), header: http.Header{"Content-Type": {"application/json"}}, body: []byte(f.Body)}
	}
	a.write(rep)
}

// act lets the request take effect. A sandbox that cannot save its state says so with 500.
func (a *answer) act() (reply, made) {
	rep, m, err := a.s.do(a.call)
	if err != nil {
		a.s.log.Error("state not saved", "error", err)
		return jsonReply(http.StatusInternalServerError, map[string]any{"error": map[string]any{
			"message": "the sandbox could not save its state", "type": "OAuthException", "code": 131000}}), m
	}
	return rep, m
}

func (a *answer) actLater(delay time.Duration) {
	if a.call.Denied != nil {
		return
	}
	err := a.s.change(func(w *world, now time.Time) error {
		w.schedule(event{At: now.Add(delay), Kind: lateRequest, Request: a.call})
		return nil
	})
	if err != nil {
		a.s.log.Error("state not saved", "error", err)
	}
}

// failLater turns what was accepted into a failure after a while.
func (a *answer) failLater(m made, f *Fault) {
	err := a.s.change(func(w *world, now time.Time) error {
		switch {
		case m.message != "":
			code := f.Code
			if code == 0 {
				code = 131026
			}
			w.schedule(event{At: now.Add(f.Delay), Kind: progress, Message: m.message, State: "failed", Code: code})
		case m.refund != "": // which no lookup shows as done before
			w.Due = slices.DeleteFunc(w.Due, func(e event) bool { return e.Kind == refundOutcome && e.Refund == m.refund })
			w.schedule(event{At: now.Add(f.Delay), Kind: refundOutcome, Refund: m.refund, State: stateFailed})
		}
		return nil
	})
	if err != nil {
		a.s.log.Error("state not saved", "error", err)
	}
}

// lookBack answers a lookup with the payment as it was some time ago.
func (a *answer) lookBack(age time.Duration) (rep reply) {
	if a.call.Denied != nil {
		rep, _ = a.act()
		return rep
	}
	a.s.view(func(w *world) {
		rep = w.lookup(a.call.ID, a.call.Configuration, a.call.Reference, a.s.now().Add(-age))
	})
	return rep
}

func (a *answer) refusal(f *Fault) (rep reply) {
	code := f.Code
	if code == 0 {
		code = 131000
		if f.What == "throttle" {
			code = 130429
		}
	}
	e := refuse(code, "injected by a fault")
	e.Status = statusOr(f, e.Status)
	a.s.view(func(w *world) { rep = w.errorReply(e) })
	if f.RetryAfter != "" {
		rep.header.Set("Retry-After", f.RetryAfter)
	}
	return rep
}

func statusOr(f *Fault, fallback int) int {
	if f.Status != 0 {
		return f.Status
	}
	return fallback
}

// half cuts an answer in the middle of its JSON.
func half(rep reply) reply {
	if len(rep.body) == 0 {
		return reply{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}, body: []byte(`{"error":{"message":"Some`)}
	}
	rep.body = rep.body[:len(rep.body)/2]
	return rep
}

func (a *answer) write(rep reply) {
	a.note(rep.status, rep.body)
	for key, values := range rep.header {
		a.w.Header()[key] = values
	}
	a.w.WriteHeader(rep.status)
	_, _ = a.w.Write(rep.body) // a caller that has gone away is no business of ours
}

// drip writes an answer piece by piece over a while.
func (a *answer) drip(ctx context.Context, rep reply, over time.Duration) {
	a.note(rep.status, rep.body)
	for key, values := range rep.header {
		a.w.Header()[key] = values
	}
	a.w.WriteHeader(rep.status)
	rc := http.NewResponseController(a.w)
	const pieces = 20
	step := max(len(rep.body)/pieces, 1)
	for rest := rep.body; len(rest) > 0; {
		n := min(step, len(rest))
		if _, err := a.w.Write(rest[:n]); err != nil || rc.Flush() != nil {
			return
		}
		rest = rest[n:]
		if !sleep(ctx, over/pieces) {
			return
		}
	}
}

// flood streams JSON that does not end before n bytes.
func (a *answer) flood(n int64) {
	if n == 0 {
		n = 1 << 30
	}
	a.note(http.StatusOK, nil)
	a.w.Header().Set("Content-Type", "application/json")
	block := make([]byte, 64<<10)
	for i := range block {
		block[i] = " ["[i%2]
	}
	for n > 0 {
		wrote, err := a.w.Write(block[:min(n, int64(len(block)))])
		if err != nil {
			return
		}
		n -= int64(wrote)
	}
}

// drop ends the connection without an answer.
func (a *answer) drop() {
	a.note(0, nil)
	panic(http.ErrAbortHandler)
}

func (a *answer) note(status int, body []byte) {
	a.s.view(func(*world) {
		a.log.Status, a.log.Answer = status, string(body[:min(len(body), maxAnswerKept)])
	})
}

// sleep waits, and reports false if the caller went away meanwhile.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
