package sandbox

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// call is one request to the Graph API, told apart by its path.
type call struct {
	Where         string `json:"where"` // messages, lookup, refund, configurations, configuration, node
	ID            string `json:"id"`    // phone number id or business account id
	Configuration string `json:"configuration,omitempty"`
	Reference     string `json:"reference,omitempty"`
	Body          []byte `json:"body,omitempty"`
	// Denied is why the caller may not do this; nil where it may.
	Denied *graphError `json:"-"`
}

var (
	versionSegment = pattern(`^v\d+\.\d+$`)
	idSegment      = pattern(`^\d+$`)
)

// maxRequest bounds a request body.
const maxRequest = 1 << 20

// route reads the path. Segments are unescaped one by one, so that a name may hold a
// slash.
func route(r *http.Request) (call, *graphError) {
	parts := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	for i, p := range parts {
		part, err := url.PathUnescape(p)
		if err != nil {
			return call{}, refuse(2500, "%v", err)
		}
		parts[i] = part
	}
	if versionSegment().MatchString(parts[0]) {
		parts = parts[1:]
	}
	if len(parts) == 0 || !idSegment().MatchString(parts[0]) {
		return call{}, refuse(2500, "Unknown path components: %s", r.URL.Path)
	}
	c := call{ID: parts[0]}
	edge := r.Method + " " + strings.Join(parts[1:min(len(parts), 2)], "")
	switch {
	case edge == "POST messages" && len(parts) == 2:
		c.Where = "messages"
	case edge == "POST payments_refund" && len(parts) == 2:
		c.Where = "refund"
	case edge == "GET payments" && len(parts) == 4:
		c.Where, c.Configuration, c.Reference = "lookup", parts[2], parts[3]
	case edge == "GET payment_configurations" && len(parts) == 2:
		c.Where = "configurations"
	case edge == "GET payment_configuration" && len(parts) == 3:
		c.Where, c.Configuration = "configuration", parts[2]
	case edge == "GET " && len(parts) == 1:
		c.Where = "node"
	default:
		return call{}, refuse(100, "Unsupported %s request to %s", strings.ToLower(r.Method), r.URL.Path)
	}
	return c, nil
}

// serveGraph answers one request to the Graph API.
func (s *Server) serveGraph(w http.ResponseWriter, r *http.Request) {
	body, tooLong, err := readBody(w, r)
	if err != nil {
		return // the caller went away in the middle of the request
	}
	c, bad := route(r)
	if tooLong {
		bad = refuse(100, "the request body is over %d bytes", maxRequest)
	}
	c.Body, c.Denied = body, s.authorize(r)
	req := newRequest(r, c, s.now())
	if bad != nil {
		c.Denied = bad
	}
	subject := peek(body)
	if c.Where == "lookup" {
		subject.reference = c.Reference
	}
	req.Reference, req.Kind = subject.reference, subject.kind

	var f *Fault
	s.view(func(w *world) {
		f = w.takeFault(c.Where, subject)
		w.logRequest(req)
	})
	a := answer{s: s, w: w, call: &c, log: req}
	a.give(r.Context(), f)
	s.log.Info("graph request", "where", c.Where, "reference", subject.reference, "status", req.Status, "fault", req.Fault)
}

func readBody(w http.ResponseWriter, r *http.Request) (body []byte, tooLong bool, err error) {
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return nil, true, nil
	}
	return body, false, err
}

// authorize refuses a request without the access token or with a body that is no JSON.
func (s *Server) authorize(r *http.Request) *graphError {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	token = strings.TrimSpace(token)
	switch {
	case !ok || token == "":
		return refuse(190, "an access token is required: send Authorization: Bearer and the token")
	case s.opts.Token != "" && token != s.opts.Token:
		return refuse(190, "the access token is not valid for this sandbox")
	case r.Method == http.MethodPost && !isJSON(r):
		return refuse(100, "the content type must be application/json")
	}
	return nil
}

func isJSON(r *http.Request) bool {
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && t == "application/json"
}

// made names what a request brought into being, for a fault that makes it fail later.
type made struct{ message, refund string }

// do lets a call take effect and returns its answer.
func (s *Server) do(c *call) (rep reply, m made, err error) {
	if c.Where != "messages" && c.Where != "refund" {
		s.view(func(w *world) { rep, m = w.perform(c, s.now()) })
		return rep, m, nil
	}
	err = s.change(func(w *world, now time.Time) error {
		rep, m = w.perform(c, now)
		return nil
	})
	return rep, m, err
}

// perform is one call to the Graph API.
func (w *world) perform(c *call, now time.Time) (reply, made) {
	if c.Denied != nil {
		return w.errorReply(c.Denied), made{}
	}
	if err := w.admitRequest(now); err != nil {
		return w.errorReply(err), made{}
	}
	switch c.Where {
	case "messages":
		return w.postMessage(c, now)
	case "refund":
		return w.postRefund(c, now)
	case "lookup":
		return w.lookup(c.ID, c.Configuration, c.Reference, now), made{}
	case "configurations":
		return w.listConfigurations(now), made{}
	case "configuration":
		return w.getConfiguration(c.Configuration, now), made{}
	}
	return w.node(c.ID), made{}
}

func (w *world) postMessage(c *call, now time.Time) (reply, made) {
	d, bad := readMessage(c.Body, now)
	if bad != nil {
		return w.errorReply(bad), made{}
	}
	m, bad := w.send(c.ID, d, now)
	if bad != nil {
		return w.errorReply(bad), made{}
	}
	return messageReply(m, d.to), made{message: m.ID}
}

func (w *world) postRefund(c *call, now time.Time) (reply, made) {
	req, bad := readRefund(c.Body)
	if bad != nil {
		return w.errorReply(bad), made{}
	}
	r, bad := w.refund(c.ID, req, now)
	if bad != nil {
		return w.errorReply(bad), made{}
	}
	return refundReply(r), made{refund: r.ID}
}

// node answers GET /{phone-number-id}, whatever fields are asked for.
func (w *world) node(id string) reply {
	return jsonReply(http.StatusOK, map[string]any{
		"id": id, "verified_name": "Hisab sandbox", "display_phone_number": id, "quality_rating": "GREEN",
		"throughput": map[string]string{"level": "STANDARD"},
		"whatsapp_business_manager_messaging_limit": "TIER_100K",
	})
}
