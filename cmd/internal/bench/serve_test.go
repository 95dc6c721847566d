package bench

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// platform answers as WhatsApp does, with the least work it can: it knows the references
// that it was sent, and says of each that the customer has not paid.
type platform struct {
	answer   time.Duration // how long a look takes
	mu       sync.Mutex
	known    map[string]bool
	requests int
	first    time.Time // of the requests counted
	last     time.Time
}

// serve runs a platform on a free port and prints its address. Its argument is how long it
// takes over a look.
func serve(args []string) error {
	answer, err := time.ParseDuration(args[0])
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", l.Addr())
	return http.Serve(l, &platform{answer: answer, known: map[string]bool{}})
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/counted" {
		p.counted(w)
		return
	}
	p.mu.Lock()
	if p.last = time.Now(); p.requests == 0 {
		p.first = p.last
	}
	p.requests++
	p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodPost {
		p.accept(w, r)
		return
	}
	time.Sleep(p.answer)
	reference := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	p.mu.Lock()
	known := p.known[reference]
	p.mu.Unlock()
	if !known {
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"error":{"message":"Invalid parameter","type":"OAuthException","code":100,"fbtrace_id":"A1"}}`)
		return
	}
	fmt.Fprintf(w, `{"payments":[{"reference_id":%q,"status":"pending","currency":"INR",`+
		`"total_amount":{"value":33550,"offset":100},"receipt":"rcpt","notes":{"channel":"web"}}]}`, reference)
}

// accept takes a message.
func (p *platform) accept(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	_, rest, found := bytes.Cut(body, []byte(`"reference_id":"`))
	reference, _, ended := bytes.Cut(rest, []byte(`"`))
	if err != nil || !found || !ended {
		http.Error(w, "no reference_id", http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	p.known[string(reference)] = true
	p.mu.Unlock()
	fmt.Fprintf(w, `{"messaging_product":"whatsapp","contacts":[{"input":"919876500000","wa_id":"919876500000"}],`+
		`"messages":[{"id":"wamid.HBgMOTE5ODc2NTAwMDAw%s"}]}`, reference)
}

// counted tells how many requests came since it was last asked, and in how many seconds.
func (p *platform) counted(w http.ResponseWriter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(w, "%d %g", p.requests, p.last.Sub(p.first).Seconds())
	p.requests = 0
}
