//go:build browser

package sandbox

import (
	"context"
	"fmt"
	"iter"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A browser is needed for these; where there is none they fail. HISAB_SCREENSHOTS names a
// folder to leave pictures in.

// tabOf is one browser tab on a sandbox of its own.
type tabOf struct {
	*testing.T
	srv    *Server
	url    string
	ctx    context.Context
	name   string
	ahead  atomic.Int64 // nanoseconds of the sandbox's clock that were left out
	mu     sync.Mutex
	errors []string
}

type screen struct {
	name          string
	width, height int64
	scheme        string
}

var screens = []screen{
	{"wide-light", 1280, 860, "light"},
	{"wide-dark", 1280, 860, "dark"},
	{"narrow-light", 390, 844, "light"},
	{"narrow-dark", 390, 844, "dark"},
}

func newBrowser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.WSURLReadTimeout(time.Minute),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("no browser: install Chromium, or leave the build tag away: %v", err)
	}
	return ctx
}

func newTab(t *testing.T, browser context.Context, s screen) *tabOf {
	t.Helper()
	timing := DefaultTiming()
	timing.Refund = time.Hour
	tab := &tabOf{T: t, name: s.name}
	opened := time.Now()
	// The clock runs, for the page is live, from where the orders of the other tests begin.
	now := func() time.Time { return start.Add(time.Since(opened) + time.Duration(tab.ahead.Load())) }
	srv, err := New(Options{Timing: &timing, Now: now, Templates: []Template{
		{Name: "bill", Body: 1, Text: "Namaste {{1}}, your bill is ready."},
	}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	go func() { _ = srv.Run(ctx) }()
	web := httptest.NewServer(srv)
	t.Cleanup(web.CloseClientConnections)
	tab.srv, tab.url, tab.ctx = srv, web.URL, ctx
	go tab.listen(chromedp.Console(ctx))
	tab.run(chromedp.EmulateViewport(s.width, s.height))
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: s.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}}); err != nil {
		t.Fatal(err)
	}
	return tab
}

// listen notes what the browser complains about.
func (b *tabOf) listen(messages iter.Seq2[chromedp.ConsoleMessage, error]) {
	for m, err := range messages {
		if err != nil {
			return
		}
		if m.IsException() || m.Type == "error" || m.Type == "warning" {
			b.mu.Lock()
			b.errors = append(b.errors, m.String())
			b.mu.Unlock()
		}
	}
}

func (b *tabOf) run(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.shoot("failed")
		b.Fatalf("%v (the browser said: %s)", err, strings.Join(b.errors, "; "))
	}
}

func (b *tabOf) open(path string) {
	b.Helper()
	b.run(chromedp.Navigate(b.url + path))
}

// ask evaluates a script until it answers yes: elements come and go while the page is live.
func (b *tabOf) ask(what, script string) {
	b.Helper()
	var yes bool
	var err error
	for range 400 {
		if yes, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool](script)); yes || b.ctx.Err() != nil {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	if !yes {
		b.shoot("failed")
		b.Fatalf("the page never showed %s: %v (the browser said: %s)", what, err, strings.Join(b.errors, "; "))
	}
}

// click presses the mouse in the middle of the first visible element that the selector finds.
func (b *tabOf) click(selector string) {
	b.Helper()
	b.ask(selector, fmt.Sprintf(`(() => {
		const el = [...document.querySelectorAll(%q)].find(el => el.checkVisibility());
		if (!el) return false;
		el.scrollIntoView({ block: "center", behavior: "instant" });
		const r = el.getBoundingClientRect();
		window.aim = [r.x + r.width / 2, r.y + r.height / 2];
		return el.contains(document.elementFromPoint(...window.aim));
	})()`, selector))
	aim, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]float64](`window.aim`))
	if err != nil {
		b.Fatal(err)
	}
	b.run(chromedp.MouseClickXY(aim[0], aim[1]))
}

// focus moves the keyboard to an element, as Tab would.
func (b *tabOf) focus(selector string) {
	b.Helper()
	b.ask(selector, fmt.Sprintf(`(() => {
		const el = document.querySelector(%q);
		el?.focus();
		return el !== null && document.activeElement === el;
	})()`, selector))
}

// sees waits until an element that is visible says something.
func (b *tabOf) sees(selector, text string) {
	b.Helper()
	b.ask(fmt.Sprintf("%q in %s", text, selector),
		fmt.Sprintf(`[...document.querySelectorAll(%q)].some(el => el.checkVisibility() && el.innerText.toLowerCase().includes(%q))`,
			selector, strings.ToLower(text)))
}

func (b *tabOf) count(script string) int64 {
	b.Helper()
	n, err := chromedp.Run(b.ctx, chromedp.Evaluate[int64](script))
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// calm checks that the page fits its width and that the browser has no complaint.
func (b *tabOf) calm(what string) {
	b.Helper()
	if over := b.count(`document.documentElement.scrollWidth - innerWidth`); over > 0 {
		b.shoot("too-wide-" + what)
		b.Errorf("%s: the page is %d pixels too wide", what, over)
	}
	if over := b.count(`[...document.querySelectorAll(".people, .thread, .scroll")].filter(el => el.scrollWidth > el.clientWidth).length`); over > 0 {
		b.shoot("too-wide-" + what)
		b.Errorf("%s: %d parts hide what is at their right edge", what, over)
	}
	if unnamed := b.count(`[...document.querySelectorAll("button, a, input:not([type=hidden]), select")].filter(el => el.checkVisibility() &&
		!(el.innerText || el.ariaLabel || el.title || (el.labels && el.labels.length)).toString().trim()).length`); unnamed > 0 {
		b.Errorf("%s: %d controls have no name", what, unnamed)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.errors) > 0 {
		b.Errorf("%s: the browser complains: %s", what, strings.Join(b.errors, "; "))
	}
}

// shoot leaves a picture where one was asked for.
func (b *tabOf) shoot(what string) {
	dir := os.Getenv("HISAB_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.Logf("no picture of %s: %v", what, err)
		return
	}
	if err := os.WriteFile(filepath.Join(dir, b.name+"-"+what+".png"), png, 0o600); err != nil {
		b.Fatal(err)
	}
}

func (b *tabOf) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *tabOf) send(body any) {
	b.Helper()
	at := &bench{T: b.T, Server: b.srv, web: &httptest.Server{URL: b.url}}
	at.send(body)
}

func TestBrowserPage(t *testing.T) {
	browser := newBrowser(t)
	for _, s := range screens {
		t.Run(s.name, func(t *testing.T) { customersDay(newTab(t, browser, s)) })
	}
}

// customersDay is the page from the empty state to a refund, as a customer and an operator
// live through it.
func customersDay(b *tabOf) {
	b.open("/")
	b.sees("h1", "Nobody has a message yet")
	b.calm("empty")
	b.shoot("1-empty")

	b.click(".empty .primary")
	b.sees(".people", "Asha Rao")
	b.shoot("2-people")
	b.click(".people li a")
	b.sees(".msg", "Review and Pay")
	b.sees(".msg .total", "₹555.00")
	b.sees(".msg .state", "delivered")
	b.calm("chat")
	b.shoot("3-chat")

	b.click(".msg .cta")
	b.sees("#payment-state", "unpaid")
	b.calm("order")
	b.shoot("4-order")
	b.click("#cancel")
	b.sees(".facts", "payment_cancelled")
	b.click("label:has(#by-card)")
	b.click("#pay")
	b.sees("#payment-state", "paid")
	b.sees(".toast", "Paid ₹555.00")
	b.shoot("5-paid")
	if o := b.srv.Orders()[0]; o.Payment.Captured() != 55500 || o.Payment.Transactions[len(o.Payment.Transactions)-1].Method != "card" {
		b.Errorf("the ledger disagrees with the page: %+v", o.Payment)
	}
	b.laterOnThatDay(b.srv.Orders()[0])
	b.otherViews()
}

// laterOnThatDay: what others send arrives by itself, without the page being loaded anew.
func (b *tabOf) laterOnThatDay(o Order) {
	chat := chatHref(o.Number, o.Phone, "")
	b.open(chat)
	b.run(chromedp.Evaluate[chromedp.Void](`window.untouched = true`))
	for _, status := range []string{"shipped", "canceled"} {
		m := orderStatus(o.Reference, status)
		m["to"] = o.Phone
		b.send(m)
	}
	b.sees(".msg h3", "shipped")
	b.sees(".msg.failed", "2047")
	b.focus("#text")
	b.run(chromedp.KeyEvent(`<img src=x onerror="boom()"> & "thanks"` + "\r"))
	b.sees(".msg.own .text", `<img src=x onerror="boom()"> & "thanks"`)
	b.click("#window")
	b.sees("#window", "Window closed")
	if n := b.count(`window.untouched === true ? 1 : 0`); n != 1 {
		b.Error("the page was loaded anew")
	}
	b.calm("conversation")
	b.shoot("6-conversation")

	if _, err := b.srv.ManualRefund(GatewayRefund{Reference: o.Reference, Amount: 12000}); err != nil {
		b.Fatal(err)
	}
	b.open(chatHref(o.Number, o.Phone, o.Reference))
	b.sees(".refund", "₹120.00")
	b.click("#behind summary")
	b.run(chromedp.Evaluate[chromedp.Void](`document.querySelector("#behind").scrollIntoView()`))
	b.calm("refund")
	b.shoot("7-refund")
	b.click(".refund button[value=failed]")
	b.sees(".refund .chip", "refund failed")
	if open := b.count(`document.querySelector("#behind").open ? 1 : 0`); open != 1 {
		b.Error("what was open was closed by the news")
	}
}

// otherViews are the operator's.
func (b *tabOf) otherViews() {
	b.open("/?view=ledger")
	b.sees("tbody", "capture")
	b.calm("ledger")
	b.shoot("8-ledger")

	b.open("/?view=faults")
	b.run(chromedp.Evaluate[chromedp.Void](`document.querySelector("#fault").value = "refund/act_drop"`))
	b.focus("#aim")
	b.run(chromedp.KeyEvent("A-1"))
	b.click("form.fault .primary")
	b.sees("tbody", "acts, then drops the connection")
	b.calm("faults")
	b.shoot("9-faults")
	if f := b.srv.Faults(); len(f) != 1 || f[0].What != "act_drop" || f[0].Where != "refund" || f[0].Reference != "A-1" {
		b.Errorf("injected: %+v", f)
	}
	b.click("tbody .plain")
	b.sees(".hint", "works as it should")
	b.click("[name=seed_shape]")
	b.click(".rules .primary")
	b.sees(".toast", "The rules are changed")
	if r := b.srv.Rules(); !r.SeedShape || r.PartnerWords {
		b.Errorf("rules: %+v", r)
	}

	b.open("/?view=traffic")
	b.sees("tbody", "messages")
	b.calm("traffic")
	b.shoot("10-traffic")
	b.open("/?view=help")
	b.sees("h1", "Help")
	b.calm("help")
	b.shoot("11-help")
}

// TestBrowserKeyboard pays with nothing but the keyboard.
func TestBrowserKeyboard(t *testing.T) {
	b := newTab(t, newBrowser(t), screens[0])
	b.send(orderDetails("A-1"))
	o := b.srv.Orders()[0]
	b.open(chatHref(o.Number, o.Phone, "A-1"))
	b.sees("#payment-state", "unpaid")
	b.focus("#fail")
	b.run(chromedp.KeyEvent("\r"))
	b.sees("#payment-state", "payment failed")
	b.ask("the focus where it was", `document.activeElement.id === "fail"`)
	b.focus("#pay")
	b.run(chromedp.KeyEvent("\r"))
	b.sees("#payment-state", "paid")
	b.calm("keyboard")
}
