package run_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/hisab/hisab/cmd/internal/run"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/pace"
	"github.com/hisab/hisab/reconcile/store/sqlite"
	"github.com/hisab/hisab/spec"
)

// These tests stop a run that is wired as hisab wires it: the machine's clock, a pool of
// goroutines, the pacer and a state on disk. Time is the bubble's, and a goroutine that is
// left behind fails the test.

const account = "whatsapp|graph.facebook.com|1"

// shop is a merchant with so many orders, and a platform that takes its time.
type shop struct {
	world *reconcile.World
	spec  *spec.Spec
	*platform
}

// openShop must be called in a bubble.
func openShop(t *testing.T, orders int, more string) *shop {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state.db")
	if err := sqlite.Create(t.Context(), path, sqlite.Genesis{Lineage: "l", Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), path, sqlite.Options{Operation: "apply", Incarnation: "i"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	p := &platform{looking: time.Second, sending: 3 * time.Second, sent: map[string]bool{}}
	return &shop{
		platform: p,
		spec:     declare(t, orders, more),
		world: &reconcile.World{
			Store: store, Providers: p, Clock: run.Clock{}, Pool: run.Pool(4), Incarnation: "i",
			Pacer: pace.New(run.Clock{}, func(string) int { return 80 }),
		},
	}
}

func declare(t *testing.T, orders int, more string) *spec.Spec {
	t.Helper()
	var b strings.Builder
	b.WriteString(`
provider "whatsapp" "main" {
  phone_number_id = "1"
  access_token    = env("TOKEN")
}
defaults "order" {
  provider   = whatsapp.main
  type       = "digital-goods"
  body       = "Thank you."
  catalog_id = "538246951"
  payment {
    gateway       = "razorpay"
    configuration = "shop-razorpay"
  }
}
`)
	for i := range orders {
		fmt.Fprintf(&b, `
order "A%02d" {
  customer { phone = "+9198765432%02d" }
  item {
    name     = "Bread"
    amount   = 100.00
    quantity = 1
  }
  %s
}
`, i, i, more)
	}
	s, diags := spec.Load(fstest.MapFS{"shop.hcl": {Data: []byte(b.String())}}, spec.Options{})
	if diags.HasErrors() {
		t.Fatal(diags.Errs())
	}
	return s
}

func (s *shop) plan(t *testing.T) *reconcile.Plan {
	t.Helper()
	p, err := reconcile.MakePlan(t.Context(), s.world, s.spec, reconcile.PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// applied is what one apply did, and how long after the stop it came back.
type applied struct {
	*reconcile.Result
	after time.Duration
}

// applyAndStop applies a plan, and stops the run some time after it began.
func (s *shop) applyAndStop(t *testing.T, p *reconcile.Plan, after time.Duration) applied {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var at time.Time
	defer time.AfterFunc(after, func() { at = time.Now(); stop() }).Stop()
	r, err := reconcile.Apply(ctx, s.world, s.spec, p, reconcile.ApplyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Stopped || ctx.Err() == nil {
		t.Error("the run came to its end before it was stopped, and shows nothing")
	}
	return applied{r, time.Since(at)}
}

// states counts the attempts in the journal by where they stand.
func (s *shop) states(t *testing.T) map[reconcile.AttemptState]int {
	t.Helper()
	n := map[reconcile.AttemptState]int{}
	for o, err := range s.world.Store.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range o.Attempts {
			n[a.State]++
			if a.State == reconcile.Settled && a.Result == "" {
				t.Errorf("%s is settled as nothing", a.ID)
			}
		}
	}
	return n
}

// probe is the order that goes first and alone: the platform answers it well and at once, so
// that what these tests count is the others, which are worked on beside each other.
const probe = "A00"

// platform takes its time, and notes what was asked of it.
type platform struct {
	looking, sending time.Duration
	// fails is what requests to send are answered with; nil: they are taken.
	fails *reconcile.CallError
	// tired is what the probe is answered with; nil: it is taken.
	tired *reconcile.CallError

	mu           sync.Mutex
	looks        int
	began, ended []string
	sent         map[string]bool
}

// Account and Provider make it the one account there is.
func (p *platform) Account(string) (string, bool)              { return account, true }
func (p *platform) Provider(string) (reconcile.Provider, bool) { return p, true }

// Lookup gives up with its context, as a request does.
func (p *platform) Lookup(ctx context.Context, k reconcile.PaymentKey) (reconcile.Payment, error) {
	p.mu.Lock()
	state := reconcile.NotFound
	if p.sent[k.Reference] {
		state = reconcile.Unpaid
	}
	if k.Reference != probe {
		p.looks++
	}
	p.mu.Unlock()
	if k.Reference == probe {
		return reconcile.Payment{Reference: probe, State: state}, nil
	}
	if err := (run.Clock{}).Sleep(ctx, p.looking); err != nil {
		return reconcile.Payment{}, &reconcile.CallError{Class: reconcile.Unknown, Meaning: "the run was stopped", Err: err}
	}
	return reconcile.Payment{Reference: k.Reference, State: state}, nil
}

// Send takes effect at its end, if nobody interrupts it.
func (p *platform) Send(ctx context.Context, m reconcile.Message) (reconcile.Receipt, error) {
	if m.Reference == probe && p.tired != nil {
		return reconcile.Receipt{}, p.tired
	}
	if m.Reference == probe {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sent[probe] = true
		return reconcile.Receipt{MessageID: "wamid.probe"}, nil
	}
	p.note(&p.began, m.Reference)
	if err := (run.Clock{}).Sleep(ctx, p.sending); err != nil {
		return reconcile.Receipt{}, &reconcile.CallError{Class: reconcile.Unknown, Meaning: "interrupted", Err: err}
	}
	p.note(&p.ended, m.Reference)
	if p.fails != nil {
		return reconcile.Receipt{}, p.fails
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent[m.Reference] = true
	return reconcile.Receipt{MessageID: fmt.Sprintf("wamid.%d", len(p.ended))}, nil
}

// Refund is not asked for here.
func (p *platform) Refund(context.Context, reconcile.RefundRequest) (reconcile.RefundAnswer, error) {
	return reconcile.RefundAnswer{}, &reconcile.CallError{Class: reconcile.Refused, Meaning: "not here"}
}

func (p *platform) note(list *[]string, reference string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	*list = append(*list, reference)
}

// TestAStopFinishesWhatIsInFlight: four bills are on their way when the run is stopped. They
// are brought to their end and recorded, nothing else begins, and the next run does the rest.
func TestAStopFinishesWhatIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders = 20
		s := openShop(t, 1+orders, `
  require_payment = false
  status          = "shipped"`) // a second action behind each bill, which must not begin
		p := s.plan(t)
		r := s.applyAndStop(t, p, 2*time.Second)                        // a look takes one second, a bill three
		if r.after < 2*time.Second || r.after > 2200*time.Millisecond { // the pacer spaces them out a little
			t.Errorf("it came back %v after the stop, want when the bills in flight were through", r.after)
		}
		time.Sleep(time.Hour)
		if began, ended := len(s.began), len(s.ended); began != 4 || ended != 4 {
			t.Errorf("%d requests began and %d ended, want the 4 in flight", began, ended)
		}
		if r.Done.Send != 1+4 || r.Done.Status != 1 || len(r.Skipped) != 2*orders-4 || len(r.Unknown)+len(r.Failed) != 0 {
			t.Errorf("done %+v, %d skipped, unknown %v, failed %v", r.Done, len(r.Skipped), r.Unknown, r.Failed)
		}
		if got := s.states(t); got[reconcile.Settled] != 2+4 || len(got) != 1 {
			t.Errorf("the journal has %v", got)
		}

		rest, err := reconcile.Apply(t.Context(), s.world, s.spec, s.plan(t), reconcile.ApplyOptions{})
		if err != nil || rest.Done.Send != orders-4 || rest.Done.Status != orders {
			t.Errorf("the next run did %+v, %v", rest.Done, err)
		}
		slices.Sort(s.began)
		if n := len(slices.Compact(slices.Clone(s.began))); len(s.began) != 2*orders || n != orders {
			t.Errorf("%d requests for %d orders, want a bill and a status each", len(s.began), n)
		}
	})
}

// TestAStopEndsEveryWait: wherever a run waits for time to pass, a stop ends that at once.
func TestAStopEndsEveryWait(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(*shop)
		stop    time.Duration
		began   int // requests to send
		want    map[reconcile.AttemptState]int
	}{
		{"in the row of throttled customers", func(s *shop) {
			for i := range 3 {
				s.world.Pacer.Slow(account, fmt.Sprintf("9198765432%02d", 1+i), 10*time.Minute)
			}
		}, time.Minute, 0, nil},
		{"at the look before a bill", func(s *shop) { s.looking = 20 * time.Second },
			5 * time.Second, 0, nil},
		{"between throttled tries", func(s *shop) {
			s.fails = &reconcile.CallError{Class: reconcile.Throttled, RetryAfter: 50 * time.Second, Meaning: "slow down"}
		}, 10 * time.Second, 3, map[reconcile.AttemptState]int{reconcile.Ready: 3}},
		{"before another try to connect", func(s *shop) {
			s.fails = &reconcile.CallError{Class: reconcile.NotSent, Meaning: "nobody there"}
		}, 4*time.Second + time.Second/2, 3, map[reconcile.AttemptState]int{reconcile.Ready: 3}},
		{"while it finds out", func(s *shop) {
			s.fails = &reconcile.CallError{Class: reconcile.Unknown, Meaning: "the answer was lost"}
		}, 8 * time.Second, 3, map[reconcile.AttemptState]int{reconcile.Undecided: 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := openShop(t, 1+3, "")
				p := s.plan(t)
				c.prepare(s)
				r := s.applyAndStop(t, p, c.stop)
				if r.after != 0 {
					t.Errorf("it came back %v after the stop", r.after)
				}
				if len(s.began) != c.began || len(s.ended) != c.began {
					t.Errorf("%d requests began and %d ended, want %d", len(s.began), len(s.ended), c.began)
				}
				if accounted := len(r.Skipped) + len(r.Waiting) + len(r.Failed) + len(r.Unknown); accounted != 3 || r.Done.Actions() != 1 {
					t.Errorf("%d of 3 actions are accounted for: %+v", accounted, r.Result)
				}
				got := s.states(t)
				if got[reconcile.Settled]--; got[reconcile.Settled] == 0 { // the probe's
					delete(got, reconcile.Settled)
				}
				if fmt.Sprint(got) != fmt.Sprint(c.want) && len(got)+len(c.want) > 0 {
					t.Errorf("the journal has %v, want %v", got, c.want)
				}
			})
		})
	}
}

// TestAStopEndsTheProbesWait: nor does the order that goes alone wait on, and the others that
// wait for it do not begin.
func TestAStopEndsTheProbesWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openShop(t, 1+3, "")
		p := s.plan(t)
		s.world.Pacer.Slow(account, "", 10*time.Minute)
		r := s.applyAndStop(t, p, time.Minute)
		if r.after != 0 || len(s.began) != 0 || len(r.Skipped) != 4 || r.Done.Actions() != 0 {
			t.Errorf("it came back %v after the stop, with %d requests: %+v", r.after, len(s.began), r.Result)
		}
		if got := s.states(t); len(got) != 0 {
			t.Errorf("the journal has %v", got)
		}
	})
}

// TestAThrottledProbeHoldsNobodyUp: it has shown that the account answers, and sits out its
// pause beside the others. A stop accounts for it all the same.
func TestAThrottledProbeHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openShop(t, 1+3, "")
		p := s.plan(t)
		s.tired = &reconcile.CallError{Class: reconcile.Throttled, Customer: true, RetryAfter: 50 * time.Second, Meaning: "slow down"}
		r := s.applyAndStop(t, p, 10*time.Second)
		if r.after != 0 || len(s.ended) != 3 || r.Done.Send != 3 || len(r.Waiting) != 1 {
			t.Errorf("it came back %v after the stop, with %d requests: %+v", r.after, len(s.ended), r.Result)
		}
	})
}

// TestAPlanStops: so does a plan that looks.
func TestAPlanStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openShop(t, 1+40, "")
		ctx, stop := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer stop()
		start := time.Now()
		if _, err := reconcile.MakePlan(ctx, s.world, s.spec, reconcile.PlanOptions{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the plan ended with %v", err)
		}
		if took := time.Since(start); took != 2500*time.Millisecond || s.looks != 12 {
			t.Errorf("after %v and %d looks, want 2.5s and the 12 begun", took, s.looks)
		}
	})
}
