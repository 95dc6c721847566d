package view_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/hisab/hisab/cmd/internal/view"
	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/spec"
)

var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func options() view.Options { return view.Options{Width: 100, Now: now} }

// shop is a plan with one of everything.
func shop() *reconcile.Plan {
	asha := &spec.Order{Address: "order.BM345A-12", ReferenceID: "BM345A-12",
		Customer: spec.Customer{Name: "Asha Rao", Phone: "919876543210"}}
	at := func(line int32) spec.Pos { return spec.Pos{File: "orders.hcl", Line: line} }
	return &reconcile.Plan{
		CreatedAt: now,
		LookedAt:  now.Add(-90 * time.Second),
		Orders:    []*spec.Order{asha},
		Actions: []reconcile.Action{
			{ID: "a1", Address: "order.BM345A-12", ReferenceID: "BM345A-12", Kind: reconcile.KindStatus, Provider: "whatsapp.main",
				From: spec.Pending, To: spec.Shipped, Reason: "the payment is captured and the spec says shipped", Source: at(44)},
			{ID: "a2", Address: "order.BM345A-12", ReferenceID: "BM345A-12", Kind: reconcile.KindRefund, Provider: "whatsapp.main",
				Label: "damaged-loaf", Amount: 10000, Currency: "INR", Speed: "normal", Held: "refunds need an approval",
				Reason: "₹210.00 is captured and nothing given back", Source: at(59)},
			{ID: "a3", Address: "order.BM345A-12", ReferenceID: "BM345A-12", Kind: reconcile.KindNotify, Provider: "whatsapp.main",
				Event: "paid", Template: "template.receipt", Reason: "the payment was first seen captured", Source: at(70)},
			{ID: "a4", Address: `order.bill["K-7"]`, ReferenceID: "K-7", Kind: reconcile.KindSend, Provider: "whatsapp.main",
				Amount: 21000, Currency: "INR", Template: "template.bill", Reason: "it has not been sent", Source: at(80)},
			{ID: "a5", Address: "order.CHANGED", ReferenceID: "CHANGED", Kind: reconcile.KindReplace, Provider: "whatsapp.main",
				Amount: 123456700, Currency: "INR", Reason: "the total changed from ₹10.00 to ₹12,34,567.00", Source: at(90)},
			{ID: "a6", Address: "order.BACK", ReferenceID: "BACK", Kind: reconcile.KindStatus, From: spec.Shipped, To: spec.Processing,
				Back: true, Reason: "the spec says processing", Source: at(99)},
			{ID: "a7", Address: "order.GONE", ReferenceID: "GONE", Kind: reconcile.KindForget,
				Reason: "it left the spec; the customer can still pay it until 2026-12-01"},
		},
		Waiting: []reconcile.Note{
			{Address: "order.UNPAID", ReferenceID: "UNPAID", Kind: reconcile.KindStatus, Code: "payment_not_captured",
				Detail: "shipped waits for the payment of ₹99.00", Source: at(120)},
		},
		Blocked: []reconcile.Note{
			{Address: "order.PAID", ReferenceID: "PAID", Kind: reconcile.KindStatus, Code: "canceled_after_payment",
				Detail: "WhatsApp refuses to cancel what is paid (2047): declare a refund, and completed instead of canceled", Source: at(140)},
		},
		Unknown: []reconcile.Note{
			{ID: "9f2c-1", Address: "order.DOUBT", ReferenceID: "DOUBT", Kind: reconcile.KindRefund, Label: "late", Amount: 500,
				Detail: "the answer to the refund was lost; it is looked for", Source: at(160)},
		},
		Summary: reconcile.Summary{Send: 1, Status: 2, Refund: 1, Notify: 1, Replace: 1, Forget: 1,
			Waiting: 1, Blocked: 1, Unknown: 1, Unchanged: 12, Held: 1, ToCollect: 123477700, ToRefund: 10000},
		LookErrors: []reconcile.LookError{{Address: "order.SLOW", ReferenceID: "SLOW", Err: errors.New("the platform did not answer within 20 s")}},
	}
}

// bills is a plan that sends n bills.
func bills(n int) *reconcile.Plan {
	p := &reconcile.Plan{CreatedAt: now, Summary: reconcile.Summary{Send: n, Waiting: n, ToCollect: spec.Amount(n) * 100}}
	for i := range n {
		ref := fmt.Sprintf("INV-%06d", i)
		address := "invoice." + ref
		p.Actions = append(p.Actions, reconcile.Action{ID: ref, Address: address, ReferenceID: ref, Kind: reconcile.KindSend,
			Amount: 100, Currency: "INR", Reason: strings.Repeat("it has not been sent | ", 5), Source: spec.Pos{File: "a.hcl", Line: int32(i)}})
		p.Waiting = append(p.Waiting, reconcile.Note{Address: address, ReferenceID: ref, Kind: reconcile.KindStatus,
			Code: "payment_not_captured", Detail: "waits"})
	}
	return p
}

func TestPlanText(t *testing.T) {
	for name, c := range map[string]struct {
		plan    *reconcile.Plan
		options func(*view.Options)
	}{
		"plan.txt":        {shop(), func(*view.Options) {}},
		"plan-color.txt":  {shop(), func(o *view.Options) { o.Color = true }},
		"plan-narrow.txt": {shop(), func(o *view.Options) { o.Width = 60 }},
		"plan-pii.txt":    {shop(), func(o *view.Options) { o.ShowPII = true }},
		"plan-large.txt":  {bills(100_000), func(*view.Options) {}},
		"plan-empty.txt":  {&reconcile.Plan{Summary: reconcile.Summary{Unchanged: 3}}, func(*view.Options) {}},
		"plan-waits.txt":  {&reconcile.Plan{Summary: reconcile.Summary{Waiting: 1}, Waiting: shop().Waiting}, func(*view.Options) {}},
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			c.options(&o)
			var b bytes.Buffer
			if err := view.Plan(&b, c.plan, o); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.Bytes())
		})
	}
}

func TestPlanJSON(t *testing.T) {
	var b bytes.Buffer
	if err := view.PlanJSON(&b, shop()); err != nil {
		t.Fatal(err)
	}
	golden(t, "plan.json", b.Bytes())
	if !json.Valid(b.Bytes()) {
		t.Error("not JSON")
	}
}

func TestEmptyPlanJSONHasLists(t *testing.T) {
	var b bytes.Buffer
	if err := view.PlanJSON(&b, &reconcile.Plan{}); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"actions", "waiting", "blocked", "unknown"} {
		if l, ok := got[name].([]any); !ok || len(l) != 0 {
			t.Errorf("%s = %v, want an empty list", name, got[name])
		}
	}
}

func TestPlanMarkdown(t *testing.T) {
	var b bytes.Buffer
	if err := view.PlanMarkdown(&b, shop(), options()); err != nil {
		t.Fatal(err)
	}
	golden(t, "plan.md", b.Bytes())
}

func TestPlanMarkdownFitsAComment(t *testing.T) {
	for _, n := range []int{1, 300, 1000, 100_000} {
		p := bills(n)
		p.Actions[0].Reason = strings.Repeat("₹", 100_000)
		var b bytes.Buffer
		if err := view.PlanMarkdown(&b, p, options()); err != nil {
			t.Fatal(err)
		}
		if got := utf8.RuneCount(b.Bytes()); got >= 65_000 {
			t.Errorf("%d bills take %d characters", n, got)
		}
		if open, closed := bytes.Count(b.Bytes(), []byte("<details>")), bytes.Count(b.Bytes(), []byte("</details>")); open != closed {
			t.Errorf("%d details opened, %d closed", open, closed)
		}
	}
}

func TestPlanMarkdownQuotesNobody(t *testing.T) {
	p := bills(1)
	p.Actions[0].Reason = "a | b <img src=x> @octocat `code`\nnext [link](http://x)"
	p.Actions[0].Address = "order.x`|y"
	var b bytes.Buffer
	if err := view.PlanMarkdown(&b, p, options()); err != nil {
		t.Fatal(err)
	}
	unescaped := strings.NewReplacer(`\|`, "", `\[`, "", `\]`, "", "\\`", "").Replace(b.String())
	for _, bad := range []string{"<img", " @octocat", "a | b", "`code`", "[link](", "x`"} {
		if strings.Contains(unescaped, bad) {
			t.Errorf("%q is left as it is in:\n%s", bad, b.String())
		}
	}
}
