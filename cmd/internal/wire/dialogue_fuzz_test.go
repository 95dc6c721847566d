package wire_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/hisab/hisab/reconcile"
	"github.com/hisab/hisab/reconcile/provider/whatsapp"
	"github.com/hisab/hisab/reconcile/sandbox"
	"github.com/hisab/hisab/spec"
)

// dialogue is the whole way of an order: the spec that declares it, the adapter that writes
// it down, and a platform with rules of its own that reads it.
type dialogue struct {
	base     fstest.MapFS // what every fixture of the spec is loaded beside
	platform *sandbox.Server
	client   *whatsapp.Client
}

// fixtures is where the spec keeps the documents that it accepts.
const fixtures = "../../../spec/testdata/"

// aDay is the day of every dialogue.
var aDay = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)

func newDialogue(t testing.TB) *dialogue {
	t.Helper()
	now := func() time.Time { return aDay }
	server, err := sandbox.New(sandbox.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	d := &dialogue{platform: server, base: fstest.MapFS{}, client: whatsapp.New(whatsapp.Config{
		PhoneNumberID: sandbox.DefaultNumber, BaseURL: web.URL, AccessToken: spec.NewSecret("token"), Now: now,
	})}
	for _, name := range []string{"accounts.yaml", "bills.csv", "defaults.yaml"} {
		src, err := os.ReadFile(filepath.Join(fixtures, "base", name))
		if err != nil {
			t.Fatal(err)
		}
		d.base[name] = &fstest.MapFile{Data: src}
	}
	return d
}

// FuzzDialogue: what loading accepts, the adapter can write and the platform takes; what the
// customer then pays and gets back is read as what it is.
func FuzzDialogue(f *testing.F) {
	files, err := filepath.Glob(fixtures + "good/*.yaml")
	if err != nil || len(files) < 10 {
		f.Fatalf("%d fixtures, %v", len(files), err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for seed := range uint64(8) {
			f.Add(src, seed)
		}
	}
	d := newDialogue(f)
	f.Fuzz(func(t *testing.T, src []byte, seed uint64) {
		if len(src) > 1<<14 {
			return
		}
		src = edged(src, seed)
		fsys := fstest.MapFS{"fixture.yaml": {Data: src}, "accounts.yaml": d.base["accounts.yaml"], "bills.csv": d.base["bills.csv"]}
		if !strings.HasPrefix(string(src), "defaults") && !strings.Contains(string(src), "\ndefaults") {
			fsys["defaults.yaml"] = d.base["defaults.yaml"]
		}
		s, _ := spec.Load(fsys, spec.Options{Now: aDay})
		if s == nil {
			return
		}
		if err := d.platform.Reset(); err != nil {
			t.Fatal(err)
		}
		for i, o := range s.Orders {
			wrong := func(v spec.Violation) bool { return !v.Warning } // such as a bill that expires too soon
			if i < 8 && o.Provider != "" && !slices.ContainsFunc(spec.Check(o, s.Settings, aDay), wrong) {
				d.bill(t, o)
			}
		}
	})
}

// edged puts values from the edges of what a field takes in the place of some of a
// document's; 0 changes nothing.
func edged(src []byte, seed uint64) []byte {
	var doc yaml.Node
	if seed == 0 || yaml.Unmarshal(src, &doc) != nil {
		return src
	}
	r := rand.New(rand.NewPCG(seed, 3))
	scalars := valuesOf(&doc, nil)
	for range min(1+r.IntN(3), len(scalars)) {
		n := scalars[r.IntN(len(scalars))]
		switch n.Tag {
		case "!!int", "!!float":
			n.Value = []string{"0", "0.01", "1", "1.00", "99999.99", "500000", "500000.01", "5000000.00", "2", "1000", "2147483648"}[r.IntN(11)]
		case "!!str":
			unit := []string{"x", "é", "☕", "👩‍🌾", "e\u0301", " x", "₹", "आ"}[r.IntN(8)]
			length := []int{1, 2, 5, 20, 30, 40, 59, 60, 61, 100, 119, 120, 121, 180, 200, 255, 256, 1023, 1024, 1025}[r.IntN(20)]
			n.Value, n.Style = strings.Repeat(unit, max(length/utf8.RuneCountInString(unit), 1)), yaml.DoubleQuotedStyle
		}
	}
	out, err := yaml.Marshal(&doc)
	if err != nil {
		return src
	}
	return out
}

// valuesOf lists the scalars of a tree that are no keys.
func valuesOf(n *yaml.Node, list []*yaml.Node) []*yaml.Node {
	for i, child := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			list = valuesOf(child, list)
		}
	}
	if n.Kind == yaml.ScalarNode {
		list = append(list, n)
	}
	return list
}

// bill has one order sent, looked at, paid, moved on and refunded.
func (d *dialogue) bill(t *testing.T, o *spec.Order) {
	ctx := t.Context()
	m := reconcile.Message{Kind: reconcile.OrderDetails, To: o.Customer.Phone, Opaque: reconcile.Opaque(o.ReferenceID, "a-1"), Reference: o.ReferenceID, Order: o}
	if _, err := d.client.Send(ctx, m); err != nil {
		t.Fatalf("%s is accepted by loading, and not by the platform: %v\n%+v", o.Address, err, d.lastRequest())
	}
	if o.Payment == nil || o.Payment.Gateway == "upi" || o.Payment.Gateway == "payment_link" {
		return // not paid through WhatsApp
	}
	key := reconcile.PaymentKey{Configuration: o.Payment.Configuration, Reference: o.ReferenceID}
	d.look(t, key, reconcile.Unpaid)
	if err := d.platform.Pay(sandbox.Attempt{Reference: o.ReferenceID}); err != nil {
		var refused *sandbox.ActionError
		if errors.As(err, &refused) {
			return // such as above what UPI takes
		}
		t.Fatal(err)
	}
	if p := d.look(t, key, reconcile.Captured); p.Amount != o.Total || p.Currency != o.Currency {
		t.Errorf("%s of %s %s is paid with %s %s", o.ReferenceID, o.Total, o.Currency, p.Amount, p.Currency)
	}
	if o.Status != spec.Pending && o.Status != spec.Canceled {
		status := reconcile.Message{Kind: reconcile.OrderStatus, To: o.Customer.Phone, Reference: o.ReferenceID, Status: o.Status, Body: o.Body}
		if _, err := d.client.Send(ctx, status); err != nil {
			t.Errorf("%s to %s: %v", o.ReferenceID, o.Status, err)
		}
	}
	d.refund(ctx, t, o, key)
}

// refund asks for each refund, as long as there is something left; a platform may have a
// least amount.
func (d *dialogue) refund(ctx context.Context, t *testing.T, o *spec.Order, key reconcile.PaymentKey) {
	left, made := o.Total, 0
	for _, r := range o.Refunds {
		if r.ID != "" || r.Amount > left || r.Amount < 100 {
			continue
		}
		speed := r.Speed
		if speed == "" {
			speed = "normal"
		}
		if _, err := d.client.Refund(ctx, reconcile.RefundRequest{Configuration: key.Configuration, Reference: key.Reference, Amount: r.Amount, Currency: o.Currency, Speed: speed}); err != nil {
			t.Errorf("refund %q of %s: %v", r.Label, r.Amount, err)
		}
		left, made = left-r.Amount, made+1
	}
	p := d.look(t, key, reconcile.Captured)
	sum := spec.Amount(0)
	for _, r := range p.Refunds {
		sum += r.Amount
	}
	if len(p.Refunds) != made || sum != o.Total-left {
		t.Errorf("%d refunds of %s are read as %d of %s", made, o.Total-left, len(p.Refunds), sum)
	}
}

func (d *dialogue) look(t *testing.T, key reconcile.PaymentKey, want reconcile.PaymentState) reconcile.Payment {
	t.Helper()
	p, err := d.client.Lookup(t.Context(), key)
	if err != nil || p.State != want || p.Reference != key.Reference {
		t.Fatalf("%+v is %+v, %v; want %s", key, p, err, want)
	}
	return p
}

func (d *dialogue) lastRequest() string {
	all := d.platform.Requests()
	if len(all) == 0 {
		return "no request"
	}
	return all[len(all)-1].Body + "\n" + all[len(all)-1].Answer
}
