package kill

import (
	"math/rand/v2"
	"testing"

	"github.com/hisab/hisab/reconcile/sandbox"
)

// TestTheSandboxTakesEveryFault: one that it refuses would never strike.
func TestTheSandboxTakesEveryFault(t *testing.T) {
	srv, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	trouble := newTrouble(rand.New(rand.NewPCG(1, 1)))
	for where, kinds := range menu {
		for _, what := range kinds {
			if !fits(where, what) {
				t.Errorf("%s is on the menu of %s, and does not fit there", what, where)
			}
			if _, err := srv.Inject(trouble.fault(where, what)); err != nil {
				t.Errorf("%s at %s: %v", what, where, err)
			}
		}
	}
}

// TestAboutTwoAnswersInFiveGoWrong counts, over rounds of every kind.
func TestAboutTwoAnswersInFiveGoWrong(t *testing.T) {
	struck, asked := map[string]int{}, 0
	for seed := range uint64(400) {
		trouble := newTrouble(rand.New(rand.NewPCG(seed, 1)))
		for _, where := range []string{"messages", "refund", "lookup"} {
			for range 20 {
				asked++
				if f, ok := trouble.draw(where); ok {
					struck[f.What]++
				}
			}
		}
		trouble.end()
		if _, ok := trouble.draw("refund"); ok {
			t.Fatal("a fault after the end of faults")
		}
	}
	sum := 0
	for _, kinds := range menu {
		for _, what := range kinds {
			if struck[what] == 0 {
				t.Errorf("%s never strikes", what)
			}
		}
	}
	for _, n := range struck {
		sum += n
	}
	if percent := 100 * sum / asked; percent < 33 || percent > 40 {
		t.Errorf("%d %% of the answers go wrong", percent)
	}
}
