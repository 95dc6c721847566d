package reconcile

import (
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

func TestQuietHoursHoldNotifiesAlone(t *testing.T) {
	kolkata := time.FixedZone("IST", 5*3600+1800)
	at := func(hhmm string) time.Time {
		day, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-20 "+hhmm, kolkata)
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	for _, tt := range []struct {
		from, to, now string
		held          bool
	}{
		{"21:00", "09:00", "20:59", false},
		{"21:00", "09:00", "21:00", true},
		{"21:00", "09:00", "00:00", true},
		{"21:00", "09:00", "08:59", true},
		{"21:00", "09:00", "09:00", false},
		{"13:00", "14:00", "13:30", true},
		{"13:00", "14:00", "14:00", false},
		{"13:00", "13:00", "13:00", false},
		{"", "", "03:00", false},
	} {
		p := &Plan{Actions: []Action{{Kind: KindNotify, ID: "n"}, {Kind: KindSend, ID: "s"}, {Kind: KindRefund, ID: "r"}, {Kind: KindStatus, ID: "t"}}}
		hold(p, &spec.Policy{QuietFrom: tt.from, QuietTo: tt.to}, holdings{now: at(tt.now)})
		if got := p.Actions[0].Held != ""; got != tt.held || p.Summary.Held != len(p.held()) || len(p.held()) > 1 {
			t.Errorf("quiet from %s to %s, at %s: holds %q", tt.from, tt.to, tt.now, p.held())
		}
	}
}

// TestJoinedQuietHoursHoldWhatEitherHolds, minute by minute.
func TestJoinedQuietHoursHoldWhatEitherHolds(t *testing.T) {
	list := [][2]string{{"21:00", "09:00"}, {"22:00", "06:00"}, {"13:00", "14:00"}, {"08:30", "10:00"}, {"20:00", "21:00"}, {"06:00", "20:00"}}
	for _, a := range list {
		for _, b := range list {
			joined := Stricter(&spec.Policy{QuietFrom: a[0], QuietTo: a[1]}, &spec.Policy{QuietFrom: b[0], QuietTo: b[1]})
			for minute := range day {
				now := time.Date(2026, 11, 20, minute/60, minute%60, 0, 0, time.UTC)
				holds := func(p *spec.Policy) bool { return quiet(p, &Action{Kind: KindNotify}, now) != "" }
				either := holds(&spec.Policy{QuietFrom: a[0], QuietTo: a[1]}) || holds(&spec.Policy{QuietFrom: b[0], QuietTo: b[1]})
				if either && !holds(joined) {
					t.Fatalf("%v and %v are joined to %s–%s, which lets %s go", a, b, joined.QuietFrom, joined.QuietTo, clockText(minute))
				}
			}
		}
	}
}

func TestAFallbackFollowsADefiniteFailureAlone(t *testing.T) {
	known := knowing(spec.EventPaid, 2*time.Hour)
	fallback := says(func(o *spec.Order) { o.Notify[0].Fallback = []string{"template.plain", "template.last"} })
	templates := func(c Change) string {
		all := ""
		for _, a := range c.Actions {
			all += a.Template + " "
		}
		return trimmed(all)
	}
	for name, tt := range map[string]struct {
		steps []step
		want  string
	}{
		"never tried":         {steps(), "template.paid"},
		"refused":             {steps(notified(Rejected, refusedWith(132015))), "template.plain"},
		"refused twice":       {steps(notified(Rejected, refusedWith(132015)), notified(Rejected, refusedWith(132015))), "template.last"},
		"refused by all":      {steps(notified(Rejected), notified(Rejected), notified(Rejected)), ""},
		"maybe sent":          {steps(notified(Undecided, claimed(time.Hour))), ""},
		"throttled":           {steps(notified(Ready)), "template.paid"},
		"asked for once more": {steps(notified(Rejected, refusedWith(132015), func(a *Attempt) { a.Retry = true })), "template.paid"},
		"told by a fallback":  {steps(notified(Rejected, refusedWith(132015)), notified(Settled)), ""},
	} {
		s := situated(append(steps(billed, notifying("paid"), fallback, known, paid), tt.steps...)...)
		if got := templates(s.diff()); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
