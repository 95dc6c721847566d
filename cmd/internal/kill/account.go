package kill

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// account reads what a life printed and left, and judges it.
func (r *round) account(ctx context.Context, how manner, all []*process) (shot int, err error) {
	if ctx.Err() != nil {
		return 0, ctx.Err() // what ended then was ended with us
	}
	r.printed, r.clean = "", all[0].started
	for i, p := range all {
		r.printed += p.printed()
		r.reported = append(r.reported, p.reported()...)
		if err := r.keepPrint(p, i); err != nil {
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
	r.recovered(all[0].started, shot > 0)
	if r.hooks != never {
		err = r.receiver.deliver(ctx, r.state(), r.platform.url, false)
	}
	return shot, err
}

// keepPrint keeps what a process printed in the round's folder.
func (r *round) keepPrint(p *process, i int) error {
	text := fmt.Sprintf("%v\nended with %d after %v\n%s", p.cmd.Args, p.exit(), p.took, p.printed())
	return os.WriteFile(filepath.Join(r.dir, fmt.Sprintf("life-%02d-%d.txt", r.lives, i)), []byte(text), 0o600)
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
	if ctx.Err() != nil {
		return ctx.Err()
	}
	// What the plan knew to be in doubt is the more dangerous news.
	told := p.exit() == exitStale || p.exit() == exitUnknown
	if again, _, _ := r.platform.done(); again > 0 || !told {
		return blame("plan", "a saved plan was applied twice: %d requests, exit status %d: %s", again, p.exit(), p.end())
	}
	return nil
}
