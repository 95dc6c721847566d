package sandbox

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func TestRestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sandbox.json")
	hook := newReceiver(t)
	b := newBench(t, Options{StateFile: file, WebhookURL: hook.URL, Rules: Rules{RefuseSameStatus: true}})
	b.bill("A-1")
	b.must(b.Pay(Attempt{Reference: "A-1"}))
	b.refundCall("A-1", "10000")
	_, err := b.Inject(Fault{Where: "refund", What: "late_effect", Delay: time.Minute})
	b.must(err)
	b.tryRefund()
	_, err = b.Inject(Fault{Where: "webhook", What: "delayed", Delay: time.Hour, Times: 3})
	b.must(err)

	changed := b.Rules()
	if !changed.RefuseSameStatus {
		t.Error("a sandbox that begins does not take the rules of its options")
	}
	changed.NotFound, changed.Pacing = "empty", Pacing{PerSecond: 80, PairEvery: 6 * time.Second}
	b.must(b.SetRules(changed))

	again := newBench(t, Options{StateFile: file, WebhookURL: hook.URL, Rules: Rules{SeedShape: true}})
	if got := again.Rules(); got != changed {
		t.Errorf("the rules after a restart are %+v, want those of the file: %+v", got, changed)
	}
	if o := again.order("A-1"); o.Payment.Status != "captured" || o.Payment.Refunded() != 10000 || !o.CreatedAt.Equal(start) {
		t.Errorf("after a restart: %+v", o)
	}
	if f := again.Faults(); len(f) != 2 || f[0].Active() || f[1].Delay != time.Hour {
		t.Errorf("faults: %+v", f)
	}
	again.pass(5 * time.Second)
	if o := again.order("A-1"); o.Payment.Transactions[0].Refunds[0].Status != "success" {
		t.Error("the refund that was pending did not become success")
	}
	again.pass(time.Minute)
	if o := again.order("A-1"); o.Payment.Refunded() != 11000 {
		t.Error("the late request did not take effect")
	}
	if len(hook.got) == 0 {
		t.Error("webhooks that were waiting were not posted")
	}

	info, err := os.Stat(file)
	b.must(err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v, want 0600", info.Mode().Perm())
	}
	if left, _ := fs.Glob(os.DirFS(filepath.Dir(file)), "*"); len(left) != 1 {
		t.Errorf("files left behind: %v", left)
	}
}

func TestBadStateFile(t *testing.T) {
	for name, content := range map[string]string{"no json": "{", "another format": `{"format":99}`} {
		file := filepath.Join(t.TempDir(), "sandbox.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := New(Options{StateFile: file}); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func TestUnwritableState(t *testing.T) {
	b := newBench(t, Options{StateFile: filepath.Join(t.TempDir(), "gone", "sandbox.json")})
	if status, _ := b.request("POST", messagesPath, orderDetails("A-1")); status != 500 {
		t.Errorf("answered %d", status)
	}
	if err := b.Pay(Attempt{Reference: "A-1"}); err == nil {
		t.Error("paid without a record")
	}
}

func TestReset(t *testing.T) {
	b := paid(t, Options{})
	b.must(b.Reset())
	if len(b.Orders())+len(b.Ledger())+len(b.Messages())+len(b.Requests()) != 0 {
		t.Error("something is left")
	}
	b.bill("A-1")
}

// Many callers at once, while Run posts webhooks. The time is a clock's that started at the bench's own
// time: what is billed here has an expiration.
func TestTogether(t *testing.T) {
	began := time.Now()
	now := func() time.Time { return start.Add(time.Since(began)) }
	hook := newReceiver(t)
	timing := Timing{Refund: time.Millisecond, Delivered: time.Millisecond, Read: time.Millisecond, Retry: time.Millisecond, GiveUp: time.Hour}
	s, err := New(Options{WebhookURL: hook.URL, AppSecret: "secret", Now: now, Timing: &timing, StateFile: filepath.Join(t.TempDir(), "s.json")})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{T: t, Server: s}
	ctx, stop := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- s.Run(ctx) }()
	srv := newLocal(t, s)
	b.web = srv
	var wg sync.WaitGroup
	for _, ref := range []string{"A", "B", "C", "D"} {
		wg.Go(func() {
			b.bill(ref)
			b.must(s.Pay(Attempt{Reference: ref}))
			b.refundCall(ref, "100")
			b.status(ref, "completed")
			b.lookup(ref)
			s.Orders()
		})
	}
	wg.Wait()
	for len(s.Webhooks()) < 4*(3+1+1+3) || waiting(s) {
		time.Sleep(time.Millisecond)
	}
	stop()
	if err := <-ran; err != nil {
		t.Error(err)
	}
}

func waiting(s *Server) bool {
	for _, h := range s.Webhooks() {
		if h.State == "waiting" {
			return true
		}
	}
	return false
}
