package reconcile

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/hisab/hisab/spec"
)

func ptr[T any](v T) *T { return &v }

// planOf makes a plan of actions like "3 send", numbered from a.
func planOf(counts map[ActionKind]int, change ...func(*Plan)) *Plan {
	p := &Plan{Managed: 100}
	for _, kind := range []ActionKind{KindSend, KindReplace, KindStatus, KindRefund, KindForget} {
		for range counts[kind] {
			a := Action{ID: fmt.Sprintf("%s-%d", kind, len(p.Actions)), Kind: kind, Ref: fmt.Sprint(len(p.Actions)), Currency: spec.INR, Amount: 10000}
			if kind == KindForget {
				p.Removed = append(p.Removed, a.Ref)
			}
			p.Actions = append(p.Actions, a)
		}
	}
	for _, f := range change {
		f(p)
	}
	return p
}

func (p *Plan) held() []string {
	var ids []string
	for _, a := range p.Actions {
		if a.Held != "" {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

func TestPolicyHoldsAKindAsAWhole(t *testing.T) {
	canceling := func(p *Plan) {
		for i := range p.Actions {
			p.Actions[i].To = spec.Canceled
		}
	}
	for _, tt := range []struct {
		name   string
		policy *spec.Policy
		plan   *Plan
		held   int
	}{
		{"no policy holds nothing", nil, planOf(map[ActionKind]int{KindSend: 600, KindRefund: 1}), 0},
		{"max_sent reached is not exceeded", &spec.Policy{MaxSent: ptr(3)}, planOf(map[ActionKind]int{KindSend: 2, KindReplace: 1, KindRefund: 5}), 0},
		{"max_sent exceeded holds all bills, and those alone", &spec.Policy{MaxSent: ptr(3)}, planOf(map[ActionKind]int{KindSend: 2, KindReplace: 2, KindRefund: 5}), 4},
		{"max_sent = 0", &spec.Policy{MaxSent: ptr(0)}, planOf(map[ActionKind]int{KindSend: 1}), 1},
		{"max_canceled", &spec.Policy{MaxCanceled: ptr(1)}, planOf(map[ActionKind]int{KindStatus: 2}, canceling), 2},
		{"max_canceled counts no other status", &spec.Policy{MaxCanceled: ptr(1)}, planOf(map[ActionKind]int{KindStatus: 2}), 0},
		{"max_removed is 30% where nothing is said", nil, planOf(map[ActionKind]int{KindForget: 31, KindSend: 1}), 31},
		{"and 30 of 100 are 30%", nil, planOf(map[ActionKind]int{KindForget: 30}), 0},
		{"max_removed never holds ten or fewer", &spec.Policy{MaxRemovedCount: ptr(1)}, planOf(map[ActionKind]int{KindForget: 10}, func(p *Plan) { p.Managed = 10 }), 0},
		{"eleven it does", &spec.Policy{MaxRemovedCount: ptr(10)}, planOf(map[ActionKind]int{KindForget: 11}), 11},
		{"a number says nothing of a percentage", &spec.Policy{MaxRemovedCount: ptr(50)}, planOf(map[ActionKind]int{KindForget: 50}), 0},
		{"an order that is canceled before it is forgotten is removed too", nil,
			planOf(map[ActionKind]int{KindStatus: 11}, canceling, func(p *Plan) {
				p.Managed = 12
				for _, a := range p.Actions {
					p.Removed = append(p.Removed, a.Ref)
				}
			}), 11},
		{"one of which nothing could be seen left all the same", nil,
			planOf(map[ActionKind]int{KindForget: 7}, func(p *Plan) { p.Left = 40 }), 7},
		{"require_approval", &spec.Policy{RequireApproval: []string{"refund", "replace"}}, planOf(map[ActionKind]int{KindRefund: 2, KindReplace: 1, KindSend: 1}), 3},
		{"require_approval of cancels", &spec.Policy{RequireApproval: []string{"cancel"}}, planOf(map[ActionKind]int{KindStatus: 1}, canceling), 1},
		{"require_approval of what goes back", &spec.Policy{RequireApproval: []string{"status_back"}},
			planOf(map[ActionKind]int{KindStatus: 2}, func(p *Plan) { p.Actions[0].Back = true }), 1},
		{"max_refund", &spec.Policy{MaxRefund: ptr(spec.Amount(9999))}, planOf(map[ActionKind]int{KindRefund: 1, KindSend: 1}), 1},
		{"max_refund reached is not exceeded", &spec.Policy{MaxRefund: ptr(spec.Amount(10000))}, planOf(map[ActionKind]int{KindRefund: 1}), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hold(tt.plan, tt.policy, holdings{})
			if got := tt.plan.held(); len(got) != tt.held || tt.plan.Summary.Held != tt.held {
				t.Errorf("holds %d %q, summary %d; want %d", len(got), got, tt.plan.Summary.Held, tt.held)
			}
		})
	}
}

// TestAnApprovalIsForOneAttempt: it is given for what plan showed, and not for each try of it.
func TestAnApprovalIsForOneAttempt(t *testing.T) {
	for name, tt := range map[string]struct {
		at   time.Duration // from the last attempt
		held int
	}{
		"before it": {-time.Minute, 1},
		"after it":  {time.Minute, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := planOf(map[ActionKind]int{KindRefund: 1}, func(p *Plan) { p.Actions[0].Tried = noon })
			approvals := map[string]Approval{"refund-0": {Action: "refund-0", At: noon.Add(tt.at)}}
			hold(p, &spec.Policy{RequireApproval: []string{"refund"}}, holdings{approvals: approvals})
			if got := p.held(); len(got) != tt.held {
				t.Errorf("holds %q", got)
			}
		})
	}
}

func TestTheDaysCapCountsWhatWasSpentAndWhatIsLetGo(t *testing.T) {
	limit := &spec.Policy{MaxRefundPerDay: ptr(spec.Amount(30000)), MaxRefund: ptr(spec.Amount(15000))}
	large := func(p *Plan) { p.Actions[0].Amount = 16000 }
	for _, tt := range []struct {
		name     string
		spent    spec.Amount
		approved []string
		plan     *Plan
		held     []string
	}{
		{"to the paisa", 0, nil, planOf(map[ActionKind]int{KindRefund: 3}), nil},
		{"what does not fit is held", 0, nil, planOf(map[ActionKind]int{KindRefund: 4}), gives("refund-3")},
		{"what was spent before counts", 10001, nil, planOf(map[ActionKind]int{KindRefund: 2}), gives("refund-1")},
		{"one that is held for its size spends nothing", 0, nil, planOf(map[ActionKind]int{KindRefund: 4}, large), gives("refund-0")},
		{"one that a person let go spends", 0, gives("refund-0"), planOf(map[ActionKind]int{KindRefund: 3}, large), gives("refund-2")},
		{"an approval lets a refund beyond the cap go", 30000, gives("refund-1"), planOf(map[ActionKind]int{KindRefund: 2}), gives("refund-0")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			approvals := map[string]Approval{}
			for _, id := range tt.approved {
				approvals[id] = Approval{Action: id}
			}
			hold(tt.plan, limit, holdings{approvals: approvals, spentToday: tt.spent})
			if got := tt.plan.held(); !slices.Equal(got, tt.held) {
				t.Errorf("holds %q, want %q", got, tt.held)
			}
		})
	}
}

func TestStricter(t *testing.T) {
	a := &spec.Policy{MaxRefund: ptr(spec.Amount(5)), MaxSent: ptr(10), RetryFailedRefunds: 3, RequireApproval: []string{"refund"}}
	b := &spec.Policy{MaxRefund: ptr(spec.Amount(7)), MaxCanceled: ptr(2), RetryFailedRefunds: 1, RequireApproval: []string{"send"}, QuietFrom: "21:00", QuietTo: "09:00"}
	want := spec.Policy{MaxRefund: ptr(spec.Amount(5)), MaxSent: ptr(10), MaxCanceled: ptr(2), RetryFailedRefunds: 1,
		MaxRemovedPercent: ptr(30), QuietFrom: "21:00", QuietTo: "09:00"}
	for _, got := range []*spec.Policy{Stricter(a, b), Stricter(b, a)} {
		approval := slices.Sorted(slices.Values(got.RequireApproval))
		rest := *got
		rest.RequireApproval = nil
		if !reflect.DeepEqual(rest, want) || !slices.Equal(approval, []string{"refund", "send"}) {
			t.Errorf("joined to %+v", *got)
		}
	}
	if Stricter(nil, b) != b || Stricter(a, nil) != a || Stricter(nil, nil) != nil {
		t.Error("a policy that is absent says something")
	}
}

// TestStricterHoldsWhatEitherHolds is the promise itself, over pairs of removal limits.
func TestStricterHoldsWhatEitherHolds(t *testing.T) {
	policies := []*spec.Policy{{}, {MaxRemovedPercent: ptr(10)}, {MaxRemovedPercent: ptr(80)}, {MaxRemovedCount: ptr(20)}, {MaxRemovedCount: ptr(90)}}
	for _, a := range policies {
		for _, b := range policies {
			for _, n := range []int{11, 15, 25, 50, 85, 95} {
				holds := func(p *spec.Policy) bool {
					plan := planOf(map[ActionKind]int{KindForget: n})
					hold(plan, p, holdings{})
					return len(plan.held()) > 0
				}
				if got, want := holds(Stricter(a, b)), holds(a) || holds(b); got != want {
					t.Errorf("%d removed, %+v and %+v: held %v, want %v", n, *a, *b, got, want)
				}
			}
		}
	}
}
