package reconcile

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hisab/hisab/spec"
)

// holdings are what a policy is held against beyond the plan.
type holdings struct {
	approvals  map[string]Approval
	spentToday spec.Amount // refunds claimed since midnight that did not provably fail
	now        time.Time   // in the settings' timezone
}

// The default and the floor of max_removed (contract section 2, policy; section 4, Removal).
const (
	defaultMaxRemovedPercent = 30
	neverHeldRemovals        = 10
)

// hold marks the actions that the policy does not let go. A plan that sends, cancels or
// removes too much is wrong as a whole, so all of its actions of that kind are held.
func hold(p *Plan, policy *spec.Policy, h holdings) {
	if policy == nil {
		policy = &spec.Policy{}
	}
	limited := removalLimit(*policy)
	policy = &limited
	sent, canceled, removed := 0, 0, max(p.Left, len(p.Removed))
	gone := make(map[string]bool, len(p.Removed))
	for _, ref := range p.Removed {
		gone[ref] = true
	}
	for i := range p.Actions {
		switch a := &p.Actions[i]; {
		case a.Kind == KindSend || a.Kind == KindReplace:
			sent++
		case a.Kind == KindStatus && a.To == spec.Canceled:
			canceled++
		}
	}
	spent := h.spentToday
	p.Summary.Held = 0
	for i := range p.Actions {
		a := &p.Actions[i]
		a.Held, a.approved = "", nil
		approval, approved := h.approvals[a.ID]
		approved = approved && (a.Tried.IsZero() || approval.At.After(a.Tried))
		why := firstOf(
			tooMany(policy.MaxSent, sent, a.Kind == KindSend || a.Kind == KindReplace, "max_sent", "bills"),
			tooMany(policy.MaxCanceled, canceled, a.Kind == KindStatus && a.To == spec.Canceled, "max_canceled", "cancels"),
			tooManyRemoved(policy, removed, p.Managed, gone[a.Ref]),
			needsApproval(policy, a),
			refundCap(policy, a),
			quiet(policy, a, h.now),
		)
		if limit := policy.MaxRefundPerDay; why == "" && limit != nil && a.Kind == KindRefund && plus(spent, a.Amount) > *limit {
			why = fmt.Sprintf("max_refund_per_day = %s would be exceeded; %s of it is spent or planned", money(*limit, a.Currency), money(spent, a.Currency))
		}
		switch {
		case why != "" && !approved:
			a.Held = why
			p.Summary.Held++
			continue
		case why != "":
			a.approved = &approval
		}
		if a.Kind == KindRefund {
			spent = plus(spent, a.Amount)
		}
	}
}

// HoldAlone marks which actions of one order the policy holds by themselves. What it holds
// for the sake of their number, a whole plan tells.
func HoldAlone(ctx context.Context, w *World, s *spec.Spec, c *Change) error {
	approvals, err := w.Store.Approvals(ctx)
	if err != nil {
		return fmt.Errorf("read the approvals: %w", err)
	}
	now := w.Clock.Now()
	spent, err := refundedToday(ctx, w, s, now)
	if err != nil {
		return err
	}
	hold(&Plan{Actions: c.Actions}, s.Policy, holdings{approvals: approvals, spentToday: spent, now: local(now, s.Settings.Location)})
	return nil
}

func firstOf(whys ...string) string {
	for _, w := range whys {
		if w != "" {
			return w
		}
	}
	return ""
}

func tooMany(limit *int, n int, concerns bool, name, what string) string {
	if !concerns || limit == nil || n <= *limit {
		return ""
	}
	return fmt.Sprintf("%s = %d, and this plan has %d %s; all of them are held", name, *limit, n, what)
}

func tooManyRemoved(policy *spec.Policy, removed, managed int, concerns bool) string {
	if !concerns || removed <= neverHeldRemovals {
		return ""
	}
	count, percent := policy.MaxRemovedCount, policy.MaxRemovedPercent
	if count != nil && removed > *count {
		return fmt.Sprintf("max_removed = %d, and %d orders left the spec; all of them are held", *count, removed)
	}
	if percent != nil && removed*100 > managed**percent {
		return fmt.Sprintf("max_removed = \"%d%%\", and %d of %d orders left the spec; all of them are held", *percent, removed, managed)
	}
	return ""
}

// removalLimit makes the default explicit where a policy says nothing of removals.
func removalLimit(p spec.Policy) spec.Policy {
	if p.MaxRemovedCount == nil && p.MaxRemovedPercent == nil {
		percent := defaultMaxRemovedPercent
		p.MaxRemovedPercent = &percent
	}
	return p
}

// approvalKinds names an action as require_approval does.
func approvalKinds(a *Action) []string {
	switch a.Kind {
	case KindStatus:
		kinds := []string{"status"}
		if a.Back {
			kinds = append(kinds, "status_back")
		}
		if a.To == spec.Canceled {
			kinds = append(kinds, "cancel")
		}
		return kinds
	default:
		return []string{string(a.Kind)}
	}
}

func needsApproval(policy *spec.Policy, a *Action) string {
	for _, k := range approvalKinds(a) {
		if slices.Contains(policy.RequireApproval, k) {
			return fmt.Sprintf("require_approval names %q", k)
		}
	}
	return ""
}

func refundCap(policy *spec.Policy, a *Action) string {
	if limit := policy.MaxRefund; limit != nil && a.Kind == KindRefund && a.Amount > *limit {
		return fmt.Sprintf("max_refund = %s", money(*limit, a.Currency))
	}
	return ""
}

// Stricter joins two policies: what either holds is held, the default of max_removed
// included. One that is absent says nothing.
func Stricter(first, second *spec.Policy) *spec.Policy {
	if first == nil {
		return second
	}
	if second == nil {
		return first
	}
	a, b := removalLimit(*first), removalLimit(*second)
	s := a
	s.MaxRefund = lower(a.MaxRefund, b.MaxRefund)
	s.MaxRefundPerDay = lower(a.MaxRefundPerDay, b.MaxRefundPerDay)
	s.MaxSent = lower(a.MaxSent, b.MaxSent)
	s.MaxCanceled = lower(a.MaxCanceled, b.MaxCanceled)
	s.MaxRemovedPercent = lower(a.MaxRemovedPercent, b.MaxRemovedPercent)
	s.MaxRemovedCount = lower(a.MaxRemovedCount, b.MaxRemovedCount)
	s.RetryFailedRefunds = min(a.RetryFailedRefunds, b.RetryFailedRefunds)
	s.RequireApproval = slices.Concat(a.RequireApproval, b.RequireApproval)
	joinQuiet(&s, &a, &b)
	return &s
}

func lower[T int | spec.Amount](a, b *T) *T {
	if a == nil || (b != nil && *b < *a) {
		return b
	}
	return a
}

// refundedToday is what was refunded since midnight of the settings' timezone.
func refundedToday(ctx context.Context, w *World, s *spec.Spec, now time.Time) (spec.Amount, error) {
	if s.Policy == nil || s.Policy.MaxRefundPerDay == nil {
		return 0, nil
	}
	spent, err := w.Store.RefundedSince(ctx, midnight(now, s.Settings.Location))
	if err != nil {
		return 0, fmt.Errorf("add up today's refunds: %w", err)
	}
	return spent, nil
}

func midnight(now time.Time, loc *time.Location) time.Time {
	y, m, d := local(now, loc).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, local(now, loc).Location())
}

// local is a time in the settings' timezone.
func local(now time.Time, loc *time.Location) time.Time {
	if loc == nil {
		loc = time.UTC
	}
	return now.In(loc)
}
