package spec

import (
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hisab/hisab/spec/spectest"
)

var benchPreamble = spectest.Preamble("")

// benchOrder writes an order as the benchmarks' are.
func benchOrder(b *strings.Builder, n int, inYAML bool) {
	syntax := spectest.HCL
	if inYAML {
		syntax = spectest.YAML
	}
	spectest.Order(b, n, syntax)
}

// cpuTime is what this process has used on all processors.
func cpuTime(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// benchLoad measures Load against the bare parser of the same bytes, in CPU time, in turns.
func benchLoad(b *testing.B, n int, syntax spectest.Syntax) {
	fsys := spectest.Tree(n, syntax)
	var loading, parsing time.Duration
	var bytes int
	var before, live uint64
	for b.Loop() {
		runtime.GC()
		before = heapInUse()
		start := cpuTime(b)
		s, diags := Load(fsys, Options{})
		loading += cpuTime(b) - start
		if s == nil || len(s.Orders) != n {
			b.Fatal(diags.Error())
		}
		runtime.GC()
		live = heapInUse() - before
		runtime.KeepAlive(s)
		s = nil
		runtime.GC()
		start = cpuTime(b)
		bytes = 0
		names, _ := fs.Glob(fsys, "orders/*")
		parallel(len(names), func(i int, _ *pools) {
			src, err := fs.ReadFile(fsys, names[i])
			if err == nil {
				err = syntax.Parse(names[i], src)
			}
			if err != nil {
				panic(err)
			}
		})
		for _, name := range names {
			bytes += len(fsys[name].Data)
		}
		parsing += cpuTime(b) - start
	}
	b.ReportMetric(float64(loading)/float64(parsing), "x_parse")
	b.ReportMetric(float64(loading.Microseconds())/float64(b.N)/float64(n), "cpu_us/order")
	b.ReportMetric(float64(bytes)/float64(n), "B/order_source")
	b.ReportMetric(float64(live)/float64(n), "B/order_kept")
}

func heapInUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkLoad(b *testing.B) {
	for _, syntax := range []spectest.Syntax{spectest.HCL, spectest.YAML} {
		for _, n := range spectest.Sizes() {
			b.Run(fmt.Sprintf("%s/%d", syntax, n), func(b *testing.B) { benchLoad(b, n, syntax) })
		}
	}
}
