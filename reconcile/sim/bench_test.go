package sim

import "testing"

// BenchmarkHistory plays one history an iteration, each of another seed.
func BenchmarkHistory(b *testing.B) {
	base, err := NewBase(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	seed := uint64(0)
	for b.Loop() {
		seed++
		if got := Run(base, Draw(seed), nil); got.Violation != nil {
			b.Fatalf("seed %d: %s", seed, got.Violation)
		}
	}
}
