package kill

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
	all := []*process{p}
	switch how {
	case twins:
		r.pass(time.Duration(r.chance.IntN(40)) * time.Millisecond)
		all, err = r.another(ctx, all)
		for i := range all {
			r.moment(all[i], first)
			r.shoot(all, i)
		}
	case zombie:
		r.moment(p, first)
		all, err = r.zombie(ctx, all)
	case polite:
		r.moment(p, first)
		p.stopPolitely()
	default:
		r.moment(p, first)
		r.shoot(all, 0)
	}
	r.bury(all)
	over()
	if hookErr := <-company; err == nil {
		err = hookErr
	}
	if err != nil {
		return 0, err
	}
	if shot, err = r.settleAccounts(ctx, how, all); err == nil && how == saved {
		err = r.spent(ctx, args)
	}
	return shot, err
}

// spent applies a saved plan once more, of which something was sent: a plan runs once.
func (r *round) spent(ctx context.Context, args []string) error {
	deeds, _, _ := r.platform.done()
	if deeds == 0 || slices.Contains(args, "--auto-approve") {
		return nil // it may not have begun, or there was none
	}
	r.platform.alive()
	p, err := r.begin(ctx, args)
	if err != nil {
		return err
	}
	<-p.ended
	// What the plan knew to be in doubt is the more dangerous news.
	told := p.exit() == exitStale || p.exit() == exitUnknown
	if again, _, _ := r.platform.done(); again > 0 || !told {
		return blame("plan", "a saved plan was applied twice: %d requests, exit status %d: %s", again, p.exit(), p.end())
	}
	return nil
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
	nap := time.Duration(20+r.chance.IntN(250)) * time.Millisecond
	if r.chance.IntN(12) == 0 {
		nap += 2 * time.Second // longer than a claim may be acted on
	}
	r.pass(nap)
	all[1].endsWithin(patience)
	if r.chance.IntN(4) > 0 {
		p.wake()
		r.pass(time.Duration(r.chance.IntN(int(r.pace.busy))))
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

// settleAccounts reads what a life printed and left, and judges it.
func (r *round) settleAccounts(ctx context.Context, how manner, all []*process) (shot int, err error) {
	r.printed, r.clean = "", all[0].started
	for i, p := range all {
		r.printed += p.printed()
		r.reported = append(r.reported, p.reported()...)
		if err := os.WriteFile(filepath.Join(r.dir, fmt.Sprintf("life-%02d.%d.txt", r.lives, i)), []byte(fmt.Sprintf("%v\n%s", p.cmd.Args, p.printed())), 0o600); err != nil {
			return shot, err
		}
		switch why := p.crashed(); {
		case why != "":
			return shot, blame("crash", "%s", why)
		case p.killed():
			shot++
			r.clean = time.Time{}
		case p.exit() == exitLocked:
			r.report.Refused++
		case how == polite:
			r.report.Polite++
		}
	}
	r.report.Kills += shot
	if err := r.judge(ctx); err != nil {
		return shot, err
	}
	if r.Verbose {
		deeds, refunds, _ := r.platform.done()
		fmt.Fprintf(r.Progress, "  life %d: %v shot %d deeds %d refunds %d exits", r.lives, how, shot, deeds, refunds)
		for _, p := range all {
			fmt.Fprintf(r.Progress, " %d/%dms", p.exit(), p.took.Milliseconds())
		}
		fmt.Fprintln(r.Progress)
	}
	r.recovered(all[0].started, shot > 0)
	if r.hooks != never {
		err = r.receiver.deliver(ctx, r.state(), r.platform.url, false)
	}
	return shot, err
}

func (r *round) pass(d time.Duration) { time.Sleep(d) }
