package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

// Request is one request to the Graph API as it arrived, whatever became of it. The access
// token is not kept.
type Request struct {
	ID        string      `json:"id"`
	At        time.Time   `json:"at"`
	Method    string      `json:"method"`
	Path      string      `json:"path"` // as escaped
	Where     string      `json:"where"`
	Number    string      `json:"phone_number_id"`
	Reference string      `json:"reference_id,omitempty"`
	Kind      string      `json:"kind,omitempty"`
	Header    http.Header `json:"header"` // without Authorization
	Remote    string      `json:"remote"` // the caller's address and port: a connection
	Body      string      `json:"body,omitempty"`
	Fault     string      `json:"fault,omitempty"`
	Status    int         `json:"status"` // 0: the connection was dropped
	Answer    string      `json:"answer,omitempty"`
}

const (
	keptRequests  = 5000
	maxAnswerKept = 8 << 10
)

func newRequest(r *http.Request, c call, now time.Time) *Request {
	header := r.Header.Clone()
	header.Del("Authorization")
	return &Request{
		At: now, Method: r.Method, Path: r.URL.EscapedPath(), Where: c.Where, Number: c.ID,
		Header: header, Remote: r.RemoteAddr, Body: string(c.Body),
	}
}

// logRequest remembers a request, and forgets the older half when there are many.
func (w *world) logRequest(r *Request) {
	r.ID = "rq-" + strconv.FormatUint(w.next(), 10)
	if len(w.requests) >= keptRequests {
		w.requests = append([]*Request(nil), w.requests[keptRequests/2:]...)
	}
	w.requests = append(w.requests, r)
}
