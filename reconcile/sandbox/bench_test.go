package sandbox

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// BenchmarkStories is a bill, its payment and a lookup, in a world that keeps growing.
func BenchmarkStories(b *testing.B) {
	o := Options{Rand: rand.NewChaCha8([32]byte{1}), WebhookURL: "http://127.0.0.1:1/"}
	fill(&o)
	w := newWorld(&o, State{})
	t := new(testing.T)
	for i := 0; b.Loop(); i++ {
		ref := fmt.Sprint("A-", i)
		now := start.Add(time.Duration(i) * time.Millisecond)
		if rep, m := w.perform(&call{Where: "messages", ID: DefaultNumber, Body: encode(t, orderDetails(ref))}, now); m.message == "" {
			b.Fatalf("%s", rep.body)
		}
		if err := w.pay(Attempt{Reference: ref}, now); err != nil {
			b.Fatal(err)
		}
		if rep := w.lookup(DefaultNumber, config, ref, now); rep.status != 200 {
			b.Fatalf("%s", rep.body)
		}
		w.settle(now)
	}
}
