package kill

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/hisab/hisab/reconcile"
)

// round is one shop from its opening to its rest.
type round struct {
	*loop
	seed     uint64
	dir      string // of the round: the spec in it, and what every process printed
	spec     string
	chance   *rand.Rand
	shop     *shop
	platform *platform
	public   *public
	receiver *receiver
	hooks    hooks

	lives    int
	reported []Reported
	printed  string    // by the last life
	clean    time.Time // when the last life began, if it ended by itself
	cut      map[string]bool
	journal  journal
}

// hooks says when webhooks reach the journal.
type hooks int

const (
	never   hooks = iota // looking alone has to do
	between              // while no process runs
	beside               // while one acts, too
)

// broken ends a round: a promise was.
type broken struct {
	violations []Violation
}

func (b *broken) Error() string { return fmt.Sprintf("%d violations", len(b.violations)) }

// blame is a violation that is no matter of one order.
func blame(invariant, format string, args ...any) error {
	return &broken{[]Violation{{Invariant: invariant, What: fmt.Sprintf(format, args...)}}}
}

func openRound(ctx context.Context, l *loop, seed uint64) (*round, error) {
	dir := filepath.Join(l.dir, fmt.Sprintf("round-%d", seed))
	r := &round{loop: l, seed: seed, dir: dir, spec: filepath.Join(dir, "spec"), chance: rand.New(rand.NewPCG(seed, 0)), cut: map[string]bool{}}
	r.shop, r.receiver, r.hooks = newShop(r.fork()), newReceiver(r.fork()), hooks(r.chance.IntN(3))
	if err := os.MkdirAll(r.spec, 0o755); err != nil {
		return nil, err
	}
	var err error
	if r.platform, err = openPlatform(ctx, r.fork(), r.receiver); err != nil {
		return nil, err
	}
	r.public = &public{r.fork(), r.platform}
	r.shop.grow(12 + r.chance.IntN(10))
	if err := r.declare(); err != nil {
		return nil, err
	}
	return r, r.must(ctx, "init", r.spec)
}

// fork is chance of its own for something that runs beside the rest.
func (r *round) fork() *rand.Rand { return rand.New(rand.NewPCG(r.chance.Uint64(), r.seed)) }

func (r *round) close() { r.platform.close() }

func (r *round) state() string { return filepath.Join(r.spec, ".hisab", "state.db") }

// declare writes the spec.
func (r *round) declare() error {
	return os.WriteFile(filepath.Join(r.spec, "shop.hcl"), []byte(r.shop.declared(r.platform.url)), 0o644)
}

// must runs the program to its end and expects it to succeed.
func (r *round) must(ctx context.Context, args ...string) error {
	p, err := start(ctx, r.binary, args...)
	if err != nil {
		return err
	}
	<-p.ended
	if p.exit() != exitDone {
		return fmt.Errorf("hisab %v ended with %d: %s", args, p.exit(), p.printed())
	}
	return nil
}

// run has so many kills, with what merchant, customers and platform do in between, and then
// lets the shop come to rest.
func (r *round) run(ctx context.Context, kills int) error {
	for lives := 0; kills > 0 && lives < 4*kills+20; lives++ {
		shot, err := r.live(ctx, kills)
		if err != nil {
			return err
		}
		kills -= shot
		if r.chance.IntN(3) > 0 {
			r.shop.edit(r.platform.Orders())
			if err := r.declare(); err != nil {
				return err
			}
		}
		for range 2 + r.chance.IntN(16) {
			r.public.visit()
		}
	}
	return r.rest(ctx)
}

// judge holds what is now known against the promises.
func (r *round) judge(ctx context.Context) error {
	r.platform.quiesce()
	if err := r.platform.broken(); err != nil {
		return err
	}
	var err error
	if r.journal, err = readJournal(ctx, r.state()); err != nil {
		return blame("database", "%v", err)
	}
	if found := Check(r.evidence()); len(found) > 0 {
		return &broken{found}
	}
	return nil
}

func (r *round) evidence() *Evidence {
	e := &Evidence{
		Messages: r.platform.Messages(), Orders: r.platform.Orders(), Ledger: r.platform.Ledger(),
		Journal: r.journal.orders, Log: r.journal.log, Reported: r.reported, Printed: r.printed,
		Private: append([]string{token, secret}, r.shop.private...), Clean: r.clean,
	}
	for _, q := range r.platform.Requests() {
		if q.Where != "lookup" {
			e.Requests = append(e.Requests, q)
		}
	}
	return e
}

// recovered measures how long the life that began then took to come back to an intent that a
// kill had cut short, and notes those that are cut short now.
func (r *round) recovered(began time.Time, killed bool) {
	for _, q := range r.platform.Requests() {
		if !q.At.Before(began) && r.cut[q.Reference] {
			r.report.Recovery = max(r.report.Recovery, q.At.Sub(began))
			break
		}
	}
	r.cut = map[string]bool{}
	if !killed {
		return
	}
	for _, o := range r.journal.orders {
		for i := range o.Attempts {
			if a := &o.Attempts[i]; a.State == reconcile.Sending && !a.ClaimedAt.Before(began.Truncate(time.Millisecond)) {
				r.cut[a.Reference] = true
				r.report.Sending++
			}
		}
	}
}

// tally adds to the report what is only known at the end.
func (r *round) tally() {
	r.report.Rounds++
	r.report.Cut += r.platform.cutShort()
	for _, q := range r.platform.Requests() {
		if q.Where == "refund" {
			r.report.Refunds++
		}
	}
	for _, o := range r.journal.orders {
		for i := range o.Attempts {
			if a := &o.Attempts[i]; a.Kind == reconcile.KindRefund && a.State.Open() {
				r.report.Left++
			}
		}
	}
	for what, n := range r.platform.trouble.counts() {
		r.report.Struck[what] += n
	}
}

// keepEvidence writes what the platform knows beside the spec and the prints.
func (r *round) keepEvidence() error {
	return writeJSON(filepath.Join(r.dir, "platform.json"), map[string]any{
		"requests": r.platform.Requests(), "messages": r.platform.Messages(), "orders": r.platform.Orders(),
		"ledger": r.platform.Ledger(), "faults": r.platform.trouble.counts(),
	})
}
