package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/hisab/hisab/spec/spectest"
)

// parse is the least that any program does with a tree: it reads every file and parses it,
// or decodes it into structs.
func parse(args []string) error {
	syntax := spectest.Syntax(args[0])
	files, err := filepath.Glob(filepath.Join(args[1], "orders", "*."+args[0]))
	if err != nil {
		return err
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := syntax.Parse(name, src); err != nil {
			return err
		}
	}
	return nil
}

// equalGC gives both sides the collector's settings that the program sets for itself.
var equalGC = []string{"GOGC=400", "GOMEMLIMIT=off"}

// BenchmarkRead measures a cold validate and a cold plan against bare parsing of the same
// bytes: x_parse is validate's processor time as a multiple of it, x_plan_parse plan's, and
// x_parse_same_gc validate's where both sides collect garbage alike. x_memory is the larger
// peak as a part of what is allowed; x_plan_at_tenth what a plan costs in multiples of one
// of a tenth of the orders.
func BenchmarkRead(b *testing.B) {
	hisab := program(b)
	for _, s := range []spectest.Syntax{spectest.HCL, spectest.YAML} {
		costs := growth{}
		for _, n := range spectest.Sizes() {
			b.Run(fmt.Sprintf("%s/%d", s, n), func(b *testing.B) { benchRead(b, hisab, s, n, costs) })
		}
	}
}

func benchRead(b *testing.B, hisab string, s spectest.Syntax, n int, costs growth) {
	dir := plant(b, n, s, "")
	var bare, validate, plan, bareAlike, validateAlike, peak series
	for b.Loop() {
		bare.cpu(role(b, environment(), "parse", string(s), dir))
		checked := run(b, nil, hisab, "validate", dir)
		planned := run(b, nil, hisab, "plan", "--refresh=false", dir)
		validate.cpu(checked)
		plan.cpu(planned)
		peak.add(max(checked.peak, planned.peak))
		if n <= 10_000 {
			bareAlike.cpu(role(b, environment(equalGC...), "parse", string(s), dir))
			validateAlike.cpu(run(b, environment(equalGC...), hisab, "validate", dir))
		}
	}
	b.ReportMetric(validate.over(bare), "x_parse")
	b.ReportMetric(plan.over(bare), "x_plan_parse")
	if n <= 10_000 {
		b.ReportMetric(validateAlike.over(bareAlike), "x_parse_same_gc")
	}
	b.ReportMetric(bare.median()/float64(n), "bare_us/order")
	b.ReportMetric(plan.median()/float64(n), "plan_us/order")
	b.ReportMetric(peak.median()/(1<<20), "peak_MiB")
	b.ReportMetric(budgeted(peak.median(), n), "x_memory")
	costs.report(b, "plan", n, plan.median())
}

// BenchmarkVersion is how long the program takes to start and to end.
func BenchmarkVersion(b *testing.B) {
	hisab := program(b)
	var wall, peak series
	for b.Loop() {
		for range 20 {
			u := run(b, nil, hisab, "version")
			wall.add(u.wall.Seconds() * 1000)
			peak.add(u.peak)
		}
	}
	b.ReportMetric(wall.median(), "ms")
	b.ReportMetric(peak.median()/(1<<20), "peak_MiB")
}
