package providertest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hisab/hisab/reconcile"
)

// content examines answers that come whole and say nothing that can be believed.
func (x *Exam) content(t *testing.T, op operation) {
	leak := strings.Join(append(append([]string{}, x.Secrets...), x.Personal...), " ")
	for _, c := range []struct{ name, body string }{
		{"empty", ""},
		{"HTML", "<!doctype html><title>Gateway</title><p>" + leak},
		{"half a JSON", op.good[:len(op.good)/2]},
		{"two JSONs", op.good + op.good},
		{"an empty object", "{}"},
		{"an array", "[]"},
		{"null", "null"},
		{"a word", `"ok"`},
		{"another's object", `{"hello": "` + leak + `"}`},
		{"a key twice", strings.Replace(op.good, "{", `{"id": 1, "id": 2, `, 1)},
		{"invalid UTF-8", strings.Replace(op.good, "{", "{\"x\": \"\xff\xfe\", ", 1)},
		{"deep nesting", strings.Repeat("[", 200_000)},
		{"deep nesting of a field", strings.Replace(op.good, "{", `{"x": `+strings.Repeat("[", 200_000)+strings.Repeat("]", 200_000)+`, `, 1)},
		{"an error in a success", `{"error": {"message": "` + leak + `", "code": 987654}}`},
	} {
		t.Run("200 with "+c.name, func(t *testing.T) {
			p := newPlatform(t, reply(http.StatusOK, c.body))
			x.fails(t, t.Context(), op, x.New(p.url, generous), reconcile.Unknown)
			p.wantRequests(t, 1)
		})
	}
	t.Run("an endless answer", func(t *testing.T) {
		var written atomic.Int64
		p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
			chunk := []byte(strings.Repeat(" ", 1<<16))
			for r.Context().Err() == nil {
				n, err := w.Write(chunk)
				if written.Add(int64(n)); err != nil {
					return
				}
			}
		})
		x.fails(t, t.Context(), op, x.New(p.url, generous), reconcile.Unknown)
		p.wantRequests(t, 1)
		if got := written.Load(); got > 64<<20 {
			t.Errorf("%d MiB of an endless answer were taken", got>>20)
		}
	})
}

// refusals examines answers that say no: the documented ones as the exam's author gives
// them, and what HTTP itself means.
func (x *Exam) refusals(t *testing.T, op operation) {
	plain := []Refusal{
		{Name: "301", Status: 301}, {Name: "304", Status: 304}, {Name: "408", Status: 408},
		{Name: "409", Status: 409}, {Name: "418", Status: 418}, {Name: "500", Status: 500},
		{Name: "502", Status: 502}, {Name: "503", Status: 503}, {Name: "504", Status: 504},
	}
	for i := range plain {
		plain[i].Lookup, plain[i].Message, plain[i].Refund = reconcile.Unknown, reconcile.Unknown, reconcile.Unknown
	}
	plain = append(plain,
		Refusal{"401", 401, "", reconcile.Paused, reconcile.Paused, reconcile.Unknown},
		Refusal{"403", 403, "", reconcile.Paused, reconcile.Paused, reconcile.Unknown},
		Refusal{"429", 429, "", reconcile.Throttled, reconcile.Throttled, reconcile.Unknown},
		Refusal{"400 HTML", 400, "<html>" + strings.Join(x.Secrets, " "), reconcile.Unknown, reconcile.Unknown, reconcile.Unknown},
		Refusal{"503 HTML", 503, "<html>" + strings.Join(x.Personal, " "), reconcile.Unknown, reconcile.Unknown, reconcile.Unknown},
	)
	for _, r := range append(plain, x.Refusals...) {
		want := map[string]reconcile.Class{"lookup": r.Lookup, "send": r.Message, "refund": r.Refund}[op.name]
		if want == "" {
			continue
		}
		t.Run(r.Name, func(t *testing.T) {
			p := newPlatform(t, reply(r.Status, r.Body))
			e := x.fails(t, t.Context(), op, x.New(p.url, generous), want)
			p.wantRequests(t, 1)
			if e.Status != r.Status {
				t.Errorf("the error says HTTP %d, want %d", e.Status, r.Status)
			}
		})
	}
	for _, hint := range []string{"-5", "0", "99999999999999999999999", "1e9", "soon", "Mon, 02 Jan 2006 15:04:05 GMT", ""} {
		t.Run("429, Retry-After "+hint, func(t *testing.T) {
			p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Retry-After", hint)
				reply(http.StatusTooManyRequests, "")(w, r)
			})
			e := x.fails(t, t.Context(), op, x.New(p.url, generous), reconcile.Throttled, reconcile.Unknown)
			if e.RetryAfter > sanest {
				t.Errorf("a wait of %v is believed", e.RetryAfter)
			}
		})
	}
}

// redirects examines that nobody is followed anywhere: the target would get the token, or
// a second refund.
func (x *Exam) redirects(t *testing.T, op operation) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run("redirect "+http.StatusText(status), func(t *testing.T) {
			target := newPlatform(t, reply(http.StatusOK, op.good))
			p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", target.url+r.URL.Path)
				w.WriteHeader(status)
				_, _ = io.WriteString(w, op.good)
			})
			x.fails(t, t.Context(), op, x.New(p.url, generous), reconcile.Unknown)
			p.wantRequests(t, 1)
			target.wantRequests(t, 0)
		})
	}
}

func withCancel(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	return ctx, stop
}
