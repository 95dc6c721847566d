package kill

import (
	"math/rand/v2"
	"testing"
	"testing/fstest"

	"github.com/hisab/hisab/reconcile/sandbox"
	"github.com/hisab/hisab/spec"
)

// TestWhatTheShopDeclaresLoads: a round whose spec does not load would kill nothing.
func TestWhatTheShopDeclaresLoads(t *testing.T) {
	for seed := range uint64(6) {
		s := newShop(rand.New(rand.NewPCG(seed, 0)))
		s.grow(12)
		var orders []sandbox.Order
		for edits := range 6 {
			text := s.declared("http://127.0.0.1:4010")
			loaded, diags := spec.Load(fstest.MapFS{"shop.hcl": {Data: []byte(text)}}, spec.Options{
				Env: func(string) (string, bool) { return "secret", true },
			})
			if diags.HasErrors() || loaded == nil || len(loaded.Orders) != declared(s) {
				t.Fatalf("seed %d, edit %d: %s\n%s", seed, edits, diags.JSON(), text)
			}
			orders = stand(s, orders)
			s.edit(orders)
		}
	}
}

func declared(s *shop) (n int) {
	for _, w := range s.wishes {
		if !w.gone {
			n++
		}
	}
	return n
}

// stand lets every second order be paid.
func stand(s *shop, orders []sandbox.Order) []sandbox.Order {
	for i := len(orders); i < len(s.wishes); i++ {
		o := sandbox.Order{Reference: s.wishes[i].reference, Status: "pending"}
		if i%2 == 0 {
			o.Payment.Transactions = []*sandbox.Transaction{{Status: "success", Amount: s.wishes[i].total()}}
		}
		orders = append(orders, o)
	}
	return orders
}

func TestMoneyIsWrittenInRupees(t *testing.T) {
	for paise, want := range map[int64]string{100: "1.00", 12345: "123.45", 5: "0.05"} {
		if got := rupees(paise); got != want {
			t.Errorf("%d paise are %s, want %s", paise, got, want)
		}
	}
}
