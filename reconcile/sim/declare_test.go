package sim

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/hisab/hisab/spec"
)

// TestADeclarationIsWhatItsFileSays: an order handed to the core is the one that its file
// would have been loaded to, so that a history without files is one with files.
func TestADeclarationIsWhatItsFileSays(t *testing.T) {
	base, err := NewBase(nil)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		d := invent(rng, int(seed%4), opening)
		for range seed % 6 {
			d.edit(rng)
		}
		d.absent = false
		loaded, err := base.load(map[string]string{"accounts.hcl": accountsHCL, "orders.hcl": d.hcl()})
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, d.hcl())
		}
		if got, want := stripped(loaded.Orders[0]), d.order(); !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: loaded as\n%+v\nwant\n%+v\n%s", seed, got, want, d.hcl())
		}
	}
}

// stripped is an order without the places where it was written.
func stripped(o *spec.Order) *spec.Order {
	c := *o
	c.Pos, c.StatusPos = spec.Pos{}, spec.Pos{}
	for i := range c.Refunds {
		c.Refunds[i].Pos = spec.Pos{}
	}
	for i := range c.Notify {
		c.Notify[i].Pos = spec.Pos{}
	}
	for i := range c.OfflinePayments {
		c.OfflinePayments[i].Pos = spec.Pos{}
	}
	return &c
}
