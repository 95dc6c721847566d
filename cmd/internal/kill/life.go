package kill

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// manner is how a life goes.
type manner int

const (
	plain  manner = iota // apply, and killed
	saved                // a saved plan is applied, and killed
	twins                // two at once on one state
	zombie               // paused in the middle, with another one started meanwhile
	polite               // asked to stop
)

// manners, as often as they are to be drawn.
var manners = []manner{plain, plain, plain, plain, plain, saved, saved, twins, twins, zombie, zombie, polite}

// live runs the program once, disturbs it, and judges what it leaves. It reports how many
// processes were killed: one at most where only one is left to kill.
func (r *round) live(ctx context.Context, left int) (shot int, err error) {
	how := manners[r.chance.IntN(len(manners))]
	if (how == zombie && !pauses) || (left == 1 && (how == zombie || how == twins)) {
		how = plain
	}
	args, err := r.command(ctx, how)
	if err != nil {
		return 0, err
	}
	first := r.platform.alive()
	p, err := r.begin(ctx, args)
	if err != nil {
		return 0, err
	}
	life, over := context.WithCancel(ctx)
	defer over()
	company := r.company(ctx, life)
	all, err := r.disturb(ctx, how, p, first)
	r.bury(all)
	over()
	if err = errors.Join(err, <-company); err != nil {
		return 0, err
	}
	if shot, err = r.account(ctx, how, all); err == nil && how == saved {
		err = r.spent(ctx, args)
	}
	return shot, err
}

// disturb does to a process what its manner says. It returns all that were started.
func (r *round) disturb(ctx context.Context, how manner, p *process, first <-chan struct{}) ([]*process, error) {
	all := []*process{p}
	switch how {
	case twins:
		time.Sleep(r.upTo(40 * time.Millisecond))
		all, err := r.another(ctx, all)
		for i := range all {
			r.moment(all[i], first)
			r.shoot(all, i)
		}
		return all, err
	case zombie:
		r.moment(p, first)
		return r.zombie(ctx, all)
	case polite:
		r.moment(p, first)
		p.stopPolitely()
	default:
		r.moment(p, first)
		r.shoot(all, 0)
	}
	return all, nil
}

// command is what to run. A plan that is to be saved is made first, and may fail to see the
// world: then there is none to apply.
func (r *round) command(ctx context.Context, how manner) ([]string, error) {
	args := []string{"apply", "-C", r.spec}
	if n := r.chance.IntN(3); n > 0 {
		args = append(args, "--parallelism", fmt.Sprint([]int{1, 3}[n-1]))
	}
	if r.chance.IntN(5) > 0 {
		args = append(args, "--json")
	}
	if how == saved {
		file := filepath.Join(r.dir, fmt.Sprintf("plan-%02d", r.lives))
		p, err := start(ctx, r.binary, "plan", "-C", r.spec, "--out", file)
		if err != nil {
			return nil, err
		}
		<-p.ended
		if _, err := os.Stat(file); err == nil {
			return append(args, file), nil
		}
	}
	return append(args, "--auto-approve"), nil
}

// begin starts a process.
func (r *round) begin(ctx context.Context, args []string) (*process, error) {
	r.lives++
	return start(ctx, r.binary, args...)
}

// another starts a second process beside the first.
func (r *round) another(ctx context.Context, all []*process) ([]*process, error) {
	p, err := r.begin(ctx, []string{"apply", "-C", r.spec, "--auto-approve", "--json"})
	if err != nil {
		return all, err
	}
	return append(all, p), nil
}

// zombie pauses a process, lets another one try meanwhile, and wakes it or kills it asleep.
func (r *round) zombie(ctx context.Context, all []*process) ([]*process, error) {
	p := all[0]
	if !p.running() {
		return all, nil
	}
	p.pause()
	r.report.Zombies++
	all, err := r.another(ctx, all)
	if err != nil {
		return all, err
	}
	time.Sleep(r.upTo(250 * time.Millisecond))
	if r.chance.IntN(12) == 0 {
		time.Sleep(2 * time.Second) // longer than a claim may be acted on
	}
	all[1].endsWithin(patience)
	if r.chance.IntN(4) > 0 {
		p.wake()
		time.Sleep(r.upTo(r.pace.busy))
	}
	r.shoot(all, 0)
	return all, nil
}

// company is what goes on around a life: customers, and webhooks where they come beside it.
// Once life is over, the channel gives the first error of it.
func (r *round) company(ctx, life context.Context) <-chan error {
	public := &public{r.fork(), r.platform}
	pause := time.Duration(20+r.chance.IntN(80)) * time.Millisecond
	gone, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		public.crowd(life)
		close(gone)
	}()
	go func() {
		var err error
		for r.hooks == beside && life.Err() == nil && err == nil {
			select {
			case <-life.Done():
			case <-time.After(pause):
				err = r.receiver.deliver(ctx, r.state(), r.platform.url, false)
			}
		}
		<-gone
		ended <- err
	}()
	return ended
}

// shoot kills one process, and marks what it had in flight. Of two that run, nobody can say
// from outside which one the requests are of.
func (r *round) shoot(all []*process, i int) {
	if !all[i].running() {
		return
	}
	alone := true
	for j, p := range all {
		alone = alone && (i == j || !p.running())
	}
	all[i].kill()
	if alone {
		r.platform.killed()
	}
}

// patience is how long a process that was not killed may go on: some waits of the program are
// far longer than a round.
const patience = 1500 * time.Millisecond

// bury waits for the end of all, and kills what does not come to one.
func (r *round) bury(all []*process) {
	for i, p := range all {
		if !p.endsWithin(patience) {
			r.shoot(all, i)
			<-p.ended
		}
	}
}
