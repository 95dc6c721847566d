package sandbox

import (
	"testing"
	"time"
)

func TestEveryTransition(t *testing.T) {
	statuses := []string{"pending", "processing", "partially_shipped", "shipped", "completed", "canceled"}
	// A row for each status an order may have, a column for each it may be asked to take,
	// in the order above: the code of the refusal, 0 where it is allowed.
	want := map[string][]int{
		"pending":           {131009, 0, 0, 0, 0, 0},
		"processing":        {131009, 0, 0, 0, 0, 0},
		"partially_shipped": {131009, 0, 0, 0, 0, 0},
		"shipped":           {131009, 0, 0, 0, 0, 0},
		"completed":         {131009, 2046, 2046, 2046, 2046, 2046},
		"canceled":          {131009, 2046, 2046, 2046, 2046, 2046},
	}
	for _, sync := range []bool{false, true} {
		for from, codes := range want {
			for i, code := range codes {
				to := statuses[i]
				t.Run(from+" to "+to, func(t *testing.T) {
					b := newBench(t, Options{Rules: Rules{SyncStatusErrors: sync}})
					b.bill("A-1")
					if from != "pending" {
						b.status("A-1", from)
					}
					got := b.tryStatus("A-1", to)
					if got != code {
						t.Errorf("got code %d, want %d", got, code)
					}
					after := from
					if code == 0 {
						after = to
					}
					if o := b.order("A-1"); o.Status != after {
						t.Errorf("the order is %s, want %s", o.Status, after)
					}
				})
			}
		}
	}
}

// tryStatus sends an order_status and returns the code with which it is refused, at once or
// by webhook; 0 when it is delivered.
func (b *bench) tryStatus(ref, to string) int {
	b.Helper()
	code, out := b.request("POST", messagesPath, orderStatus(ref, to))
	if code != 200 {
		return errorCode(b.T, out)
	}
	id := dig[string](b.T, out, "messages", 0, "id")
	b.pass(time.Second)
	m := b.message(id)
	if m.State != "failed" && m.State != "delivered" {
		b.Errorf("message is %s", m.State)
	}
	return m.Code
}

func TestCancelAfterPayment(t *testing.T) {
	tests := []struct {
		name  string
		rules Rules
		do    func(*bench)
		want  int
	}{
		{"unpaid", Rules{}, func(*bench) {}, 0},
		{"failed attempt", Rules{}, func(b *bench) { b.must(b.Fail(Attempt{Reference: "A-1"})) }, 0},
		{"pending", Rules{}, func(b *bench) { b.must(b.Pending(Attempt{Reference: "A-1"})) }, 2047},
		{"pending, by the prose", Rules{CancelWhilePending: true}, func(b *bench) { b.must(b.Pending(Attempt{Reference: "A-1"})) }, 0},
		{"captured", Rules{}, func(b *bench) { b.must(b.Pay(Attempt{Reference: "A-1"})) }, 2047},
		{"captured and shipped", Rules{}, func(b *bench) {
			b.must(b.Pay(Attempt{Reference: "A-1"}))
			b.status("A-1", "shipped")
		}, 2047},
		{"captured and completed", Rules{}, func(b *bench) {
			b.must(b.Pay(Attempt{Reference: "A-1"}))
			b.status("A-1", "completed")
		}, 2046},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, Options{Rules: tt.rules})
			b.bill("A-1")
			tt.do(b)
			before := b.order("A-1").Status
			if got := b.tryStatus("A-1", "canceled"); got != tt.want {
				t.Errorf("got code %d, want %d", got, tt.want)
			}
			want := before
			if tt.want == 0 {
				want = "canceled"
			}
			if got := b.order("A-1").Status; got != want {
				t.Errorf("the order is %s, want %s", got, want)
			}
		})
	}
}

func TestSameStatusMayBeRefused(t *testing.T) {
	b := newBench(t, Options{Rules: Rules{RefuseSameStatus: true}})
	b.bill("A-1")
	b.status("A-1", "shipped")
	if got := b.tryStatus("A-1", "shipped"); got != 2046 {
		t.Errorf("got code %d, want 2046", got)
	}
}

// An order_status is judged against the world at that time, not at the time it was sent.
func TestJudgedLate(t *testing.T) {
	timing := DefaultTiming()
	timing.Judge = time.Minute
	b := newBench(t, Options{Timing: &timing})
	b.bill("A-1")
	id := b.status("A-1", "canceled")
	if got := b.order("A-1").Status; got != "pending" {
		t.Fatalf("judged at once: %s", got)
	}
	b.must(b.Pay(Attempt{Reference: "A-1"}))
	b.pass(2 * time.Minute)
	if m := b.message(id); m.State != "failed" || m.Code != 2047 {
		t.Errorf("message is %s with code %d, want failed with 2047", m.State, m.Code)
	}
}

func TestOrderStatusOfAnotherOrder(t *testing.T) {
	b := newBench(t, Options{})
	b.bill("A-1")
	stranger := orderStatus("A-1", "shipped")
	stranger["to"] = ravi
	for name, body := range map[string]object{"unknown": orderStatus("a-1", "shipped"), "another customer's": stranger} {
		if status, out := b.request("POST", messagesPath, body); status != 400 || errorCode(t, out) != 131009 {
			t.Errorf("%s: answered %d %v", name, status, out)
		}
	}
}

func TestReferenceIsUnique(t *testing.T) {
	b := newBench(t, Options{})
	b.bill("A-1")
	if status, out := b.request("POST", messagesPath, orderDetails("A-1")); status != 400 || errorCode(t, out) != 131009 {
		t.Errorf("a second bill was answered with %d %v", status, out)
	}
	b.bill("a-1") // case sensitive
	if status, _ := b.request("POST", "/v24.0/999/messages", orderDetails("A-1")); status != 200 {
		t.Error("another business number may use the reference too")
	}
	b.must(b.SetRules(Rules{AllowDuplicateReference: true}))
	b.bill("A-1")
	if n := len(b.Orders()); n != 3 {
		t.Errorf("there are %d orders, want 3", n)
	}
}
