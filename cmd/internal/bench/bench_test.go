// Package bench measures the program as its users run it: whole commands as processes of
// their own, over generated trees, with the processor time and the peak memory that the
// kernel counts for them. What a command has to do in any case is done by another process
// beside it in the same round — parse the same bytes, make the same requests — so that the
// ratio of the two holds on any machine, also on a busy one.
//
//	go test -run '^$' -bench . -benchtime 5x ./cmd/internal/bench
//
// makes five rounds; the figures are the median of them. HISAB_BENCH_ORDERS leaves out the
// large trees. No figure is asserted.
package bench

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"
)

// roleVar asks the test binary to play a part instead of running tests.
const roleVar = "HISAB_BENCH_ROLE"

// TestMain lets the benchmarks run what they compare with as processes too.
func TestMain(m *testing.M) {
	role := os.Getenv(roleVar)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := roles()[role](os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// roles are the parts that the test binary plays.
func roles() map[string]func(args []string) error {
	return map[string]func([]string) error{"parse": parse, "serve": serve, "fetch": fetch}
}

// What is asked of peak memory (3 KiB an order and 30 MiB).
const (
	memoryBase     = 30 << 20
	memoryPerOrder = 3 << 10
)

// budgeted is a peak as a part of what is allowed for n orders.
func budgeted(peak float64, n int) float64 {
	return peak / float64(memoryBase+n*memoryPerOrder)
}

// series are the figures of one kind, one a round.
type series []float64

func (s *series) add(v float64) { *s = append(*s, v) }

// cpu adds the processor time of a process in microseconds.
func (s *series) cpu(u usage) { s.add(float64(u.cpu) / float64(time.Microsecond)) }

func (s series) median() float64 {
	sorted := slices.Sorted(slices.Values(s))
	if len(sorted) == 0 {
		return 0
	}
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// over is the median of the ratios round by round: what disturbs a machine for longer than
// a round disturbs both sides.
func (s series) over(other series) float64 {
	var ratios series
	for i := range s {
		ratios.add(s[i] / other[i])
	}
	return ratios.median()
}

// growth remembers what a command cost at each size, for its cost at ten times the size.
type growth map[int]float64

// report tells the cost for n orders, and how many times that for a tenth of them it is.
func (g growth) report(b *testing.B, name string, n int, cost float64) {
	g[n] = cost
	if tenth := g[n/10]; tenth != 0 {
		b.ReportMetric(cost/tenth, "x_"+cmp.Or(name, "cost")+"_at_tenth")
	}
}
