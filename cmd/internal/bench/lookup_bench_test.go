package bench

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hisab/hisab/spec/spectest"
)

// inFlight is how many requests a run has under way.
const inFlight = 10

// asks are the headers of a lookup: the loop makes the same requests, byte by byte.
var asks = http.Header{"Accept": {"application/json"}, "Authorization": {"Bearer secret"}, "User-Agent": {"hisab/dev"}}

// fetch makes the requests of a plan's lookups over bare net/http: it reads each answer to
// its end and looks at nothing.
func fetch(args []string) error {
	base := args[0]
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: inFlight, MaxIdleConnsPerHost: inFlight}}
	var next atomic.Int64
	var workers sync.WaitGroup
	problems := make(chan error, inFlight)
	for range inFlight {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				if err := get(client, fmt.Sprintf("%s/v24.0/106540352242922/payments/shop-razorpay/BM%06d", base, i)); err != nil {
					problems <- err
					return
				}
			}
		})
	}
	workers.Wait()
	close(problems)
	return <-problems
}

func get(client *http.Client, url string) error {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	req.Header = asks
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// startPlatform starts a platform in a process of its own, one that answers a look after so
// long, and returns its address.
func startPlatform(b *testing.B, answer time.Duration) (base string, stop func()) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), self(b), answer.String())
	cmd.Env = environment(roleVar + "=serve")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatalf("the platform did not start: %v", err)
	}
	return strings.TrimSpace(line), func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}

// counted asks a platform how many requests it got since, and how many a second.
func counted(b *testing.B, base string) (requests int, rate float64) {
	b.Helper()
	resp, err := http.Get(base + "/counted")
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	var seconds float64
	if _, err := fmt.Fscan(resp.Body, &requests, &seconds); err != nil {
		b.Fatal(err)
	}
	return requests, float64(requests) / seconds
}

// fast is a provider on a platform of ours, held back by nothing.
func fast(base string) string { return fmt.Sprintf("base_url = %q\n  rate = 1000000", base) }

// BenchmarkLookups measures the looks of a plan against a bare loop that makes the same
// requests, as many at a time: x_bare_rate is the plan's requests a second as a part of the
// loop's, x_bare_cpu the processor time of a look (a plan with looks less a plan without)
// as a multiple of the loop's, x_memory the plan's peak as a part of what is allowed. Orders
// that wait for the customer are looked at 5,000 a run. A platform that answers at once, on
// the same processors, shows what a look costs; one that takes a millisecond, far less than a
// real one, shows what a run waits for.
func BenchmarkLookups(b *testing.B) {
	hisab := program(b)
	for _, n := range []int{1_000, 5_000} {
		if n/10 <= spectest.Sizes()[len(spectest.Sizes())-1] {
			for _, answer := range []time.Duration{0, time.Millisecond} {
				b.Run(fmt.Sprintf("%d/after=%s", n, answer), func(b *testing.B) { benchLookups(b, hisab, n, answer) })
			}
		}
	}
}

func benchLookups(b *testing.B, hisab string, n int, answer time.Duration) {
	base, stop := startPlatform(b, answer)
	defer stop()
	dir := plant(b, n, spectest.YAML, fast(base))
	run(b, nil, hisab, "apply", "--auto-approve", "--refresh=false", dir)
	counted(b, base)
	var ours, theirs, look, loop, peak series
	for b.Loop() {
		loop.cpu(role(b, environment(), "fetch", base, strconv.Itoa(n)))
		requests, rate := counted(b, base)
		theirs.add(rate)
		with := run(b, nil, hisab, "plan", dir)
		looks, rate := counted(b, base)
		ours.add(rate)
		peak.add(with.peak)
		if requests != n || looks != n {
			b.Fatalf("%d requests and %d looks, want %d", requests, looks, n)
		}
		without := run(b, nil, hisab, "plan", "--refresh=false", dir)
		look.cpu(usage{cpu: with.cpu - without.cpu})
	}
	b.ReportMetric(ours.over(theirs), "x_bare_rate")
	b.ReportMetric(look.over(loop), "x_bare_cpu")
	b.ReportMetric(ours.median(), "looks/s")
	b.ReportMetric(theirs.median(), "bare/s")
	b.ReportMetric(look.median()/float64(n), "us/look")
	b.ReportMetric(budgeted(peak.median(), n), "x_memory")
}
