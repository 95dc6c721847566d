package kill

import (
	"os/exec"
	"syscall"
	"testing"
)

func TestCrashed(t *testing.T) {
	path, err := exec.LookPath("sleep")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		end   func(*process)
		crash bool
	}{
		"killed":               {(*process).kill, false},
		"asked, and not heard": {(*process).stopPolitely, false},
		"ended by a stranger":  {func(p *process) { p.signal(syscall.SIGTERM) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := start(t.Context(), path, "600")
			if err != nil {
				t.Fatal(err)
			}
			c.end(p)
			<-p.ended
			if why := p.crashed(); (why != "") != c.crash {
				t.Errorf("taken for a crash: %q", why)
			}
		})
	}
}
