package reconcile_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sim/memstore"
	"github.com/hisab/hisab/reconcile/store/sqlite"
	"github.com/hisab/hisab/spec"
)

// shop is a merchant: a spec, a state in a real file or in memory, and an account on the
// platform.
type shop struct {
	t        *testing.T
	path     string
	disk     *memstore.Disk // where the state is in memory
	clock    *clock
	platform *platform
	store    reconcile.Store
	close    func() // of the store
	calls    *calls
	world    *reconcile.World
	spec     *spec.Spec
	starts   int
	slept    bool // this process, for longer than a claim lives
}

// accounts is what every spec here begins with.
const accounts = `
provider "whatsapp" "main" {
  phone_number_id = "106540352242922"
  access_token    = env("WHATSAPP_TOKEN")
}
provider "whatsapp" "second" {
  phone_number_id = "2"
  access_token    = env("WHATSAPP_TOKEN")
}

template "bill" {
  provider = whatsapp.main
  name     = "bill"
  language = "en"
}
template "update" {
  provider = whatsapp.main
  name     = "update"
  language = "en"
}
template "receipt" {
  provider = whatsapp.main
  name     = "receipt"
  language = "en"
  body     = ["${customer.name}", "${payment.amount}"]
}
template "credit" {
  provider = whatsapp.main
  name     = "credit"
  language = "en"
  body     = ["${refund.label}", "${refund.amount}", "${refund.id}"]
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
`

// anOrder declares an order of 210.00 with more in it.
func anOrder(reference string, more ...string) string {
	return fmt.Sprintf(`
order %q {
  customer {
    name  = "Asha Rao"
    phone = "+919876543210"
  }
  item {
    retailer_id = "1234567"
    name        = "Sourdough bread"
    amount      = 105.00
    quantity    = 2
  }
  %s
}
`, reference, strings.Join(more, "\n  "))
}

func refund(label string, rupees string) string {
	return fmt.Sprintf("refund %q { amount = %s }", label, rupees)
}

func wantsStatus(s spec.Status) string { return fmt.Sprintf("status = %q", s) }

// emptyState is a state nobody has used, made once.
var emptyState = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "hisab-state")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "state.db")
	if err := sqlite.Create(context.Background(), path, sqlite.Genesis{Lineage: "test", Now: opening}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// opening is when every shop opens.
var opening = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// newShop opens a shop that declares these orders.
func newShop(t *testing.T, orders ...string) *shop {
	t.Helper()
	state, err := emptyState()
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, clock: &clock{at: opening}}
	s.platform = newPlatform(s.clock.Now)
	s.open(state)
	s.declare(orders...)
	return s
}

// open gives a shop a state of its own with this in it, and starts.
func (s *shop) open(state []byte) {
	s.t.Helper()
	s.path = filepath.Join(s.t.TempDir(), "state.db")
	if err := os.WriteFile(s.path, state, 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.platform.intent = s.intent
	s.t.Cleanup(func() { s.close() })
	s.start()
}

// copied is another shop where everything is as it is in this one. This one is closed.
func (s *shop) copied(t *testing.T) *shop {
	t.Helper()
	s.close()
	state, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	c := &shop{t: t, clock: &clock{at: s.clock.at}, spec: s.spec, starts: s.starts}
	c.platform = s.platform.copied(c.clock.Now)
	c.open(state)
	return c
}

// start begins a process: the state opened anew, and a new incarnation.
func (s *shop) start() {
	s.t.Helper()
	if s.close != nil {
		s.close()
	}
	s.starts++
	name := fmt.Sprintf("process-%d", s.starts)
	s.openState(name)
	s.calls, s.slept = &calls{}, false
	provider := watchedPlatform{s.platform, s.calls}
	s.world = &reconcile.World{
		Store: watchedStore{s.store, s.calls}, Providers: platforms{account: provider, second: provider},
		Clock: watchedClock{s.clock, s.calls}, Pacer: watchedPacer{s.calls}, Pool: oneByOne{}, Incarnation: name,
	}
}

// openState opens the state for one process.
func (s *shop) openState(incarnation string) {
	s.t.Helper()
	if s.disk != nil {
		s.store, s.close = s.disk.Open(incarnation), func() { s.disk.End(incarnation) }
		return
	}
	store, err := sqlite.Open(context.Background(), s.path, sqlite.Options{Operation: "apply", Incarnation: incarnation, Now: s.clock.Now})
	if err != nil {
		s.t.Fatal(err)
	}
	s.store, s.close = store, func() { store.Close() }
}

// declare replaces the spec.
func (s *shop) declare(orders ...string) {
	s.t.Helper()
	fsys := fstest.MapFS{"shop.hcl": {Data: []byte(accounts)}, "orders.hcl": {Data: []byte(strings.Join(orders, "\n"))}}
	loaded, diags := spec.Load(fsys, spec.Options{})
	if diags.HasErrors() {
		s.t.Fatal(diags.Errs())
	}
	s.spec = loaded
}

func (s *shop) plan() *reconcile.Plan {
	s.t.Helper()
	p, err := reconcile.MakePlan(context.Background(), s.world, s.spec, reconcile.PlanOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// apply plans and acts.
func (s *shop) apply() *reconcile.Result {
	s.t.Helper()
	return s.take(s.plan(), reconcile.ApplyOptions{})
}

func (s *shop) take(p *reconcile.Plan, o reconcile.ApplyOptions) *reconcile.Result {
	s.t.Helper()
	r, err := reconcile.Apply(context.Background(), s.world, s.spec, p, o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.check()
	return r
}

// paid applies, lets the customers pay, and moves on a minute.
func (s *shop) paid(references ...string) *shop {
	s.t.Helper()
	s.apply()
	for _, r := range references {
		s.platform.pay(r)
	}
	s.clock.pass(time.Minute)
	return s
}

// deliver brings the webhooks that wait.
func (s *shop) deliver() {
	s.t.Helper()
	for _, e := range s.platform.webhooks {
		s.witness(e)
	}
	s.platform.webhooks = nil
	s.check()
}

func (s *shop) witness(e reconcile.Evidence) bool {
	s.t.Helper()
	known, err := reconcile.Witness(context.Background(), s.world, e)
	if err != nil {
		s.t.Fatal(err)
	}
	return known
}

// known is what the state has of an order.
func (s *shop) known(reference string) reconcile.Observed {
	s.t.Helper()
	o, ok, err := s.store.Get(context.Background(), reference)
	if err != nil || !ok {
		s.t.Fatalf("%s: known %v, %v", reference, ok, err)
	}
	return o
}

// attempt is the latest of a kind.
func (s *shop) attempt(reference string, kind reconcile.ActionKind) reconcile.Attempt {
	s.t.Helper()
	o := s.known(reference)
	for _, a := range slices.Backward(o.Attempts) {
		if a.Kind == kind {
			return a
		}
	}
	s.t.Fatalf("%s has no attempt of kind %s", reference, kind)
	return reconcile.Attempt{}
}

// intent finds the attempt that a request comes from in the journal: it must stand there, in
// sending, before the request is made (I7). Of a process that slept right before it, another
// one may have taken it for unknown.
func (s *shop) intent(op operation, m reconcile.Message, r reconcile.RefundRequest) string {
	for o, err := range s.store.All(context.Background()) {
		if err != nil {
			s.t.Fatal(err)
		}
		for _, a := range o.Attempts {
			mine := reconcile.Opaque(o.Ref, a.ID) == m.Opaque
			if op == onRefund {
				mine = a.Kind == reconcile.KindRefund && a.Reference == r.Reference && a.Amount == r.Amount
			}
			if mine && (a.State == reconcile.Sending || s.slept && a.State.Open()) && a.Incarnation == s.world.Incarnation {
				return a.ID
			}
		}
	}
	s.t.Errorf("%s of %s%s goes out without a claim in the journal", op, m.Reference, r.Reference)
	return ""
}

// expect compares what happened on the platform.
func (s *shop) expect(op operation, want ...string) {
	s.t.Helper()
	if got := s.platform.happened(op); !slices.Equal(got, want) {
		s.t.Errorf("%s: %q, want %q", op, got, want)
	}
}

// converged checks that nothing is left to do, and that saying so costs no lookup.
func (s *shop) converged() {
	s.t.Helper()
	p := s.plan()
	if len(p.Actions)+len(p.Waiting)+len(p.Blocked)+len(p.Unknown) > 0 {
		s.t.Errorf("there is something left: %s", told(p))
	}
	before := s.calls.n
	s.calls.step = func(_ int, what string, _ bool) error {
		if what == "lookup" {
			s.t.Error("a converged order is looked at")
		}
		return nil
	}
	s.plan()
	s.calls.step, s.calls.n = nil, before
}

// told says a plan in one line.
func told(p *reconcile.Plan) string {
	var all []string
	for _, a := range p.Actions {
		all = append(all, trim("do "+string(a.Kind)+" "+string(a.To)+" "+a.Label+" "+a.Event+" "+held(a)))
	}
	for name, notes := range map[string][]reconcile.Note{"waits": p.Waiting, "blocked": p.Blocked, "unknown": p.Unknown} {
		for _, n := range notes {
			all = append(all, trim(name+" "+string(n.Kind)+" "+n.Label+" "+n.Event+" "+n.Code))
		}
	}
	slices.Sort(all)
	return strings.Join(all, "; ")
}

func held(a reconcile.Action) string {
	if a.Held == "" {
		return ""
	}
	return "(held)"
}

func trim(s string) string { return strings.Join(strings.Fields(s), " ") }

// says compares a plan made now.
func (s *shop) says(want string) {
	s.t.Helper()
	if got := told(s.plan()); got != want {
		s.t.Errorf("plan: %q\nwant: %q", got, want)
	}
}
