package whatsapp

import (
	"net/http"

	"github.com/hisab/hisab/reconcile"
)

// operation is what was asked.
type operation int

const (
	onLookup operation = iota
	onMessage
	onRefund
)

// refusal is an error as the platform says it.
type refusal struct {
	Code    int
	HasCode bool // 0 is a code too
	Text    string
}

// graphError is one error in either of the platform's shapes: Graph's
// {"error":{message,code,error_data{details}}} and the older
// {"errors":[{code,title,details}]}.
type graphError struct {
	Code      *digits `json:"code"`
	Message   word    `json:"message"`
	Title     word    `json:"title"`
	Details   word    `json:"details"`
	ErrorData struct {
		Details word `json:"details"`
	} `json:"error_data"`
}

func (g *graphError) refusal() refusal {
	r := refusal{}
	if g.Code != nil && *g.Code <= maxCode {
		r.Code, r.HasCode = int(*g.Code), true
	}
	for _, t := range []word{g.ErrorData.Details, g.Details, g.Message, g.Title} {
		if t != "" {
			r.Text = string(t)
			break
		}
	}
	return r
}

// maxCode bounds what can be a code.
const maxCode = 99_999_999

// errorShape is where a body holds the platform's errors.
type errorShape struct {
	Error  unread `json:"error"`
	Errors unread `json:"errors"`
}

// readRefusal finds the platform's error in a body; false: there is none.
func readRefusal(body []byte) (refusal, bool) {
	var s errorShape
	if read(body, &s) != nil {
		return refusal{}, false
	}
	return s.refusal()
}

// refusal reads the error. Of several, the first that the table knows speaks; one in no
// shape we know is still an error.
func (s *errorShape) refusal() (refusal, bool) {
	if present(s.Error) {
		var one graphError
		if read(s.Error, &one) != nil {
			return refusal{}, true
		}
		return one.refusal(), true
	}
	if !present(s.Errors) {
		return refusal{}, false
	}
	var list []graphError
	if read(s.Errors, &list) != nil {
		return refusal{}, true
	}
	return firstKnown(list), len(list) > 0
}

func present(v unread) bool { return len(v) > 0 && v[0] != 'n' }

func firstKnown(list []graphError) refusal {
	for i := range list {
		if r := list[i].refusal(); r.HasCode {
			if _, known := codeOf(r.Code); known {
				return r
			}
		}
	}
	if len(list) == 0 {
		return refusal{}
	}
	return list[0].refusal()
}

// refusal says what an answer that is no success means for what was asked. The platform's
// own text goes into it where it says more than the table and m is the message that was
// refused: only then is it known what of it is personal.
func (c *Client) refusal(op operation, a answer, m *reconcile.Message) *reconcile.CallError {
	r, _ := readRefusal(a.body)
	e := &reconcile.CallError{Status: a.status, Code: r.Code, RetryAfter: retryAfter(a.header, c.config.Now())}
	row, known := codeOf(r.Code)
	known = known && r.HasCode
	if known {
		e.Class, e.Meaning = classOf(row, op, a.status), row.explain()
		e.Customer = row.Concerns == OfCustomer && e.Class == throttled
	} else {
		e.Class, e.Meaning = byStatus(a.status)
		if op == onRefund {
			e.Class = unknown
		}
		if r.HasCode {
			e.Meaning += ", with an error code that is not documented"
		}
	}
	if m != nil && r.Text != "" && (!known || row.Concerns == OfContent) {
		e.Meaning += ": " + scrub(r.Text, append(personal(m), c.config.AccessToken.Reveal()))
	}
	return e
}

// classOf is the class of a known code. A refund is settled by a code only where the
// platform refuses with 4xx, and neither gave up waiting nor saw a conflict: after those,
// and after anything that is not a refusal, it may have been made (reliability, 3.3).
func classOf(row Code, op operation, status int) reconcile.Class {
	switch op {
	case onLookup:
		return row.Lookup()
	case onRefund:
		if status < 400 || status > 499 || status == http.StatusRequestTimeout || status == http.StatusConflict {
			return unknown
		}
		return row.Refund
	}
	if row.Concerns == OfService && status >= 500 {
		return unknown
	}
	return row.Message
}

// byStatus is the class of an answer without a code that the table knows.
func byStatus(status int) (reconcile.Class, string) {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return paused, "the platform refused the access token"
	case status == http.StatusTooManyRequests:
		return throttled, "the platform takes no more requests for now"
	case status >= 300 && status < 400:
		return unknown, "the platform answered with a redirect, which is never followed; check base_url"
	case status >= 500:
		return unknown, "the platform failed"
	case success(status):
		return unknown, "the platform answered with an error in a successful answer"
	}
	return unknown, "the platform refused without saying why in a form it documents"
}
