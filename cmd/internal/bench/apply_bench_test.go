package bench

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/hisab/hisab/spec/spectest"
)

// more is how many orders the second apply finds new.
const more = 100

// BenchmarkApply sends every bill of a tree to a platform that takes all at once: a look
// while planning, a look before sending, the message, and two transactions for each.
//
// actions/s and cpu_us/action are of the whole command, reading included. B/action is what
// the state has grown by, and more_KiB/action what went to the disk for each action of a
// second run with few new orders over the same state: a state that was rewritten would show
// there. x_…_at_tenth are costs in multiples of those of a tenth of the orders.
func BenchmarkApply(b *testing.B) {
	hisab := program(b)
	cpu, second := growth{}, growth{}
	for _, n := range spectest.Sizes() {
		b.Run(strconv.Itoa(n), func(b *testing.B) { benchApply(b, hisab, n, cpu, second) })
	}
}

func benchApply(b *testing.B, hisab string, n int, costs, seconds growth) {
	var cpu, rate, peak, bytes, written, again series
	for b.Loop() {
		base, stop := startPlatform(b, 0)
		dir := plant(b, n, spectest.YAML, fast(base))
		first := run(b, nil, hisab, "apply", "--auto-approve", dir)
		cpu.cpu(first)
		rate.add(float64(n) / first.wall.Seconds())
		peak.add(first.peak)
		bytes.add(stateSize(b, dir))
		grow(b, dir, n/100, n+more, spectest.YAML)
		few := run(b, nil, hisab, "apply", "--auto-approve", "--refresh=false", dir)
		again.cpu(few)
		written.add(few.written)
		stop()
		if err := os.RemoveAll(dir); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(rate.median(), "actions/s")
	b.ReportMetric(cpu.median()/float64(n), "cpu_us/action")
	b.ReportMetric(bytes.median()/float64(n), "B/action")
	b.ReportMetric(written.median()/more/(1<<10), "more_KiB/action")
	b.ReportMetric(peak.median()/(1<<20), "peak_MiB")
	b.ReportMetric(budgeted(peak.median(), n), "x_memory")
	costs.report(b, "apply", n, cpu.median())
	seconds.report(b, "second", n, again.median())
}

// stateSize is how much disk a state takes, log and index included.
func stateSize(b *testing.B, dir string) float64 {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(dir, ".hisab", "state.db*"))
	if err != nil || len(files) == 0 {
		b.Fatalf("no state in %s: %v", dir, err)
	}
	var sum int64
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			b.Fatal(err)
		}
		sum += info.Size()
	}
	return float64(sum)
}
