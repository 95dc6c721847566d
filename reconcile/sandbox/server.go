package sandbox

import (
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// DefaultAddr is where the sandbox listens unless told otherwise.
const DefaultAddr = "127.0.0.1:4010"

// DefaultNumber is the phone number id of the samples.
const DefaultNumber = "106540352242922"

// Options configures a Server. The zero value is a useful sandbox: any access token, no
// webhooks, nothing kept on disk.
type Options struct {
	// Token is the one access token that is accepted; empty accepts any that is not empty.
	Token string
	// AppSecret signs webhooks. Empty: they are sent without a signature.
	AppSecret string
	// WebhookURL is called back for every business number that has no URL of its own.
	WebhookURL string
	// WABA is the id of the business account in webhooks; the default is a sample's.
	WABA string
	// Configurations are the payment configurations that exist. None: any name does, and
	// is active.
	Configurations []Configuration
	// Templates are the approved templates. None: any name does, with any parameters.
	Templates []Template
	// Rules are the switches for what the documents leave open, as a sandbox begins. They can
	// be changed while it runs, so one that goes on from its StateFile goes on with the rules
	// in there, and these do not count.
	Rules Rules
	// Timing says when things happen by themselves; nil is DefaultTiming.
	Timing *Timing
	// StateFile keeps everything across restarts; empty keeps nothing. It is written anew with
	// every change: fit for hundreds of orders, not for load tests.
	StateFile string

	// Now is the clock; nil is the wall clock.
	Now func() time.Time
	// Rand gives ids their randomness; nil is crypto/rand. It is read under a lock.
	Rand io.Reader
	// Log receives a line for each request and webhook, without anything personal; nil
	// discards.
	Log *slog.Logger
	// Client posts webhooks; nil is a client that follows no redirect and waits 10 s.
	Client *http.Client
}

// Server is the stand-in. It is safe for concurrent use.
type Server struct {
	opts    Options
	now     func() time.Time
	log     *slog.Logger
	client  *http.Client
	local   http.Handler // the page and /_sandbox
	store   *store
	ticking sync.Mutex // one Tick at a time
	wake    chan struct{}
	stopped chan struct{} // closed when Run has ended
	stop    sync.Once

	mu      sync.Mutex
	world   *world
	rev     uint64        // grows with every change
	changed chan struct{} // closed and replaced with every change
}

// New returns a server, with the state of an earlier one where Options names a file that
// holds it.
func New(o Options) (*Server, error) {
	fill(&o)
	s := &Server{
		opts: o, now: o.Now, log: o.Log, client: o.Client,
		store: &store{path: o.StateFile},
		wake:  make(chan struct{}, 1), changed: make(chan struct{}), stopped: make(chan struct{}),
	}
	w, err := s.store.load(&o)
	if err != nil {
		return nil, fmt.Errorf("read sandbox state: %w", err)
	}
	s.world = w
	s.local = s.localHandler()
	return s, nil
}

// fill puts the defaults in.
func fill(o *Options) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.WABA == "" {
		o.WABA = "102290129340398"
	}
	if o.Timing == nil {
		t := DefaultTiming()
		o.Timing = &t
	}
	if o.Client == nil {
		o.Client = &http.Client{
			Timeout:       10 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
}

// ServeHTTP serves the Graph API, with or without a version in the path, the control API
// below /_sandbox and the page at /. The last two answer this machine only; the Graph API
// answers whoever reaches it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isLocalPath(r.URL.Path) {
		s.local.ServeHTTP(w, r)
		return
	}
	s.serveGraph(w, r)
}

// view runs f on the world as it is now, without changing it.
func (s *Server) view(f func(*world)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.world.settle(s.now()) {
		s.announce()
	}
	f(s.world)
}

// change runs f on the world, tells those who watch, and returns once the change is on
// disk where a state file was asked for. What f did stands even when it returns an error.
func (s *Server) change(f func(w *world, now time.Time) error) error {
	s.mu.Lock()
	now := s.now()
	s.world.settle(now)
	err := f(s.world, now)
	s.announce()
	rev := s.rev
	s.mu.Unlock()
	if saveErr := s.save(rev); saveErr != nil && err == nil {
		err = saveErr
	}
	return err
}

// announce marks a change. The caller holds mu.
func (s *Server) announce() {
	s.rev++
	close(s.changed)
	s.changed = make(chan struct{})
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// watch returns the revision and a channel that is closed when it is no longer the latest.
func (s *Server) watch() (uint64, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rev, s.changed
}
