package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/sim/memstore"
	"github.com/hisab/hisab/spec"
)

// A story is a shop to which things happen in any order: two bytes of a script each, what
// and how. Everything is the production code but the clock, the platform and the disk.
type story struct {
	*shop
	wishes  wishes
	parked  *reconcile.Plan      // a plan saved for later
	old     []reconcile.Evidence // webhooks that came already, to come again
	thaw    time.Time            // when lookups that are frozen tell the truth again
	fences  map[string]int64     // the latest fence of each order
	reached map[string]bool
}

// happening is one thing that can happen.
type happening struct {
	name string
	do   func(s *story, how byte)
}

// happenings are most of what reliability section 8 lists for the platform, the process, the
// dispatcher and the operator. New ones go to the end: scripts that were kept name them by
// their place.
var happenings = []happening{
	{"apply", func(s *story, _ byte) { s.applies(nil) }},
	{"answer", func(s *story, how byte) { s.answerNext(how) }},
	{"crash", func(s *story, how byte) { s.crashAt(1 + int(how)%60) }},
	{"stop", func(s *story, how byte) { s.stopAt(1 + int(how)%60) }},
	{"overtaken", func(s *story, how byte) { s.overtakenAt(1 + int(how)%60) }},
	{"disk", func(s *story, how byte) { s.failDisk(1+int(how/2)%12, how%2 == 0) }},
	{"wish", func(s *story, how byte) { s.wishes.change(how); s.spec = specOf(s.t, s.wishes) }},
	{"customer", func(s *story, how byte) { s.customer(how) }},
	{"webhooks", func(s *story, how byte) { s.webhooks(how) }},
	{"fails on its way", func(s *story, how byte) { s.failsOnRoute(how) }},
	{"stale lookups", func(s *story, how byte) { s.freezeAll(time.Duration(how%60) * time.Minute) }},
	{"by hand", func(s *story, how byte) { s.refundByHand(how) }},
	{"refund moves on", func(s *story, how byte) { s.refundMovesOn(how) }},
	{"person", func(s *story, how byte) { s.person(how) }},
	{"time", func(s *story, how byte) {
		s.clock.pass([]time.Duration{time.Second, time.Minute, 11 * time.Minute, 16 * time.Minute, 9 * time.Hour, 25 * time.Hour}[how%6])
		s.melt()
	}},
	{"saved plan", func(s *story, _ byte) { s.savedPlan() }},
	{"forget", func(s *story, _ byte) {
		if err := reconcile.Forget(context.Background(), s.world, "A"); err != nil && !errors.As(err, new(*reconcile.UnknownRefError)) {
			s.t.Error(err)
		}
	}},
}

// tell writes a script, of names of happenings with how they happen.
func tell(lines ...any) []byte {
	var script []byte
	for i := 0; i < len(lines); i += 2 {
		at := slices.IndexFunc(happenings, func(h happening) bool { return h.name == lines[i] })
		script = append(script, byte(at), byte(lines[i+1].(int)))
	}
	return script
}

// FuzzSequence: whatever happens to an order, in whatever sequence, no promise is broken, and
// once things calm down there is an end.
func FuzzSequence(f *testing.F) {
	for _, script := range stories {
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script []byte) { play(t, script) })
}

// stories are where the fuzzer begins: one for each of the ways that money can go.
var stories = map[string][]byte{
	"billed, paid, shipped": tell("apply", 0, "customer", 0, "wish", wishShipped, "apply", 0, "webhooks", 0, "apply", 0),
	"a lost answer":         tell("apply", 0, "customer", 0, "wish", wishLoaf, "stale lookups", 5, "answer", 0, "apply", 0, "time", 2, "apply", 0),
	"a crash in a refund":   tell("apply", 0, "customer", 0, "wish", wishLoaf, "wish", wishTwin, "crash", 14, "apply", 0, "time", 2, "apply", 0),
	"overtaken in a refund": tell("apply", 0, "customer", 0, "wish", wishLoaf, "overtaken", 14, "apply", 0),
	"a person":              tell("apply", 0, "customer", 0, "wish", wishLoaf, "answer", 1, "apply", 0, "time", 5, "apply", 0, "time", 4, "apply", 0, "time", 4, "apply", 0, "person", 1, "person", 2, "apply", 0),
	"replaced":              tell("apply", 0, "webhooks", 0, "wish", wishRepriced, "apply", 0, "webhooks", 0, "time", 2, "apply", 0, "customer", 8, "apply", 0),
	"canceled too late":     tell("apply", 0, "wish", wishCanceled, "customer", 1, "apply", 0, "customer", 0, "apply", 0, "webhooks", 0, "apply", 0),
	"removed":               tell("apply", 0, "wish", wishCancelOnRemove, "apply", 0, "wish", wishGone, "apply", 0, "webhooks", 0, "apply", 0, "wish", wishGone, "apply", 0),
	"a full disk":           tell("disk", 1, "apply", 0, "disk", 2, "apply", 0, "customer", 0, "wish", wishLoaf, "disk", 3, "disk", 4, "apply", 0),
	"by hand":               tell("apply", 0, "customer", 0, "by hand", 0, "wish", wishLoaf, "apply", 0, "person", 4, "apply", 0),
	"failed and made again": tell("apply", 0, "customer", 0, "refund moves on", 1, "wish", wishLoaf, "apply", 0, "refund moves on", 2, "apply", 0, "person", 2, "apply", 0),
	"a lost bill":           tell("answer", 7, "apply", 0, "person", 1, "apply", 0, "person", 3, "webhooks", 0, "apply", 0),
	"a bill given up":       tell("answer", 7, "answer", 10, "apply", 0, "person", 3, "apply", 0),
	"a lost status":         tell("apply", 0, "customer", 0, "wish", wishShipped, "answer", 13, "apply", 0, "webhooks", 3, "time", 2, "answer", 13, "apply", 0, "person", 1, "apply", 0),
	"a lost cancel":         tell("apply", 0, "wish", wishRepriced, "answer", 13, "apply", 0, "person", 1, "apply", 0, "answer", 13, "time", 2, "apply", 0, "person", 3, "apply", 0),
	"a cancel not sent":     tell("apply", 0, "wish", wishRepriced, "answer", 14, "answer", 14, "apply", 0, "apply", 0),
	"a refused refund":      tell("apply", 0, "customer", 0, "wish", wishLoaf, "answer", 3, "apply", 0, "person", 2, "answer", 5, "apply", 0, "apply", 0),
	"given up and another":  tell("apply", 0, "customer", 0, "wish", wishLoaf, "stale lookups", 40, "answer", 0, "apply", 0, "person", 3, "wish", wishTwin, "answer", 1, "apply", 0, "time", 5, "apply", 0),
	"a saved plan":          tell("saved plan", 0, "apply", 0, "saved plan", 0, "saved plan", 0),
}

// TestStories plays the beginnings.
func TestStories(t *testing.T) {
	for name, script := range stories {
		t.Run(name, func(t *testing.T) { play(t, script) })
	}
}

// TestRandomStories is FuzzSequence with chance of its own, the same each time; and it proves
// that what is to be tested was reached.
func TestRandomStories(t *testing.T) {
	reached := map[string]bool{}
	for seed := range uint64(500) {
		for what := range play(t, randomStory(seed)) {
			reached[what] = true
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	for _, h := range happenings {
		if !reached[h.name] {
			t.Errorf("%q never happened", h.name)
		}
	}
	for _, kind := range []reconcile.ActionKind{reconcile.KindSend, reconcile.KindStatus, reconcile.KindReplace, reconcile.KindRefund} {
		for _, state := range []reconcile.AttemptState{reconcile.Ready, reconcile.Settled, reconcile.Rejected, reconcile.Undecided, reconcile.Closed, reconcile.Abandoned} {
			if what := string(kind) + " " + string(state); !reached[what] {
				t.Errorf("no attempt was ever: %s", what)
			}
		}
	}
	if !reached["refund held"] {
		t.Error("no refund was ever held")
	}
}

// randomStory goes on from one of the beginnings, with an apply between any two things.
func randomStory(seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, 11))
	names := slices.Sorted(maps.Keys(stories))
	script := slices.Clone(stories[names[random.IntN(len(names))]])
	for range random.IntN(20) {
		script = append(script, byte(random.UintN(256)), byte(random.UintN(256)), 0, 0)
	}
	return script
}

// play tells a story to its end, and reports what it came by.
func play(t *testing.T, script []byte) map[string]bool {
	t.Helper()
	s := &story{fences: map[string]int64{}, reached: map[string]bool{}, shop: &shop{t: t, clock: &clock{at: opening}, disk: memstore.NewDisk()}}
	s.platform = newPlatform(s.clock.Now)
	s.platform.intent = s.intent
	s.disk.Committed = s.committed
	s.spec = specOf(t, s.wishes)
	s.start()
	told := label(script)
	defer func() {
		if t.Failed() {
			t.Log(told)
			for _, e := range s.platform.ledger {
				t.Logf("%+v", e)
			}
		}
	}()
	for len(script) >= 2 && s.starts < 30 && len(s.platform.ledger) < 60 {
		h := happenings[int(script[0])%len(happenings)]
		h.do(s, script[1])
		s.reached[h.name] = true
		if s.check(); t.Failed() {
			t.Fatalf("after %q (%d)", h.name, script[1])
		}
		script = script[2:]
	}
	s.calmDown()
	return s.reached
}

// committed holds every commit against I14: what changes has a newer version, and whoever
// claims takes it for a fence that nobody had before.
func (s *story) committed(before, after *reconcile.Observed, _ []reconcile.Event) {
	was := map[string]reconcile.Attempt{}
	if before != nil {
		for _, a := range before.Attempts {
			was[a.ID] = a
		}
		if after.Version <= before.Version {
			s.t.Errorf("I14: %s went from version %d to %d", after.Ref, before.Version, after.Version)
		}
	}
	for _, a := range after.Attempts {
		old, known := was[a.ID]
		s.reached[string(a.Kind)+" "+string(a.State)] = true
		switch claimed := a.State == reconcile.Sending && (!known || old.State != reconcile.Sending); {
		case claimed && (a.Fence != after.Version || a.Fence <= s.fences[after.Ref]):
			s.t.Errorf("I14: %s is claimed with the fence %d at version %d, after %d", a.ID, a.Fence, after.Version, s.fences[after.Ref])
		case claimed && known && old.State != reconcile.Ready:
			s.t.Errorf("I1: %s is claimed again, and was %s", a.ID, old.State)
		case claimed:
			s.fences[after.Ref] = a.Fence
		case known && a.Fence != old.Fence:
			s.t.Errorf("I14: the fence of %s changed from %d to %d without a claim", a.ID, old.Fence, a.Fence)
		}
		if known && (a.Amount != old.Amount || a.Currency != old.Currency || a.Reference != old.Reference || a.Kind != old.Kind) {
			s.t.Errorf("I15: %s was %d of %s and is %d of %s", a.ID, old.Amount, old.Reference, a.Amount, a.Reference)
		}
	}
}

// calmDown ends all faults, and checks that then there is an end (I16, I17).
func (s *story) calmDown() {
	s.t.Helper()
	s.platform.script, s.thaw, s.platform.refundState = nil, time.Time{}, reconcile.RefundSuccess
	s.melt()
	for _, b := range s.platform.bills {
		for i := range b.refunds {
			if b.refunds[i].State == reconcile.RefundPending {
				b.refunds[i].State = reconcile.RefundSuccess
			}
		}
	}
	for range 7 {
		s.applies(nil)
		s.webhooks(0)
		s.clock.pass(11 * time.Minute)
		s.check()
	}
	p := s.plan()
	if len(p.Actions) > 0 {
		s.t.Errorf("it does not come to an end: %s", told(p))
	}
	if again := s.plan(); told(again) != told(p) {
		s.t.Errorf("two plans without a change:\n%s\n%s", told(p), told(again))
	}
	for _, ref := range s.disk.Refs() {
		for _, a := range s.disk.Latest(ref).Attempts {
			if a.State == reconcile.Sending || a.Kind == reconcile.KindRefund && a.State == reconcile.Undecided {
				s.t.Errorf("I17: in the end %s %s is %s", a.Kind, a.ID, a.State)
			}
		}
	}
	if s.t.Failed() {
		s.t.Fatal("after it calmed down")
	}
}

// wishes are what the spec says of order A; a bit each.
type wishes uint16

// The bits, as the story's byte names them.
const (
	wishShipped = iota
	wishCompleted
	wishCanceled
	wishLoaf
	wishTwin // another refund of the same amount
	wishRoll
	wishRepriced
	wishFree // nothing asks for the money to be in
	wishNotify
	wishForms
	wishCancelOnRemove
	wishGone
	wishRenamed // the loaf under another label
	wishMoved   // to another account
	allWishes
)

func (w *wishes) change(bit byte) { *w ^= 1 << (bit % allWishes) }

func (w wishes) has(bit int) bool { return w&(1<<bit) != 0 }

// specs are loaded once for each set of wishes.
var specs sync.Map

func specOf(t *testing.T, w wishes) *spec.Spec {
	if known, ok := specs.Load(w); ok {
		return known.(*spec.Spec)
	}
	s := &shop{t: t}
	orders := []string{anOrder("B")}
	if !w.has(wishGone) {
		orders = append(orders, anOrder("A", w.lines()...))
	}
	s.declare(orders...)
	specs.Store(w, s.spec)
	return s.spec
}

// lines are what order A says beyond its goods.
func (w wishes) lines() []string {
	lines := []string{}
	for _, l := range []struct {
		bit  int
		text string
	}{
		{wishLoaf, refund("loaf", "50")}, {wishTwin, refund("twin", "50")}, {wishRoll, refund("roll", "70.50")},
		{wishRenamed, `refund "crust" { amount = 50 }`},
		{wishRepriced, "tax { amount = 10 }"}, {wishFree, "require_payment = false"},
		{wishNotify, "notify \"paid\" { template = template.receipt }\n  notify \"refund\" { template = template.credit }"},
		{wishForms, "templates {\n  order_details = template.bill\n  order_status = template.update\n  }"},
		{wishCancelOnRemove, cancelsOnRemove}, {wishMoved, "provider = whatsapp.second"},
	} {
		if w.has(l.bit) {
			lines = append(lines, strings.ReplaceAll(l.text, "\t", "  "))
		}
	}
	switch {
	case w.has(wishCanceled):
		lines = append(lines, wantsStatus(spec.Canceled))
	case w.has(wishCompleted):
		lines = append(lines, wantsStatus(spec.Completed))
	case w.has(wishShipped):
		lines = append(lines, wantsStatus(spec.Shipped))
	}
	return lines
}

// label is how a script is read by people, in a failure.
func label(script []byte) string {
	var b strings.Builder
	for ; len(script) >= 2; script = script[2:] {
		fmt.Fprintf(&b, "%s %d; ", happenings[int(script[0])%len(happenings)].name, script[1])
	}
	return b.String()
}
