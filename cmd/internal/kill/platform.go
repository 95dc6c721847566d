package kill

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hisab/hisab/reconcile/sandbox"
)

// platform is the sandbox behind loopback HTTP. It outlives every process of a round, and
// counts what the program sends it and what of that a kill cuts short.
type platform struct {
	*sandbox.Server
	url     string
	trouble *trouble
	http    *http.Server
	stop    context.CancelFunc
	running sync.WaitGroup

	mu       sync.Mutex
	inFlight int
	deeds    int           // messages and refunds since the life began
	refunds  int           // refunds alone
	first    chan struct{} // closed with its first request
	deed     chan struct{} // closed and replaced with each message and refund
	kills    int           // how many there were: a request that begins before one and ends after it was cut
	dead     bool          // the process was killed: what still arrives was on its way
	cut      int
	failure  error // the platform's own
}

// openPlatform starts a sandbox whose rules, where the documents leave them open, are drawn.
func openPlatform(ctx context.Context, chance *rand.Rand, hooks http.RoundTripper) (*platform, error) {
	srv, err := sandbox.New(sandbox.Options{
		Token: token, AppSecret: secret, WebhookURL: "http://127.0.0.1/webhooks", Client: &http.Client{Transport: hooks},
		Rules: sandbox.Rules{
			SeedShape: chance.IntN(4) == 0, PartnerWords: chance.IntN(4) == 0, SyncStatusErrors: chance.IntN(3) == 0,
			RefuseSameStatus: chance.IntN(3) == 0, NotFound: []string{"", "404", "empty"}[chance.IntN(3)],
		},
		Timing: &sandbox.Timing{
			Judge: 5 * time.Millisecond, Sent: 5 * time.Millisecond, Delivered: 20 * time.Millisecond, Read: -1,
			Refund: 150 * time.Millisecond, Retry: -1,
		},
	})
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the platform: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	p := &platform{Server: srv, url: "http://" + listener.Addr().String(), trouble: newTrouble(chance), stop: stop,
		first: make(chan struct{}), deed: make(chan struct{})}
	p.http = &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	p.running.Go(func() { _ = srv.Run(ctx) }) // only a state file could fail it
	p.running.Go(func() {
		if err := p.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			p.fail(err)
		}
	})
	return p, nil
}

// fail notes the first thing that went wrong here, and not with the program.
func (p *platform) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failure == nil {
		p.failure = fmt.Errorf("the platform of the loop itself: %w", err)
	}
}

func (p *platform) broken() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failure
}

func (p *platform) close() {
	p.stop()
	p.http.Close()
	p.running.Wait()
}

// ServeHTTP lets the sandbox answer, or a fault in its place. A fault is aimed at the kind of
// request and not at this one: whichever comes first has it.
func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	where := "lookup"
	switch {
	case strings.HasSuffix(r.URL.Path, "/messages"):
		where = "messages"
	case strings.HasSuffix(r.URL.Path, "/payments_refund"):
		where = "refund"
	}
	kills := p.begin(where)
	defer p.end(kills)
	if f, ok := p.trouble.draw(where); ok {
		if _, err := p.Inject(f); err != nil {
			p.fail(err)
		}
	}
	p.Server.ServeHTTP(w, r)
}

func (p *platform) begin(where string) (kills int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inFlight++
	select {
	case <-p.first:
	default:
		close(p.first)
	}
	if where == "refund" {
		p.refunds++
	}
	if where != "lookup" {
		p.deeds++
		close(p.deed)
		p.deed = make(chan struct{})
	}
	return p.kills
}

func (p *platform) end(kills int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inFlight--
	if p.dead || p.kills > kills {
		p.cut++
	}
}

// alive begins the count for a new process; first is closed with its first request.
func (p *platform) alive() (first <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.first, p.deeds, p.refunds, p.dead = make(chan struct{}), 0, 0, false
	return p.first
}

// done counts messages and refunds since the life began; next is closed with the next one.
func (p *platform) done() (deeds, refunds int, next <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.deeds, p.refunds, p.deed
}

// killed marks what is in flight as cut short.
func (p *platform) killed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kills++
	p.dead = true
}

// cutShort counts the requests that were begun before a kill and not answered to the end.
func (p *platform) cutShort() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cut
}

// quiesce waits until nothing is being answered any more.
func (p *platform) quiesce() {
	for range 1000 {
		p.mu.Lock()
		n := p.inFlight
		p.mu.Unlock()
		if n == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
