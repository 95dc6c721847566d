package spec

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

var policyTable = newTable(
	optionalAmount("max_refund", func(p *Policy) **Amount { return &p.MaxRefund }),
	optionalAmount("max_refund_per_day", func(p *Policy) **Amount { return &p.MaxRefundPerDay }),
	field[Policy]{name: "require_approval", set: setRequireApproval},
	count("retry_failed_refunds", func(p *Policy, n int64) { p.RetryFailedRefunds = int(n) }),
	count("max_sent", func(p *Policy, n int64) { p.MaxSent = intPointer(n) }),
	count("max_canceled", func(p *Policy, n int64) { p.MaxCanceled = intPointer(n) }),
	field[Policy]{name: "max_removed", set: setMaxRemoved},
	within("quiet_hours", newTable(
		clock("from", func(p *Policy) *string { return &p.QuietFrom }).must(),
		clock("to", func(p *Policy) *string { return &p.QuietTo }).must(),
	)),
)

func intPointer(n int64) *int {
	i := int(n)
	return &i
}

var approvalKinds = []string{"send", "status", "status_back", "refund", "replace", "cancel"}

func setRequireApproval(d *decoder, p *Policy, e *entry) {
	vs, ok := d.elements(e.v)
	if !ok {
		return
	}
	p.RequireApproval = nil
	for _, v := range vs {
		kind, ok := d.text(v)
		switch {
		case !ok:
		case !slices.Contains(approvalKinds, kind):
			d.wrong(v, "Unknown kind of action", "Approval can be required for "+oneOf(approvalKinds)+"."+didYouMean(kind, approvalKinds))
		case !slices.Contains(p.RequireApproval, kind):
			p.RequireApproval = append(p.RequireApproval, kind)
		}
	}
	d.null = e.v.null()
}

// setMaxRemoved reads a share, "30%", or a number of orders.
func setMaxRemoved(d *decoder, p *Policy, e *entry) {
	s := d.scalar(e.v)
	raw := s.text
	if s.kind == evaluated {
		raw = s.val.AsBigFloat().Text('f', -1)
	}
	if s.kind == broken || s.kind == absent {
		return
	}
	share, percent := strings.CutSuffix(raw, "%")
	n, err := strconv.Atoi(share)
	switch {
	case err != nil, n < 0, percent && n > 100, !digitsOnly(share):
		d.wrong(e.v, "Invalid max_removed", `Write a share of the orders, such as "30%", or a number of orders, such as 20.`)
	case percent:
		p.MaxRemovedPercent = &n
	default:
		p.MaxRemovedCount = &n
	}
}

// clock is a time of day.
func clock[T any](name string, at func(*T) *string) field[T] {
	return field[T]{name: name, set: func(d *decoder, t *T, e *entry) {
		s, ok := d.text(e.v)
		if !ok {
			return
		}
		if parsed, err := time.Parse("15:04", s); err != nil || parsed.Format("15:04") != s {
			d.wrong(e.v, "Invalid time of day", strconv.Quote(shorten(s))+` is no time of day. Write hours and minutes in quotes: "21:00".`)
			return
		}
		*at(t) = s
	}}
}
