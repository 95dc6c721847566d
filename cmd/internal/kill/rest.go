package kill

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hisab/hisab/reconcile/sandbox"
)

// runsToRest is in how many runs a shop without faults must come to rest. What a payment or a
// refund leads to is done by the next run, so a few are needed.
const runsToRest = 8

// rest lets the faults end and runs the program until its plan is empty. Waits that no run can
// sit out, and what a person has to decide, may stand; everything else must be done, and be
// so on the platform.
func (r *round) rest(ctx context.Context) error {
	r.platform.trouble.end()
	if err := r.platform.RemoveFault(""); err != nil {
		return err
	}
	if err := r.calm(ctx); err != nil {
		return err
	}
	var plan foreseen
	for range runsToRest {
		if err := r.undisturbed(ctx); err != nil {
			return err
		}
		// A refund that succeeds or a webhook between two plans would make them differ.
		if err := r.calm(ctx); err != nil {
			return err
		}
		var err error
		if plan, err = r.plan(ctx); err != nil {
			return err
		}
		if len(plan.Actions) == 0 && !slices.ContainsFunc(plan.Waiting, passing) {
			return r.atRest(ctx)
		}
	}
	return blame("I17", "after %d runs without a fault the plan still has %v and waits for %v", runsToRest, plan.Actions, plan.Waiting)
}

// passing are waits that end by themselves within moments.
func passing(n note) bool {
	return slices.Contains([]string{"throttled", "look_failed", "provider_paused", "payment_unknown"}, n.Code)
}

// confused are blocks that ask a person about what only the program itself did: nobody
// else acts on this platform.
func confused(n note) bool {
	return slices.Contains([]string{"exists_unmanaged", "refund_unexplained", "refund_changed", "refund_renamed", "refund_not_found", "evidence_conflict"}, n.Code)
}

// calm waits until nothing more happens on the platform by itself, and lets the webhooks in.
func (r *round) calm(ctx context.Context) error {
	for range 40 {
		if _, due := r.platform.Next(); !due {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	if r.hooks == never {
		return nil
	}
	return r.receiver.deliver(ctx, r.state(), r.platform.url, true)
}

// undisturbed is a whole run.
func (r *round) undisturbed(ctx context.Context) error {
	r.platform.alive()
	p, err := r.begin(ctx, []string{"apply", "-C", r.spec, "--auto-approve", "--json"})
	if err != nil {
		return err
	}
	if !p.endsWithin(time.Minute) {
		p.kill()
		<-p.ended
		return blame("I17", "a run without faults did not end within a minute: %s", p.end())
	}
	if _, err := r.account(ctx, plain, []*process{p}); err != nil {
		return err
	}
	if p.exit() != exitDone && p.exit() != exitUnknown {
		return blame("I17", "a run without faults ended with %d: %s", p.exit(), p.end())
	}
	return nil
}

func (r *round) plan(ctx context.Context) (foreseen, error) {
	p, err := start(ctx, r.binary, "plan", "-C", r.spec, "--json", "--detailed-exitcode")
	if err != nil {
		return foreseen{}, err
	}
	<-p.ended
	f, err := p.plan()
	if err == nil && (p.exit() == exitActions) != (len(f.Actions) > 0) {
		err = blame("I16", "plan --detailed-exitcode ended with %d and %d actions", p.exit(), len(f.Actions))
	}
	return f, err
}

// atRest checks that a quiet plan stays quiet, and that the platform agrees with it.
func (r *round) atRest(ctx context.Context) error {
	again, err := r.plan(ctx)
	if err != nil {
		return err
	}
	c := &checker{Evidence: r.evidence(), attempts: map[string]*claimed{}}
	c.index()
	if len(again.Actions) > 0 {
		c.broken("I16", again.Actions[0].Reference, "the plan was empty, and made again it has %v", again.Actions)
	}
	noted := map[string]bool{}
	for _, n := range slices.Concat(again.Waiting, again.Blocked, again.Unknown) {
		noted[n.Address] = true
		if confused(n) {
			c.broken("I17", n.Reference, "a person is asked about what the program itself did: %s %s: %s", n.Kind, n.Code, n.Detail)
		}
	}
	for _, w := range r.shop.wishes {
		if !w.gone && !noted[w.kind+"."+w.reference] {
			c.fulfilled(w)
		}
	}
	if len(c.found) > 0 {
		return &broken{c.found}
	}
	return nil
}

// fulfilled checks on the platform that a wish of which the plan says nothing has come true
// (I16).
func (c *checker) fulfilled(w *wish) {
	var last *sandbox.Order
	var back int64
	for i := range c.Orders {
		o := &c.Orders[i]
		if o.Reference == w.reference || strings.HasPrefix(o.Reference, w.reference+"-") {
			last = o
			back += o.Payment.Refunded()
		}
	}
	switch {
	case last == nil && w.status == "canceled":
	case last == nil:
		c.broken("I16", w.reference, "the plan is empty, and %s was never billed", w.reference)
	case back != w.given():
		c.broken("I16", last.Reference, "the plan is empty, refunds of %d are declared on %s, and %d went back", w.given(), w.reference, back)
	case w.status != "pending" && last.Status != w.wanted() && !c.refusedLater(last.Reference):
		c.broken("I16", last.Reference, "the plan is empty, %s is to be %s, and is %s", w.reference, w.wanted(), last.Status)
	}
}

// refusedLater: a status of the order was taken and then refused; without webhooks nobody
// tells the program.
func (c *checker) refusedLater(reference string) bool {
	return slices.ContainsFunc(c.Messages, func(m sandbox.Message) bool {
		return m.Reference == reference && m.Kind == sandbox.OrderStatus && m.State == "failed"
	})
}
