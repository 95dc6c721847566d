package crash

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hisab/hisab/cmd/internal/kill"
	"github.com/hisab/hisab/cmd/internal/run"
	"github.com/hisab/hisab/cmd/internal/wire"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/pace"
	"github.com/hisab/hisab/reconcile/sandbox"
	"github.com/hisab/hisab/spec"
)

// shop is a merchant: files, customers, a platform, and one process at a time.
type shop struct {
	t        *testing.T
	dir      string
	clock    *clock
	platform *sandbox.Server
	line     *line
	inbox    *inbox
	listens  bool // webhooks are recorded
	spec     *spec.Spec

	orders []string
	past   []sandbox.Request // asked of the platform before this shop was opened
	told   []kill.Reported
	starts int
	deaths []string
}

// The files of a shop.
const (
	journalName = "state.db"
	ledgerName  = "ledger.json"
)

const preamble = `
provider "whatsapp" "main" {
  phone_number_id = %q
  access_token    = env("WHATSAPP_TOKEN")
  base_url        = %q
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

// anOrder declares the order A of 210.00 with more in it.
func anOrder(more ...string) string {
	return fmt.Sprintf(`
order "A" {
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
`, strings.Join(more, "\n  "))
}

// token is the platform's, and must be found nowhere.
const token = "EAAG-access-token-4711"

// newShop opens a shop on the files in a folder.
func newShop(t *testing.T, at time.Time, dir string) *shop {
	t.Helper()
	s := &shop{t: t, dir: dir, clock: &clock{at: at}, inbox: &inbox{}}
	var seed [32]byte // a platform that is opened again gives other ids than before
	binary.LittleEndian.PutUint64(seed[:], uint64(at.UnixNano()))
	platform, err := sandbox.New(sandbox.Options{
		Token: token, StateFile: filepath.Join(dir, ledgerName), Now: s.clock.Now, Rand: rand.NewChaCha8(seed),
		WebhookURL: "http://shop.invalid/webhooks", Client: &http.Client{Transport: s.inbox},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.platform = platform
	s.line = newLine(t, platform, s.clock)
	return s
}

// asked are all requests that ever arrived.
func (s *shop) asked() []sandbox.Request {
	return slices.Concat(s.past, s.platform.Requests())
}

// declare replaces the spec.
func (s *shop) declare(orders ...string) {
	s.t.Helper()
	s.orders = orders
	text := fmt.Sprintf(preamble, sandbox.DefaultNumber, s.line.url()) + strings.Join(orders, "")
	loaded, diags := spec.Load(fstest.MapFS{"shop.hcl": {Data: []byte(text)}},
		spec.Options{Env: func(string) (string, bool) { return token, true }})
	if diags.HasErrors() {
		s.t.Fatal(diags.Errs())
	}
	s.spec = loaded
}

// process is one run of the program.
type process struct {
	*reconcile.World
	shop  *shop
	state *wire.State
}

// start begins a process, wired as the program is.
func (s *shop) start(f *fate) process {
	s.t.Helper()
	s.starts++
	path := filepath.Join(s.dir, journalName)
	incarnation := fmt.Sprintf("process-%d", s.starts)
	state, err := wire.OpenState(context.Background(), path, wire.StateOptions{
		Access: wire.Act, Operation: "apply", Incarnation: incarnation, Now: s.clock.Now,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	accounts, err := wire.NewAccounts(s.spec, "test", s.clock.Now)
	if err != nil {
		s.t.Fatal(err)
	}
	s.line.connect(f)
	w := watched(&reconcile.World{
		Store: state, Providers: accounts, Clock: s.clock, Pool: run.Pool(1), Incarnation: incarnation, Watch: s.hear,
	}, f, path+"-wal")
	w.Pacer = pacer{pace.New(w.Clock, accounts.Rate), f}
	return process{w, s, state}
}

// hear keeps what a process says it has done.
func (s *shop) hear(p reconcile.Progress) {
	if a := p.Action; p.Kind == reconcile.ActionDone && a != nil {
		s.told = append(s.told, kill.Reported{ID: a.ID, Kind: string(a.Kind), Reference: a.ReferenceID, Label: a.Label, Result: p.Result})
	}
}

// end lets a process end in order.
func (p process) end() {
	p.shop.t.Helper()
	if err := p.state.Close(); err != nil {
		p.shop.t.Fatal(err)
	}
}

// live plans and applies in a process of its own, and reports what that left behind where it
// died of its fate.
func (s *shop) live(f *fate) (left remains, died bool) {
	s.t.Helper()
	p := s.start(f)
	defer p.end()
	err := p.work()
	switch {
	case errors.Is(err, errDied):
		return s.remains(f), true
	case err != nil:
		s.t.Fatal(err)
	}
	s.check(p.state)
	return remains{}, false
}

var errDied = errors.New("killed")

// work is what a process does.
func (p process) work() (err error) {
	defer func() {
		switch cause := recover(); cause.(type) {
		case nil:
		case death:
			err = errDied
		default:
			panic(cause)
		}
	}()
	plan, err := reconcile.MakePlan(context.Background(), p.World, p.shop.spec, reconcile.PlanOptions{})
	if err == nil {
		_, err = reconcile.Apply(context.Background(), p.World, p.shop.spec, plan, reconcile.ApplyOptions{})
	}
	return err
}

// apply lives without harm.
func (s *shop) apply() {
	s.t.Helper()
	s.live(&fate{})
}

// paid bills the order, and the customer pays.
func (s *shop) paid() {
	s.t.Helper()
	s.declare(anOrder())
	s.apply()
	if err := s.platform.Pay(sandbox.Attempt{Reference: "A"}); err != nil {
		s.t.Fatal(err)
	}
	s.clock.pass(time.Minute)
}

func (s *shop) journal(store reconcile.Store) (orders []*reconcile.Observed) {
	s.t.Helper()
	for o, err := range store.All(context.Background()) {
		if err != nil {
			s.t.Fatal(err)
		}
		orders = append(orders, o)
	}
	return orders
}
